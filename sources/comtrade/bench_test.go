package comtrade

import (
	"bytes"
	"fmt"
	"io"
	"testing"
	"testing/fstest"

	"entente/pipeline/pipelinetest"
)

// full is a record with the members that the service gives where no descriptions are asked for.
const full = `{"typeCode":"C","freqCode":"A","refPeriodId":%[1]d0101,"refYear":%[1]d,"refMonth":52,"period":"%[1]d","reporterCode":%[2]d,"flowCode":"M",` +
	`"partnerCode":%[3]d,"partner2Code":0,"classificationCode":"H5","classificationSearchCode":"HS","isOriginalClassification":true,"cmdCode":"TOTAL",` +
	`"aggrLevel":0,"isLeaf":false,"customsCode":"C00","mosCode":"0","motCode":0,"qtyUnitCode":-1,"qtyUnitAbbr":"N/A","qty":null,"isQtyEstimated":false,` +
	`"altQtyUnitCode":-1,"altQtyUnitAbbr":"N/A","altQty":null,"isAltQtyEstimated":false,"netWgt":null,"isNetWgtEstimated":false,"grossWgt":null,` +
	`"isGrossWgtEstimated":false,"cifvalue":%[4]d.25,"fobvalue":null,"primaryValue":%[4]d.25,"legacyEstimationFlag":0,"isReported":true,"isAggregate":false}`

func manyRecords(n int) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `{"elapsedTime":"1.00 secs","count":%d,"data":[`, n)
	partners := []int{4, 8, 12, 156, 251, 276, 392, 490, 579, 699, 757, 842}
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, full, 1988+i%30, partners[i/30%12], partners[i/360%12], 1_000_000_007+i*7919)
	}
	b.WriteString(`],"error":""}`)
	return b.Bytes()
}

// BenchmarkParse reads an answer of 80,000 records into rows, with the states of both sides resolved.
func BenchmarkParse(b *testing.B) {
	src, text := newSource(b), manyRecords(80_000)
	snapshot := fstest.MapFS{"flows_M_4-842_1988-2017.json": {Data: text}}
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		rows := &pipelinetest.Counter{}
		err := src.Parse(b.Context(), snapshot, flowsTable, pipelinetest.Through(src.Tables()[0], rows))
		if err != nil || rows.Rows != 80_000 {
			b.Fatalf("%d rows, %v", rows.Rows, err)
		}
	}
}

// BenchmarkInspect counts an answer's records, as each fetch does.
func BenchmarkInspect(b *testing.B) {
	text := manyRecords(80_000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		a := newAnswer(bytes.NewReader(text))
		for {
			if _, err := a.next(nil); err == io.EOF {
				break
			} else if err != nil {
				b.Fatal(err)
			}
		}
	}
}

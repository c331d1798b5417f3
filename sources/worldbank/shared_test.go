package worldbank

import (
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"entente/pipeline"
	"entente/pipeline/pipelinetest"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
)

// adder adds values up by economy on their way to a sink.
type adder struct {
	pipeline.Sink
	sums map[string]float64
}

// Batch implements pipeline.Sink.
func (a *adder) Batch(rows arrow.RecordBatch) error {
	column := func(name string) arrow.Array { return rows.Column(rows.Schema().FieldIndices(name)[0]) }
	codes, values := column("economy_code").(*array.Dictionary), column("value").(*array.Float64)
	for i := range int(rows.NumRows()) {
		a.sums[codes.Dictionary().ValueStr(codes.GetValueIndex(i))] += values.Value(i)
	}
	return a.Sink.Batch(rows)
}

// TestPublishedFigures parses the gross domestic product of every economy since 1960, written as the service
// answers, adds it up by economy, and resolves every code to a state or an aggregate.
func TestPublishedFigures(t *testing.T) {
	f, err := os.Open("../../../shared/data/trade/gdp/wdi_NY.GDP.MKTP.CD.csv.gz")
	if err != nil {
		t.Skipf("the published file is not here: %v", err)
	}
	defer f.Close()
	plain, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(plain).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]float64{}
	var list []string
	for _, cells := range lines[1:] {
		usd, err := strconv.ParseFloat(cells[3], 64)
		if err != nil {
			t.Fatal(err)
		}
		want[cells[1]] += usd
		economy, err := json.Marshal(cells[0])
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, fmt.Sprintf(`{"indicator":{"id":"NY.GDP.MKTP.CD","value":"GDP (current US$)"},"country":{"id":"","value":%s},`+
			`"countryiso3code":%q,"date":%q,"value":%s,"unit":"","obs_status":"","decimal":0}`, economy, cells[1], cells[2], cells[3]))
	}
	body := fmt.Sprintf(`[{"page":1,"pages":1,"per_page":20000,"total":%d,"lastupdated":"2025-01-28"},[%s]]`, len(list), strings.Join(list, ","))
	snapshot := fstest.MapFS{fileName("NY.GDP.MKTP.CD", 1): {Data: []byte(body)}}

	src := newSource(t, "optional_indicators: []")
	table := src.Tables()[0]
	got := &pipelinetest.Counter{}
	parsed := &adder{pipelinetest.Through(table, got), map[string]float64{}}
	if err := src.Parse(t.Context(), snapshot, table.Name, parsed); err != nil {
		t.Fatal(err)
	}
	if len(list) != 13_979 || got.Rows+got.Filtered != int64(len(list)) || got.Filtered == 0 || len(got.Rejects) > 0 {
		t.Errorf("%d rows, %d of aggregates, rejects %v; %d were read", got.Rows, got.Filtered, got.Rejects, len(list))
	}
	if len(parsed.sums) != len(want) {
		t.Errorf("%d economies, want %d", len(parsed.sums), len(want))
	}
	for code, usd := range want {
		if parsed.sums[code] != usd {
			t.Errorf("%s: %v dollars, want %v", code, parsed.sums[code], usd)
		}
	}
	t.Logf("%d rows, %d of aggregates, %d economies", got.Rows, got.Filtered, len(want))
}

package imts

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"entente/pipeline"
	"entente/pipeline/pipelinetest"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
)

// shared is beside the repository where it is developed.
const shared = "../../../shared/data/trade/imf_dots/"

// total is what sums are kept of.
type total struct {
	reporter, flow string
	year           int16
}

// published is the IMF's figures of both sides, written as the service answers, and what they add up to.
type published struct {
	snapshot fs.FS
	rows     int64 // aggregates included
	sums     map[total]float64
}

// publish writes two files of the IMF's Direction of Trade Statistics in the service's form. Aggregates
// whose code is not known are left out, as the service's stand-in does.
func publish(t testing.TB) published {
	t.Helper()
	codes := areas(t)
	dir := t.TempDir()
	p := published{os.DirFS(dir), 0, map[total]float64{}}
	for _, side := range []struct{ file, flow, indicator string }{
		{"imf_dots_exports_fob_1960_2020.csv.gz", "X", "XG_FOB_USD"},
		{"imf_dots_imports_cif_1960_2020.csv.gz", "M", "MG_CIF_USD"},
	} {
		f, err := os.Create(filepath.Join(dir, side.indicator+"_from_1948.csv"))
		if err != nil {
			t.Fatal(err)
		}
		out := bufio.NewWriter(f)
		fmt.Fprintln(out, "DATAFLOW,COUNTRY,INDICATOR,COUNTERPART_COUNTRY,FREQUENCY,TIME_PERIOD,OBS_VALUE,SCALE,PRECISION,"+
			"DECIMALS_DISPLAYED,TRADE_FLOW,VALUATION,UNIT,DERIVATION_TYPE,OVERLAP,STATUS")
		records(t, shared+side.file, func(cells []string) {
			reporter, partner := codes[cells[0]], codes[cells[1]]
			if reporter == "" || partner == "" {
				return
			}
			usd, err := strconv.ParseFloat(cells[3]+"e6", 64)
			if err != nil {
				t.Fatal(err)
			}
			status := ""
			if cells[4] == "e" {
				status = "E"
			}
			fmt.Fprintf(out, "IMF.STA:IMTS(1.0.0),%s,%s,%s,A,%s,%s,6,,,%s,%s,USD,,OL,%s\n", reporter, side.indicator, partner, cells[2],
				strconv.FormatFloat(usd, 'f', -1, 64), side.indicator[:2], side.indicator[3:6], status)
			p.rows++
			year, err := strconv.ParseInt(cells[2], 10, 16)
			if err != nil {
				t.Fatal(err)
			}
			p.sums[total{reporter, side.flow, int16(year)}] += usd
		})
		if err := errors.Join(out.Flush(), f.Close()); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

// areas returns the service's code of each area.
func areas(t testing.TB) map[string]string {
	t.Helper()
	codes := map[string]string{"World": "G001", "Euro Area": "G163", "European Union": "G998"}
	records(t, shared+"imf_dots_areas.csv", func(cells []string) {
		if iso3 := cells[2]; iso3 != "" && codes[cells[0]] == "" {
			codes[cells[0]] = iso3
		}
	})
	return codes
}

// records hands on the records of a file, packed or not, without the header.
func records(t testing.TB, path string, take func(cells []string)) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Skipf("the published file is not here: %v", err)
	}
	defer f.Close()
	var plain io.Reader = f
	if filepath.Ext(path) == ".gz" {
		if plain, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	}
	r := csv.NewReader(plain)
	r.ReuseRecord = true
	for n := 0; ; n++ {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if n > 0 {
			take(cells)
		}
	}
}

// adder adds values up on their way to a sink.
type adder struct {
	pipeline.Sink
	sums map[total]float64
}

// Batch implements pipeline.Sink.
func (a *adder) Batch(rows arrow.RecordBatch) error {
	column := func(name string) arrow.Array { return rows.Column(rows.Schema().FieldIndices(name)[0]) }
	reporters, flows := column("reporter_code").(*array.Dictionary), column("flow").(*array.Dictionary)
	years, values := column("year").(*array.Int16), column("value_usd").(*array.Float64)
	for i := range int(rows.NumRows()) {
		a.sums[total{
			reporters.Dictionary().ValueStr(reporters.GetValueIndex(i)), flows.Dictionary().ValueStr(flows.GetValueIndex(i)), years.Value(i),
		}] += values.Value(i)
	}
	return a.Sink.Batch(rows)
}

// TestPublishedFigures parses both sides of 60 years of trade, adds them up by reporter, flow and year, and
// resolves every code to a state or an aggregate, but for states that partners list after their end.
func TestPublishedFigures(t *testing.T) {
	if testing.Short() {
		t.Skip("two million rows")
	}
	p := publish(t)
	src := newSource(t, "{}")
	table := src.Tables()[0]
	got := &pipelinetest.Counter{}
	parsed := &adder{pipelinetest.Through(table, got), map[total]float64{}}
	if err := src.Parse(t.Context(), p.snapshot, table.Name, parsed); err != nil {
		t.Fatal(err)
	}
	for _, r := range got.Rejects {
		if !strings.Contains(r.Reason, "after its end") {
			t.Fatalf("of %d rejects: %+v", len(got.Rejects), r)
		}
	}
	if n := int64(len(got.Rejects)); got.Rows+got.Filtered+n != p.rows || got.Filtered == 0 || n > p.rows/1000 {
		t.Errorf("%d rows, %d of aggregates, %d rejects; %d were read", got.Rows, got.Filtered, n, p.rows)
	}
	if len(parsed.sums) != len(p.sums) {
		t.Errorf("%d sums, want %d", len(parsed.sums), len(p.sums))
	}
	for of, want := range p.sums {
		if parsed.sums[of] != want {
			t.Errorf("%+v: %v dollars, want %v", of, parsed.sums[of], want)
		}
	}
	t.Logf("%d rows, %d of aggregates, %d rejects, %d sums", got.Rows, got.Filtered, len(got.Rejects), len(parsed.sums))
}

// BenchmarkParse reads both sides of 60 years of trade, without resolving states.
func BenchmarkParse(b *testing.B) {
	p := publish(b)
	src := newSource(b, "{}")
	for b.Loop() {
		got := &pipelinetest.Counter{}
		if err := src.Parse(b.Context(), p.snapshot, flows, got); err != nil {
			b.Fatal(err)
		}
		if got.Rows != p.rows || len(got.Rejects) > 0 {
			b.Fatalf("%d rows of %d, rejects %v", got.Rows, p.rows, got.Rejects)
		}
	}
	b.ReportMetric(float64(p.rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

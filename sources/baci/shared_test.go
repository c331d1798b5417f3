package baci

import (
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"math"
	"os"
	"testing"
	"testing/fstest"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"entente/pipeline/pipelinetest"
)

// totals adds up a table in thousandths, in which the published numbers are whole.
type totals struct {
	pipelinetest.Counter
	value    map[string]int64 // by exporter
	quantity int64
	missing  int
	partners map[int16]bool
}

// Batch implements pipeline.Sink.
func (s *totals) Batch(rows arrow.RecordBatch) error {
	column := func(name string) arrow.Array { return rows.Column(rows.Schema().FieldIndices(name)[0]) }
	exporter, importer := column("exporter_iso3").(*array.Dictionary), column("importer_code").(*array.Int16)
	value, quantity := column("value_kusd").(*array.Float64), column("quantity_t").(*array.Float64)
	for i := range int(rows.NumRows()) {
		s.value[exporter.ValueStr(i)] += thousandths(value.Value(i))
		s.partners[importer.Value(i)] = true
		if quantity.IsNull(i) {
			s.missing++
		} else {
			s.quantity += thousandths(quantity.Value(i))
		}
	}
	return s.Counter.Batch(rows)
}

func thousandths(x float64) int64 { return int64(math.Round(1000 * x)) }

// TestLandedYear parses the two exporters that are landed: every row is loaded, and every sum is the file's.
func TestLandedYear(t *testing.T) {
	f, err := os.Open("../../../shared/data/trade/baci/BACI_HS17_Y2020_V202301.subset_004_710.csv.gz")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the landed upstream data (../shared/data) are not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	plain, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(plain)
	if err != nil {
		t.Fatal(err)
	}
	src := newSource(t, nil)
	snapshot := pipelinetest.Zip(t, fstest.MapFS{"baci.zip/BACI_HS17_Y2020_V202301.csv": {Data: text}})
	got := &totals{value: map[string]int64{}, partners: map[int16]bool{}}
	if err := src.Parse(t.Context(), snapshot, flowsTable, pipelinetest.Through(src.Tables()[0], got)); err != nil {
		t.Fatal(err)
	}
	if got.Rows != 72_097 || len(got.Rejects) != 0 || got.Filtered != 0 || got.missing != 2_175 || len(got.partners) != 207 {
		t.Errorf("%d rows (%d without quantity) to %d importers, %d rejected, %d filtered; want 72,097 (2,175) to 207, none lost",
			got.Rows, got.missing, len(got.partners), len(got.Rejects), got.Filtered)
	}
	for exporter, want := range map[string]int64{"AFG": 513_844_299, "ZAF": 51_091_298_376} {
		if got.value[exporter] != want {
			t.Errorf("%s exports %d dollars, want %d", exporter, got.value[exporter], want)
		}
	}
	if got.quantity != 113_817_365_821 || len(got.value) != 2 {
		t.Errorf("%d kilograms of %d exporters, want 113,817,365,821 of 2", got.quantity, len(got.value))
	}
}

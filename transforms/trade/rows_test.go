package trade

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"entente/pipeline"
)

// flow is a row of the transform's input.
type flow struct {
	source, product    string
	year               int16
	exporter, importer string
	exports, imports   report
	valuation          string  // of the importer's report: cif, fob or, when nobody says, ""
	km                 float64 // NaN when unknown
	contiguous         bool
	landlocked         [2]bool
	isDefault          bool
}

// report is one side's value in US dollars, NaN when there is none.
type report struct {
	usd      float64
	estimate bool
}

var input = arrow.NewSchema([]arrow.Field{
	{Name: "source", Type: pipeline.Dictionary}, {Name: "product", Type: pipeline.Dictionary},
	{Name: "year", Type: arrow.PrimitiveTypes.Int16, Nullable: true},
	{Name: "exporter_iso3", Type: pipeline.Dictionary}, {Name: "importer_iso3", Type: pipeline.Dictionary},
	{Name: "exporter_report_usd", Type: arrow.PrimitiveTypes.Float64, Nullable: true},
	{Name: "exporter_is_estimate", Type: arrow.FixedWidthTypes.Boolean, Nullable: true},
	{Name: "importer_report_usd", Type: arrow.PrimitiveTypes.Float64, Nullable: true},
	{Name: "importer_is_estimate", Type: arrow.FixedWidthTypes.Boolean, Nullable: true},
	{Name: "importer_valuation", Type: pipeline.Dictionary, Nullable: true},
	{Name: "distance_km", Type: arrow.PrimitiveTypes.Float64, Nullable: true},
	{Name: "is_contiguous", Type: arrow.FixedWidthTypes.Boolean, Nullable: true},
	{Name: "exporter_landlocked", Type: arrow.FixedWidthTypes.Boolean, Nullable: true},
	{Name: "importer_landlocked", Type: arrow.FixedWidthTypes.Boolean, Nullable: true},
	{Name: "is_default", Type: arrow.FixedWidthTypes.Boolean, Nullable: true},
}, nil)

// record puts flows into a batch of the transform's input.
func record(mem memory.Allocator, list []flow) arrow.RecordBatch {
	b := array.NewRecordBuilder(mem, input)
	defer b.Release()
	b.Reserve(len(list))
	text := func(at int, s string) {
		if s == "" {
			b.Field(at).AppendNull()
		} else if err := b.Field(at).(*array.BinaryDictionaryBuilder).AppendString(s); err != nil {
			panic(err)
		}
	}
	value := func(at int, r report) {
		appendReal(b.Field(at), r.usd)
		if math.IsNaN(r.usd) {
			b.Field(at + 1).AppendNull()
		} else {
			b.Field(at + 1).(*array.BooleanBuilder).Append(r.estimate)
		}
	}
	for _, f := range list {
		text(0, f.source)
		text(1, f.product)
		b.Field(2).(*array.Int16Builder).Append(f.year)
		text(3, f.exporter)
		text(4, f.importer)
		value(5, f.exports)
		value(7, f.imports)
		text(9, f.valuation)
		appendReal(b.Field(10), f.km)
		for i, flag := range []bool{f.contiguous, f.landlocked[0], f.landlocked[1], f.isDefault} {
			b.Field(11 + i).(*array.BooleanBuilder).Append(flag)
		}
	}
	return b.NewRecordBatch()
}

func appendReal(b array.Builder, x float64) {
	if math.IsNaN(x) {
		b.AppendNull()
	} else {
		b.(*array.Float64Builder).Append(x)
	}
}

// result is a row of the transform's output; numbers that are null are NaN.
type result struct {
	method, source, product string
	year                    int16
	exporter, importer      string
	usd                     float64
	exports, imports        report
	valuation, evidence     string
	discrepancy, factor     float64
	importsFOB, weight      float64
	sigmas                  [2]float64
	isDefault               bool
}

// collector is a sink that keeps what it gets.
type collector struct {
	rows     []result
	rejects  int
	filtered int64
	closed   bool
}

func (c *collector) Batch(in arrow.RecordBatch) error {
	if !in.Schema().Equal(output) {
		return fmt.Errorf("schema %s", in.Schema())
	}
	text := func(at, row int) string { return textsOf(in.Column(at)).at(row) }
	real := func(at, row int) float64 { return number(in.Column(at).(*array.Float64), row) }
	flag := func(at, row int) bool {
		b := in.Column(at).(*array.Boolean)
		return !b.IsNull(row) && b.Value(row)
	}
	for i, f := range in.Schema().Fields() {
		if !f.Nullable && in.Column(i).NullN() > 0 {
			return fmt.Errorf("null in %s", f.Name)
		}
	}
	for i := range int(in.NumRows()) {
		c.rows = append(c.rows, result{
			method: text(0, i), source: text(1, i), product: text(2, i), year: in.Column(3).(*array.Int16).Value(i),
			exporter: text(4, i), importer: text(5, i), usd: real(6, i),
			exports: report{real(7, i), flag(10, i)}, imports: report{real(8, i), flag(11, i)},
			valuation: text(9, i), evidence: text(12, i), discrepancy: real(13, i), factor: real(14, i),
			importsFOB: real(15, i), weight: real(16, i), sigmas: [2]float64{real(17, i), real(18, i)},
			isDefault: flag(19, i),
		})
	}
	return nil
}

func (c *collector) Reject(pipeline.Reject) error { c.rejects++; return nil }

func (c *collector) Filter(_ string, n int64) error { c.filtered += n; return nil }

func (c *collector) Close() error { c.closed = true; return nil }

// apply runs the transform over flows in batches of that size.
func apply(t testing.TB, size int, list []flow) []result {
	t.Helper()
	mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
	defer mem.AssertSize(t, 0)
	sink := &collector{}
	if err := push(mem, size, list, sink); err != nil {
		t.Fatal(err)
	}
	return sink.rows
}

func push(mem memory.Allocator, size int, list []flow, sink pipeline.Sink) error {
	in := New(mem).Apply(sink)
	var err error
	for rows := range slices.Chunk(list, size) {
		if err == nil {
			batch := record(mem, rows)
			err = in.Batch(batch)
			batch.Release()
		}
	}
	if err == nil {
		err = in.Close()
	}
	return err
}

// stored puts flows of one source and product into the transform's own form.
func stored(list []flow) *flows {
	in := New(memory.DefaultAllocator).Apply(&collector{}).(*intake)
	for rows := range slices.Chunk(list, 1<<16) {
		batch := record(memory.DefaultAllocator, rows)
		at, err := locate(batch.Schema())
		if err != nil {
			panic(err)
		}
		c := columnsOf(batch, at)
		for row := range rows {
			if err := in.keep(c, row); err != nil {
				panic(err)
			}
		}
		batch.Release()
	}
	return in.groups[0]
}

// of returns the rows of a method, which follow each other.
func of(method string, rows []result) []result {
	from := slices.IndexFunc(rows, func(r result) bool { return r.method == method })
	if from < 0 {
		return nil
	}
	rows = rows[from:]
	if to := slices.IndexFunc(rows, func(r result) bool { return r.method != method }); to >= 0 {
		rows = rows[:to]
	}
	return rows
}

var (
	nan  = math.NaN()
	none = report{usd: nan}
)

// same compares results up to the rounding of sums.
var same = cmp.Options{cmp.AllowUnexported(result{}, report{}), cmpopts.EquateNaNs(), cmpopts.EquateApprox(1e-9, 0)}

package states

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/google/go-cmp/cmp"

	"entente/pipeline"
)

// flow is a row of a table that names two states.
type flow struct {
	reporter int16
	partner  int32
	year     int16
	weight   string // text, "" for null
}

// flowsOf is a batch like raw.comtrade_flows; the partner is an int32 column.
func flowsOf(t testing.TB, mem memory.Allocator, rows []flow) arrow.RecordBatch {
	t.Helper()
	schema := arrow.NewSchema(append([]arrow.Field{
		pipeline.Int16("reporter_code", "", "reporter"), pipeline.Int32("partner_code", "", "partner"), pipeline.Int16("year", "year", "year"),
		{Name: "weight", Type: arrow.BinaryTypes.String, Nullable: true}, pipeline.Flag("odd", "odd"),
	}, pipeline.Provenance()...), nil)
	b := array.NewRecordBuilder(mem, schema)
	defer b.Release()
	for i, r := range rows {
		b.Field(0).(*array.Int16Builder).Append(r.reporter)
		b.Field(1).(*array.Int32Builder).Append(r.partner)
		b.Field(2).(*array.Int16Builder).Append(r.year)
		if r.weight == "" {
			b.Field(3).AppendNull()
		} else {
			b.Field(3).(*array.StringBuilder).Append(r.weight)
		}
		if i%3 == 0 {
			b.Field(4).AppendNull()
		} else {
			b.Field(4).(*array.BooleanBuilder).Append(i%2 == 1)
		}
		if err := b.Field(5).(*array.BinaryDictionaryBuilder).AppendString("flows.json"); err != nil {
			t.Fatal(err)
		}
		b.Field(6).(*array.Int64Builder).Append(int64(i) + 1)
		b.Field(7).(*array.Int64Builder).Append(int64(i) * 10)
		b.Field(8).(*array.Int32Builder).Append(10)
	}
	return b.NewRecordBatch()
}

// both adds reporter_iso3 and partner_iso3.
func both(r *Resolver, scheme Scheme, mem memory.Allocator, into pipeline.Sink) pipeline.Sink {
	partner := ResolveColumns(r, Columns{Code: "partner_code", CodeScheme: scheme, Year: "year", After: "partner_code", As: "partner_iso3", Memory: mem})
	reporter := ResolveColumns(r, Columns{Code: "reporter_code", CodeScheme: scheme, Year: "year", After: "reporter_code", As: "reporter_iso3", Memory: mem})
	return reporter.Apply(partner.Apply(into))
}

// pairs is a sink that keeps every row as text.
type pairs struct {
	recorder
	fields []string
}

func (p *pairs) Batch(rows arrow.RecordBatch) error {
	p.fields = nil
	for _, f := range rows.Schema().Fields() {
		p.fields = append(p.fields, f.Name)
	}
	for i := range int(rows.NumRows()) {
		line := ""
		for c, column := range rows.Columns()[:7] {
			if c > 0 {
				line += " "
			}
			line += column.ValueStr(i)
		}
		p.rows = append(p.rows, line)
	}
	return nil
}

func TestTwoStatesOfOneRow(t *testing.T) {
	mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
	defer mem.AssertSize(t, 0)
	in := flowsOf(t, mem, []flow{
		{2, 345, 2002, "a"}, {345, 2, 2002, "b"}, {2, 99999, 2002, "c"}, {345, 345, 2005, ""}, {-5, 2, 2002, "d"},
		{345, 2, 2002, "e"}, {345, 2, 2010, "f"},
	})
	defer in.Release()
	whole := in.NewSlice(1, 7)
	defer whole.Release()
	var got pairs
	if err := both(resolver(t), COW, mem, &got).Batch(whole); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{
		"345 YUG 2 USA 2002 b true", "345 SCG 345 SCG 2005 (null) (null)", "345 YUG 2 USA 2002 e true", "345 SRB 2 USA 2010 f (null)",
	}, got.rows); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{
		`flows.json:5+40+10: unknown state code "-5" (cow); nearest: "55", "95", "115"`,
		`flows.json:3+20+10: unknown state code "99999" (cow); nearest: "990", "269", "290"`,
	}, got.rejects); diff != "" {
		t.Error(diff)
	}
	if want := []string{"reporter_code", "reporter_iso3", "partner_code", "partner_iso3", "year", "weight", "odd"}; !slices.Equal(got.fields[:7], want) {
		t.Errorf("columns %v", got.fields)
	}
}

func TestWhatAColumnIsFor(t *testing.T) {
	mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
	defer mem.AssertSize(t, 0)
	in := flowsOf(t, mem, nil)
	defer in.Release()
	for as, want := range map[string]string{"": "state: ISO", "partner_iso3": "partner: ISO", "iso3_2": "state 2: ISO"} {
		step := ResolveColumns(resolver(t), Columns{Code: "partner_code", CodeScheme: COW, After: "year", As: as})
		schema, err := step.Columns(in.Schema())
		if err != nil {
			t.Fatal(err)
		}
		if got := pipeline.Describe(schema.Field(3), pipeline.MetaDescription); len(got) < len(want) || got[:len(want)] != want {
			t.Errorf("%q is %q", as, got)
		}
	}
}

// TestKeepEqualsConcatenation drops random rows of every width, from slices at every offset.
func TestKeepEqualsConcatenation(t *testing.T) {
	mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
	defer mem.AssertSize(t, 0)
	var rows []flow
	for i := range 300 {
		rows = append(rows, flow{int16(i), math.MaxInt32 - int32(i), int16(2 * i), fmt.Sprint(i)})
	}
	whole := flowsOf(t, mem, rows)
	defer whole.Release()
	for offset := range int64(17) {
		in := whole.NewSlice(offset, 300-offset)
		var dropped []int
		for row := range int(in.NumRows()) - 1 {
			if (row*row+int(offset))%7 < 3 {
				dropped = append(dropped, row)
			}
		}
		for i, c := range in.Columns() {
			fast, err := without(c, dropped, mem)
			if err != nil {
				t.Fatal(err)
			}
			if fast.Len() != c.Len()-len(dropped) {
				t.Errorf("%s: %d rows", in.ColumnName(i), fast.Len())
			}
			for row, at := 0, 0; row < c.Len(); row++ {
				if slices.Contains(dropped, row) {
					continue
				}
				if fast.ValueStr(at) != c.ValueStr(row) || fast.IsNull(at) != c.IsNull(row) {
					t.Fatalf("offset %d: %s: row %d is %s, was %s", offset, in.ColumnName(i), row, fast.ValueStr(at), c.ValueStr(row))
				}
				at++
			}
			fast.Release()
		}
		in.Release()
	}
}

// BenchmarkTwoStates resolves both states of 64 Ki rows of dyads and years, one in 30 of which takes the
// year to tell.
func BenchmarkTwoStates(b *testing.B) {
	var numbers []int16
	for _, s := range table(b, StatesFile) {
		var n int16
		if _, err := fmt.Sscan(s["cow"], &n); err == nil && s["valid_to"] == "" {
			numbers = append(numbers, n)
		}
	}
	var rows []flow
	for i := range 1 << 16 {
		r := flow{reporter: numbers[i%len(numbers)], partner: int32(numbers[(i/7)%len(numbers)]), year: int16(1950 + i%60)}
		if i%30 == 0 {
			r.reporter = 345
		}
		rows = append(rows, r)
	}
	in := flowsOf(b, memory.DefaultAllocator, rows)
	defer in.Release()
	into := both(resolver(b), COW, nil, discard{})
	b.ReportAllocs()
	for b.Loop() {
		if err := into.Batch(in); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(rows)), "ns/row")
}

package states

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/google/go-cmp/cmp"

	"entente/pipeline"
)

// row is a row of a test table; "" and 0 are null.
type row struct {
	code, name, date string
	number, year     int16
}

// schemaOf is a table like raw.unga_votes and raw.voeten_votes at once.
func schemaOf() *arrow.Schema {
	return arrow.NewSchema(append([]arrow.Field{
		pipeline.Code("code", "code"), pipeline.Text("name", "name"), pipeline.Day("date", "day"),
		pipeline.Int16("number", "code", "number"), pipeline.Int16("year", "year", "year"), pipeline.Flag("flag", "flag"),
	}, pipeline.Provenance()...), nil)
}

func batchOf(t testing.TB, mem memory.Allocator, rows []row) arrow.RecordBatch {
	t.Helper()
	b := array.NewRecordBuilder(mem, schemaOf())
	defer b.Release()
	text := func(column int, v string) {
		if v == "" {
			b.Field(column).AppendNull()
		} else if err := b.Field(column).(*array.BinaryDictionaryBuilder).AppendString(v); err != nil {
			t.Fatal(err)
		}
	}
	number := func(column int, v int16) {
		if v == 0 {
			b.Field(column).AppendNull()
		} else {
			b.Field(column).(*array.Int16Builder).Append(v)
		}
	}
	for i, r := range rows {
		text(0, r.code)
		text(1, r.name)
		if r.date == "" {
			b.Field(2).AppendNull()
		} else {
			b.Field(2).(*array.Date32Builder).Append(on(t, r.date))
		}
		number(3, r.number)
		number(4, r.year)
		b.Field(5).(*array.BooleanBuilder).Append(i%2 == 0)
		text(6, "votes.csv")
		b.Field(7).(*array.Int64Builder).Append(int64(i) + 2)
		b.Field(8).(*array.Int64Builder).Append(int64(i) * 100)
		b.Field(9).(*array.Int32Builder).Append(99)
	}
	return b.NewRecordBatch()
}

// recorder is a sink that keeps what it gets as text.
type recorder struct {
	rows    []string // "line:iso3"
	rejects []string // "file:line+offset+length: reason"
	filters []string
	batches int
	closed  bool
	refuse  error // returned by Reject and Filter
}

func (r *recorder) Batch(rows arrow.RecordBatch) error {
	r.batches++
	at := rows.Schema().FieldIndices("iso3")[0]
	iso3 := rows.Column(at).(*array.Dictionary)
	lines := rows.Column(rows.Schema().FieldIndices(pipeline.SourceLine)[0]).(*array.Int64)
	for i := range int(rows.NumRows()) {
		for c, column := range rows.Columns() {
			if column.Len() != int(rows.NumRows()) {
				return fmt.Errorf("column %d has %d rows of %d", c, column.Len(), rows.NumRows())
			}
		}
		r.rows = append(r.rows, fmt.Sprintf("%d:%s", lines.Value(i), iso3.Dictionary().(*array.String).Value(iso3.GetValueIndex(i))))
	}
	return nil
}

func (r *recorder) Reject(j pipeline.Reject) error {
	r.rejects = append(r.rejects, fmt.Sprintf("%s:%d+%d+%d: %s", j.File, j.Line, j.Offset, j.Length, j.Reason))
	return r.refuse
}

func (r *recorder) Filter(rule string, rows int64) error {
	r.filters = append(r.filters, fmt.Sprintf("%s: %d", rule, rows))
	return r.refuse
}

func (r *recorder) Close() error { r.closed = true; return nil }

func TestResolveColumns(t *testing.T) {
	library := Columns{Code: "code", CodeScheme: UNDLCode, Name: "name", NameScheme: UNDLName, Date: "date", Year: "year", After: "name"}
	voeten := Columns{Code: "number", CodeScheme: COW, Date: "date", Year: "year", After: "number"}
	english := Columns{Name: "name", NameScheme: EnglishName, After: "name"}
	for name, c := range map[string]struct {
		columns Columns
		rows    []row
		want    recorder
	}{
		"all known": {library, []row{
			{code: "FRA", name: "FRANCE", date: "1990-01-01"},
			{code: "SUN", name: "USSR", date: "1990-01-01"},
			{code: "FRA", name: "FRANCE"},
			{name: "CHILEs ", date: "2015-03-27"},
			{code: "CHL"},
		}, recorder{batches: 1, rows: []string{"2:FRA", "3:RUS", "4:FRA", "5:CHL", "6:CHL"}}},
		"today's code beside a former name": {library, []row{
			{code: "RUS", name: "USSR", date: "1960-01-01"},
			{code: "DEU", name: "GERMAN DEMOCRATIC REPUBLIC", date: "1980-01-01"},
			{code: "CZE", name: "CZECHOSLOVAKIA", date: "1980-01-01"},
			{code: "SRB", name: "YUGOSLAVIA", date: "1980-01-01"},
			{code: "SRB", name: "SERBIA AND MONTENEGRO", date: "2004-01-01"},
			{code: "YEM", name: "DEMOCRATIC YEMEN", date: "1980-01-01"},
			{code: "TZA", name: "ZANZIBAR", date: "1963-12-17"},
		}, recorder{batches: 1, rows: []string{"2:RUS", "3:DDR", "4:CSK", "5:YUG", "6:SCG", "7:YMD", "8:EAZ"}}},
		"the day decides": {library, []row{
			{code: "CHN", name: "CHINA", date: "1971-10-25"},
			{code: "CHN", name: "CHINA", date: "1971-10-26"},
			{code: "CHN", name: "CHINA", year: 1971},
			{code: "CHN", name: "CHINA", year: 1972},
			{code: "CHN", date: "1950-01-01"},
			{code: "CHN", name: "CHINA"},
		}, recorder{batches: 1, rows: []string{"2:TWN", "3:CHN", "4:TWN", "5:CHN", "6:TWN"}, rejects: []string{
			`votes.csv:7+500+99: state name "CHINA" (undl_name) means different states at different times, and the row has no date`,
		}}},
		"rejects": {library, []row{
			{code: "FRA", name: "FRANCE"},
			{code: "ZZZ", name: "FRANCE"},
			{code: "FRA", name: "FRANCEE"},
			{code: "FRA", name: "GERMANY"},
			{code: "DDR", name: "GERMANY"},
			{code: "USA", name: "UNITED STATES"},
			{name: "DONOTKNOW", date: "2010-12-22"},
			{},
			{code: "GBR", name: "UNITED KINGDOM"},
		}, recorder{batches: 1, rows: []string{"2:FRA", "7:USA", "10:GBR"}, rejects: []string{
			`votes.csv:3+100+99: unknown state code "ZZZ" (undl_code); nearest: "AZE", "BLZ", "CZE"`,
			`votes.csv:4+200+99: unknown state name "FRANCEE" (undl_name); nearest: "FRANCE", "GREECE", "IRAN"`,
			`votes.csv:5+300+99: state code "FRA" (undl_code) does not go with state name "GERMANY" (undl_name), which is DEU`,
			`votes.csv:6+400+99: state code "DDR" (undl_code) does not go with state name "GERMANY" (undl_name), which is DEU`,
			`votes.csv:8+600+99: state name "DONOTKNOW" (undl_name) is known to name no state that can be told: One ballot of S/RES/1966(2010): the record does not say whose it is`,
			`votes.csv:9+700+99: the row names no state`,
		}}},
		"nothing left": {library, []row{{name: "DONOTKNOW"}}, recorder{rejects: []string{
			`votes.csv:2+0+99: state name "DONOTKNOW" (undl_name) is known to name no state that can be told: One ballot of S/RES/1966(2010): the record does not say whose it is`,
		}}},
		"numbers": {voeten, []row{
			{number: 2, year: 1946},
			{number: 345, date: "2003-02-03", year: 2002},
			{number: 345, year: 2003},
			{number: 345, year: 2007},
			{number: 713, year: 1971},
			{number: 710, year: 1971},
			{number: 999, year: 1971},
			{year: 1971},
		}, recorder{batches: 1, rows: []string{"2:USA", "3:YUG", "4:SCG", "5:SRB", "6:TWN", "7:CHN"}, rejects: []string{
			`votes.csv:8+600+99: unknown state code "999" (cow); nearest: "990", "269", "290"`,
			`votes.csv:9+700+99: the row names no state`,
		}}},
		"aggregates": {english, []row{{name: "World"}, {name: "France"}, {name: "Areas, nes"}}, recorder{
			batches: 1, rows: []string{"3:FRA"}, filters: []string{"aggregate, not a state: 2"},
		}},
		"no rows": {library, nil, recorder{}},
	} {
		t.Run(name, func(t *testing.T) {
			mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
			defer mem.AssertSize(t, 0)
			c.columns.Memory = mem
			var got recorder
			into := ResolveColumns(resolver(t), c.columns).Apply(&got)
			in := batchOf(t, mem, c.rows)
			defer in.Release()
			if err := into.Batch(in); err != nil {
				t.Fatal(err)
			}
			if err := into.Close(); err != nil {
				t.Fatal(err)
			}
			c.want.closed = true
			if diff := cmp.Diff(c.want, got, cmp.AllowUnexported(recorder{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// keeper keeps the last batch.
type keeper struct {
	recorder
	last arrow.RecordBatch
}

func (k *keeper) Batch(rows arrow.RecordBatch) error {
	rows.Retain()
	k.last = rows
	return nil
}

func TestResolveColumnsKeepsTheOtherColumns(t *testing.T) {
	mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
	defer mem.AssertSize(t, 0)
	step := ResolveColumns(resolver(t), Columns{Code: "code", CodeScheme: UNDLCode, After: "code", Memory: mem})
	rows := []row{
		{code: "FRA", name: "a", number: 1}, {code: "ZZZ", name: "b", number: 2}, {code: "USA", date: "1990-01-01", number: 3},
		{code: "CHL", name: "a"}, {code: "ZZZ"},
	}
	whole := batchOf(t, mem, rows)
	defer whole.Release()
	wantSchema, err := step.Columns(whole.Schema())
	if err != nil {
		t.Fatal(err)
	}
	if got := wantSchema.Field(1); got.Name != "iso3" || got.Nullable || pipeline.Describe(got, pipeline.MetaRole) != pipeline.RoleCode {
		t.Errorf("field %v", got)
	}
	for _, c := range []struct{ from, to int64 }{{0, 5}, {1, 4}, {2, 4}} {
		in := whole.NewSlice(c.from, c.to)
		var got keeper
		if err := step.Apply(&got).Batch(in); err != nil {
			t.Fatal(err)
		}
		if !got.last.Schema().Equal(wantSchema) {
			t.Errorf("schema %s", got.last.Schema())
		}
		shared := len(got.rejects) == 0
		out := 0
		for i := c.from; i < c.to; i++ {
			if rows[i].code == "ZZZ" {
				continue
			}
			for at, column := range got.last.Columns() {
				source := at
				if at == 1 {
					continue
				} else if at > 1 {
					source--
				}
				original := in.Column(source)
				if column.ValueStr(out) != original.ValueStr(int(i-c.from)) || column.IsNull(out) != original.IsNull(int(i-c.from)) {
					t.Errorf("rows %d to %d, column %s, row %d: %s", c.from, c.to, got.last.ColumnName(at), out, column.ValueStr(out))
				}
				if shared && column.Data().Buffers()[1] != original.Data().Buffers()[1] {
					t.Errorf("column %s was copied though no row was rejected", got.last.ColumnName(at))
				}
			}
			out++
		}
		if got.last.NumRows() != int64(out) {
			t.Errorf("%d rows, want %d", got.last.NumRows(), out)
		}
		got.last.Release()
		in.Release()
	}
}

func TestResolveColumnsStopsWhenTheSinkRefuses(t *testing.T) {
	refused := errors.New("too many rejects")
	for name, r := range map[string]row{"reject": {name: "Frankrike"}, "filter": {name: "World"}} {
		mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
		in := batchOf(t, mem, []row{r, {name: "France"}})
		got := recorder{refuse: refused}
		err := ResolveColumns(resolver(t), Columns{Name: "name", NameScheme: EnglishName, After: "name", Memory: mem}).Apply(&got).Batch(in)
		if !errors.Is(err, refused) || got.batches > 0 {
			t.Errorf("%s: got %v after %d batches", name, err, got.batches)
		}
		in.Release()
		mem.AssertSize(t, 0)
	}
}

func TestResolveColumnsNamesWhatTheSchemaLacks(t *testing.T) {
	ok := Columns{Code: "code", CodeScheme: UNDLCode, After: "code"}
	with := func(f func(*Columns)) Columns { c := ok; f(&c); return c }
	noProvenance := arrow.NewSchema([]arrow.Field{pipeline.Code("code", "code")}, nil)
	twice := arrow.NewSchema(append(schemaOf().Fields(), pipeline.Code("iso3", "state")), nil)
	for _, c := range []struct {
		columns Columns
		schema  *arrow.Schema
		want    string
	}{
		{ok, schemaOf(), ""},
		{Columns{After: "code"}, schemaOf(), "neither a code nor a name column"},
		{with(func(c *Columns) { c.Code = "kode" }), schemaOf(), `no column "kode"`},
		{with(func(c *Columns) { c.Code = "flag" }), schemaOf(), `column "flag" is bool`},
		{with(func(c *Columns) { c.Date = "year" }), schemaOf(), `column "year" is int16, not date32`},
		{with(func(c *Columns) { c.CodeScheme = "cwo" }), schemaOf(), `there is no scheme "cwo"`},
		{with(func(c *Columns) { c.After = "" }), schemaOf(), `no column "" to put iso3 after`},
		{ok, noProvenance, `no column "source_file"`},
		{ok, twice, `there is a column "iso3" already`},
	} {
		_, err := ResolveColumns(resolver(t), c.columns).Columns(c.schema)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want it to contain %q", err, c.want)
		}
	}
}

func TestMemoWithoutTable(t *testing.T) {
	m := newMemo(largestTable + 1)
	m.set(largestTable, -3)
	if len(m.table) > 0 || m.get(largestTable) != -3 || m.get(0) != 0 {
		t.Errorf("got %d and %d", m.get(largestTable), m.get(0))
	}
}

// discard is a sink that takes everything.
type discard struct{}

func (discard) Batch(arrow.RecordBatch) error { return nil }
func (discard) Reject(r pipeline.Reject) error {
	return fmt.Errorf("line %d: %s", r.Line, r.Reason)
}
func (discard) Filter(string, int64) error { return nil }
func (discard) Close() error               { return nil }

// BenchmarkResolveColumns resolves one batch of 64 Ki rows by code and name, as raw.unga_votes does.
func BenchmarkResolveColumns(b *testing.B) {
	var rows []row
	for len(rows) < 1<<16 {
		for _, s := range table(b, NamesFile) {
			if s["scheme"] == string(UNDLCode) && s["valid_from"] == "0001-01-01" && len(rows) < 1<<16 {
				rows = append(rows, row{code: s["value"], date: "1990-01-01", year: 1990})
			}
		}
		rows[len(rows)-1].name = "CHINA"
		rows[len(rows)-1].code = "CHN"
	}
	in := batchOf(b, memory.DefaultAllocator, rows)
	defer in.Release()
	step := ResolveColumns(resolver(b), Columns{Code: "code", CodeScheme: UNDLCode, Name: "name", NameScheme: UNDLName, Date: "date", Year: "year", After: "name"})
	into := step.Apply(discard{})
	b.ReportAllocs()
	for b.Loop() {
		if err := into.Batch(in); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(rows)), "ns/row")
}

package dyads

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/google/go-cmp/cmp"

	"entente/pipeline"
)

// rollCall is one row of the input.
type rollCall struct {
	block
	votes map[string]int // iso3 -> 0 yes, 1 abstain, 2 no
}

// pair keys a row of the output.
type pair struct {
	block
	a, b string
}

func TestTransform(t *testing.T) {
	ga := block{"GA", "voeten", "66", 2011, true, true}
	mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
	defer mem.AssertSize(t, 0)
	got := apply(t, mem, 2, []rollCall{
		{ga, map[string]int{"CHN": 0, "RUS": 0, "USA": 2}},
		{ga, map[string]int{"CHN": 1, "RUS": 2}},
		{ga, map[string]int{"CHN": 0, "USA": 2, "PLW": 2}},
		{block{"SC", "unsc", "", 2011, false, false}, map[string]int{"USA": 0, "CHN": 0}},
		{block{"SC", "unsc", "", 2012, false, false}, map[string]int{"USA": 0}},
	})
	want := map[pair][9]int32{
		{ga, "CHN", "PLW"}: {2: 1},
		{ga, "CHN", "RUS"}: {0: 1, 5: 1},
		{ga, "CHN", "USA"}: {2: 2},
		{ga, "PLW", "USA"}: {8: 1},
		{ga, "RUS", "USA"}: {2: 1},
		{block{"SC", "unsc", "", 2011, false, false}, "CHN", "USA"}: {0: 1},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(pair{}, block{})); diff != "" {
		t.Errorf("want (-), got (+):\n%s", diff)
	}
}

// TestProperties compares random blocks with counting pair by pair, and checks what holds for all: no
// pair without a joint ballot, the nine counts sum to the joint ballots, renaming the states so that
// their order turns round transposes the table.
func TestProperties(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for trial := range 30 {
		calls := randomCalls(random, 1+random.IntN(4), 1+random.IntN(200), 2+random.IntN(40), random.Float64())
		mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
		got := apply(t, mem, 1+random.IntN(100), calls)
		mem.AssertSize(t, 0)
		want := bruteForce(calls)
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(pair{}, block{})); diff != "" {
			t.Fatalf("trial %d: want (-), got (+):\n%s", trial, diff)
		}
		turned := apply(t, mem, 50, rename(calls, turn))
		if len(turned) != len(got) {
			t.Fatalf("trial %d: %d pairs, and %d when renamed", trial, len(got), len(turned))
		}
		for p, n := range got {
			transposed := turned[pair{p.block, turn(p.b), turn(p.a)}]
			sum := int32(0)
			for i := range 3 {
				for j := range 3 {
					sum += n[3*i+j]
					if n[3*i+j] < 0 || n[3*i+j] != transposed[3*j+i] {
						t.Fatalf("trial %d: %v: %v, and %v when renamed", trial, p, n, transposed)
					}
				}
			}
			if sum == 0 || p.a >= p.b {
				t.Fatalf("trial %d: %v: %v", trial, p, n)
			}
		}
	}
}

// TestOrder demands sorted rows within a batch boundary and across it.
func TestOrder(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	calls := randomCalls(random, 12, 5, 240, 0.9)
	sink := &collector{}
	push(t, memory.DefaultAllocator, 16, calls, sink)
	if len(sink.batches) < 2 {
		t.Fatalf("%d batches; the case is meant to fill more than one", len(sink.batches))
	}
	last := ""
	for _, rows := range sink.batches {
		for _, row := range rows {
			key := fmt.Sprintf("%s %s %s %d %t %s %s", row.body, row.source, row.session, row.year, row.contested, row.a, row.b)
			if key <= last {
				t.Fatalf("%q follows %q", key, last)
			}
			last = key
		}
	}
}

func TestColumns(t *testing.T) {
	if _, err := New(nil).Columns(input); err != nil {
		t.Errorf("input: %v", err)
	}
	var fields []arrow.Field
	for _, f := range input.Fields() {
		if f.Name != columnNo {
			fields = append(fields, f)
		}
	}
	_, err := New(nil).Columns(arrow.NewSchema(fields, nil))
	if err == nil || !strings.Contains(err.Error(), columnNo) {
		t.Errorf("without %s: %v", columnNo, err)
	}
	fields = append(fields, arrow.Field{Name: columnNo, Type: arrow.PrimitiveTypes.Int32})
	_, err = New(nil).Columns(arrow.NewSchema(fields, nil))
	if err == nil || !strings.Contains(err.Error(), "int32") {
		t.Errorf("with %s as a number: %v", columnNo, err)
	}
}

// TestError demands that a failing sink's error comes back and that nothing stays allocated.
func TestError(t *testing.T) {
	mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
	defer mem.AssertSize(t, 0)
	full := errors.New("disk is full")
	for _, good := range []int{0, 1, 3} {
		s := New(mem).Apply(&failing{err: full, after: good})
		var err error
		for _, batch := range records(mem, 100, randomCalls(rand.New(rand.NewPCG(11, 12)), 30, 5, 240, 0.9)) {
			if err == nil {
				err = s.Batch(batch)
			}
			batch.Release()
		}
		if err == nil {
			err = s.Close()
		}
		if !errors.Is(err, full) {
			t.Errorf("after %d batches: %v", good, err)
		}
	}
}

func TestPassesOn(t *testing.T) {
	sink := &collector{}
	s := New(memory.DefaultAllocator).Apply(sink)
	if err := s.Reject(pipeline.Reject{Line: 7}); err != nil {
		t.Fatal(err)
	}
	if err := s.Filter("rule", 3); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if sink.rejects != 1 || sink.filtered != 3 || !sink.closed || len(sink.batches) != 0 {
		t.Errorf("next sink saw %+v", sink)
	}
}

// BenchmarkVoteDyads counts all sessions of two sources of about a million ballots each: 80 sessions
// of 90 roll calls and 180 states in two years, contested or not.
func BenchmarkVoteDyads(b *testing.B) {
	random := rand.New(rand.NewPCG(5, 6))
	var calls []rollCall
	for range 2 {
		calls = append(calls, randomCalls(random, 160, 45, 180, 0.8)...)
	}
	ballots := 0
	for _, c := range calls {
		ballots += len(c.votes)
	}
	batches := records(memory.DefaultAllocator, 4096, calls)
	b.ResetTimer()
	var rows int
	for range b.N {
		sink := &counterOfRows{}
		s := New(memory.DefaultAllocator).Apply(sink)
		for _, batch := range batches {
			if err := s.Batch(batch); err != nil {
				b.Fatal(err)
			}
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
		rows = sink.rows
	}
	b.ReportMetric(float64(ballots), "ballots")
	b.ReportMetric(float64(rows), "pairs")
}

func randomCalls(random *rand.Rand, blocks, perBlock, states int, turnout float64) []rollCall {
	var calls []rollCall
	for i := range blocks {
		in := block{"GA", "s", fmt.Sprintf("%03d", i/2), int16(1946 + i), i%2 == 1, i%3 == 0}
		for range perBlock {
			votes := map[string]int{}
			for s := range states {
				if random.Float64() < turnout {
					votes[code(s)] = random.IntN(3)
				}
			}
			calls = append(calls, rollCall{in, votes})
		}
	}
	return calls
}

func code(n int) string { return string([]byte{'A' + byte(n/26), 'A' + byte(n%26), 'X'}) }

// turn renames a state so that the order of any two turns round.
func turn(code string) string {
	return string([]byte{'A' + 'Z' - code[0], 'A' + 'Z' - code[1], 'A' + 'Z' - code[2]})
}

func rename(calls []rollCall, name func(string) string) []rollCall {
	var out []rollCall
	for _, c := range calls {
		votes := map[string]int{}
		for state, vote := range c.votes {
			votes[name(state)] = vote
		}
		out = append(out, rollCall{c.block, votes})
	}
	return out
}

func bruteForce(calls []rollCall) map[pair][9]int32 {
	counts := map[pair][9]int32{}
	for _, c := range calls {
		for a, x := range c.votes {
			for b, y := range c.votes {
				if a < b {
					n := counts[pair{c.block, a, b}]
					n[3*x+y]++
					counts[pair{c.block, a, b}] = n
				}
			}
		}
	}
	return counts
}

var input = arrow.NewSchema([]arrow.Field{
	{Name: columnBody, Type: pipeline.Dictionary}, {Name: columnSource, Type: pipeline.Dictionary},
	{Name: columnSession, Type: pipeline.Dictionary}, {Name: columnYear, Type: arrow.PrimitiveTypes.Int16},
	{Name: columnContested, Type: arrow.FixedWidthTypes.Boolean},
	{Name: columnDefault, Type: arrow.FixedWidthTypes.Boolean},
	{Name: columnYes, Type: pipeline.Dictionary}, {Name: columnAbstain, Type: arrow.BinaryTypes.String},
	{Name: columnNo, Type: pipeline.Dictionary},
}, nil)

// records puts roll calls into batches of at most that many rows.
func records(mem memory.Allocator, size int, calls []rollCall) []arrow.RecordBatch {
	var out []arrow.RecordBatch
	for len(calls) > 0 {
		b := array.NewRecordBuilder(mem, input)
		for _, c := range calls[:min(size, len(calls))] {
			var codes [3][]string
			for state, vote := range c.votes {
				codes[vote] = append(codes[vote], state)
			}
			texts := map[int]string{0: c.body, 1: c.source, 2: c.session}
			for i, list := range codes {
				texts[6+i] = strings.Join(list, " ")
			}
			for at, text := range texts {
				if err := b.Field(at).AppendValueFromString(text); err != nil {
					panic(err)
				}
			}
			b.Field(3).(*array.Int16Builder).Append(c.year)
			b.Field(4).(*array.BooleanBuilder).Append(c.contested)
			b.Field(5).(*array.BooleanBuilder).Append(c.isDefault)
		}
		out = append(out, b.NewRecordBatch())
		b.Release()
		calls = calls[min(size, len(calls)):]
	}
	return out
}

func apply(t *testing.T, mem memory.Allocator, size int, calls []rollCall) map[pair][9]int32 {
	t.Helper()
	sink := &collector{}
	push(t, mem, size, calls, sink)
	counts := map[pair][9]int32{}
	for _, rows := range sink.batches {
		for _, row := range rows {
			key := pair{row.block, row.a, row.b}
			if _, twice := counts[key]; twice {
				t.Errorf("%v comes twice", key)
			}
			counts[key] = row.counts
		}
	}
	return counts
}

func push(t *testing.T, mem memory.Allocator, size int, calls []rollCall, sink pipeline.Sink) {
	t.Helper()
	s := New(mem).Apply(sink)
	for _, batch := range records(mem, size, calls) {
		err := s.Batch(batch)
		batch.Release()
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

type row struct {
	pair
	counts [9]int32
}

// collector is a sink that keeps what it gets.
type collector struct {
	batches           [][]row
	rejects, filtered int64
	closed            bool
}

func (c *collector) Batch(in arrow.RecordBatch) error {
	var rows []row
	text := map[string]func(int) string{}
	for _, name := range []string{columnBody, columnSource, columnSession, "iso3_a", "iso3_b"} {
		text[name] = pipeline.TextAt(in.Column(in.Schema().FieldIndices(name)[0]))
	}
	for i := range int(in.NumRows()) {
		r := row{pair: pair{a: text["iso3_a"](i), b: text["iso3_b"](i)}}
		r.block = block{
			text[columnBody](i), text[columnSource](i), text[columnSession](i),
			in.Column(3).(*array.Int16).Value(i), in.Column(4).(*array.Boolean).Value(i),
			in.Column(7).(*array.Boolean).Value(i),
		}
		for j := range r.counts {
			r.counts[j] = in.Column(8 + j).(*array.Int32).Value(i)
		}
		rows = append(rows, r)
	}
	c.batches = append(c.batches, rows)
	return nil
}

func (c *collector) Reject(pipeline.Reject) error { c.rejects++; return nil }

func (c *collector) Filter(_ string, n int64) error { c.filtered += n; return nil }

func (c *collector) Close() error { c.closed = true; return nil }

// failing is a sink that takes some batches and then no more.
type failing struct {
	collector
	err   error
	after int
}

func (f *failing) Batch(arrow.RecordBatch) error {
	if f.after == 0 {
		return f.err
	}
	f.after--
	return nil
}

// counterOfRows is a sink that keeps nothing.
type counterOfRows struct {
	collector
	rows int
}

func (c *counterOfRows) Batch(in arrow.RecordBatch) error {
	c.rows += int(in.NumRows())
	return nil
}

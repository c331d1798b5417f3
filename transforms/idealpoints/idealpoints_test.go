package idealpoints

import (
	"math"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"entente/pipeline"
)

var input = arrow.NewSchema([]arrow.Field{
	{Name: "scope", Type: pipeline.Dictionary},
	{Name: "item", Type: arrow.PrimitiveTypes.Int32},
	{Name: "session", Type: arrow.PrimitiveTypes.Int16},
	{Name: "series", Type: arrow.PrimitiveTypes.Int16},
	{Name: "iso3", Type: pipeline.Dictionary},
	{Name: "vote", Type: arrow.PrimitiveTypes.Int8},
}, nil)

// batch makes a record of one scope's ballots; the caller releases it.
func batch(mem memory.Allocator, scope string, ballots []Ballot) arrow.RecordBatch {
	b := array.NewRecordBuilder(mem, input)
	defer b.Release()
	for _, v := range ballots {
		put(b.Field(0), scope)
		put(b.Field(1), v.Item)
		put(b.Field(2), v.Session)
		put(b.Field(3), v.Series)
		put(b.Field(4), v.Code)
		b.Field(5).(*array.Int8Builder).Append(int8(v.Choice) + 1)
	}
	return b.NewRecordBatch()
}

// collector counts rows by scope.
type collector struct {
	rows   map[string]int
	closed bool
	t      *testing.T
}

func (c *collector) Batch(rows arrow.RecordBatch) error {
	c.rows[textAt(rows.Column(0))(0)] += int(rows.NumRows())
	for i, f := range output.Fields() {
		if real, ok := rows.Column(i).(*array.Float64); ok {
			finite(c.t, f.Name, real.Float64Values())
		}
	}
	return nil
}

func (c *collector) Reject(pipeline.Reject) error { return nil }
func (c *collector) Filter(string, int64) error   { return nil }
func (c *collector) Close() error                 { c.closed = true; return nil }

// named gives the poles of a simulated world the codes that the transform looks for.
func named(ballots []Ballot, positive, negative string) []Ballot {
	for i := range ballots {
		switch ballots[i].Series {
		case 0:
			ballots[i].Code = positive
		case 1:
			ballots[i].Code = negative
		}
	}
	return ballots
}

func TestTransform(t *testing.T) {
	mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
	defer mem.AssertSize(t, 0)
	c := &collector{rows: map[string]int{}, t: t}
	sink := New(mem).Apply(c)
	world := newWorld(1, 20, 4, 20)
	push := func(scope string, ballots []Ballot) error {
		rows := batch(mem, scope, ballots)
		defer rows.Release()
		return sink.Batch(rows)
	}
	all := named(world.ballots, "USA", "RUS")
	for _, err := range []error{
		push("all", all[:len(all)/2]), push("all", all[len(all)/2:]),
		push("ec", vote(1, 1, "yyn")), // no pole votes
		push("nu", named(newWorld(2, 20, 4, 20).ballots, "USA", "BRA")),
		sink.Close(),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	positions := len(world.truth)
	if !c.closed || c.rows["all"] != positions || c.rows["ec"] != 0 || c.rows["nu"] == 0 {
		t.Errorf("closed %t, rows %v; want %d of all, none of ec, some of nu", c.closed, c.rows, positions)
	}
}

func TestTransformRefuses(t *testing.T) {
	if _, err := New(nil).Columns(input); err != nil {
		t.Error(err)
	}
	_, err := New(nil).Columns(arrow.NewSchema(input.Fields()[1:], nil))
	if err == nil || !strings.Contains(err.Error(), `"scope"`) {
		t.Errorf("without scope: %v", err)
	}
	fields := append([]arrow.Field(nil), input.Fields()...)
	fields[1].Type = arrow.BinaryTypes.String
	if _, err := New(nil).Columns(arrow.NewSchema(fields, nil)); err == nil || !strings.Contains(err.Error(), "utf8") {
		t.Errorf("with item as text: %v", err)
	}
	mem := memory.DefaultAllocator
	for want, ballots := range map[string][2][]Ballot{
		"two places":   {vote(1, 1, "yn"), vote(2, 1, "yn")},
		"none of 1, 2": {nil, {{Item: 3, Code: "A", Choice: 7}}},
	} {
		sink := New(mem).Apply(&collector{rows: map[string]int{}, t: t})
		err := sink.Batch(batch(mem, "me", ballots[0]))
		if err == nil {
			err = sink.Batch(batch(mem, "hr", ballots[0]))
		}
		if err == nil {
			err = sink.Batch(batch(mem, "me", ballots[1]))
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// BenchmarkVariational fits as many ballots as the whole Assembly cast, to the end.
func BenchmarkVariational(b *testing.B) {
	r := newWorld(3, 150, 74, 75).record(b)
	b.ReportMetric(float64(r.Ballots()), "ballots")
	for b.Loop() {
		v := FitVariational(r, Options{2, maxSweeps, tolerance})
		b.ReportMetric(float64(v.Sweeps), "sweeps")
	}
}

// BenchmarkGibbs runs sweeps over as many ballots.
func BenchmarkGibbs(b *testing.B) {
	r := newWorld(3, 150, 74, 75).record(b)
	c := NewChain(r, Plan{Seed: 1, Burn: math.MaxInt32, Thin: 1, Threads: 2})
	b.ReportMetric(float64(r.Ballots()), "ballots")
	for b.Loop() {
		c.sweep()
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "sweeps/s")
}

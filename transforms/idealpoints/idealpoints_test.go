package idealpoints

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"entente/pipeline"
	"entente/transforms/idealpoints/probit"
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
func batch(mem memory.Allocator, scope string, ballots []probit.Ballot) arrow.RecordBatch {
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
	c.rows[pipeline.TextAt(rows.Column(0))(0)] += int(rows.NumRows())
	for i, f := range output.Fields() {
		if real, ok := rows.Column(i).(*array.Float64); ok {
			for _, v := range real.Float64Values() {
				if math.IsNaN(v) || math.IsInf(v, 0) {
					c.t.Errorf("%s is %g", f.Name, v)
				}
			}
		}
	}
	return nil
}

func (c *collector) Reject(pipeline.Reject) error { return nil }
func (c *collector) Filter(string, int64) error   { return nil }
func (c *collector) Close() error                 { c.closed = true; return nil }

// blocs has two poles that never agree, in each of four sessions, and states that side with one by chance.
func blocs(positive, negative string) []probit.Ballot {
	random := rand.New(rand.NewPCG(1, 2))
	var ballots []probit.Ballot
	for item := range int32(20) {
		for state := range int16(10) {
			b := probit.Ballot{Item: item, Session: int16(item/5 + 1), Series: state, Code: string(rune('A' + state)), Choice: probit.Yes}
			switch {
			case state == 0:
				b.Code, b.Choice = positive, probit.No
			case state == 1:
				b.Code = negative
			default:
				b.Choice = probit.Choice(random.IntN(3))
			}
			ballots = append(ballots, b)
		}
	}
	return ballots
}

func TestTransform(t *testing.T) {
	mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
	defer mem.AssertSize(t, 0)
	c := &collector{rows: map[string]int{}, t: t}
	sink := New(mem).Apply(c)
	push := func(scope string, ballots []probit.Ballot) error {
		rows := batch(mem, scope, ballots)
		defer rows.Release()
		return sink.Batch(rows)
	}
	all := blocs("USA", "RUS")
	for _, err := range []error{
		push("all", all[:len(all)/2]), push("all", all[len(all)/2:]),
		push("ec", blocs("FRA", "GBR")), // no pole votes
		push("nu", blocs("USA", "BRA")),
		sink.Close(),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if !c.closed || c.rows["all"] != 40 || c.rows["ec"] != 0 || c.rows["nu"] != 40 {
		t.Errorf("closed %t, rows %v; want 40 of all and nu, none of ec", c.closed, c.rows)
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
	for want, ballots := range map[string][2][]probit.Ballot{
		"two places":   {blocs("A", "B"), blocs("A", "B")},
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

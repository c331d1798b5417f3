package portfolios

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/google/go-cmp/cmp"

	"entente/pipeline"
)

// Germany's and Russia's commitments in 1914 to the twenty states of Europe, and the shares of Europe's capabilities:
// Signorino and Ritter 1999, table 6.
var (
	germany = []uint8{3, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0}
	russia  = []uint8{0, 3, 1, 3, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
	shares  = []float64{.25, .21, .2, .08, .08, .05, .03, .03, .02, .01, .01, .01, .01, .01, 0, 0, 0, 0, 0, 0}
)

// TestTable6 demands the published tau-b, and the counts and sums of which the published S, kappa and pi are made;
// those are views of them.
func TestTable6(t *testing.T) {
	got := Compare(germany, russia, shares)
	want := [Levels][Levels]int16{{13, 1, 0, 2}, {}, {}, {3, 1, 0, 0}}
	if diff := cmp.Diff(want, got.Counts); diff != "" {
		t.Error(diff)
	}
	if tau := got.TauB(); math.Abs(tau-0.03031695) > 1e-8 {
		t.Errorf("tau-b %.8f, want 0.03031695", tau)
	}
	if s := 1 - 2*got.Distance/(3*got.Weight); got.Weighted != 20 || math.Abs(s+0.46) > 1e-12 {
		t.Errorf("S weighted by %d capabilities is %v, want -0.46 by 20", got.Weighted, s)
	}
}

// TestProperties compares random portfolios with tau-b worked out from all pairs of states, and checks what holds for
// all: the order of the two turns the table round and leaves tau-b and the sums alone; weights that are not known
// count nothing.
func TestProperties(t *testing.T) {
	random := rand.New(rand.NewPCG(21, 22))
	for trial := range 300 {
		n := 1 + random.IntN(40)
		a, b, weights := make([]uint8, n), make([]uint8, n), make([]float64, n)
		top := 1 + random.IntN(Levels)
		for k := range n {
			a[k], b[k], weights[k] = uint8(random.IntN(top)), uint8(random.IntN(Levels)), random.Float64()
			if random.IntN(4) == 0 {
				weights[k] = math.NaN()
			}
		}
		got, turned := Compare(a, b, weights), Compare(b, a, weights)
		for i := range Levels {
			for j := range Levels {
				if got.Counts[i][j] != turned.Counts[j][i] {
					t.Fatalf("trial %d: %v, and turned round %v", trial, got.Counts, turned.Counts)
				}
			}
		}
		if got.Weight != turned.Weight || got.Distance != turned.Distance || got.Distance > 3*got.Weight {
			t.Fatalf("trial %d: %+v, and turned round %+v", trial, got, turned)
		}
		want, tau := tauOfPairs(a, b), got.TauB()
		if math.IsNaN(want) != math.IsNaN(tau) || math.Abs(want-tau) > 1e-12 || tau != turned.TauB() && !math.IsNaN(tau) {
			t.Fatalf("trial %d: tau-b %v, want %v; turned round %v", trial, tau, want, turned.TauB())
		}
		if same := Compare(a, a, weights); same.Distance != 0 || !math.IsNaN(same.TauB()) && math.Abs(same.TauB()-1) > 1e-12 {
			t.Fatalf("trial %d: with itself: distance %v, tau-b %v", trial, same.Distance, same.TauB())
		}
	}
}

// tauOfPairs is Kendall's tau-b by its definition.
func tauOfPairs(a, b []uint8) float64 {
	var balance, first, second float64
	for i := range a {
		for j := range i {
			x, y := sign(a[i], a[j]), sign(b[i], b[j])
			balance += x * y
			first += x * x
			second += y * y
		}
	}
	return balance / math.Sqrt(first*second)
}

func sign(a, b uint8) float64 {
	switch {
	case a > b:
		return 1
	case a < b:
		return -1
	}
	return 0
}

// state is one row of the input; a weight below 0 is null.
type state struct {
	coding string
	year   int16
	iso3   string
	weight float64
	owes   [Levels - 1]string
}

var input = arrow.NewSchema([]arrow.Field{
	pipeline.Code(columnCoding, "-"), pipeline.Int16(columnYear, "", "-"), pipeline.Code(columnState, "-"), pipeline.Real(columnWeight, "", "-"),
	pipeline.Code(columnLevels[0], "-"), {Name: columnLevels[1], Type: arrow.BinaryTypes.String, Nullable: true}, pipeline.Code(columnLevels[2], "-"),
}, nil)

// records makes batches of at most size rows.
func records(t *testing.T, size int, states []state) []arrow.RecordBatch {
	t.Helper()
	b := array.NewRecordBuilder(memory.DefaultAllocator, input)
	defer b.Release()
	text := func(column int, v string) {
		var err error
		switch f := b.Field(column).(type) {
		case *array.BinaryDictionaryBuilder:
			err = f.AppendString(v)
		case *array.StringBuilder:
			f.Append(v)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	var batches []arrow.RecordBatch
	for part := range slices.Chunk(states, size) {
		for _, s := range part {
			text(0, s.coding)
			b.Field(1).(*array.Int16Builder).Append(s.year)
			text(2, s.iso3)
			if s.weight < 0 {
				b.Field(3).AppendNull()
			} else {
				b.Field(3).(*array.Float64Builder).Append(s.weight)
			}
			for i, codes := range s.owes {
				text(4+i, codes)
			}
		}
		batches = append(batches, b.NewRecordBatch())
	}
	return batches
}

// collector keeps what comes as text; after that many batches it fails.
type collector struct {
	rows   []string
	sizes  []int64
	fails  error
	after  int
	closed bool
}

func (c *collector) Batch(rows arrow.RecordBatch) error {
	if c.fails != nil && len(c.sizes) == c.after {
		return c.fails
	}
	c.sizes = append(c.sizes, rows.NumRows())
	for i := range int(rows.NumRows()) {
		var cells []string
		for _, column := range rows.Columns() {
			cells = append(cells, column.ValueStr(i))
		}
		c.rows = append(c.rows, strings.Join(cells, " "))
	}
	return nil
}

func (c *collector) Reject(r pipeline.Reject) error { return errors.New(r.Reason) }
func (c *collector) Filter(string, int64) error     { return nil }
func (c *collector) Close() error                   { c.closed = true; return nil }

func push(t *testing.T, size int, states []state, into pipeline.Sink) error {
	t.Helper()
	s := New().Apply(into)
	for _, batch := range records(t, size, states) {
		defer batch.Release()
		if err := s.Batch(batch); err != nil {
			return err
		}
	}
	return s.Close()
}

// TestTransform has two years and two codings in batches of every size; a state outside the system is left out.
func TestTransform(t *testing.T) {
	states := []state{
		{"atop", 1990, "AAA", 0.5, [3]string{"", "CCC", "BBB"}},
		{"atop", 1990, "BBB", -1, [3]string{"AAA ZZZ", "", ""}},
		{"atop", 1990, "CCC", 0.25, [3]string{}},
		{"atop", 1991, "AAA", -1, [3]string{}},
		{"cow", 1991, "AAA", -1, [3]string{"", "", "BBB"}},
		{"cow", 1991, "BBB", -1, [3]string{"", "", "AAA"}},
	}
	want := []string{
		"atop 1990 AAA BBB 0 0 0 0 0 0 0 0 1 0 0 0 0 1 0 1 2 0.75 1.5 0.8164965809277261",
		"atop 1990 AAA CCC 0 0 0 0 0 0 0 0 0 0 0 1 2 0 0 0 2 0.75 1.75 -1",
		"atop 1990 BBB CCC 0 0 0 1 1 0 0 0 0 0 0 0 1 0 0 0 2 0.75 1.25 -0.8164965809277261",
		"cow 1991 AAA BBB 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 2 0 (null) (null) (null)",
	}
	for size := 1; size <= len(states); size++ {
		var got collector
		if err := push(t, size, states, &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got.rows); diff != "" || !got.closed {
			t.Errorf("batches of %d: closed %t; want (-), got (+):\n%s", size, got.closed, diff)
		}
	}
}

// TestBatches compares many years with each on its own, over several batches.
func TestBatches(t *testing.T) {
	random := rand.New(rand.NewPCG(31, 32))
	var all []state
	var want []string
	for year := range int16(9) {
		var states []state
		for n := range 180 {
			s := state{coding: "atop", year: 1900 + year, iso3: fmt.Sprintf("S%03d", n), weight: random.Float64() - 0.1}
			for i := range s.owes {
				s.owes[i] = fmt.Sprintf("S%03d", 60*i+random.IntN(60))
			}
			states = append(states, s)
		}
		var alone collector
		if err := push(t, 1000, states, &alone); err != nil {
			t.Fatal(err)
		}
		want, all = append(want, alone.rows...), append(all, states...)
	}
	var got collector
	if err := push(t, 77, all, &got); err != nil {
		t.Fatal(err)
	}
	if len(got.sizes) < 2 || len(got.rows) != 9*180*179/2 || !slices.Equal(got.rows, want) {
		t.Errorf("%d rows in batches of %v; they differ from the years on their own", len(got.rows), got.sizes)
	}
	full := errors.New("disk is full")
	if err := push(t, 77, all, &collector{fails: full, after: 1}); !errors.Is(err, full) {
		t.Errorf("got %v", err)
	}
}

func TestRefuses(t *testing.T) {
	for name, states := range map[string][]state{
		"order":     {{coding: "atop", year: 1990, iso3: "BBB"}, {coding: "atop", year: 1990, iso3: "AAA"}},
		"twice":     {{coding: "atop", year: 1990, iso3: "AAA"}, {coding: "atop", year: 1990, iso3: "AAA"}},
		"no coding": {{year: 1990, iso3: "AAA"}},
		"no state":  {{coding: "atop", year: 1990}},
	} {
		if err := push(t, 10, states, &collector{}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	without := arrow.NewSchema(input.Fields()[1:], nil)
	if _, err := New().Columns(without); err == nil || !strings.Contains(err.Error(), columnCoding) {
		t.Errorf("without %s: %v", columnCoding, err)
	}
	fields := input.Fields()
	fields[1].Type = arrow.BinaryTypes.String
	if _, err := New().Columns(arrow.NewSchema(fields, nil)); err == nil || !strings.Contains(err.Error(), "utf8") {
		t.Errorf("with %s as text: %v", columnYear, err)
	}
}

// BenchmarkCompare compares all pairs of 200 states: one year of today.
func BenchmarkCompare(b *testing.B) {
	random := rand.New(rand.NewPCG(41, 42))
	portfolios, weights := make([][]uint8, 200), make([]float64, 200)
	for i := range portfolios {
		weights[i] = random.Float64()
		portfolios[i] = make([]uint8, 200)
		for k := range portfolios[i] {
			portfolios[i][k] = uint8(random.IntN(Levels))
		}
	}
	for b.Loop() {
		for i := range portfolios {
			for j := range i {
				if c := Compare(portfolios[i], portfolios[j], weights); c.TauB() > 1 {
					b.Fatal(c)
				}
			}
		}
	}
}

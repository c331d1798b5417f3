package resemblance

import (
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

// row is an article as the transform reads it.
type row struct {
	treaty string
	seq    int32
	text   string
}

func given(mem memory.Allocator, rows []row) arrow.RecordBatch {
	b := array.NewRecordBuilder(mem, arrow.NewSchema([]arrow.Field{
		pipeline.Code(columnTreaty, "."), pipeline.Int32(columnArticle, "", "."), pipeline.Text(columnText, "."),
	}, nil))
	defer b.Release()
	text := func(column int, value string) {
		if err := b.Field(column).(*array.BinaryDictionaryBuilder).AppendString(value); err != nil {
			panic(err)
		}
	}
	for _, r := range rows {
		text(0, r.treaty)
		b.Field(1).(*array.Int32Builder).Append(r.seq)
		text(2, r.text)
	}
	return b.NewRecordBatch()
}

// collected is a sink that writes pairs down.
type collected struct{ rows []string }

func (c *collected) Batch(rows arrow.RecordBatch) error {
	if !rows.Schema().Equal(output) {
		return fmt.Errorf("a batch of schema %s", rows.Schema())
	}
	for i := range int(rows.NumRows()) {
		var cells []string
		for _, column := range rows.Columns() {
			if d, ok := column.(*array.Dictionary); ok {
				cells = append(cells, d.Dictionary().ValueStr(d.GetValueIndex(i)))
			} else {
				cells = append(cells, column.ValueStr(i))
			}
		}
		c.rows = append(c.rows, strings.Join(cells, " "))
	}
	return nil
}

func (c *collected) Reject(pipeline.Reject) error { return nil }
func (c *collected) Filter(string, int64) error   { return nil }
func (c *collected) Close() error                 { return nil }

// pairsOf runs the transform over articles, in batches of that many.
func pairsOf(t *testing.T, rows []row, size int) []string {
	t.Helper()
	out := &collected{}
	in := New().Apply(out)
	for len(rows) > 0 {
		n := min(size, len(rows))
		if err := in.Batch(given(memory.DefaultAllocator, rows[:n])); err != nil {
			t.Fatal(err)
		}
		rows = rows[n:]
	}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	return out.rows
}

// numbered is a text of that many different words; those of other seeds share none.
func numbered(seed, words int) string {
	var b strings.Builder
	for i := range words {
		fmt.Fprintf(&b, "w%dx%d ", seed, i)
	}
	return b.String()
}

// TestTransform has a clause copied whole, in other case and punctuation, in part, and within its treaty.
func TestTransform(t *testing.T) {
	clause := numbered(1, 24) // 20 runs
	rows := []row{
		{"t:1", 1, clause},
		{"t:1", 2, clause},                                       // no other treaty
		{"t:2", 1, strings.ToUpper(clause) + "."},                // the same words
		{"t:2", 2, numbered(2, 24)},                              // nothing alike
		{"t:3", 1, clause + numbered(3, 16)},                     // 20 of 36 runs
		{"t:3", 2, clause + numbered(4, 24)},                     // 20 of 44, too few
		{"t:4", 1, numbered(5, 19)}, {"t:5", 1, numbered(5, 19)}, // 15 runs, too few
		{"t:6", 1, numbered(6, 20)}, {"t:7", 1, numbered(6, 20)},
	}
	want := []string{
		"t:1 1 t:2 1 1 20 20 20 2 3", "t:1 1 t:3 1 0.5555555555555556 20 20 36 2 3",
		"t:1 2 t:2 1 1 20 20 20 2 3", "t:1 2 t:3 1 0.5555555555555556 20 20 36 2 3",
		"t:2 1 t:3 1 0.5555555555555556 20 20 36 3 3", "t:6 1 t:7 1 1 16 16 16 1 1",
	}
	for _, size := range []int{100, 1} {
		if diff := cmp.Diff(want, pairsOf(t, rows, size)); diff != "" {
			t.Errorf("batches of %d: want (-), got (+):\n%s", size, diff)
		}
		slices.Reverse(rows) // the order makes no difference
	}
}

// TestMostPairs gives 150 treaties one and the same article: each keeps its first hundred partners, and says
// how many there were.
func TestMostPairs(t *testing.T) {
	var rows []row
	for i := range 150 {
		rows = append(rows, row{fmt.Sprintf("t:%03d", i), 1, numbered(1, 30)})
	}
	got := pairsOf(t, rows, 64)
	// The first 101 articles are kept by all others: pairs among them, and of each with the 49 after.
	if want := 101*100/2 + 49*100; len(got) != want {
		t.Errorf("%d pairs, want %d of the %d there are", len(got), want, 150*149/2)
	}
	for _, line := range got {
		if !strings.HasSuffix(line, " 149 149") {
			t.Fatalf("%q: want 149 pairs found of each", line)
		}
	}
}

// TestRecall compares what comes with every pair that there is, of texts that overlap to every degree.
func TestRecall(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	var rows []row
	for i := range 1200 {
		words := strings.Fields(numbered(i%300, 60))
		for j := range words {
			if random.IntN(100) < 2*(i%6) {
				words[j] = fmt.Sprintf("other%d", random.Int())
			}
		}
		rows = append(rows, row{fmt.Sprintf("t:%04d", i), 1, strings.Join(words, " ")})
	}
	found := map[string]bool{}
	for _, line := range pairsOf(t, rows, 500) {
		cells := strings.Fields(line)
		found[cells[0]+cells[2]] = true
	}
	var all, here [5]int // from 0.5, 0.6 …
	sets := make([][]uint64, len(rows))
	for i, r := range rows {
		sets[i], _ = runs(r.text, nil)
	}
	for i, a := range sets {
		for j := i + 1; j < len(sets); j++ {
			n := shared(a, sets[j], 0)
			overlap := float64(n) / float64(len(a)+len(sets[j])-n)
			if is := found[rows[i].treaty+rows[j].treaty]; overlap < threshold {
				if is {
					t.Fatalf("%s and %s overlap by %v and came", rows[i].treaty, rows[j].treaty, overlap)
				}
			} else {
				class := min(int(overlap*10)-5, 4)
				all[class]++
				if is {
					here[class]++
				}
			}
		}
	}
	for class, n := range all {
		recall, least := float64(here[class])/float64(n), 1-math.Pow(1-math.Pow(threshold+float64(class)/10, bandRows), bands)
		t.Logf("overlap from %.1f: %d of %d", threshold+float64(class)/10, here[class], n)
		if n < 30 || recall < least-0.03 {
			t.Errorf("overlap from %.1f: %.3f of %d pairs found, want %.3f of 30 or more", threshold+float64(class)/10, recall, n, least)
		}
	}
}

func TestColumns(t *testing.T) {
	fields := given(memory.DefaultAllocator, nil).Schema().Fields()
	if got, err := New().Columns(arrow.NewSchema(fields, nil)); err != nil || !got.Equal(output) {
		t.Errorf("got %v, %v", got, err)
	}
	if _, err := New().Columns(arrow.NewSchema(fields[:2], nil)); err == nil || !strings.Contains(err.Error(), `"text"`) {
		t.Errorf("without text: got %v", err)
	}
	fields[1] = pipeline.Text(columnArticle, ".")
	if _, err := New().Columns(arrow.NewSchema(fields, nil)); err == nil || !strings.Contains(err.Error(), "int32 is wanted") {
		t.Errorf("with another type: got %v", err)
	}
}

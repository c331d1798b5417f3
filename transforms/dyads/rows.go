package dyads

import (
	"math/bits"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"entente/pipeline"
)

const (
	batchRows  = 64 << 10 // rows that a batch has about: whole blocks make one
	maxPending = 4        // batches that are made at a time, at most
)

// names numbers distinct texts in the order in which they come.
type names struct {
	values []string
	places map[string]int32
}

func newNames() names { return names{places: map[string]int32{}} }

// place returns the number of a text, which is new when it is one less than there are values now.
func (n *names) place(text string) int32 {
	if at, ok := n.places[text]; ok {
		return at
	}
	at := int32(len(n.values))
	text = strings.Clone(text)
	n.values = append(n.values, text)
	n.places[text] = at
	return at
}

// run is a stretch of rows of one block.
type run struct {
	block
	rows int
}

// rows are the columns of a batch under construction.
type rows struct {
	a, b   []int32 // places of the states' codes
	counts [9][]int32
	runs   []run
}

// newRows has room for that many rows.
func newRows(room int) *rows {
	r := &rows{a: make([]int32, 0, room), b: make([]int32, 0, room)}
	for i := range r.counts {
		r.counts[i] = make([]int32, 0, room)
	}
	return r
}

// pair adds a row for each of the others with which a state shares a roll call of the block. sets holds
// the three bit sets of the state and of each of the others, of that many words each.
func (r *rows) pair(of block, a int32, others []int32, sets []uint64, words int) {
	from := len(r.a)
	firsts, seconds := extend(&r.a, len(others)), extend(&r.b, len(others))
	var counts [9][]int32
	for i := range counts {
		counts[i] = extend(&r.counts[i], len(others))
	}
	yes, abstain, no := sets[:words], sets[words:2*words], sets[2*words:3*words]
	n := 0
	for _, b := range others {
		sets = sets[3*words:]
		otherYes, otherAbstain, otherNo := sets[:words], sets[words:2*words], sets[2*words:3*words]
		var n11, n12, n13, n21, n22, n23, n31, n32, n33 int
		for w := range words {
			x, y, z := otherYes[w], otherAbstain[w], otherNo[w]
			n11 += shared(yes[w], x)
			n12 += shared(yes[w], y)
			n13 += shared(yes[w], z)
			n21 += shared(abstain[w], x)
			n22 += shared(abstain[w], y)
			n23 += shared(abstain[w], z)
			n31 += shared(no[w], x)
			n32 += shared(no[w], y)
			n33 += shared(no[w], z)
		}
		if n11|n12|n13|n21|n22|n23|n31|n32|n33 == 0 {
			continue
		}
		firsts[n], seconds[n] = a, b
		counts[0][n], counts[1][n], counts[2][n] = int32(n11), int32(n12), int32(n13)
		counts[3][n], counts[4][n], counts[5][n] = int32(n21), int32(n22), int32(n23)
		counts[6][n], counts[7][n], counts[8][n] = int32(n31), int32(n32), int32(n33)
		n++
	}
	r.a, r.b = r.a[:from+n], r.b[:from+n]
	for i := range r.counts {
		r.counts[i] = r.counts[i][:from+n]
	}
	if n > 0 {
		r.runs = append(r.runs, run{of, n})
	}
}

// shared counts the bits that two words have in common.
func shared(a, b uint64) int { return bits.OnesCount64(a & b) }

// extend makes a column longer by n, for which it has room, and returns the new part.
func extend(column *[]int32, n int) []int32 {
	from := len(*column)
	*column = (*column)[:from+n]
	return (*column)[from:]
}

// batch makes the Arrow batch, which takes the columns over; the caller releases it.
func (r *rows) batch(mem memory.Allocator, codes []string) arrow.RecordBatch {
	columns := []arrow.Array{
		r.texts(mem, func(b block) string { return b.body }),
		r.texts(mem, func(b block) string { return b.source }),
		r.texts(mem, func(b block) string { return b.session }),
		r.years(mem),
		r.flags(mem, func(b block) bool { return b.contested }),
		dictionary(mem, r.a, codes),
		dictionary(mem, r.b, codes),
		r.flags(mem, func(b block) bool { return b.isDefault }),
	}
	for _, counts := range r.counts {
		columns = append(columns, integers(counts))
	}
	defer func() {
		for _, column := range columns {
			column.Release()
		}
	}()
	return array.NewRecordBatch(output, columns, int64(len(r.a)))
}

func (r *rows) texts(mem memory.Allocator, of func(block) string) arrow.Array {
	known := newNames()
	places := make([]int32, 0, len(r.a))
	for _, run := range r.runs {
		at := known.place(of(run.block))
		for range run.rows {
			places = append(places, at)
		}
	}
	return dictionary(mem, places, known.values)
}

func (r *rows) years(mem memory.Allocator) arrow.Array {
	b := array.NewInt16Builder(mem)
	defer b.Release()
	b.Reserve(len(r.a))
	for _, run := range r.runs {
		for range run.rows {
			b.UnsafeAppend(run.year)
		}
	}
	return b.NewArray()
}

func (r *rows) flags(mem memory.Allocator, of func(block) bool) arrow.Array {
	b := array.NewBooleanBuilder(mem)
	defer b.Release()
	b.Reserve(len(r.a))
	for _, run := range r.runs {
		flag := of(run.block)
		for range run.rows {
			b.UnsafeAppend(flag)
		}
	}
	return b.NewArray()
}

func dictionary(mem memory.Allocator, places []int32, values []string) arrow.Array {
	b := array.NewStringBuilder(mem)
	defer b.Release()
	b.AppendValues(values, nil)
	texts := b.NewArray()
	defer texts.Release()
	indices := integers(places)
	defer indices.Release()
	return array.NewDictionaryArray(pipeline.Dictionary, indices, texts)
}

// integers makes an array of the values without copying them.
func integers(values []int32) arrow.Array {
	data := array.NewData(arrow.PrimitiveTypes.Int32, len(values),
		[]*memory.Buffer{nil, memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(values))}, nil, 0, 0)
	defer data.Release()
	return array.NewInt32Data(data)
}

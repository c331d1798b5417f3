package lake

import (
	"entente/pipeline"

	"github.com/apache/arrow-go/v18/arrow"
)

// span is a stretch of a run's rows, from inclusive, to exclusive.
type span struct {
	run      *run
	from, to int32
}

// group is rows of several runs in order. Rows that follow each other in their run are one span, so that what came
// in order is copied by the stretch.
type group struct {
	spans []span
	rows  int
	bytes int64 // about
}

// add puts a stretch of a run behind the rows.
func (g *group) add(r *run, from, to int32) {
	g.rows += int(to - from)
	g.bytes += int64(to-from) * r.each
	if n := len(g.spans); n > 0 && g.spans[n-1].run == r && g.spans[n-1].to == from {
		g.spans[n-1].to = to
		return
	}
	g.spans = append(g.spans, span{r, from, to})
}

// full reports whether the rows make a row group.
func (g *group) full() bool { return g.rows >= RowGroupRows || g.bytes >= rowGroupBytes }

// room is how many more rows of a run the group takes until it is full.
func (g *group) room(r *run) int32 {
	return min(int32(RowGroupRows-g.rows), int32(max(rowGroupBytes-g.bytes, 0)/max(r.each, 1))+1)
}

// first is the first row, of at least one.
func (g *group) first() ref { return ref{g.spans[0].run, g.spans[0].from} }

// reset forgets the rows.
func (g *group) reset() {
	clear(g.spans) // their runs may be freed
	g.spans, g.rows, g.bytes = g.spans[:0], 0, 0
}

// gather copies column i of the given rows into one array and returns the sum of its values' hashes,
// which does not depend on their order.
func gather(t arrow.DataType, i int, rows *group) (arrow.Array, uint64) {
	switch t.ID() {
	case arrow.DICTIONARY:
		return gatherText(t, i, rows)
	case arrow.INT8:
		return gatherFixed(t, i, rows, func(c *column) []int8 { return c.i8 }, hashWhole)
	case arrow.INT16:
		return gatherFixed(t, i, rows, func(c *column) []int16 { return c.i16 }, hashWhole)
	case arrow.INT32, arrow.DATE32:
		return gatherFixed(t, i, rows, func(c *column) []int32 { return c.i32 }, hashWhole)
	case arrow.INT64:
		return gatherFixed(t, i, rows, func(c *column) []int64 { return c.i64 }, hashWhole)
	case arrow.FLOAT64:
		return gatherFixed(t, i, rows, func(c *column) []float64 { return c.f64 }, hashReal)
	}
	values, valid, sum := make([]bool, 0, rows.rows), []bool(nil), uint64(0)
	for _, s := range rows.spans {
		c := &s.run.cols[i]
		for row := s.from; row < s.to; row++ {
			if c.null(row) {
				valid = invalidate(valid, len(values), rows.rows)
				sum += hashNull
				values = append(values, false)
				continue
			}
			values = append(values, c.bits.Value(int(row)))
			sum += hashBool(c.bits.Value(int(row)))
		}
	}
	return pipeline.BoolArray(values, valid), sum
}

func gatherFixed[T pipeline.Fixed](t arrow.DataType, i int, rows *group, of func(*column) []T, hash func(T) uint64) (arrow.Array, uint64) {
	values, valid, sum := make([]T, 0, rows.rows), []bool(nil), uint64(0)
	for _, s := range rows.spans {
		c := &s.run.cols[i]
		from := of(c)[s.from:s.to]
		first := len(values)
		values = append(values, from...)
		if !c.nulls {
			for _, v := range from {
				sum += hash(v)
			}
			continue
		}
		for n, v := range from {
			if c.null(s.from + int32(n)) {
				valid = invalidate(valid, first+n, rows.rows)
				sum += hashNull
				values[first+n] = 0
				continue
			}
			sum += hash(v)
		}
	}
	return pipeline.FixedArray(t, values, valid), sum
}

// gatherText gives the rows one dictionary of the values that occur in them.
func gatherText(t arrow.DataType, i int, rows *group) (arrow.Array, uint64) {
	var (
		all   dictionary
		maps  = map[*run][]int32{} // index in the run's dictionary -> new index + 1
		index = make([]int32, rows.rows)
		sum   uint64
		at    = 0
	)
	for _, s := range rows.spans {
		c := &s.run.cols[i]
		to := maps[s.run]
		if to == nil {
			to = make([]int32, len(c.texts))
			maps[s.run] = to
		}
		places := index[at : at+int(s.to-s.from)]
		at += len(places)
		if len(c.texts) == 1 && !c.nulls {
			// every row has the only text, as the file that rows came from
			only := all.learn(c, 0, to)
			for n := range places {
				places[n] = only
			}
			sum += uint64(len(places)) * all.hashes[only]
			continue
		}
		for n, old := range c.index[s.from:s.to] {
			if c.null(s.from + int32(n)) {
				places[n] = -1
				sum += hashNull
				continue
			}
			place := to[old] - 1
			if place < 0 {
				place = all.learn(c, old, to)
			}
			places[n] = place
			sum += all.hashes[place]
		}
	}
	if arrow.TypeEqual(t, pipeline.BlobDictionary) {
		return pipeline.BlobArray(all.texts, index), sum
	}
	return pipeline.TextArray(all.texts, index), sum
}

// dictionary is the texts that occur in rows of several runs, each once.
type dictionary struct {
	texts  []string
	hashes []uint64
	known  map[string]int32
}

// learn returns the place of a text of a column, and notes it in to.
func (d *dictionary) learn(c *column, old int32, to []int32) int32 {
	text := c.texts[old]
	at, ok := d.known[text]
	if !ok {
		if d.known == nil {
			d.known = map[string]int32{}
		}
		at = int32(len(d.texts))
		d.known[text] = at
		d.texts = append(d.texts, text)
		d.hashes = append(d.hashes, hashText(text))
	}
	to[old] = at + 1
	return at
}

func invalidate(valid []bool, n, rows int) []bool {
	if valid == nil {
		valid = make([]bool, rows)
		for i := range valid {
			valid[i] = true
		}
	}
	valid[n] = false
	return valid
}

package lake

import (
	"entente/pipeline"

	"github.com/apache/arrow-go/v18/arrow"
)

// gather copies column i of the given rows into one array and returns the sum of its values' hashes,
// which does not depend on their order.
func gather(t arrow.DataType, i int, rows []ref) (arrow.Array, uint64) {
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
	values, valid, sum := make([]bool, len(rows)), []bool(nil), uint64(0)
	for n, r := range rows {
		c := &r.run.cols[i]
		if c.null(r.row) {
			valid = invalidate(valid, n, len(rows))
			sum += hashNull
			continue
		}
		values[n] = c.bits.Value(int(r.row))
		sum += hashBool(values[n])
	}
	return pipeline.BoolArray(values, valid), sum
}

func gatherFixed[T pipeline.Fixed](t arrow.DataType, i int, rows []ref, of func(*column) []T, hash func(T) uint64) (arrow.Array, uint64) {
	values, valid, sum := make([]T, len(rows)), []bool(nil), uint64(0)
	var last *run
	var from []T
	var c *column
	for n, r := range rows {
		if r.run != last {
			last, c = r.run, &r.run.cols[i]
			from = of(c)
		}
		if c.null(r.row) {
			valid = invalidate(valid, n, len(rows))
			sum += hashNull
			continue
		}
		values[n] = from[r.row]
		sum += hash(values[n])
	}
	return pipeline.FixedArray(t, values, valid), sum
}

// gatherText gives the rows one dictionary of the values that occur in them.
func gatherText(t arrow.DataType, i int, rows []ref) (arrow.Array, uint64) {
	var (
		texts  []string
		hashes []uint64
		known  = map[string]int32{}
		maps   = map[*run][]int32{} // index in the run's dictionary -> new index + 1
		index  = make([]int32, len(rows))
		sum    uint64
		last   *run
		c      *column
		to     []int32
	)
	for n, r := range rows {
		if r.run != last {
			last, c = r.run, &r.run.cols[i]
			if to = maps[r.run]; to == nil {
				to = make([]int32, len(c.texts))
				maps[r.run] = to
			}
		}
		if c.null(r.row) {
			index[n] = -1
			sum += hashNull
			continue
		}
		old := c.index[r.row]
		if to[old] == 0 {
			text := c.texts[old]
			at, ok := known[text]
			if !ok {
				at = int32(len(texts))
				known[text] = at
				texts = append(texts, text)
				hashes = append(hashes, hashText(text))
			}
			to[old] = at + 1
		}
		index[n] = to[old] - 1
		sum += hashes[index[n]]
	}
	if arrow.TypeEqual(t, pipeline.BlobDictionary) {
		return pipeline.BlobArray(texts, index), sum
	}
	return pipeline.TextArray(texts, index), sum
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

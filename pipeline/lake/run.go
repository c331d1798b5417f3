package lake

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
)

// run is one batch of rows with the order of its key.
type run struct {
	rows  arrow.RecordBatch
	cols  []column
	keys  []keyColumn
	order []int32 // positions of the rows in key order; nil when they lie in it
	// strict says that they lie in it and no two share a key.
	strict bool
	bytes  int64
	each   int64 // bytes of a row, on average
}

// keyColumn holds one key column so that rows compare by whole words.
type keyColumn struct {
	words []uint64 // order-preserving: the value of a number, the first eight bytes of a text
	texts []string // by dictionary index, where a text is longer than its word; else nil
	index []int32
}

func newRun(rows arrow.RecordBatch, key []int) (*run, error) {
	r := &run{rows: rows, cols: make([]column, rows.NumCols())}
	for i := range r.cols {
		var err error
		if r.cols[i], err = viewColumn(rows.Column(i)); err != nil {
			return nil, fmt.Errorf("column %s: %w", rows.ColumnName(i), err)
		}
		r.bytes += r.cols[i].size()
	}
	r.each = r.bytes / max(rows.NumRows(), 1)
	for _, k := range key {
		if rows.Column(k).NullN() > 0 {
			return nil, fmt.Errorf("key column %s has a null", rows.ColumnName(k))
		}
		r.keys = append(r.keys, r.cols[k].key())
	}
	r.sort()
	return r, nil
}

func (r *run) sort() {
	n := int(r.rows.NumRows())
	sorted, strict := true, true
	for i := 1; i < n && sorted; i++ {
		c := r.compareRows(int32(i-1), int32(i))
		sorted, strict = c <= 0, strict && c < 0
	}
	if sorted {
		r.strict = strict
		return
	}
	r.order = make([]int32, n)
	for i := range r.order {
		r.order[i] = int32(i)
	}
	slices.SortFunc(r.order, func(a, b int32) int {
		if c := r.compareRows(a, b); c != 0 {
			return c
		}
		return cmp.Compare(a, b)
	})
}

func (r *run) compareRows(a, b int32) int { return compare(r, a, r, b) }

// at is the position of the i-th row in key order.
func (r *run) at(i int) int32 {
	if r.order == nil {
		return int32(i)
	}
	return r.order[i]
}

// compare orders two rows by key.
func compare(r *run, a int32, s *run, b int32) int {
	for k := range r.keys {
		x, y := &r.keys[k], &s.keys[k]
		if v, w := x.words[a], y.words[b]; v != w {
			if v < w {
				return -1
			}
			return 1
		}
		if x.texts != nil || y.texts != nil {
			if c := cmp.Compare(x.text(a), y.text(b)); c != 0 {
				return c
			}
		}
	}
	return 0
}

func (k *keyColumn) text(row int32) string {
	if k.texts != nil {
		return k.texts[k.index[row]]
	}
	var raw [8]byte
	binary.BigEndian.PutUint64(raw[:], k.words[row])
	n := 8
	for n > 0 && raw[n-1] == 0 {
		n--
	}
	return string(raw[:n])
}

// column is one column of a batch as typed slices.
type column struct {
	kind  arrow.Type
	index []int32
	texts []string
	i8    []int8
	i16   []int16
	i32   []int32
	i64   []int64
	f64   []float64
	bits  *array.Boolean
	arr   arrow.Array
	nulls bool
}

func viewColumn(a arrow.Array) (column, error) {
	c := column{kind: a.DataType().ID(), arr: a, nulls: a.NullN() > 0}
	switch a := a.(type) {
	case *array.Dictionary:
		c.index = a.Indices().(*array.Int32).Int32Values()
		c.texts = make([]string, a.Dictionary().Len())
		switch values := a.Dictionary().(type) {
		case *array.String:
			for i := range c.texts {
				c.texts[i] = values.Value(i)
			}
		case *array.Binary:
			for i := range c.texts {
				c.texts[i] = values.ValueString(i)
			}
		default:
			return c, fmt.Errorf("a dictionary of %s cannot be written", values.DataType())
		}
	case *array.Int8:
		c.i8 = a.Int8Values()
	case *array.Int16:
		c.i16 = a.Int16Values()
	case *array.Int32:
		c.i32 = a.Int32Values()
	case *array.Int64:
		c.i64 = a.Int64Values()
	case *array.Float64:
		c.f64 = a.Float64Values()
	case *array.Date32:
		c.i32 = arrow.GetData[int32](arrow.Date32Traits.CastToBytes(a.Date32Values()))
	case *array.Boolean:
		c.bits = a
	default:
		return c, fmt.Errorf("type %s cannot be written", a.DataType())
	}
	return c, nil
}

func (c *column) size() int64 {
	n := int64(4*len(c.index) + len(c.i8) + 2*len(c.i16) + 4*len(c.i32) + 8*len(c.i64) + 8*len(c.f64))
	if c.bits != nil {
		n += int64(c.bits.Len())
	}
	for _, t := range c.texts {
		n += int64(len(t)) + 16
	}
	return n
}

func (c *column) null(row int32) bool { return c.nulls && c.arr.IsNull(int(row)) }

const sign = 1 << 63

// key makes the column's order-preserving words.
func (c *column) key() keyColumn {
	switch c.kind {
	case arrow.DICTIONARY:
		words, long := make([]uint64, len(c.texts)), false
		for i, t := range c.texts {
			var raw [8]byte
			copy(raw[:], t)
			words[i] = binary.BigEndian.Uint64(raw[:])
			long = long || len(t) > 8 || len(t) > 0 && t[len(t)-1] == 0
		}
		k := keyColumn{words: make([]uint64, len(c.index))}
		for row, i := range c.index {
			k.words[row] = words[i]
		}
		if long {
			k.texts, k.index = c.texts, c.index
		}
		return k
	case arrow.INT8:
		return keyColumn{words: ordered(c.i8)}
	case arrow.INT16:
		return keyColumn{words: ordered(c.i16)}
	case arrow.INT32, arrow.DATE32:
		return keyColumn{words: ordered(c.i32)}
	case arrow.INT64:
		return keyColumn{words: ordered(c.i64)}
	case arrow.BOOL:
		words := make([]uint64, c.bits.Len())
		for i := range words {
			if c.bits.Value(i) {
				words[i] = 1
			}
		}
		return keyColumn{words: words}
	}
	panic(fmt.Sprintf("lake: a column of type %s cannot be a key", c.kind))
}

func ordered[T int8 | int16 | int32 | int64](values []T) []uint64 {
	words := make([]uint64, len(values))
	for i, v := range values {
		words[i] = uint64(int64(v)) ^ sign
	}
	return words
}

// same reports whether two rows agree in the column.
func (c *column) same(a int32, d *column, b int32) bool {
	if na, nb := c.null(a), d.null(b); na || nb {
		return na == nb
	}
	switch c.kind {
	case arrow.DICTIONARY:
		return c.texts[c.index[a]] == d.texts[d.index[b]]
	case arrow.INT8:
		return c.i8[a] == d.i8[b]
	case arrow.INT16:
		return c.i16[a] == d.i16[b]
	case arrow.INT32, arrow.DATE32:
		return c.i32[a] == d.i32[b]
	case arrow.INT64:
		return c.i64[a] == d.i64[b]
	case arrow.FLOAT64:
		return c.f64[a] == d.f64[b]
	default:
		return c.bits.Value(int(a)) == d.bits.Value(int(b))
	}
}

package states

import (
	"slices"
	"strconv"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
)

// values is a column as numbers that stand for its distinct texts; texts is empty if there is no column.
// Missing texts are "".
type values struct {
	ids   []int32
	texts []string
}

func (v values) text(id int) string {
	if v.texts == nil {
		return ""
	}
	return v.texts[id]
}

// valuesOf reads a text column, without copying its positions where none is null, or a column of numbers.
func valuesOf(c arrow.Array) values {
	var v values
	switch numbers := c.(type) {
	case *array.Int16:
		return valuesOfNumbers(c, numbers.Int16Values())
	case *array.Int32:
		return valuesOfNumbers(c, numbers.Int32Values())
	}
	column := c.(*array.Dictionary)
	texts := column.Dictionary().(*array.String)
	v.texts = make([]string, texts.Len()+1)
	for i := range texts.Len() {
		if texts.IsValid(i) {
			v.texts[i] = texts.Value(i)
		}
	}
	v.ids = column.Indices().(*array.Int32).Int32Values()
	if column.NullN() > 0 {
		v.ids = slices.Clone(v.ids)
		for row := range v.ids {
			if column.IsNull(row) {
				v.ids[row] = int32(texts.Len())
			}
		}
	}
	return v
}

// largestNumber is the largest number that is looked up in a table: codes are smaller.
const largestNumber = 1 << 12

func valuesOfNumbers[T int16 | int32](c arrow.Array, numbers []T) values {
	v := values{ids: make([]int32, len(numbers)), texts: []string{""}}
	known := newMemo(largestNumber) // id by number, 0 for one not met yet: the id of a missing text
	for row, n := range numbers {
		if c.IsNull(row) {
			continue
		}
		id := known.get(int(n))
		if id == 0 {
			id = int32(len(v.texts))
			v.texts = append(v.texts, strconv.Itoa(int(n)))
			known.set(int(n), id)
		}
		v.ids[row] = id
	}
	return v
}

// memo holds one number a key: in a table for small keys, which those of sane data are.
type memo struct {
	table []int32
	rare  map[int]int32
}

const largestTable = 1 << 22

func newMemo(keys int) memo {
	if keys > largestTable {
		keys = 0
	}
	return memo{make([]int32, keys), map[int]int32{}}
}

// get returns the key's number, or 0.
func (m *memo) get(key int) int32 {
	if uint(key) < uint(len(m.table)) {
		return m.table[key]
	}
	return m.rare[key]
}

func (m *memo) set(key int, v int32) {
	if uint(key) < uint(len(m.table)) {
		m.table[key] = v
		return
	}
	m.rare[key] = v
}

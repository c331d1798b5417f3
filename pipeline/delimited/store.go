package delimited

import (
	"fmt"

	"entente/pipeline"

	"github.com/apache/arrow-go/v18/arrow"
)

// store holds one column of the batch under construction, as Arrow will have it.
type store struct {
	kind    arrow.Type
	current cellValue
	kept    cellValue
	i8      []int8
	i16     []int16
	i32     []int32 // positions of texts, too; -1 is null
	i64     []int64
	f64     []float64
	truths  []bool
	valid   []bool // nil while nothing is null
	texts   []string
	memo    map[string]int32
	numbers []int32 // by a text of digits: its position in texts + 1
}

type cellValue struct {
	index int32
	whole int64
	real  float64
	null  bool
}

func newStore(kind arrow.Type) store { return store{kind: kind, memo: map[string]int32{}} }

// lookup returns the position of a text in the batch's dictionary.
func (s *store) lookup(text []byte) int32 {
	if at, ok := s.memo[string(text)]; ok {
		return at
	}
	at := int32(len(s.texts))
	own := string(text)
	s.texts = append(s.texts, own)
	s.memo[own] = at
	return at
}

// lookupDigits is lookup for a text of digits, of which n is the value and size says how many they are.
func (s *store) lookupDigits(n, size int, text []byte) int32 {
	if s.numbers == nil {
		s.numbers = make([]int32, size)
	}
	if at := s.numbers[n]; at > 0 {
		return at - 1
	}
	at := s.lookup(text)
	s.numbers[n] = at + 1
	return at
}

// append adds the current value to the rows.
func (s *store) append(row int) {
	if s.kind == arrow.DICTIONARY {
		s.i32 = append(s.i32, s.current.index)
		return
	}
	if s.current.null {
		s.invalidate(row)
	} else if s.valid != nil {
		s.valid = append(s.valid, true)
	}
	switch s.kind {
	case arrow.FLOAT64:
		s.f64 = append(s.f64, s.current.real)
	default:
		s.appendWhole(s.current.whole)
	}
}

func (s *store) appendWhole(n int64) {
	switch s.kind {
	case arrow.INT8:
		s.i8 = append(s.i8, int8(n))
	case arrow.INT16:
		s.i16 = append(s.i16, int16(n))
	case arrow.INT32, arrow.DATE32:
		s.i32 = append(s.i32, int32(n))
	case arrow.INT64:
		s.i64 = append(s.i64, n)
	case arrow.BOOL:
		s.truths = append(s.truths, n != 0)
	default:
		panic(fmt.Sprintf("delimited: no column of type %s can be declared", s.kind))
	}
}

// invalidate says that the row to come is null.
func (s *store) invalidate(row int) {
	if s.valid == nil {
		s.valid = make([]bool, row, max(row+1, BatchRows))
		for i := range s.valid {
			s.valid[i] = true
		}
	}
	s.valid = append(s.valid, false)
}

// truncate drops what was added behind the first rows.
func (s *store) truncate(rows int) {
	s.i8, s.i16, s.i32 = cut(s.i8, rows), cut(s.i16, rows), cut(s.i32, rows)
	s.i64, s.f64, s.truths, s.valid = cut(s.i64, rows), cut(s.f64, rows), cut(s.truths, rows), cut(s.valid, rows)
}

func cut[T any](values []T, rows int) []T { return values[:min(len(values), rows)] }

// array hands the rows over as an Arrow array of type t and begins anew.
func (s *store) array(t arrow.DataType) arrow.Array {
	valid := s.valid
	s.valid = nil
	switch s.kind {
	case arrow.DICTIONARY:
		clear(s.memo)
		for _, text := range s.texts {
			if s.numbers == nil {
				break
			}
			s.numbers[number(text)] = 0
		}
		texts := s.texts
		s.texts = nil
		return pipeline.TextArray(texts, take(&s.i32))
	case arrow.INT8:
		return pipeline.FixedArray(t, take(&s.i8), valid)
	case arrow.INT16:
		return pipeline.FixedArray(t, take(&s.i16), valid)
	case arrow.INT64:
		return pipeline.FixedArray(t, take(&s.i64), valid)
	case arrow.FLOAT64:
		return pipeline.FixedArray(t, take(&s.f64), valid)
	case arrow.BOOL:
		return pipeline.BoolArray(take(&s.truths), valid)
	}
	return pipeline.FixedArray(t, take(&s.i32), valid)
}

// take returns the values and leaves room for a few more than as many.
func take[T any](values *[]T) []T {
	taken := *values
	*values = make([]T, 0, len(taken)+len(taken)/16)
	return taken
}

// number is the value of a text of digits.
func number(text string) (n int) {
	for i := range len(text) {
		n = 10*n + int(text[i]-'0')
	}
	return n
}

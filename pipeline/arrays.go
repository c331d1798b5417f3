package pipeline

import (
	"encoding/binary"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/bitutil"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// Fixed is what a column of fixed width holds.
type Fixed interface {
	int8 | int16 | int32 | int64 | float64
}

// FixedArray makes an array of type t (an integer, float64 or date32) that takes values over. valid is
// nil when nothing is null.
func FixedArray[T Fixed](t arrow.DataType, values []T, valid []bool) arrow.Array {
	bits, nulls := bitmap(valid)
	data := array.NewData(t, len(values), []*memory.Buffer{bits, memory.NewBufferBytes(arrow.GetBytes(values))}, nil, nulls, 0)
	defer data.Release()
	return array.MakeFromData(data)
}

// BoolArray makes an array of truth values. valid is nil when nothing is null.
func BoolArray(values, valid []bool) arrow.Array {
	bits, nulls := bitmap(valid)
	data := array.NewData(arrow.FixedWidthTypes.Boolean, len(values), []*memory.Buffer{bits, pack(values)}, nil, nulls, 0)
	defer data.Release()
	return array.MakeFromData(data)
}

// TextArray makes a dictionary array of type Dictionary that takes index over: index i stands for
// texts[i], -1 for null.
func TextArray(texts []string, index []int32) arrow.Array {
	return dictionaryArray(Dictionary, texts, index)
}

// BlobArray is TextArray of type BlobDictionary.
func BlobArray(blobs []string, index []int32) arrow.Array {
	return dictionaryArray(BlobDictionary, blobs, index)
}

func dictionaryArray(t *arrow.DictionaryType, texts []string, index []int32) arrow.Array {
	var valid []bool
	for i, n := range index {
		if n >= 0 {
			continue
		}
		if valid == nil {
			valid = make([]bool, len(index))
			for j, m := range index {
				valid[j] = m >= 0
			}
		}
		index[i] = 0
	}
	indices := FixedArray(arrow.PrimitiveTypes.Int32, index, valid)
	defer indices.Release()

	size := 0
	for _, t := range texts {
		size += len(t)
	}
	offsets, text := make([]byte, 4*(len(texts)+1)), make([]byte, 0, size)
	for i, t := range texts {
		text = append(text, t...)
		binary.LittleEndian.PutUint32(offsets[4*(i+1):], uint32(len(text)))
	}
	data := array.NewData(t.ValueType, len(texts),
		[]*memory.Buffer{nil, memory.NewBufferBytes(offsets), memory.NewBufferBytes(text)}, nil, 0, 0)
	defer data.Release()
	values := array.MakeFromData(data)
	defer values.Release()
	return array.NewDictionaryArray(t, indices, values)
}

func bitmap(valid []bool) (*memory.Buffer, int) {
	nulls := 0
	for _, ok := range valid {
		if !ok {
			nulls++
		}
	}
	if nulls == 0 {
		return nil, 0
	}
	return pack(valid), nulls
}

func pack(values []bool) *memory.Buffer {
	bits := make([]byte, bitutil.BytesForBits(int64(len(values))))
	for i, v := range values {
		if v {
			bitutil.SetBit(bits, i)
		}
	}
	return memory.NewBufferBytes(bits)
}

package states

import (
	"fmt"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/bitutil"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// assemble returns the rows with the new column, without the dropped ones.
func (s *sink) assemble(schema *arrow.Schema, rows arrow.RecordBatch, iso3 arrow.Array, dropped []int) (arrow.RecordBatch, error) {
	at := schema.FieldIndices(s.columns.As)[0]
	columns := slices.Insert(slices.Clone(rows.Columns()), at, iso3)
	if len(dropped) == 0 {
		return array.NewRecordBatch(schema, columns, rows.NumRows()), nil
	}
	for i, c := range columns {
		kept, err := without(c, dropped, s.columns.Memory)
		if err != nil {
			for _, done := range columns[:i] {
				done.Release()
			}
			return nil, fmt.Errorf("%s: column %q: %w", s.Name(), schema.Field(i).Name, err)
		}
		columns[i] = kept
	}
	out := array.NewRecordBatch(schema, columns, rows.NumRows()-int64(len(dropped)))
	for _, c := range columns {
		c.Release()
	}
	return out, nil
}

// without returns the column without the dropped rows; a dictionary column keeps its dictionary.
func without(c arrow.Array, dropped []int, mem memory.Allocator) (arrow.Array, error) {
	typ := c.DataType()
	if d, ok := typ.(*arrow.DictionaryType); ok {
		typ = d.IndexType
	}
	fixed, ok := typ.(arrow.FixedWidthDataType)
	if !ok || c.Data().Buffers()[1] == nil {
		return withoutSlow(c, dropped, mem)
	}
	runs := keptRuns(c.Len(), dropped)
	buffers := []*memory.Buffer{nil, keep(c.Data().Buffers()[1], c.Data().Offset(), c.Len()-len(dropped), fixed.BitWidth(), runs, mem)}
	defer buffers[1].Release()
	nulls := 0
	if c.NullN() > 0 {
		buffers[0] = keep(c.Data().Buffers()[0], c.Data().Offset(), c.Len()-len(dropped), 1, runs, mem)
		defer buffers[0].Release()
		nulls = array.UnknownNullCount
	}
	data := array.NewData(c.DataType(), c.Len()-len(dropped), buffers, nil, nulls, 0)
	defer data.Release()
	if d, ok := c.(*array.Dictionary); ok {
		data.SetDictionary(d.Dictionary().Data())
	}
	return array.MakeFromData(data), nil
}

// run is a stretch of rows that stay.
type run struct{ from, rows int }

func keptRuns(rows int, dropped []int) []run {
	var runs []run
	from := 0
	for _, row := range append(slices.Clone(dropped), rows) {
		if row > from {
			runs = append(runs, run{from, row - from})
		}
		from = row + 1
	}
	return runs
}

// keep copies the runs' values, of bits each, into a new buffer of the given number of them.
func keep(values *memory.Buffer, offset, rows, bits int, runs []run, mem memory.Allocator) *memory.Buffer {
	out := memory.NewResizableBuffer(mem)
	out.Resize((rows*bits + 7) / 8)
	to := 0
	for _, r := range runs {
		if bits == 1 {
			bitutil.CopyBitmap(values.Bytes(), offset+r.from, r.rows, out.Bytes(), to)
		} else {
			width := bits / 8
			copy(out.Bytes()[to*width:], values.Bytes()[(offset+r.from)*width:(offset+r.from+r.rows)*width])
		}
		to += r.rows
	}
	return out
}

// withoutSlow is without for columns whose values are not all of one width.
func withoutSlow(c arrow.Array, dropped []int, mem memory.Allocator) (arrow.Array, error) {
	var kept []arrow.Array
	defer func() {
		for _, part := range kept {
			part.Release()
		}
	}()
	for _, r := range keptRuns(c.Len(), dropped) {
		kept = append(kept, array.NewSlice(c, int64(r.from), int64(r.from+r.rows)))
	}
	return array.Concatenate(kept, mem)
}

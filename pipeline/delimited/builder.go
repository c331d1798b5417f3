package delimited

import (
	"fmt"
	"slices"

	"entente/pipeline"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
)

// BatchRows is the number of rows of a full batch.
const BatchRows = 65536

// Builder gathers decoded cells column by column and hands full batches to a sink.
//
// For each row call Set or Keep for every column and then Append once. Keep repeats the value that
// Mark last fixed for the column.
type Builder struct {
	columns []Column
	stores  []store
	schema  *arrow.Schema
	out     pipeline.Sink
	rows    int
	file    string
	origin  [3][]int64 // line, offset, length
}

// store holds one column of the batch under construction.
type store struct {
	kind    arrow.Type
	current cellValue
	kept    cellValue
	index   []int32 // of text values; -1 is null
	whole   []int64
	real    []float64
	valid   []bool // nil while nothing is null
	memo    map[string]int32
	texts   []string
}

type cellValue struct {
	index int32
	whole int64
	real  float64
	null  bool
}

// NewBuilder makes batches of the columns' fields and the provenance columns for out. file is the name
// that the rows' source_file column gives.
func NewBuilder(columns []Column, file string, out pipeline.Sink) *Builder {
	b := &Builder{columns: columns, file: file, out: out, stores: make([]store, len(columns))}
	fields := make([]arrow.Field, 0, len(columns)+4)
	for i, c := range columns {
		fields = append(fields, c.Field)
		b.stores[i] = store{kind: c.Field.Type.ID(), memo: map[string]int32{}}
	}
	b.schema = arrow.NewSchema(append(fields, pipeline.Provenance()...), nil)
	return b
}

// Schema is that of the batches.
func (b *Builder) Schema() *arrow.Schema { return b.schema }

// Set decodes a cell into column i of the row to come; nil stands for a column the file lacks.
func (b *Builder) Set(i int, cell []byte) error {
	c, s := &b.columns[i], &b.stores[i]
	v := null
	if cell != nil {
		var err error
		if v, err = c.decode(cell); err != nil {
			return fmt.Errorf("column %s: %w", c.Field.Name, err)
		}
	}
	if v.null && !c.Field.Nullable {
		return fmt.Errorf("column %s: empty, but required", c.Field.Name)
	}
	s.current = cellValue{whole: v.whole, real: v.real, null: v.null, index: -1}
	if s.kind == arrow.DICTIONARY && !v.null {
		s.current.index = s.lookup(v.text)
	}
	return nil
}

// Keep gives column i of the row to come the value it had at the last Mark.
func (b *Builder) Keep(i int) { b.stores[i].current = b.stores[i].kept }

// Mark fixes the values of the row to come for later calls of Keep.
func (b *Builder) Mark() {
	for i := range b.stores {
		b.stores[i].kept = b.stores[i].current
	}
}

// Append ends a row that was read from rec. It reports whether a batch went out, after which Keep may
// not be used until the next Mark.
func (b *Builder) Append(rec *Record) (flushed bool, err error) {
	for i := range b.stores {
		b.stores[i].append(b.rows)
	}
	b.origin[0] = append(b.origin[0], rec.Line)
	b.origin[1] = append(b.origin[1], rec.Offset)
	b.origin[2] = append(b.origin[2], int64(rec.Length))
	b.rows++
	if b.rows < BatchRows {
		return false, nil
	}
	return true, b.Flush()
}

// Flush hands the rows gathered so far to the sink.
func (b *Builder) Flush() error {
	if b.rows == 0 {
		return nil
	}
	arrays := make([]arrow.Array, 0, len(b.stores)+4)
	for i := range b.stores {
		arrays = append(arrays, b.stores[i].array(b.columns[i].Field.Type))
		b.stores[i].reset()
	}
	arrays = append(arrays, pipeline.TextArray([]string{b.file}, make([]int32, b.rows)))
	for i, t := range []arrow.DataType{arrow.PrimitiveTypes.Int64, arrow.PrimitiveTypes.Int64, arrow.PrimitiveTypes.Int32} {
		s := store{kind: t.ID(), whole: b.origin[i]}
		arrays = append(arrays, s.array(t))
		b.origin[i] = b.origin[i][:0]
	}
	rec := array.NewRecordBatch(b.schema, arrays, int64(b.rows))
	for _, a := range arrays {
		a.Release()
	}
	b.rows = 0
	defer rec.Release()
	return b.out.Batch(rec)
}

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

func (s *store) append(row int) {
	switch s.kind {
	case arrow.DICTIONARY:
		s.index = append(s.index, s.current.index)
	case arrow.FLOAT64:
		s.real = append(s.real, s.current.real)
	default:
		s.whole = append(s.whole, s.current.whole)
	}
	if s.current.null && s.kind != arrow.DICTIONARY && s.valid == nil {
		s.valid = make([]bool, row, BatchRows)
		for i := range s.valid {
			s.valid[i] = true
		}
	}
	if s.valid != nil {
		s.valid = append(s.valid, !s.current.null)
	}
}

func (s *store) reset() {
	s.index, s.whole, s.real, s.valid = s.index[:0], s.whole[:0], s.real[:0], nil
	clear(s.memo)
	s.texts = nil
}

// array copies the store into an Arrow array of type t.
func (s *store) array(t arrow.DataType) arrow.Array {
	switch s.kind {
	case arrow.DICTIONARY:
		return pipeline.TextArray(s.texts, slices.Clone(s.index))
	case arrow.INT8:
		return pipeline.FixedArray(t, narrow[int8](s.whole), s.valid)
	case arrow.INT16:
		return pipeline.FixedArray(t, narrow[int16](s.whole), s.valid)
	case arrow.INT32, arrow.DATE32:
		return pipeline.FixedArray(t, narrow[int32](s.whole), s.valid)
	case arrow.INT64:
		return pipeline.FixedArray(t, slices.Clone(s.whole), s.valid)
	case arrow.FLOAT64:
		return pipeline.FixedArray(t, slices.Clone(s.real), s.valid)
	case arrow.BOOL:
		truths := make([]bool, len(s.whole))
		for i, n := range s.whole {
			truths[i] = n != 0
		}
		return pipeline.BoolArray(truths, s.valid)
	}
	panic(fmt.Sprintf("delimited: no column of type %s can be declared", t))
}

func narrow[T pipeline.Fixed](whole []int64) []T {
	narrow := make([]T, len(whole))
	for i, n := range whole {
		narrow[i] = T(n)
	}
	return narrow
}

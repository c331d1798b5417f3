package delimited

import (
	"fmt"

	"entente/pipeline"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
)

// BatchRows is the number of rows of a full batch.
const BatchRows = 131_072

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
	lines   []int64
	offsets []int64
	lengths []int32
}

// NewBuilder makes batches of the columns' fields and the provenance columns for out. file is the name
// that the rows' source_file column gives.
func NewBuilder(columns []Column, file string, out pipeline.Sink) *Builder {
	b := &Builder{columns: columns, file: file, out: out, stores: make([]store, len(columns))}
	for i, c := range columns {
		b.stores[i] = newStore(c.Field.Type.ID())
	}
	b.schema = Schema(columns)
	return b
}

// Schema is that of batches of the columns: their fields, then those of the provenance.
func Schema(columns []Column) *arrow.Schema {
	fields := make([]arrow.Field, 0, len(columns)+4)
	for _, c := range columns {
		fields = append(fields, c.Field)
	}
	return arrow.NewSchema(append(fields, pipeline.Provenance()...), nil)
}

// Set decodes a cell into column i of the row to come; nil stands for a column the file lacks.
func (b *Builder) Set(i int, cell []byte) error {
	c, s := &b.columns[i], &b.stores[i]
	v := null
	if cell != nil || len(c.Names) == 0 {
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
	return b.end(rec.Line, rec.Offset, rec.Length)
}

// end ends a row whose values are in the stores.
func (b *Builder) end(line, offset int64, length int32) (flushed bool, err error) {
	b.lines = append(b.lines, line)
	b.offsets = append(b.offsets, offset)
	b.lengths = append(b.lengths, length)
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
	}
	arrays = append(arrays,
		pipeline.TextArray([]string{b.file}, make([]int32, b.rows)),
		pipeline.FixedArray(arrow.PrimitiveTypes.Int64, take(&b.lines), nil),
		pipeline.FixedArray(arrow.PrimitiveTypes.Int64, take(&b.offsets), nil),
		pipeline.FixedArray(arrow.PrimitiveTypes.Int32, take(&b.lengths), nil))
	rec := array.NewRecordBatch(b.schema, arrays, int64(b.rows))
	for _, a := range arrays {
		a.Release()
	}
	b.rows = 0
	defer rec.Release()
	return b.out.Batch(rec)
}

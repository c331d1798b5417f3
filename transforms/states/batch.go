package states

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"entente/pipeline"
)

// sink resolves batches on their way to next.
type sink struct {
	next pipeline.Sink
	transform
}

// Reject implements pipeline.Sink.
func (s *sink) Reject(r pipeline.Reject) error { return s.next.Reject(r) }

// Filter implements pipeline.Sink.
func (s *sink) Filter(rule string, rows int64) error { return s.next.Filter(rule, rows) }

// Close implements pipeline.Sink.
func (s *sink) Close() error { return s.next.Close() }

// Batch implements pipeline.Sink.
func (s *sink) Batch(rows arrow.RecordBatch) error {
	schema, err := s.Columns(rows.Schema())
	if err != nil {
		return err
	}
	l, err := s.layout(rows.Schema())
	if err != nil {
		return err
	}
	b := newBatch(s, l, rows)
	indices := memory.NewResizableBuffer(s.columns.Memory)
	defer indices.Release()
	indices.Resize(arrow.Int32Traits.BytesRequired(int(rows.NumRows())))
	if err := b.resolve(arrow.Int32Traits.CastFromBytes(indices.Bytes())); err != nil {
		return err
	}
	if b.aggregates > 0 {
		if err := s.next.Filter(AggregateRule, b.aggregates); err != nil {
			return err
		}
	}
	if len(b.dropped) == int(rows.NumRows()) {
		return nil
	}
	iso3 := b.column(indices)
	defer iso3.Release()
	out, err := s.assemble(schema, rows, iso3, b.dropped)
	if err != nil {
		return err
	}
	defer out.Release()
	return s.next.Batch(out)
}

// batch is the work on one batch. Dictionaries are per batch, so what is learned about a pair of code and
// name is kept by their positions in the dictionaries, for as long as the batch lasts.
type batch struct {
	*sink
	layout
	rows         arrow.RecordBatch
	codes, names values
	memo         memo
	hard         []decision       // pairs that take more than one look
	iso3         []string         // dictionary of the new column
	index        map[string]int32 // in iso3
	dropped      []int            // rows that do not go on, ascending
	aggregates   int64
}

func newBatch(s *sink, l layout, rows arrow.RecordBatch) *batch {
	b := &batch{sink: s, layout: l, rows: rows, index: map[string]int32{}}
	if l.code >= 0 {
		b.codes = valuesOf(rows.Column(l.code))
	}
	if l.name >= 0 {
		b.names = valuesOf(rows.Column(l.name))
	}
	b.memo = newMemo(max(1, len(b.codes.texts)) * max(1, len(b.names.texts)))
	return b
}

// resolve fills indices with each row's position in b.iso3, and 0 for rows that it drops.
//
// A memo entry is 0 for a pair not met yet, 1 + the position in b.iso3 for a pair that means one state on
// every day, and -1 - the position in b.hard for any other.
func (b *batch) resolve(indices []int32) error {
	width := max(1, len(b.names.texts))
	for row := range indices {
		code, name := 0, 0
		if b.codes.ids != nil {
			code = int(b.codes.ids[row])
		}
		if b.names.ids != nil {
			name = int(b.names.ids[row])
		}
		known := b.memo.get(code*width + name)
		if known == 0 {
			known = b.learn(b.decide(b.codes.text(code), b.names.text(name)))
			b.memo.set(code*width+name, known)
		}
		if known > 0 {
			indices[row] = known - 1
			continue
		}
		at, err := b.settle(row, &b.hard[-1-known])
		if err != nil {
			return err
		}
		indices[row] = at
	}
	return nil
}

// learn returns the memo entry of a decision.
func (b *batch) learn(d decision) int32 {
	if d.status == Known && d.meaning == nil {
		return 1 + b.position(d.iso3)
	}
	b.hard = append(b.hard, d)
	return -int32(len(b.hard))
}

// settle decides a row that its pair alone does not decide: it needs a day, or is dropped.
func (b *batch) settle(row int, d *decision) (int32, error) {
	on := *d
	if d.meaning != nil {
		on = b.decideOn(b.day(row), d)
	}
	switch on.status {
	case Known:
		return b.position(on.iso3), nil
	case Aggregate:
		b.aggregates++
	default:
		if err := b.next.Reject(b.reject(row, on.reason)); err != nil {
			return 0, err
		}
	}
	b.dropped = append(b.dropped, row)
	return 0, nil
}

func (b *batch) position(iso3 string) int32 {
	at, ok := b.index[iso3]
	if !ok {
		at = int32(len(b.iso3))
		b.iso3 = append(b.iso3, iso3)
		b.index[iso3] = at
	}
	return at
}

// day returns the row's day, or 1 July of its year, or nil.
func (b *batch) day(row int) *arrow.Date32 {
	if b.date >= 0 {
		if c := b.rows.Column(b.date).(*array.Date32); c.IsValid(row) {
			day := c.Value(row)
			return &day
		}
	}
	if b.year >= 0 {
		if c := b.rows.Column(b.year).(*array.Int16); c.IsValid(row) {
			day := arrow.Date32FromTime(time.Date(int(c.Value(row)), time.July, 1, 0, 0, 0, 0, time.UTC))
			return &day
		}
	}
	return nil
}

func (b *batch) reject(row int, reason string) pipeline.Reject {
	file := ""
	if c := b.rows.Column(b.file).(*array.Dictionary); c.IsValid(row) {
		file = c.Dictionary().(*array.String).Value(c.GetValueIndex(row))
	}
	return pipeline.Reject{
		File:   file,
		Line:   b.rows.Column(b.line).(*array.Int64).Value(row),
		Offset: b.rows.Column(b.offset).(*array.Int64).Value(row),
		Length: b.rows.Column(b.length).(*array.Int32).Value(row),
		Reason: reason,
	}
}

// column returns the new column, rows that are dropped included.
func (b *batch) column(indices *memory.Buffer) arrow.Array {
	texts := array.NewStringBuilder(b.columns.Memory)
	defer texts.Release()
	texts.AppendValues(b.iso3, nil)
	dictionary := texts.NewArray()
	defer dictionary.Release()
	data := array.NewData(arrow.PrimitiveTypes.Int32, int(b.rows.NumRows()), []*memory.Buffer{nil, indices}, nil, 0, 0)
	defer data.Release()
	positions := array.NewInt32Data(data)
	defer positions.Release()
	return array.NewDictionaryArray(pipeline.Dictionary, positions, dictionary)
}

// assemble returns the rows with the new column, without the dropped ones.
func (s *sink) assemble(schema *arrow.Schema, rows arrow.RecordBatch, iso3 arrow.Array, dropped []int) (arrow.RecordBatch, error) {
	at := schema.FieldIndices(resolved)[0]
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
	if d, ok := c.(*array.Dictionary); ok {
		positions, err := without(d.Indices(), dropped, mem)
		if err != nil {
			return nil, err
		}
		defer positions.Release()
		return array.NewDictionaryArray(d.DataType(), positions, d.Dictionary()), nil
	}
	var runs []arrow.Array
	defer func() {
		for _, run := range runs {
			run.Release()
		}
	}()
	from := 0
	for _, row := range append(slices.Clone(dropped), c.Len()) {
		if row > from {
			runs = append(runs, array.NewSlice(c, int64(from), int64(row)))
		}
		from = row + 1
	}
	return array.Concatenate(runs, mem)
}

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

// valuesOf reads a text column without copying its positions, where none is null, or an int16 column.
func valuesOf(c arrow.Array) values {
	var v values
	if numbers, ok := c.(*array.Int16); ok {
		return valuesOfNumbers(numbers)
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

func valuesOfNumbers(c *array.Int16) values {
	v := values{ids: make([]int32, c.Len()), texts: []string{""}}
	seen := make([]int32, 1<<16) // id by number, 0 for one not met yet: the id of a missing text
	for row, n := range c.Int16Values() {
		if c.IsNull(row) {
			continue
		}
		id := &seen[uint16(n)]
		if *id == 0 {
			*id = int32(len(v.texts))
			v.texts = append(v.texts, strconv.Itoa(int(n)))
		}
		v.ids[row] = *id
	}
	return v
}

// memo holds one number a key from 0: as a table while that is small, which it is for sane data.
type memo struct {
	table []int32
	rare  map[int]int32
}

const largestTable = 1 << 22

func newMemo(keys int) memo {
	if keys <= largestTable {
		return memo{table: make([]int32, keys)}
	}
	return memo{rare: map[int]int32{}}
}

func (m *memo) get(key int) int32 {
	if m.table != nil {
		return m.table[key]
	}
	return m.rare[key]
}

func (m *memo) set(key int, v int32) {
	if m.table != nil {
		m.table[key] = v
		return
	}
	m.rare[key] = v
}

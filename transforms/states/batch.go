package states

import (
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
	hard         []hard           // pairs that take more than one look
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
	b.hard = append(b.hard, hard{d, map[int16]int32{}})
	return -int32(len(b.hard))
}

// hard is a pair of code and name that means no state, or not the same on every day.
type hard struct {
	decision
	years map[int16]int32 // 1 + the position in iso3 of a year's state, and 0 for a year that has none
}

// settle decides a row that its pair alone does not decide: it needs a day, or is dropped.
func (b *batch) settle(row int, h *hard) (int32, error) {
	on := &h.decision
	if h.meaning != nil {
		year, hasYear := b.onlyYear(row)
		if at := h.years[year]; hasYear && at > 0 {
			return at - 1, nil
		}
		decided := b.decideOn(b.day(row), on)
		if on = &decided; hasYear && on.status == Known {
			h.years[year] = 1 + b.position(on.iso3)
		}
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

// onlyYear returns the row's year if that is all that is known of its day.
func (b *batch) onlyYear(row int) (int16, bool) {
	if b.year < 0 || b.date >= 0 && b.rows.Column(b.date).IsValid(row) {
		return 0, false
	}
	c := b.rows.Column(b.year).(*array.Int16)
	return c.Value(row), c.IsValid(row)
}

// day returns the row's day, or 1 July of its year, or nil.
func (b *batch) day(row int) *arrow.Date32 {
	if b.date >= 0 {
		if c := b.rows.Column(b.date).(*array.Date32); c.IsValid(row) {
			day := c.Value(row)
			return &day
		}
	}
	if year, ok := b.onlyYear(row); ok {
		day := arrow.Date32FromTime(time.Date(int(year), time.July, 1, 0, 0, 0, 0, time.UTC))
		return &day
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

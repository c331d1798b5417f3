package gravity

import (
	"math"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// flows makes the rows of core.gravity.
func (f fitted) flows(mem memory.Allocator) arrow.RecordBatch {
	b := array.NewRecordBuilder(mem, flowColumns)
	defer b.Release()
	for i, actual := range f.sample.Flows {
		expected := math.NaN()
		if f.Expected != nil {
			expected = f.Expected[i]
		}
		text(b, 0, f.states[f.exporters[i]])
		text(b, 1, f.states[f.importers[i]])
		text(b, 2, f.source)
		text(b, 3, f.method)
		b.Field(4).(*array.Int16Builder).Append(f.year)
		b.Field(5).(*array.Float64Builder).Append(actual)
		appendKnown(b.Field(6).(*array.Float64Builder), expected)
	}
	return b.NewRecordBatch()
}

// estimates makes the rows of core.gravity_estimates.
func (f fitted) estimates(mem memory.Allocator) arrow.RecordBatch {
	b := array.NewRecordBuilder(mem, estimateColumns)
	defer b.Release()
	zeros := 0
	for _, flow := range f.sample.Flows {
		if flow == 0 {
			zeros++
		}
	}
	// flows that did not enter are zeros
	zeros -= len(f.sample.Flows) - f.Used
	if f.Used == 0 {
		zeros = 0
	}
	for k, name := range f.names {
		coefficient, deviation, note := math.NaN(), math.NaN(), f.note
		if note == "" {
			coefficient, deviation = f.Coefficients[k], f.StandardErrors[k]
			if math.IsNaN(coefficient) {
				note = "the effects of the states and the other regressors explain it"
			}
		}
		text(b, 0, f.source)
		text(b, 1, f.method)
		b.Field(2).(*array.Int16Builder).Append(f.year)
		text(b, 3, name)
		appendKnown(b.Field(4).(*array.Float64Builder), coefficient)
		appendKnown(b.Field(5).(*array.Float64Builder), deviation)
		b.Field(6).(*array.Int32Builder).Append(int32(f.Used))
		b.Field(7).(*array.Int32Builder).Append(int32(zeros))
		if note == "" {
			b.Field(8).AppendNull()
		} else {
			text(b, 8, note)
		}
	}
	return b.NewRecordBatch()
}

func text(b *array.RecordBuilder, column int, value string) {
	// a dictionary of texts takes any text
	if err := b.Field(column).(*array.BinaryDictionaryBuilder).AppendString(value); err != nil {
		panic(err)
	}
}

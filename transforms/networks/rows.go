package networks

import (
	"math"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

func positionRows(mem memory.Allocator, g *yearGraph, codes []string, positions []Position) arrow.RecordBatch {
	b := array.NewRecordBuilder(mem, positionColumns)
	defer b.Release()
	for i, p := range positions {
		key(b, g)
		text(b, 2, codes[i])
		b.Field(3).(*array.Int32Builder).Append(int32(p.OutDegree))
		b.Field(4).(*array.Int32Builder).Append(int32(p.InDegree))
		for k, v := range []float64{p.OutStrength, p.InStrength, p.Betweenness, p.Closeness, p.Eigenvector, p.PageRank, p.Clustering, p.Reciprocity} {
			real(b, 5+k, v)
		}
	}
	return b.NewRecordBatch()
}

func shapeRow(mem memory.Allocator, g *yearGraph, s Shape) arrow.RecordBatch {
	b := array.NewRecordBuilder(mem, shapeColumns)
	defer b.Release()
	key(b, g)
	for k, v := range []int{s.States, s.Tied, s.Ties} {
		b.Field(2 + k).(*array.Int32Builder).Append(int32(v))
	}
	for k, v := range []float64{s.Density, s.DensityTied, s.Transitivity, s.Reciprocity, s.Centralization} {
		real(b, 5+k, v)
	}
	b.Field(10).(*array.Int32Builder).Append(int32(s.Components))
	b.Field(11).(*array.Int32Builder).Append(int32(s.LargestComponent))
	return b.NewRecordBatch()
}

func key(b *array.RecordBuilder, g *yearGraph) {
	text(b, 0, g.name)
	b.Field(1).(*array.Int16Builder).Append(g.year)
}

func text(b *array.RecordBuilder, column int, value string) {
	// a dictionary of texts takes any text
	if err := b.Field(column).(*array.BinaryDictionaryBuilder).AppendString(value); err != nil {
		panic(err)
	}
}

// real appends a number, or null for one that there is not.
func real(b *array.RecordBuilder, column int, v float64) {
	if math.IsNaN(v) {
		b.Field(column).AppendNull()
	} else {
		b.Field(column).(*array.Float64Builder).Append(v)
	}
}

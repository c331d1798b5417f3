package portfolios

import (
	"math"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"entente/pipeline"
)

// codes is a column of text under construction.
type codes struct {
	texts  []string
	places map[string]int32
}

func (c *codes) place(text string) int32 {
	if at, ok := c.places[text]; ok {
		return at
	}
	if c.places == nil {
		c.places = map[string]int32{}
	}
	at := int32(len(c.texts))
	c.texts = append(c.texts, text)
	c.places[text] = at
	return at
}

// rows are the columns of a batch under construction.
type rows struct {
	codings, states codes
	at              int32 // place of the current coding
	of              int16 // current year

	coding, a, b  []int32
	year          []int16
	counts        [Levels * Levels][]int16
	weighted      []int16
	weight, moved []float64
	tau           []float64
	tauValid      []bool
}

// start says of which coding and year the rows to come are.
func (r *rows) start(coding string, year int16) { r.at, r.of = r.codings.place(coding), year }

func (r *rows) add(a, b string, c Comparison) {
	r.coding, r.year = append(r.coding, r.at), append(r.year, r.of)
	r.a, r.b = append(r.a, r.states.place(a)), append(r.b, r.states.place(b))
	for i := range Levels {
		for j := range Levels {
			r.counts[Levels*i+j] = append(r.counts[Levels*i+j], c.Counts[i][j])
		}
	}
	r.weighted = append(r.weighted, c.Weighted)
	r.weight, r.moved = append(r.weight, c.Weight), append(r.moved, c.Distance)
	tau := c.TauB()
	r.tauValid = append(r.tauValid, !math.IsNaN(tau))
	r.tau = append(r.tau, tau)
}

// batch makes the Arrow batch, which takes the columns over, and empties the rows; the caller releases it.
func (r *rows) batch(schema *arrow.Schema) arrow.RecordBatch {
	known := make([]bool, len(r.weighted))
	for i, n := range r.weighted {
		known[i] = n > 0
	}
	for i, ok := range r.tauValid {
		if !ok {
			r.tau[i] = 0
		}
	}
	n := int64(len(r.a))
	columns := []arrow.Array{
		pipeline.TextArray(r.codings.texts, r.coding),
		pipeline.FixedArray(arrow.PrimitiveTypes.Int16, r.year, nil),
		pipeline.TextArray(r.states.texts, r.a),
		pipeline.TextArray(r.states.texts, r.b),
	}
	for _, counts := range r.counts {
		columns = append(columns, pipeline.FixedArray(arrow.PrimitiveTypes.Int16, counts, nil))
	}
	columns = append(columns,
		pipeline.FixedArray(arrow.PrimitiveTypes.Int16, r.weighted, nil),
		pipeline.FixedArray(arrow.PrimitiveTypes.Float64, r.weight, known),
		pipeline.FixedArray(arrow.PrimitiveTypes.Float64, r.moved, known),
		pipeline.FixedArray(arrow.PrimitiveTypes.Float64, r.tau, r.tauValid))
	defer func() {
		for _, column := range columns {
			column.Release()
		}
	}()
	batch := array.NewRecordBatch(schema, columns, n)
	coding := r.codings.texts[r.at]
	*r = rows{of: r.of}
	r.at = r.codings.place(coding)
	return batch
}

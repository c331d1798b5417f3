// Package gravity says how large a trade flow would be by the gravity model: by what its exporter sends and its
// importer takes in all, by their distance and by what else is between them. Each year is fitted on its own, by
// Poisson pseudo-maximum likelihood with an effect of every exporter and of every importer (Yotov, Piermartini,
// Monteiro and Larch 2016, equation 1-8). docs/methods/gravity.md says what that does and does not show.
package gravity

import (
	"fmt"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"entente/pipeline"
)

// regressorPrefix begins the names of the input columns that are regressors.
const regressorPrefix = "x_"

// Transform turns the flows of core.gravity_flows into expected flows, or into the estimates behind them. It reads
// flows in order of source, method and year, holds a few years of one source, and fits several at once.
type Transform struct {
	mem       memory.Allocator
	estimates bool
}

// New returns the transform that gives every flow its expected value; mem allocates the batches it emits.
func New(mem memory.Allocator) Transform { return Transform{mem, false} }

// NewEstimates returns the transform that gives every regressor its coefficient in every year.
func NewEstimates(mem memory.Allocator) Transform { return Transform{mem, true} }

// Name is what the definitions call the transform: gravity or gravity_estimates.
func (t Transform) Name() string {
	if t.estimates {
		return "gravity_estimates"
	}
	return "gravity"
}

// Columns gives the schema of what comes out, or says which column in lacks or has in another type.
func (t Transform) Columns(in *arrow.Schema) (*arrow.Schema, error) {
	if _, err := locate(in); err != nil {
		return nil, err
	}
	if t.estimates {
		return estimateColumns, nil
	}
	return flowColumns, nil
}

// Apply returns a sink that passes on what it fits, year by year.
func (t Transform) Apply(next pipeline.Sink) pipeline.Sink {
	return &intake{Transform: t, next: next}
}

var flowColumns = arrow.NewSchema([]arrow.Field{
	pipeline.NotNull(pipeline.Code("exporter_iso3", "state or territory that the goods left")),
	pipeline.NotNull(pipeline.Code("importer_iso3", "state or territory that the goods reached")),
	pipeline.NotNull(pipeline.Code("source", "source of the reports")),
	pipeline.NotNull(pipeline.Code("method", "method of the value: reconciled or import_priority")),
	pipeline.NotNull(pipeline.Int16("year", "year", "calendar year")),
	pipeline.NotNull(pipeline.Real("actual_usd", "US dollars", "the flow by the method")),
	pipeline.Real("expected_usd", "US dollars", "the flow by the gravity model; null where the year could not be fitted"),
}, nil)

var estimateColumns = arrow.NewSchema([]arrow.Field{
	pipeline.NotNull(pipeline.Code("source", "source of the reports")),
	pipeline.NotNull(pipeline.Code("method", "method of the value: reconciled or import_priority")),
	pipeline.NotNull(pipeline.Int16("year", "year", "calendar year")),
	pipeline.NotNull(pipeline.Code("regressor", "what may raise or lower the flow")),
	pipeline.Real("coefficient", "log points", "effect on the log of the expected flow; null where the data do not tell"),
	pipeline.Real("std_error", "log points", "standard error, clustered by pair of states"),
	pipeline.NotNull(pipeline.Int32("flow_count", "flows", "flows that entered the fit")),
	pipeline.NotNull(pipeline.Int32("zero_count", "flows", "of these, flows of 0")),
	pipeline.Text("note", "why there is no coefficient; null where there is one"),
}, nil)

// places are the positions of the input columns.
type places struct {
	source, method, year, exporter, importer, actual int
	regressors                                       []int
	names                                            []string // of the regressors, without the prefix
}

func locate(in *arrow.Schema) (places, error) {
	var p places
	err := pipeline.Locate(in, "gravity",
		pipeline.Want("source", pipeline.Dictionary, &p.source),
		pipeline.Want("method", pipeline.Dictionary, &p.method),
		pipeline.Want("year", arrow.PrimitiveTypes.Int16, &p.year),
		pipeline.Want("exporter_iso3", pipeline.Dictionary, &p.exporter),
		pipeline.Want("importer_iso3", pipeline.Dictionary, &p.importer),
		pipeline.Want("actual_usd", arrow.PrimitiveTypes.Float64, &p.actual),
	)
	if err != nil {
		return p, err
	}
	for i, f := range in.Fields() {
		name, is := strings.CutPrefix(f.Name, regressorPrefix)
		if !is {
			continue
		}
		if !arrow.TypeEqual(f.Type, arrow.PrimitiveTypes.Float64) {
			return p, fmt.Errorf("gravity: column %q is %s, and a regressor is a double", f.Name, f.Type)
		}
		p.regressors, p.names = append(p.regressors, i), append(p.names, name)
	}
	if len(p.regressors) == 0 {
		return p, fmt.Errorf("gravity: no column is named %s…, as regressors are", regressorPrefix)
	}
	return p, nil
}

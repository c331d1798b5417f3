package idealpoints

import (
	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"entente/pipeline"
	"entente/transforms/idealpoints/probit"
)

var output = arrow.NewSchema([]arrow.Field{
	pipeline.NotNull(pipeline.Code("scope", "which votes")),
	pipeline.NotNull(pipeline.Code("iso3", "the state")),
	pipeline.NotNull(pipeline.Int16("session", "session", "regular session of the Assembly")),
	pipeline.NotNull(pipeline.Int16("series", "", "Correlates of War number")),
	pipeline.NotNull(pipeline.Code("method", "how it was estimated")),
	pipeline.NotNull(pipeline.Real("theta", "standard deviations", "position")),
	pipeline.NotNull(pipeline.Real("sd", "standard deviations", "standard deviation of the position")),
	pipeline.NotNull(pipeline.Real("q05", "standard deviations", "5 % quantile")),
	pipeline.NotNull(pipeline.Real("q95", "standard deviations", "95 % quantile")),
	pipeline.NotNull(pipeline.Int32("ballot_count", "ballots", "ballots of the state in the session that entered")),
	pipeline.NotNull(pipeline.Int32("sweeps", "", "how often the fit went through all ballots")),
	pipeline.NotNull(pipeline.Flag("is_converged", "whether the fit settled")),
	pipeline.NotNull(pipeline.Real("log_likelihood", "", "mean log probability of a ballot")),
	pipeline.NotNull(pipeline.Real("correct_share", "share", "ballots whose likeliest choice was cast")),
	pipeline.NotNull(pipeline.Real("modal_share", "share", "ballots that are their item's commonest choice")),
	pipeline.NotNull(pipeline.Code("input_hash", "hash of the scope's ballots")),
}, nil)

// rows makes the batch of a fit; the caller releases it.
func (in *intake) rows(r *probit.Record, v *probit.Variational) arrow.RecordBatch {
	b := array.NewRecordBuilder(in.mem, output)
	defer b.Release()
	for p, at := range r.Positions {
		low, high := v.Interval(p)
		for i, value := range []any{
			in.scope, at.Code, at.Session, at.Series, MethodVariational,
			v.Theta[p], v.SD[p], low, high,
			at.Ballots, int32(v.Sweeps), v.Converged,
			v.Fit.LogLikelihood, v.Fit.Correct, v.Fit.Modal, r.Hash,
		} {
			put(b.Field(i), value)
		}
	}
	return b.NewRecordBatch()
}

func put(into array.Builder, value any) {
	switch b := into.(type) {
	case *array.BinaryDictionaryBuilder:
		if err := b.AppendString(value.(string)); err != nil {
			b.AppendNull() // which the table refuses: the columns are never null
		}
	case *array.Int16Builder:
		b.Append(value.(int16))
	case *array.Int32Builder:
		b.Append(value.(int32))
	case *array.Float64Builder:
		b.Append(value.(float64))
	case *array.BooleanBuilder:
		b.Append(value.(bool))
	}
}

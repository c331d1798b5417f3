// Package idealpoints makes the rows of core.ideal_points from ballots: where states stand on the dimension
// that best explains their votes in the General Assembly. The model is in package probit.
package idealpoints

import (
	"errors"
	"fmt"
	"runtime"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"entente/pipeline"
	"entente/transforms/idealpoints/probit"
)

// MethodVariational is what core.ideal_points calls the variational fit.
const MethodVariational = "vb"

// Poles are the anchors of a scope: where the published estimates start, and who is positive. On nuclear
// weapons the United States and the Soviet Union were often on one side, and Brazil is the other pole.
func Poles(scope string) probit.Anchors {
	if scope == "nu" {
		return probit.Anchors{
			Start:    map[string]float64{"USA": 3, "GBR": 3, "ISR": 3, "BRA": -2},
			Positive: "USA", Negative: "BRA",
		}
	}
	return probit.Anchors{
		Start:    map[string]float64{"USA": 3, "CAN": 3, "GBR": 3, "ISR": 3, "RUS": -2, "DDR": -2},
		Positive: "USA", Negative: "RUS",
	}
}

// Transform turns ballots into the rows of core.ideal_points. The ballots of a scope must be contiguous; it
// holds those of one scope in memory.
type Transform struct{ mem memory.Allocator }

// New returns the transform; mem allocates the batches it emits.
func New(mem memory.Allocator) Transform { return Transform{mem} }

// Name is what core/ideal_points.sql calls the transform.
func (Transform) Name() string { return "ideal_points" }

// Columns gives the schema of core.ideal_points, or says which column in lacks or has in another type.
func (Transform) Columns(in *arrow.Schema) (*arrow.Schema, error) {
	if _, err := locate(in); err != nil {
		return nil, err
	}
	return output, nil
}

// Apply returns a sink that estimates each scope and passes its positions on.
func (t Transform) Apply(next pipeline.Sink) pipeline.Sink {
	return &intake{next: next, mem: t.mem, done: map[string]bool{}}
}

// places are the positions of the input columns.
type places struct{ scope, item, session, series, code, vote int }

func locate(in *arrow.Schema) (places, error) {
	var p places
	err := pipeline.Locate(in, "ideal_points",
		pipeline.Want("scope", pipeline.Dictionary, &p.scope),
		pipeline.Want("item", arrow.PrimitiveTypes.Int32, &p.item),
		pipeline.Want("session", arrow.PrimitiveTypes.Int16, &p.session),
		pipeline.Want("series", arrow.PrimitiveTypes.Int16, &p.series),
		pipeline.Want("iso3", pipeline.Dictionary, &p.code),
		pipeline.Want("vote", arrow.PrimitiveTypes.Int8, &p.vote),
	)
	return p, err
}

// intake is the sink: it collects the ballots of a scope.
type intake struct {
	next    pipeline.Sink
	mem     memory.Allocator
	scope   string
	ballots []probit.Ballot
	done    map[string]bool   // scopes that are over
	codes   map[string]string // so that equal codes share their bytes
}

func (in *intake) Reject(r pipeline.Reject) error           { return in.next.Reject(r) }
func (in *intake) Filter(rule string, filtered int64) error { return in.next.Filter(rule, filtered) }

func (in *intake) Batch(rows arrow.RecordBatch) error {
	at, err := locate(rows.Schema())
	if err != nil {
		return err
	}
	for i, column := range rows.Columns() {
		if column.NullN() > 0 {
			return fmt.Errorf("ideal_points: column %q has a null", rows.ColumnName(i))
		}
	}
	scope, code := pipeline.TextAt(rows.Column(at.scope)), pipeline.TextAt(rows.Column(at.code))
	item, vote := rows.Column(at.item).(*array.Int32), rows.Column(at.vote).(*array.Int8)
	session, series := rows.Column(at.session).(*array.Int16), rows.Column(at.series).(*array.Int16)
	for row := range int(rows.NumRows()) {
		if s := scope(row); s != in.scope {
			if err := in.estimate(); err != nil {
				return err
			}
			in.scope = string([]byte(s))
			if in.done[in.scope] {
				return fmt.Errorf("ideal_points: the ballots of scope %s are in two places; the select must order by scope", in.scope)
			}
			in.done[in.scope] = true
		}
		choice := probit.Choice(vote.Value(row) - 1)
		if choice < probit.Yes || choice > probit.No {
			return fmt.Errorf("ideal_points: item %d: vote %d is none of 1, 2 and 3", item.Value(row), vote.Value(row))
		}
		in.ballots = append(in.ballots, probit.Ballot{
			Item: item.Value(row), Session: session.Value(row), Series: series.Value(row), Code: in.code(code(row)), Choice: choice,
		})
	}
	return nil
}

func (in *intake) code(text string) string {
	if in.codes == nil {
		in.codes = map[string]string{}
	}
	kept, known := in.codes[text]
	if !known {
		kept = string([]byte(text))
		in.codes[kept] = kept
	}
	return kept
}

// estimate fits the scope that is complete and passes its positions on; one without contrast gives none.
func (in *intake) estimate() error {
	ballots := in.ballots
	in.ballots = nil
	if len(ballots) == 0 {
		return nil
	}
	r, err := probit.NewRecord(ballots, Poles(in.scope))
	if errors.Is(err, probit.ErrNothing) || errors.Is(err, probit.ErrPoles) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("ideal_points: scope %s: %w", in.scope, err)
	}
	v := probit.FitVariational(r, probit.Default(runtime.GOMAXPROCS(0)))
	batch := in.rows(r, v)
	defer batch.Release()
	return in.next.Batch(batch)
}

func (in *intake) Close() error {
	if err := in.estimate(); err != nil {
		return err
	}
	return in.next.Close()
}

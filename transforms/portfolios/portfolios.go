// Package portfolios compares, for every two states of a year's system, what each is committed to towards every
// state of the system.
//
// The sixteen counts of a pair (level of one state's commitment by level of the other's, over all states of the
// system, the two themselves included) are the sufficient statistic of every measure of similarity that does not
// weigh states. SQL gets them by joining each year's commitments with themselves over all pairs, a quarter of a
// billion comparisons for two hundred years; here each state has a row of levels, and a pair is one pass over two rows.
package portfolios

import (
	"fmt"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"

	"entente/pipeline"
)

// Levels is the number of levels of commitment: 0, for none, to 3.
const Levels = 4

// self is a state's commitment to itself (Signorino and Ritter 1999).
const self = Levels - 1

// Columns that the transform reads: one row a state of a year's system, the rows of one coding and year one after
// the other.
const (
	columnCoding = "coding"
	columnYear   = "year"
	columnState  = "iso3"
	columnWeight = "weight"
)

// columnLevels name the columns of the states to which a state is committed at levels 1, 2 and 3: codes, separated
// by spaces.
var columnLevels = [Levels - 1]string{"level1_iso3", "level2_iso3", "level3_iso3"}

// Transform turns commitments into the rows of core.alliance_dyads: every pair of states of each coding and year. It
// holds one year's commitments, and one batch, in memory.
type Transform struct{}

// New returns the transform.
func New() Transform { return Transform{} }

// Name is what core/alliance_dyads.sql calls the transform.
func (Transform) Name() string { return "alliance_dyads" }

// Columns gives the schema of core.alliance_dyads, or says which column in lacks or has in another type.
func (Transform) Columns(in *arrow.Schema) (*arrow.Schema, error) {
	if _, err := locate(in); err != nil {
		return nil, err
	}
	return output(), nil
}

// Apply returns a sink that compares and passes the pairs on.
func (Transform) Apply(next pipeline.Sink) pipeline.Sink {
	return &comparer{next: next, schema: output()}
}

func output() *arrow.Schema {
	fields := []arrow.Field{
		pipeline.NotNull(pipeline.Code(columnCoding, "atop or cow")),
		pipeline.NotNull(pipeline.Int16(columnYear, "year", "calendar year")),
		pipeline.NotNull(pipeline.Code("iso3_a", "the state whose code comes first")),
		pipeline.NotNull(pipeline.Code("iso3_b", "the other state")),
	}
	for i := range Levels {
		for j := range Levels {
			fields = append(fields, pipeline.NotNull(pipeline.Int16(fmt.Sprintf("n%d%d", i, j), "states",
				fmt.Sprintf("states to which iso3_a is committed at level %d and iso3_b at level %d", i, j))))
		}
	}
	return arrow.NewSchema(append(fields,
		pipeline.NotNull(pipeline.Int16("weighted_count", "states", "states whose weight is known")),
		pipeline.Real("weight_sum", "share", "sum of their weights; null if none is known"),
		pipeline.Real("weight_distance", "share", "sum of their weights, each times the distance of the two levels; null if none is known"),
		pipeline.Real("tau_b", "", "Kendall's tau-b of the two portfolios; null where one has the same level throughout"),
	), nil)
}

// places are the positions of the input columns.
type places struct {
	coding, year, state, weight int
	levels                      [Levels - 1]int
}

func locate(in *arrow.Schema) (places, error) {
	var p places
	text := []arrow.Type{arrow.DICTIONARY, arrow.STRING}
	wanted := []struct {
		name  string
		types []arrow.Type
		at    *int
	}{
		{columnCoding, text, &p.coding},
		{columnYear, []arrow.Type{arrow.INT16}, &p.year},
		{columnState, text, &p.state},
		{columnWeight, []arrow.Type{arrow.FLOAT64}, &p.weight},
		{columnLevels[0], text, &p.levels[0]},
		{columnLevels[1], text, &p.levels[1]},
		{columnLevels[2], text, &p.levels[2]},
	}
	for _, want := range wanted {
		found := in.FieldIndices(want.name)
		if len(found) != 1 {
			return p, fmt.Errorf("alliance_dyads: column %q is wanted once and is there %d times", want.name, len(found))
		}
		*want.at = found[0]
		typ := in.Field(found[0]).Type
		d, isDictionary := typ.(*arrow.DictionaryType)
		if !slices.Contains(want.types, typ.ID()) || isDictionary && d.ValueType.ID() != arrow.STRING {
			return p, fmt.Errorf("alliance_dyads: column %q is %s, and %s is wanted", want.name, typ, want.types[0])
		}
	}
	return p, nil
}

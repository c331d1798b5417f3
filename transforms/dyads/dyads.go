// Package dyads counts, for every two states, how often they cast which pair of ballots.
//
// The nine counts of a pair (yes, abstain or no of one state by yes, abstain or no of the other) are
// the sufficient statistic of every agreement measure, and they add up over any set of roll calls.
// SQL gets them by joining the ballots with themselves; here each state has three bit sets, one bit a
// roll call, and a count is the number of bits that two sets share.
package dyads

import (
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"entente/pipeline"
)

// Columns that the transform reads, beside those it hands through: one row a roll call.
const (
	columnYes     = "yes_iso3"     // codes of the states that voted yes, separated by spaces
	columnAbstain = "abstain_iso3" // of those that abstained
	columnNo      = "no_iso3"      // of those that voted no
)

// Columns of a block. Rows of one block come one after the other.
const (
	columnBody      = "body"
	columnSource    = "source"
	columnSession   = "session"
	columnYear      = "year"
	columnContested = "contested"
	columnDefault   = "is_default"
)

// Transform turns roll calls into the rows of core.vote_dyads: for each block of body, source, session,
// year and contested, every pair of states with at least one roll call on which both cast a ballot.
// The rows of a block must be contiguous; it holds in memory one block, and the
// blocks and rows of the few batches that are being made.
type Transform struct{ mem memory.Allocator }

// New returns the transform; mem allocates the batches it emits, from several goroutines.
func New(mem memory.Allocator) Transform { return Transform{mem} }

// Name is what core/vote_dyads.sql calls the transform.
func (Transform) Name() string { return "vote_dyads" }

// Columns gives the schema of core.vote_dyads, or says which column in lacks or has in another type.
func (Transform) Columns(in *arrow.Schema) (*arrow.Schema, error) {
	if _, err := locate(in); err != nil {
		return nil, err
	}
	return output, nil
}

// Apply returns a sink that counts and passes the pairs on.
func (t Transform) Apply(next pipeline.Sink) pipeline.Sink {
	return &counter{next: next, mem: t.mem, states: newNames()}
}

var output = arrow.NewSchema(append([]arrow.Field{
	pipeline.NotNull(pipeline.Code(columnBody, "GA for the General Assembly, SC for the Security Council")),
	pipeline.NotNull(pipeline.Code(columnSource, "source of the ballots")),
	pipeline.NotNull(pipeline.Code(columnSession, "session of the Assembly, or empty")),
	pipeline.NotNull(pipeline.Int16(columnYear, "year", "calendar year of the votes")),
	pipeline.NotNull(pipeline.Flag(columnContested, "whether the texts were contested")),
	pipeline.NotNull(pipeline.Code("iso3_a", "the state whose code comes first")),
	pipeline.NotNull(pipeline.Code("iso3_b", "the other state")),
	pipeline.NotNull(pipeline.Flag(columnDefault, "whether the source is the default series")),
}, countFields()...), nil)

func countFields() []arrow.Field {
	choices := [3]string{"yes", "abstain", "no"}
	var fields []arrow.Field
	for i, a := range choices {
		for j, b := range choices {
			fields = append(fields, pipeline.NotNull(pipeline.Int32(
				fmt.Sprintf("n%d%d", i+1, j+1), "roll calls",
				fmt.Sprintf("iso3_a chose %s and iso3_b chose %s", a, b))))
		}
	}
	return fields
}

// places are the positions of the input columns.
type places struct {
	body, source, session, year, contested, isDefault int
	choices                                           [3]int
}

func locate(in *arrow.Schema) (places, error) {
	var p places
	text := []arrow.Type{arrow.DICTIONARY, arrow.STRING}
	for _, want := range []struct {
		name  string
		types []arrow.Type
		at    *int
	}{
		{columnBody, text, &p.body},
		{columnSource, text, &p.source},
		{columnSession, text, &p.session},
		{columnYear, []arrow.Type{arrow.INT16}, &p.year},
		{columnContested, []arrow.Type{arrow.BOOL}, &p.contested},
		{columnDefault, []arrow.Type{arrow.BOOL}, &p.isDefault},
		{columnYes, text, &p.choices[0]},
		{columnAbstain, text, &p.choices[1]},
		{columnNo, text, &p.choices[2]},
	} {
		found := in.FieldIndices(want.name)
		if len(found) != 1 {
			return p, fmt.Errorf("vote_dyads: column %q is wanted once and is there %d times", want.name, len(found))
		}
		*want.at = found[0]
		typ := in.Field(found[0]).Type
		ok := false
		for _, id := range want.types {
			ok = ok || typ.ID() == id
		}
		if d, isDictionary := typ.(*arrow.DictionaryType); isDictionary {
			ok = ok && d.ValueType.ID() == arrow.STRING
		}
		if !ok {
			return p, fmt.Errorf("vote_dyads: column %q is %s, and %s is wanted", want.name, typ, want.types[0])
		}
	}
	return p, nil
}

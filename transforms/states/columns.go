package states

import (
	"fmt"
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"entente/pipeline"
)

// AggregateRule is the rule under which rows of regions and remainders are filtered.
const AggregateRule = "aggregate, not a state"

// plainName is the column that the transform adds unless another is named.
const plainName = "iso3"

// Columns says where in a table's rows a state is named, and by which schemes.
//
// At least one of Code and Name is needed. Where both are, the name decides and the code must be known and
// agree with it: mean the same state on some day, or one that states.csv says followed it. A row that
// lacks one of the two is decided by the other.
type Columns struct {
	Code       string // column of codes (text) or numbers (int16 or int32), or ""
	CodeScheme Scheme
	Name       string // column of names (text), or ""
	NameScheme Scheme
	Date       string           // column of days, or ""
	Year       string           // int16 column of years, or "": 1 July stands in where there is no day
	After      string           // the new column comes right after this one
	As         string           // name of the new column, "" for iso3; a row may name several states
	Memory     memory.Allocator // of the new columns; nil for Arrow's default
}

// ResolveColumns returns the transform that adds the column iso3, or As, to rows that name states. A table
// whose rows name two states, such as a reporter and its partner, has two of them.
//
// A row whose state is unknown, unresolvable or contradictory is rejected with a reason that names the
// value, its scheme and the nearest known spellings; a row of an aggregate is filtered under AggregateRule.
// Rows need the provenance columns. Batches that lose no row keep their columns uncopied.
func ResolveColumns(r *Resolver, c Columns) pipeline.Transform {
	if c.Memory == nil {
		c.Memory = memory.DefaultAllocator
	}
	if c.As == "" {
		c.As = plainName
	}
	return transform{r, c}
}

type transform struct {
	resolver *Resolver
	columns  Columns
}

// Name implements pipeline.Transform.
func (t transform) Name() string {
	if t.columns.As == plainName {
		return "resolve states"
	}
	return "resolve states as " + t.columns.As
}

// Columns implements pipeline.Transform: the schema with the new column, or what it lacks.
func (t transform) Columns(in *arrow.Schema) (*arrow.Schema, error) {
	if _, err := t.layout(in); err != nil {
		return nil, err
	}
	at := in.FieldIndices(t.columns.After)[0] + 1
	field := pipeline.NotNull(pipeline.Code(t.columns.As, t.columns.role()+": ISO 3166-1 alpha-3, or the long-standing code of a former state"))
	metadata := in.Metadata()
	return arrow.NewSchema(slices.Insert(in.Fields(), at, field), &metadata), nil
}

// role says what the state is in its row, by the name of the new column: reporter for reporter_iso3.
func (c Columns) role() string {
	if number, ok := strings.CutPrefix(c.As, plainName+"_"); ok {
		return "state " + number
	}
	if role, ok := strings.CutSuffix(c.As, "_"+plainName); ok {
		return role
	}
	return "state"
}

// Apply implements pipeline.Transform.
func (t transform) Apply(next pipeline.Sink) pipeline.Sink { return &sink{next, t} }

// layout is where in a schema the columns are; -1 for one that is not asked for.
type layout struct{ code, name, date, year, file, line, offset, length int }

func (t transform) layout(in *arrow.Schema) (layout, error) {
	c := t.columns
	if c.Code == "" && c.Name == "" {
		return layout{}, fmt.Errorf("%s: neither a code nor a name column is stated", t.Name())
	}
	if len(in.FieldIndices(t.columns.As)) > 0 {
		return layout{}, fmt.Errorf("%s: there is a column %q already", t.Name(), t.columns.As)
	}
	if len(in.FieldIndices(c.After)) != 1 {
		return layout{}, fmt.Errorf("%s: no column %q to put %s after", t.Name(), c.After, t.columns.As)
	}
	for column, scheme := range map[string]Scheme{c.Code: c.CodeScheme, c.Name: c.NameScheme} {
		if column != "" && t.resolver.names[scheme] == nil {
			return layout{}, fmt.Errorf("%s: column %q: there is no scheme %q", t.Name(), column, scheme)
		}
	}
	var l layout
	text, number := arrow.DataType(pipeline.Dictionary), arrow.DataType(arrow.PrimitiveTypes.Int16)
	wide := arrow.DataType(arrow.PrimitiveTypes.Int32)
	for _, want := range []struct {
		at     *int
		column string
		types  []arrow.DataType
	}{
		{&l.code, c.Code, []arrow.DataType{text, number, wide}},
		{&l.name, c.Name, []arrow.DataType{text}},
		{&l.date, c.Date, []arrow.DataType{arrow.FixedWidthTypes.Date32}},
		{&l.year, c.Year, []arrow.DataType{number}},
		{&l.file, pipeline.SourceFile, []arrow.DataType{text}},
		{&l.line, pipeline.SourceLine, []arrow.DataType{arrow.PrimitiveTypes.Int64}},
		{&l.offset, pipeline.SourceOffset, []arrow.DataType{arrow.PrimitiveTypes.Int64}},
		{&l.length, pipeline.SourceLength, []arrow.DataType{arrow.PrimitiveTypes.Int32}},
	} {
		*want.at = -1
		if want.column == "" {
			continue
		}
		at := in.FieldIndices(want.column)
		if len(at) != 1 {
			return layout{}, fmt.Errorf("%s: no column %q", t.Name(), want.column)
		}
		typ := in.Field(at[0]).Type
		if !slices.ContainsFunc(want.types, func(w arrow.DataType) bool { return arrow.TypeEqual(w, typ) }) {
			return layout{}, fmt.Errorf("%s: column %q is %s, not %s", t.Name(), want.column, typ, want.types[0])
		}
		*want.at = at[0]
	}
	return l, nil
}

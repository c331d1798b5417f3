package trade

import (
	"cmp"
	"fmt"
	"math"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"entente/pipeline"
)

// intake is the sink: it passes values by import priority on at once and keeps the flows, to reconcile
// their reports when all are there.
type intake struct {
	next   pipeline.Sink
	mem    memory.Allocator
	states []string         // codes, by place
	places map[string]int16 // of the codes
	groups []*flows         // one a source and product
}

func (in *intake) Reject(r pipeline.Reject) error           { return in.next.Reject(r) }
func (in *intake) Filter(rule string, filtered int64) error { return in.next.Filter(rule, filtered) }

func (in *intake) Batch(rows arrow.RecordBatch) error {
	at, err := locate(rows.Schema())
	if err != nil {
		return err
	}
	c := columnsOf(rows, at)
	for row := range int(rows.NumRows()) {
		if err := in.keep(c, row); err != nil {
			return fmt.Errorf("trade: %s: %w", c.name(row), err)
		}
	}
	made := c.byImportPriority(in.mem, rows, at)
	defer made.Release()
	return in.next.Batch(made)
}

// keep puts a row into its group.
func (in *intake) keep(c columns, row int) error {
	for _, column := range []arrow.Array{c.year, c.isDefault, c.source.column, c.product.column, c.exporter.column, c.importer.column} {
		if column.IsNull(row) {
			return fmt.Errorf("a null in a column of the key or in is_default")
		}
	}
	source, product, year := c.source.at(row), c.product.at(row), c.year.Value(row)
	var f *flows
	if n := len(in.groups); n > 0 {
		f = in.groups[n-1]
		order := cmp.Or(strings.Compare(f.source, source), strings.Compare(f.product, product))
		if order > 0 || order == 0 && f.years[len(f.years)-1] > year {
			return fmt.Errorf("the row follows one of %s %s %d; the select must order by source, product, year",
				f.source, f.product, f.years[len(f.years)-1])
		}
		if order < 0 {
			f = nil
		}
	}
	if f == nil {
		f = &flows{source: strings.Clone(source), product: strings.Clone(product)}
		in.groups = append(in.groups, f)
	}
	exports, imports := number(c.exports, row), number(c.imports, row)
	if math.IsNaN(exports) && math.IsNaN(imports) {
		return fmt.Errorf("neither side reports a value; the select must leave such rows out")
	}
	if math.IsInf(exports, 0) || math.IsInf(imports, 0) {
		return fmt.Errorf("a report of %v or %v US dollars is no value", exports, imports)
	}
	exporter, err := in.place(c.exporter.at(row))
	if err != nil {
		return err
	}
	importer, err := in.place(c.importer.at(row))
	if err != nil {
		return err
	}
	marks, distance := c.marks(row)
	f.years = append(f.years, year)
	f.exporters, f.importers = append(f.exporters, exporter), append(f.importers, importer)
	f.exports, f.imports = append(f.exports, exports), append(f.imports, imports)
	f.logDistance, f.marks = append(f.logDistance, distance), append(f.marks, marks)
	return nil
}

// place returns the number of a state.
func (in *intake) place(code string) (int16, error) {
	if at, ok := in.places[code]; ok {
		return at, nil
	}
	if len(in.states) > math.MaxInt16 {
		return 0, fmt.Errorf("more than %d states and territories; is iso3 a column of codes?", len(in.states))
	}
	at, code := int16(len(in.states)), strings.Clone(code)
	in.states, in.places[code] = append(in.states, code), at
	return at, nil
}

// Close reconciles source by source and product by product, and passes the values on.
func (in *intake) Close() error {
	for i, f := range in.groups {
		in.groups[i] = nil
		if !f.hasMirror() {
			continue
		}
		r := reconcile(f, len(in.states))
		for from := 0; from < f.len(); from += batchRows {
			batch := r.batch(in.mem, in.states, from, min(from+batchRows, f.len()))
			err := in.next.Batch(batch)
			batch.Release()
			if err != nil {
				return err
			}
		}
	}
	return in.next.Close()
}

// texts reads a column of text.
type texts struct {
	column *array.Dictionary
	values *array.String
}

func textsOf(column arrow.Array) texts {
	c := column.(*array.Dictionary)
	return texts{c, c.Dictionary().(*array.String)}
}

// at is the text of a row, or "" for null.
func (t texts) at(row int) string {
	if t.column.IsNull(row) {
		return ""
	}
	return t.values.Value(t.column.GetValueIndex(row))
}

// columns are those of an input batch.
type columns struct {
	source, product, exporter, importer, valuation texts
	year                                           *array.Int16
	exports, imports, distance                     *array.Float64
	isDefault                                      *array.Boolean
	flags                                          []flagColumn
}

// flagColumn sets one mark of a flow where it is true and another where it is false.
type flagColumn struct {
	column      *array.Boolean
	true, false marks
}

func columnsOf(rows arrow.RecordBatch, at places) columns {
	flag := func(place int) *array.Boolean { return rows.Column(place).(*array.Boolean) }
	real := func(place int) *array.Float64 { return rows.Column(place).(*array.Float64) }
	return columns{
		source: textsOf(rows.Column(at.source)), product: textsOf(rows.Column(at.product)),
		exporter: textsOf(rows.Column(at.exporter)), importer: textsOf(rows.Column(at.importer)),
		valuation: textsOf(rows.Column(at.valuation)), year: rows.Column(at.year).(*array.Int16),
		exports: real(at.exports), imports: real(at.imports), distance: real(at.distance),
		isDefault: flag(at.isDefault),
		flags: []flagColumn{
			{flag(at.isDefault), isDefault, 0},
			{flag(at.exportsEstimated), exportsEstimated, exportsOwn},
			{flag(at.importsEstimated), importsEstimated, importsOwn},
			{flag(at.contiguous), contiguous | contiguityKnown, contiguityKnown},
			{flag(at.exporterLandlocked), exporterLandlocked | exporterKnown, exporterKnown},
			{flag(at.importerLandlocked), importerLandlocked | importerKnown, importerKnown},
		},
	}
}

// name says which flow a row is of.
func (c columns) name(row int) string {
	return fmt.Sprintf("%s %s %d, %s to %s", c.source.at(row), c.product.at(row), c.year.Value(row),
		c.exporter.at(row), c.importer.at(row))
}

// marks returns a row's marks and the logarithm of its distance in 1000 km, NaN when unknown.
func (c columns) marks(row int) (marks, float64) {
	var m marks
	for _, f := range c.flags {
		switch {
		case f.column.IsNull(row):
		case f.column.Value(row):
			m |= f.true
		default:
			m |= f.false
		}
	}
	switch c.valuation.at(row) {
	case valuedCIF:
		m |= importsCIF
	case valuedFOB:
		m |= importsFOB
	}
	return m, math.Log(number(c.distance, row) / 1000)
}

// number is the value of a row, or NaN for null.
func number(column *array.Float64, row int) float64 {
	if column.IsNull(row) {
		return math.NaN()
	}
	return column.Value(row)
}

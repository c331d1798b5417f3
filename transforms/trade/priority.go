package trade

import (
	"math"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// byImportPriority makes the output batch of an input batch: the importer's report, or, where there is
// none, the exporter's times the IMF's factor unless the importer values its imports FOB. A report of zero is
// a report.
func (c columns) byImportPriority(mem memory.Allocator, rows arrow.RecordBatch, at places) arrow.RecordBatch {
	v := newValues(mem, int(rows.NumRows()))
	for row := range int(rows.NumRows()) {
		exports, imports := number(c.exports, row), number(c.imports, row)
		value := noValue()
		value.discrepancy = discrepancy(exports, imports)
		switch {
		case !math.IsNaN(imports):
			value.usd, value.evidence = imports, fromImporter
		case c.valuation.at(row) == valuedFOB:
			value.usd, value.evidence = exports, fromExporter
		default:
			value.factor = imfFactor(c.year.Value(row))
			value.usd, value.evidence = exports*value.factor, fromExporter
		}
		v.add(value)
	}
	given := func(place int) arrow.Array {
		column := rows.Column(place)
		column.Retain()
		return column
	}
	return v.batch(ImportPriority, facts{
		source: given(at.source), product: given(at.product), year: given(at.year),
		exporter: given(at.exporter), importer: given(at.importer),
		exports: given(at.exports), imports: given(at.imports), valuation: given(at.valuation),
		exportsEstimated: given(at.exportsEstimated), importsEstimated: given(at.importsEstimated),
		isDefault: given(at.isDefault),
	})
}

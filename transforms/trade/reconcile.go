package trade

import (
	"math"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// reconciliation is what the reports of one source and product say of the margin and of the reporters.
type reconciliation struct {
	*flows
	margin        margin
	runs          []yearRows
	reliabilities []reliability // one a run
}

func reconcile(f *flows, states int) reconciliation {
	r := reconciliation{flows: f, margin: f.margin(), runs: f.byYear()}
	r.reliabilities = f.reliabilities(r.margin, r.runs, states)
	return r
}

// importsFOB is the importer's report without the margin, and the margin, NaN when it was not taken out:
// of an importer that values its imports FOB, and where that would only widen the gap to the exporter's own
// report.
func (f *flows) importsFOB(m margin, i int) (usd, rate float64) {
	imports := f.imports[i]
	if f.marks[i]&importsFOB != 0 || !(imports > 0) {
		return imports, math.NaN()
	}
	rate = m.rate(f, i)
	if f.twiceReported(i) {
		gap := math.Log(imports / f.exports[i])
		if math.Abs(gap-math.Log(rate)) > math.Abs(gap) {
			return imports, math.NaN()
		}
	}
	return imports / rate, rate
}

// value reconciles a flow. Only reports that the states made themselves are weighed against each other; an
// estimate counts where there is nothing else, and of two the exporter's. A report of zero says nothing
// against one above zero.
func (r reconciliation) value(i int, known reliability) flowValue {
	v := noValue()
	exports, imports := r.exports[i], r.imports[i]
	v.discrepancy = discrepancy(exports, imports)
	v.exporterSigma, v.importerSigma = known.exporter[r.exporters[i]], known.importer[r.importers[i]]
	v.importsFOB, v.factor = r.importsFOB(r.margin, i)
	v.evidence = r.evidence(i)
	switch v.evidence {
	case fromExporter:
		v.usd = exports
	case fromImporter:
		v.usd = v.importsFOB
	case fromBoth:
		v.weight = exporterWeight(v.exporterSigma, v.importerSigma)
		v.usd = v.weight*exports + (1-v.weight)*v.importsFOB
		v.usd = min(max(v.usd, min(exports, v.importsFOB)), max(exports, v.importsFOB))
	}
	return v
}

// evidence says which reports of a flow count.
func (f *flows) evidence(i int) evidence {
	exports, imports := f.exports[i], f.imports[i]
	exported, imported := !math.IsNaN(exports), !math.IsNaN(imports)
	estimatedX, estimatedM := f.marks[i]&exportsEstimated != 0, f.marks[i]&importsEstimated != 0
	switch {
	case !exported:
		return fromImporter
	case !imported:
		return fromExporter
	case estimatedX && !estimatedM:
		return fromImporter
	case estimatedM && !estimatedX:
		return fromExporter
	case exports > 0 && !(imports > 0):
		return fromExporter
	case imports > 0 && !(exports > 0):
		return fromImporter
	case estimatedX && estimatedM:
		return fromExporter
	}
	return fromBoth
}

// batch makes the output of the flows from one up to another.
func (r reconciliation) batch(mem memory.Allocator, states []string, from, to int) arrow.RecordBatch {
	v := newValues(mem, to-from)
	for at, run := range r.runs {
		for i := max(run.from, from); i < min(run.to, to); i++ {
			v.add(r.value(i, r.reliabilities[at]))
		}
	}
	rows := to - from
	years := array.NewInt16Builder(mem)
	defer years.Release()
	years.AppendValues(r.years[from:to], nil)
	marks := r.marks[from:to]
	return v.batch(Reconciled, facts{
		source: constant(mem, r.source, rows), product: constant(mem, r.product, rows), year: years.NewArray(),
		exporter: codes(mem, r.exporters[from:to], states), importer: codes(mem, r.importers[from:to], states),
		exports: reals(mem, r.exports[from:to]), imports: reals(mem, r.imports[from:to]),
		valuation:        valuations(mem, marks),
		exportsEstimated: flags(mem, marks, exportsEstimated, exportsOwn),
		importsEstimated: flags(mem, marks, importsEstimated, importsOwn),
		isDefault:        flags(mem, marks, isDefault, 0),
	})
}

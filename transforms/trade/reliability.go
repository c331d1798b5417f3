package trade

import (
	"math"
	"runtime"
	"sync"
)

// The rules of the analysis of variance.
const (
	windowYears  = 2    // before the year, and after it
	countedUSD   = 1e6  // of the larger report
	priorFlows   = 5    // average flows that a state's effect of zero counts as
	lowestError  = 0.06 // mean log discrepancy that the most reliable two have at least
	maxDistance  = math.Ln10
	doubt        = 2 // standard errors that the smallest effect may be too small by
	sizeExponent = 1.0 / 3
)

// reliability has the standard deviations of the logarithms of the states' reports around one year; NaN for
// all when no flow tells.
type reliability struct {
	exporter, importer []float64 // by place of the state
}

// mismatch is how far the two FOB values of a flow lie apart.
type mismatch struct {
	exporter, importer int16
	distance           float64 // |ln(imports FOB / exports)|
	weight             float64
}

// reliabilities are one a year of the runs. Each is computed on its own, so their order of work is free.
func (f *flows) reliabilities(m margin, runs []yearRows, states int) []reliability {
	mismatches := make([][]mismatch, len(runs))
	made := make([]reliability, len(runs))
	each := func(do func(int)) {
		var workers sync.WaitGroup
		next := make(chan int)
		for range min(runtime.GOMAXPROCS(0), len(runs)) {
			workers.Go(func() {
				for i := range next {
					do(i)
				}
			})
		}
		for i := range runs {
			next <- i
		}
		close(next)
		workers.Wait()
	}
	each(func(i int) { mismatches[i] = f.mismatches(m, runs[i]) })
	each(func(i int) {
		w := window{states: states}
		for j, run := range runs {
			if apart := int(run.year) - int(runs[i].year); -windowYears <= apart && apart <= windowYears {
				if j == i {
					w.centre = len(w.years)
				}
				w.years = append(w.years, mismatches[j])
			}
		}
		made[i] = w.assess()
	})
	return made
}

// mismatches lists a year's flows that tell how reliable reporters are.
func (f *flows) mismatches(m margin, run yearRows) []mismatch {
	var list []mismatch
	for i := run.from; i < run.to; i++ {
		if !f.twiceReported(i) || f.derived(i) || max(f.exports[i], f.imports[i]) <= countedUSD {
			continue
		}
		imports, _ := f.importsFOB(m, i)
		list = append(list, mismatch{
			exporter: f.exporters[i], importer: f.importers[i],
			distance: min(math.Abs(math.Log(imports/f.exports[i])), maxDistance),
			weight:   math.Pow(imports*f.exports[i], sizeExponent/2),
		})
	}
	return list
}

// window is what the analysis of variance of one year reads: the mismatches of the years around it.
type window struct {
	states int
	years  [][]mismatch
	centre int
}

// assess explains the distances by an effect of the exporter, one of the importer and one of the year, by
// weighted least squares. A state's effect is drawn towards zero, the average, as if it had priorFlows more
// flows of that distance: so that the many of a few flows do not come out as the best and the worst.
func (w window) assess() reliability {
	// Unknowns: the effects of the exporters and importers at hand, then of the years.
	exporters, importers := w.numbered()
	first := exporters.count + importers.count
	n := first + len(w.years)
	normal, effects := make([]float64, n*n), make([]float64, n)
	weights, flows := 0.0, 0
	for year, list := range w.years {
		y := first + year
		for _, m := range list {
			e, i := exporters.place[m.exporter], exporters.count+importers.place[m.importer]
			for _, row := range [...]int{e, i, y} {
				normal[row*n+row] += m.weight
				effects[row] += m.weight * m.distance
			}
			normal[i*n+e] += m.weight
			normal[y*n+e] += m.weight
			normal[y*n+i] += m.weight
			weights += m.weight
		}
		flows += len(list)
	}
	if flows == 0 {
		return unknown(w.states)
	}
	for row := range first {
		normal[row*n+row] += priorFlows * weights / float64(flows)
	}
	solved := factorize(normal, n)
	solved.solve(effects)

	squares := 0.0
	for year, list := range w.years {
		for _, m := range list {
			rest := m.distance - effects[exporters.place[m.exporter]] -
				effects[exporters.count+importers.place[m.importer]] - effects[first+year]
			squares += m.weight * rest * rest
		}
	}
	variance := squares / math.Max(float64(flows-n), 1)
	// smallest is the lowest effect from row on, and its standard error.
	smallest := func(from, to int) float64 {
		at := from
		for row := from; row < to; row++ {
			if effects[row] < effects[at] {
				at = row
			}
		}
		unit := make([]float64, n)
		unit[at] = 1
		solved.solve(unit)
		return effects[at] + doubt*math.Sqrt(variance*unit[at])
	}
	bestExporter, bestImporter := smallest(0, exporters.count), smallest(exporters.count, first)
	least := max(w.level(effects[first:])+bestExporter+bestImporter, lowestError)
	r := unknown(w.states)
	for state := range w.states {
		exporter, importer := 0.0, 0.0
		if at := exporters.place[state]; at >= 0 {
			exporter = effects[at]
		}
		if at := importers.place[state]; at >= 0 {
			importer = effects[exporters.count+at]
		}
		r.exporter[state] = sigma(least, exporter-bestExporter)
		r.importer[state] = sigma(least, importer-bestImporter)
	}
	return r
}

// sigma is the standard deviation of a reporter's log error. least is the mean distance of the most
// reliable exporter and importer, which share it: normal errors of standard deviation s each are apart by
// 2 s / sqrt(pi) on average. excess is how much farther from the most reliable partner the reporter is; the mean
// distance of errors of s and t is sqrt(2/pi) sqrt(s^2 + t^2).
func sigma(least, excess float64) float64 {
	shared := math.Pi / 4 * least * least
	apart := least + max(excess, 0)
	return math.Sqrt(math.Pi/2*apart*apart - shared)
}

// level is the effect of the window's own year, or the mean of those around it when no flow of it tells.
func (w window) level(years []float64) float64 {
	if len(w.years[w.centre]) > 0 {
		return years[w.centre]
	}
	sum, weights := 0.0, 0.0
	for year, list := range w.years {
		if len(list) > 0 {
			sum, weights = sum+years[year], weights+1
		}
	}
	return sum / weights
}

// numbering gives the states of one side that have a mismatch consecutive numbers.
type numbering struct {
	place []int // by place of the state; -1 for the others
	count int
}

func (w window) numbered() (exporters, importers numbering) {
	exporters, importers = numbering{place: make([]int, w.states)}, numbering{place: make([]int, w.states)}
	for _, list := range w.years {
		for _, m := range list {
			exporters.place[m.exporter], importers.place[m.importer] = 1, 1
		}
	}
	for _, side := range []*numbering{&exporters, &importers} {
		for state, here := range side.place {
			side.place[state] = -1
			if here == 1 {
				side.place[state] = side.count
				side.count++
			}
		}
	}
	return exporters, importers
}

// unknown is the reliability of states of which no flow tells.
func unknown(states int) reliability {
	r := reliability{make([]float64, states), make([]float64, states)}
	for i := range states {
		r.exporter[i], r.importer[i] = math.NaN(), math.NaN()
	}
	return r
}

// exporterWeight is the weight of the exporter's report against the importer's, one half when neither is
// known. Reports that are log-normal around the truth have a variance in proportion to
// exp(sigma^2) (exp(sigma^2) - 1) and to the truth squared.
func exporterWeight(exporterSigma, importerSigma float64) float64 {
	if math.IsNaN(exporterSigma) || math.IsNaN(importerSigma) {
		return 0.5
	}
	variance := func(sigma float64) float64 { return math.Exp(sigma*sigma) * math.Expm1(sigma*sigma) }
	exporter, importer := variance(exporterSigma), variance(importerSigma)
	return importer / (exporter + importer)
}

package trade

import (
	"math"
	"slices"
)

// The rules of the regression sample, and of what it gives.
const (
	sampleUSD      = 1e6  // both reports are above this
	sampleRatio    = 10.0 // neither report is that many times the other
	sampleFlows    = 100  // with fewer, the IMF's factor is the margin
	highestRate    = 1.25 // of CIF over FOB
	maxStudentized = 2    // residuals beyond are outliers
)

// regressors are those beside the year: ln distance, its square, contiguity, no coast of either state.
const regressors = 5

// margin is CIF over FOB as a regression has it.
type margin struct {
	slopes [regressors]float64
	years  []yearMargin // in order; none when the sample was too small
}

// yearMargin is what the regression says of a year.
type yearMargin struct {
	year      int16
	intercept float64
	average   float64 // ln of the rate of the year's average flow
}

// margin fits CIF over FOB to the flows that both sides reported: by least squares, then by weighted least
// squares, where a flow weighs the more the closer its reports are once the first margin is out, then without
// the outliers of the second. Regressors, weight and trimming are those of CEPII's BACI (Gaulier and Zignago 2010)
// on values in place of unit values. Weights by the bare reports would favour flows without a margin, and
// find about three quarters of it.
func (f *flows) margin() margin {
	sample := f.sample()
	if len(sample) < sampleFlows {
		return margin{}
	}
	sample = f.regress(sample).weighed(f, sample)
	return f.regress(f.regress(sample).typical(f, sample)).margin
}

// rate is CIF over FOB of a flow, from 1 to highestRate. Where the distance is not known it is that of the
// year's average flow; a year without a sample has what the nearest one has.
func (m margin) rate(f *flows, i int) float64 {
	if len(m.years) == 0 {
		return imfFactor(f.years[i])
	}
	year := m.nearest(f.years[i])
	ln := year.average
	if f.hasPlace(i) {
		x := f.regressors(i)
		ln = year.intercept + dot(m.slopes[:], x[:])
	}
	return min(max(math.Exp(ln), 1), highestRate)
}

// nearest is the year's margin, or that of the sampled year closest to it, the earlier of two.
func (m margin) nearest(year int16) yearMargin {
	at, found := slices.BinarySearchFunc(m.years, year, func(y yearMargin, year int16) int { return int(y.year) - int(year) })
	if found || at == 0 {
		return m.years[at]
	}
	if at == len(m.years) || year-m.years[at-1].year <= m.years[at].year-year {
		return m.years[at-1]
	}
	return m.years[at]
}

// regressors are those of a flow that has its place.
func (f *flows) regressors(i int) [regressors]float64 {
	x := [regressors]float64{f.logDistance[i], f.logDistance[i] * f.logDistance[i]}
	for j, mark := range [...]marks{contiguous, exporterLandlocked, importerLandlocked} {
		if f.marks[i]&mark != 0 {
			x[2+j] = 1
		}
	}
	return x
}

// observation is a flow of the regression sample.
type observation struct {
	flow   int32
	y      float64 // ln(imports / exports)
	weight float64
}

// sample lists the flows that tell what the margin is, in order, each of weight 1.
func (f *flows) sample() []observation {
	var kept []observation
	for i := range f.years {
		if !f.twiceReported(i) || f.derived(i) || f.marks[i]&importsFOB != 0 || !f.hasPlace(i) ||
			f.exports[i] <= sampleUSD || f.imports[i] <= sampleUSD {
			continue
		}
		y := math.Log(f.imports[i] / f.exports[i])
		if math.Abs(y) < math.Log(sampleRatio) {
			kept = append(kept, observation{int32(i), y, 1})
		}
	}
	return kept
}

package trade

import "math"

// regression is a weighted least-squares fit with an effect for every year, which demeaning within the
// years takes out exactly (Frisch and Waugh 1933; Lovell 1963).
type regression struct {
	margin
	means   []sampleMeans // one a year of margin.years
	inverse [regressors][regressors]float64
	sigma   float64 // standard deviation of a residual of weight 1
	terms   int     // slopes and years estimated
}

// sampleMeans are the weighted means of a year's sample.
type sampleMeans struct {
	x        [regressors]float64
	weight   float64 // sum
	from, to int     // in the sample, half-open
}

// regress fits the logarithms of the ratios of imports to exports in a sample in order of years.
func (f *flows) regress(sample []observation) regression {
	var r regression
	normal, b := make([]float64, regressors*regressors), make([]float64, regressors)
	for from := 0; from < len(sample); {
		year := f.years[sample[from].flow]
		to, m, mean := from, sampleMeans{from: from}, 0.0
		for ; to < len(sample) && f.years[sample[to].flow] == year; to++ {
			o := sample[to]
			m.weight += o.weight
			mean += o.weight * o.y
			for j, x := range f.regressors(int(o.flow)) {
				m.x[j] += o.weight * x
			}
		}
		mean /= m.weight
		for j := range m.x {
			m.x[j] /= m.weight
		}
		for _, o := range sample[from:to] {
			x := f.centred(o, m)
			for j := range x {
				b[j] += o.weight * x[j] * (o.y - mean)
				for k := range j + 1 {
					normal[j*regressors+k] += o.weight * x[j] * x[k]
				}
			}
		}
		m.to = to
		r.means, r.years = append(r.means, m), append(r.years, yearMargin{year: year, average: mean})
		from = to
	}
	solved := factorize(normal, regressors)
	solved.solve(b)
	r.slopes = [regressors]float64(b)
	r.terms = len(r.years)
	for j := range regressors {
		unit := make([]float64, regressors)
		unit[j] = 1
		solved.solve(unit)
		r.inverse[j] = [regressors]float64(unit)
		if solved.lower[j*regressors+j] > 0 {
			r.terms++
		}
	}
	squares := 0.0
	for i := range r.years {
		r.years[i].intercept = r.years[i].average - dot(b, r.means[i].x[:])
		for _, o := range sample[r.means[i].from:r.means[i].to] {
			residual := r.residual(f, o, i)
			squares += o.weight * residual * residual
		}
	}
	r.sigma = math.Sqrt(squares / math.Max(float64(len(sample)-r.terms), 1))
	return r
}

func (f *flows) centred(o observation, m sampleMeans) [regressors]float64 {
	x := f.regressors(int(o.flow))
	for j := range x {
		x[j] -= m.x[j]
	}
	return x
}

func (r regression) residual(f *flows, o observation, year int) float64 {
	x := f.regressors(int(o.flow))
	return o.y - r.years[year].intercept - dot(r.slopes[:], x[:])
}

// weighed returns the sample with the weights that its residuals give, the smaller over the larger of exports and
// imports without the fitted margin.
func (r regression) weighed(f *flows, sample []observation) []observation {
	out := make([]observation, 0, len(sample))
	for i, m := range r.means {
		for _, o := range sample[m.from:m.to] {
			o.weight = math.Exp(-math.Abs(r.residual(f, o, i)))
			out = append(out, o)
		}
	}
	return out
}

// typical returns the observations whose internally studentized residuals are small (Cook and Weisberg 1982,
// Residuals and Influence in Regression, 2.2).
func (r regression) typical(f *flows, sample []observation) []observation {
	kept := make([]observation, 0, len(sample))
	for i, m := range r.means {
		for _, o := range sample[m.from:m.to] {
			x := f.centred(o, m)
			leverage := 1 / m.weight
			for j := range x {
				leverage += x[j] * dot(r.inverse[j][:], x[:])
			}
			spread := r.sigma * math.Sqrt(max(1-o.weight*leverage, 0))
			if math.Abs(r.residual(f, o, i))*math.Sqrt(o.weight) <= maxStudentized*spread {
				kept = append(kept, o)
			}
		}
	}
	return kept
}

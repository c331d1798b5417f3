package probit

import (
	"errors"
	"math"
	"slices"
)

// Posterior is what finished chains say together.
type Posterior struct {
	Theta, SD          []float64 // of each position: mean over all kept sweeps, standard deviation of the draws
	Q05, Median, Q95   []float64 // quantiles of the draws
	RHat               []float64 // potential scale reduction of half chains (Gelman et al., Bayesian Data Analysis, 3rd ed., 11.4)
	Effective          []float64 // independent draws that the draws are worth (the same, 11.5)
	Fit                Fit
	Chains, DrawsChain int
}

// errFewDraws says that chains are too short to be compared.
var errFewDraws = errors.New("each chain must store at least four draws")

// Summarize joins chains of one record and one plan, their seeds apart.
func Summarize(chains []*Chain) (*Posterior, error) {
	r := chains[0].r
	n := len(chains[0].Draws)
	for _, c := range chains {
		n = min(n, len(c.Draws))
	}
	if n < 4 {
		return nil, errFewDraws
	}
	p := &Posterior{Theta: make([]float64, len(r.Positions)), Chains: len(chains), DrawsChain: n}
	beta, low, high := make([]float64, len(r.items)), make([]float64, len(r.items)), make([]float64, len(r.items))
	for _, c := range chains {
		t, b, l, h := c.Means()
		add(p.Theta, t)
		add(beta, b)
		add(low, l)
		add(high, h)
	}
	for _, sum := range [][]float64{p.Theta, beta, low, high} {
		for i := range sum {
			sum[i] /= float64(len(chains))
		}
	}
	p.Fit = r.fit(newNormal(), p.Theta, beta, low, high)
	draws := make([][]float64, len(chains))
	var all []float64
	for at := range r.Positions {
		all = all[:0]
		for i, c := range chains {
			draws[i] = draws[i][:0]
			for _, d := range c.Draws[:n] {
				draws[i] = append(draws[i], float64(d[at]))
			}
			all = append(all, draws[i]...)
		}
		rhat, effective := mixing(draws)
		p.RHat, p.Effective = append(p.RHat, rhat), append(p.Effective, effective)
		_, sd := moments(all)
		slices.Sort(all)
		p.SD = append(p.SD, sd)
		p.Q05 = append(p.Q05, quantileOf(all, 0.05))
		p.Median = append(p.Median, quantileOf(all, 0.5))
		p.Q95 = append(p.Q95, quantileOf(all, 0.95))
	}
	return p, nil
}

// quantileOf interpolates between sorted values.
func quantileOf(sorted []float64, p float64) float64 {
	at := p * float64(len(sorted)-1)
	i := min(int(at), len(sorted)-2)
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}

// mixing gives the potential scale reduction of half chains and the effective number of draws. Chains that
// do not move are 1 and as many as there are draws.
func mixing(chains [][]float64) (rhat, effective float64) {
	var halves [][]float64
	for _, c := range chains {
		half := len(c) / 2
		halves = append(halves, c[:half], c[len(c)-half:])
	}
	n, m := float64(len(halves[0])), float64(len(halves))
	means := make([]float64, len(halves))
	within := 0.0
	for i, h := range halves {
		for _, v := range h {
			means[i] += v
		}
		means[i] /= n
		for _, v := range h {
			within += (v - means[i]) * (v - means[i])
		}
	}
	within /= m * (n - 1)
	center, between := 0.0, 0.0
	for _, mean := range means {
		center += mean / m
	}
	for _, mean := range means {
		between += n * (mean - center) * (mean - center) / (m - 1)
	}
	if !(within > 0) {
		return 1, n * m
	}
	total := (n-1)/n*within + between/n
	return math.Sqrt(total / within), n * m / correlationTime(halves, total)
}

// correlationTime is 1 + 2 Σρ over lags, cut off at the first pair of lags whose sum is not positive.
func correlationTime(chains [][]float64, total float64) float64 {
	n := len(chains[0])
	correlation := func(lag int) float64 {
		variogram := 0.0
		for _, c := range chains {
			for i := lag; i < n; i++ {
				variogram += (c[i] - c[i-lag]) * (c[i] - c[i-lag])
			}
		}
		return 1 - variogram/float64(len(chains)*(n-lag))/(2*total)
	}
	time := 1.0
	for lag := 1; lag+1 < n; lag += 2 {
		pair := correlation(lag) + correlation(lag+1)
		if !(pair > 0) {
			break
		}
		time += 2 * pair
	}
	return time
}

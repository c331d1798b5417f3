package probit

import "math"

// deviations are standard deviations of positions from the curvature of the log-likelihood at the fit, in
// place of the variational ones: those take the latent utilities for known, and are too small by the
// information that the choice does not give about them (Louis 1982). What is not known of the items and of
// the neighbouring session is still left out.
func (f *ascent) deviations() []float64 {
	f.r.each(f.threads, func(b int) {
		bounds := f.r.blocks[b]
		clear(f.parts[b])
		for i := bounds.from; i < bounds.to; i++ {
			it, beta := f.r.items[i], f.beta[i]
			for j := it.start; j < it.end; j++ {
				p := f.r.position[j]
				f.parts[b][int(p)-bounds.first].weight += beta * beta * f.n.curvature(it, j, beta*f.theta[p], f.low[i], f.high[i])
			}
		}
	})
	f.r.total(f.sums, f.parts)
	sd := make([]float64, len(f.theta))
	for p, prior := range f.r.prior {
		sd[p] = 1 / math.Sqrt(f.sums[p].weight+1/prior.variance)
	}
	return sd
}

// curvature is the information that ballot j of an item gives about mu: minus the second derivative of the
// logarithm of its probability.
func (n *normal) curvature(it item, j int32, mu, low, high float64) float64 {
	switch {
	case j < it.abstain:
		m := n.mills(low - mu)
		return m * (m + low - mu)
	case j < it.no:
		a, b := low-mu, high-mu
		inside := n.between(a, b)
		da, db := density(a)/inside, density(b)/inside
		return max((da-db)*(da-db)-a*da+b*db, 0)
	}
	m := n.mills(mu - high)
	return m * (m + mu - high)
}

// fit compares each ballot with what positions and items say about it.
func (r *Record) fit(n *normal, theta, beta, low, high []float64) Fit {
	var f Fit
	correct, modal := 0, 0
	for i, it := range r.items {
		for j := it.start; j < it.end; j++ {
			mu := beta[i] * theta[r.position[j]]
			p := [3]float64{n.below(low[i] - mu), n.between(low[i]-mu, high[i]-mu), n.below(mu - high[i])}
			cast := it.choice(j)
			f.LogLikelihood += math.Log(p[cast])
			if p[cast] >= max(p[0], p[1], p[2]) {
				correct++
			}
		}
		modal += int(max(it.abstain-it.start, it.no-it.abstain, it.end-it.no))
	}
	total := float64(r.Ballots())
	return Fit{f.LogLikelihood / total, float64(correct) / total, float64(modal) / total}
}

// choice is what ballot j of the item is.
func (it item) choice(j int32) Choice {
	switch {
	case j < it.abstain:
		return Yes
	case j < it.no:
		return Abstain
	}
	return No
}

package probit

import "math"

// Options of a variational fit.
type Options struct {
	Threads   int
	MaxSweeps int
	Tolerance float64 // the fit has converged when no position moves further in a sweep, its session apart
}

// Default are options that settle all but the levels of sessions: a smaller tolerance changes no correlation
// with the published estimates in its third decimal.
func Default(threads int) Options { return Options{threads, 500, 1e-3} }

// Variational is the mean-field approximation of the posterior: positions, discriminations and latent
// utilities independent, the cutpoints at their best values.
type Variational struct {
	Theta, SD []float64 // of each position
	Sweeps    int
	Converged bool
	Fit       Fit

	beta, betaVariance []float64
	low, high          []float64 // cutpoints
}

// normalQ95 is the 95 % quantile of the standard normal distribution.
const normalQ95 = 1.6448536269514722

// Interval is from the 5 % to the 95 % quantile of a position.
func (v *Variational) Interval(position int) (low, high float64) {
	half := normalQ95 * v.SD[position]
	return v.Theta[position] - half, v.Theta[position] + half
}

// Fit says how well positions and items predict the ballots they were estimated from.
type Fit struct {
	LogLikelihood float64 // mean over ballots
	Correct       float64 // share of ballots whose likeliest choice was cast
	Modal         float64 // share that the most frequent choice of each item gets right
}

const (
	maxCutpoint = 7
	maxTheta    = 5
)

// FitVariational runs coordinate ascent until it converges or has used its sweeps up.
func FitVariational(r *Record, o Options) *Variational {
	n := newNormal()
	f := &ascent{r: r, n: n, threads: o.Threads}
	f.begin()
	v := &Variational{}
	for v.Sweeps < o.MaxSweeps && !v.Converged {
		v.Sweeps++
		v.Converged = f.sweep() < o.Tolerance
	}
	v.Theta, v.beta, v.betaVariance, v.low, v.high = f.theta, f.beta, f.betaVariance, f.low, f.high
	for i, at := range f.center {
		f.low[i] += f.beta[i] * at
		f.high[i] += f.beta[i] * at
	}
	v.SD = f.deviations()
	v.Fit = r.fit(n, f.theta, f.beta, f.low, f.high)
	return v
}

// ascent is the state of a variational fit.
type ascent struct {
	r       *Record
	n       *normal
	threads int

	theta, variance    []float64 // of positions
	mean               []float64 // of positions before they are standardized: what priors refer to
	beta, betaVariance []float64 // of items
	center             []float64 // mean position of an item's voters
	low, high          []float64 // cutpoints of items, less beta times center
	parts              [][]sums
	sums               []sums
}

func (f *ascent) begin() {
	r := f.r
	f.mean = append([]float64(nil), r.start...)
	f.theta, f.variance = make([]float64, len(r.Positions)), make([]float64, len(r.Positions))
	f.beta, f.betaVariance = make([]float64, len(r.items)), make([]float64, len(r.items))
	f.center = make([]float64, len(r.items))
	f.low, f.high = r.startCutpoints()
	for i, it := range r.items {
		f.beta[i] = it.sign
	}
	f.parts, f.sums = r.newSums(), make([]sums, len(r.Positions))
	f.pass(false)
	f.place()
}

// startCutpoints places each item's cutpoints by the shares of its choices on a scale from -1 to 1.
func (r *Record) startCutpoints() (low, high []float64) {
	for _, it := range r.items {
		n := float64(it.end - it.start)
		low = append(low, 2*float64(it.abstain-it.start)/n-1)
		high = append(high, 2*float64(it.no-it.start)/n-1)
	}
	return low, high
}

// sweep updates items, then positions, and returns the largest change of a position.
func (f *ascent) sweep() float64 {
	f.pass(true)
	return f.place()
}

func (f *ascent) pass(update bool) {
	f.r.each(f.threads, func(b int) {
		bounds := f.r.blocks[b]
		clear(f.parts[b])
		for i := bounds.from; i < bounds.to; i++ {
			f.item(i, f.parts[b], bounds.first, update)
		}
	})
	f.r.total(f.sums, f.parts)
}

// curve is the slope and curvature of an item's log-likelihood in its two cutpoints.
type curve struct{ slopeLow, slopeHigh, low, high, cross float64 }

// item updates one item and adds its ballots to the sums of positions: the expected utility of each ballot
// given position, discrimination and cutpoints, then the discrimination given the utilities, then one step
// of Newton's method for the cutpoints. Positions are taken from the mean of those who voted, and cutpoints
// from there: with any other origin, discrimination and cutpoints are correlated, and a fit that takes them
// for independent pulls the positions of each session to the origin.
func (f *ascent) item(i int, parts []sums, first int, update bool) {
	it, beta := f.r.items[i], f.beta[i]
	low, high := f.low[i], f.high[i]
	ballots := f.r.position[it.start:it.end]
	center := 0.0
	for _, p := range ballots {
		center += f.theta[p]
	}
	center /= float64(len(ballots))
	var weighted, weight float64
	var c curve
	utilities := make([]float64, len(ballots))
	for j, p := range ballots {
		theta := f.theta[p] - center
		mu := beta * theta
		var z float64
		switch it.choice(it.start + int32(j)) {
		case Yes:
			m := f.n.mills(low - mu)
			z = mu - m
			c.slopeLow += m
			c.low -= m * (m + low - mu)
		case Abstain:
			a, b := low-mu, high-mu
			inside := f.n.between(a, b)
			da, db := density(a)/inside, density(b)/inside
			z = mu + da - db
			c.slopeLow -= da
			c.slopeHigh += db
			c.low += a*da - da*da
			c.high -= b*db + db*db
			c.cross += da * db
		case No:
			m := f.n.mills(mu - high)
			z = mu + m
			c.slopeHigh -= m
			c.high -= m * (m + mu - high)
		}
		utilities[j] = z
		weighted += theta * z
		weight += theta*theta + f.variance[p]
	}
	if update {
		f.betaVariance[i] = 1 / (1 + weight)
		f.beta[i] = f.betaVariance[i] * weighted
		f.low[i], f.high[i] = c.step(low, high, it)
	}
	beta = f.beta[i]
	square := beta*beta + f.betaVariance[i]
	for j, p := range ballots {
		s := &parts[int(p)-first]
		s.weighted += beta*utilities[j] + square*center
		s.weight += square
	}
	f.center[i] = center
}

const farthestStep = 0.5

// step is where Newton's method leads, at most farthestStep away and within the bounds. A cutpoint beyond
// which nobody voted goes to its bound, and two with no abstention between them meet.
func (c curve) step(low, high float64, it item) (float64, float64) {
	switch {
	case it.abstain == it.no: // one cutpoint
		at := clamp((low+high)/2+clamp(-(c.slopeLow+c.slopeHigh)/(c.low+c.high), farthestStep), maxCutpoint)
		return at, at
	case it.start == it.abstain:
		return -maxCutpoint, clamp(high+clamp(-c.slopeHigh/c.high, farthestStep), maxCutpoint)
	case it.no == it.end:
		return clamp(low+clamp(-c.slopeLow/c.low, farthestStep), maxCutpoint), maxCutpoint
	}
	det := c.low*c.high - c.cross*c.cross
	dl := -(c.slopeLow*c.high - c.slopeHigh*c.cross) / det
	dh := -(c.slopeHigh*c.low - c.slopeLow*c.cross) / det
	if !(det > 0) {
		dl, dh = -c.slopeLow/c.low, -c.slopeHigh/c.high
	}
	nextLow, nextHigh := clamp(low+clamp(dl, farthestStep), maxCutpoint), clamp(high+clamp(dh, farthestStep), maxCutpoint)
	if nextHigh-nextLow < (high-low)/2 {
		middle := (nextLow + nextHigh) / 2
		nextLow, nextHigh = middle-(high-low)/4, middle+(high-low)/4
	}
	return nextLow, nextHigh
}

// clamp keeps x within bound of 0; what is no number becomes 0.
func clamp(x, bound float64) float64 {
	if x != x {
		return 0
	}
	return min(max(x, -bound), bound)
}

// place updates the positions, standardizes them and returns the largest change.
func (f *ascent) place() float64 {
	before := append([]float64(nil), f.theta...)
	means := make([]float64, len(f.mean))
	for p, prior := range f.r.prior {
		at := 0.0
		if prior.of >= 0 {
			at = f.mean[prior.of]
		}
		f.variance[p] = 1 / (f.sums[p].weight + 1/prior.variance)
		means[p] = f.variance[p] * (f.sums[p].weighted + at/prior.variance)
		f.theta[p] = clamp(means[p], maxTheta)
	}
	f.mean = means
	mean, sd := moments(f.theta)
	noise := 0.0
	for _, v := range f.variance {
		noise += v
	}
	sd = math.Sqrt(sd*sd + noise/float64(len(f.theta)))
	for p := range f.theta {
		f.theta[p] = (f.theta[p] - mean) / sd
		f.variance[p] /= sd * sd
	}
	return f.r.change(before, f.theta)
}

// change is the largest change of a position from the mean of its session. Changes of the means do not
// count: a session's level in relation to those before it is hardly in the data, and goes on drifting long
// after all else has settled.
func (r *Record) change(before, after []float64) float64 {
	largest := 0.0
	for from := 0; from < len(after); {
		to, level := from, 0.0
		for to < len(after) && r.Positions[to].Session == r.Positions[from].Session {
			level += after[to] - before[to]
			to++
		}
		level /= float64(to - from)
		for p := from; p < to; p++ {
			largest = max(largest, math.Abs(after[p]-before[p]-level))
		}
		from = to
	}
	return largest
}

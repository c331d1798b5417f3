package probit

import (
	"context"
	"math"
	"math/rand/v2"
)

// Plan says how a chain runs.
type Plan struct {
	Seed    uint64 // of the chain
	Burn    int    // sweeps that are thrown away
	Sweeps  int    // sweeps that are kept
	Thin    int    // each Thin-th kept sweep is stored as a draw
	Threads int
}

// Chain is one run of the Gibbs sampler. All fields but the first four are its state, which a checkpoint
// stores.
type Chain struct {
	r     *Record
	n     *normal
	parts [][]sums
	plan  Plan

	Done      int         // sweeps, burn-in included
	Draws     [][]float32 // stored positions
	theta     []float64   // positions, standardized
	mean      []float64   // conditional means of the positions, which the next sweep's priors refer to
	beta      []float64
	low, high []float64 // cutpoints
	sums      []sums
	thetaSum  []float64 // over kept sweeps
	betaSum   []float64
	lowSum    []float64
	highSum   []float64
}

// proposalScale is the standard deviation of proposals of cutpoints, as the published sampler has it.
const proposalScale = 0.2 / 3

// maxUtility is where the published sampler cuts utilities off, which holds the farthest states back.
const maxUtility = 9

// NewChain starts a chain.
func NewChain(r *Record, p Plan) *Chain {
	c := &Chain{
		r: r, n: newNormal(), parts: r.newSums(), plan: p,
		theta: make([]float64, len(r.Positions)), mean: append([]float64(nil), r.start...),
		beta:     make([]float64, len(r.items)),
		sums:     make([]sums, len(r.Positions)),
		thetaSum: make([]float64, len(r.Positions)), betaSum: make([]float64, len(r.items)),
		lowSum: make([]float64, len(r.items)), highSum: make([]float64, len(r.items)),
	}
	c.low, c.high = r.startCutpoints()
	for i, it := range r.items {
		c.beta[i] = it.sign
	}
	c.pass()
	return c
}

// Run goes on to the end of the plan, or until the context ends; after each sweep it calls progress, which
// may stop it with an error.
func (c *Chain) Run(ctx context.Context, progress func(done int) error) error {
	for c.Done < c.plan.Burn+c.plan.Sweeps {
		if err := ctx.Err(); err != nil {
			return err
		}
		c.sweep()
		if err := progress(c.Done); err != nil {
			return err
		}
	}
	return nil
}

// sweep draws positions given utilities, then cutpoints, utilities and discriminations given positions.
func (c *Chain) sweep() {
	c.Done++
	c.place()
	c.pass()
	kept := c.Done - c.plan.Burn
	if kept <= 0 {
		return
	}
	add(c.thetaSum, c.theta)
	add(c.betaSum, c.beta)
	add(c.lowSum, c.low)
	add(c.highSum, c.high)
	if kept%c.plan.Thin == 0 {
		draw := make([]float32, len(c.theta))
		for p, v := range c.theta {
			draw[p] = float32(v)
		}
		c.Draws = append(c.Draws, draw)
	}
}

func add(into, values []float64) {
	for i, v := range values {
		into[i] += v
	}
}

// place draws the positions. A prior refers to the conditional mean of the sweep before, as the published
// sampler has it.
func (c *Chain) place() {
	means := make([]float64, len(c.mean))
	var random rand.PCG
	stream(&random, c.plan.Seed, c.Done, -1)
	for p, prior := range c.r.prior {
		at := 0.0
		if prior.of >= 0 {
			at = c.mean[prior.of]
		}
		variance := 1 / (c.sums[p].weight + 1/prior.variance)
		means[p] = variance * (c.sums[p].weighted + at/prior.variance)
		u, _ := uniforms(random.Uint64())
		c.theta[p] = clamp(means[p]+math.Sqrt(variance)*c.n.quantile(u), maxTheta)
	}
	c.mean = means
	mean, sd := moments(c.theta)
	for p := range c.theta {
		c.theta[p] = (c.theta[p] - mean) / sd
	}
}

func (c *Chain) pass() {
	c.r.each(c.plan.Threads, func(b int) {
		bounds := c.r.blocks[b]
		clear(c.parts[b])
		d := drawer{Chain: c, parts: c.parts[b], first: bounds.first}
		for i := bounds.from; i < bounds.to; i++ {
			stream(&d.random, c.plan.Seed, c.Done, i)
			d.item(i)
		}
	})
	c.r.total(c.sums, c.parts)
}

// drawer draws what belongs to items, for one block.
type drawer struct {
	*Chain
	random rand.PCG
	parts  []sums
	first  int

	mu      []float64 // βθ of each ballot
	utility []float64
	old     odds // at the cutpoints as they are
	new     odds // at the proposed ones
}

// odds are probabilities of an item's ballots: of the interval below the utility's, and of its own. For a
// yes the first is not needed; a no is turned round.
type odds struct{ under, inside []float64 }

func (o *odds) resize(n int) {
	if cap(o.inside) < n {
		o.under, o.inside = make([]float64, n), make([]float64, n)
	}
	o.under, o.inside = o.under[:n], o.inside[:n]
}

// logRatio compares the likelihood of two sets of odds. Sixteen probabilities multiply without underflow.
func logRatio(a, b []float64) float64 {
	sum := 0.0
	for len(a) > 0 {
		n := min(16, len(a))
		x, y := 1.0, 1.0
		for i, p := range a[:n] {
			x *= p
			y *= b[i]
		}
		sum += math.Log(x / y)
		a, b = a[n:], b[n:]
	}
	return sum
}

// weigh fills o with the odds of item it at the given cutpoints.
func (d *drawer) weigh(o *odds, it item, low, high float64) {
	yes, abstain := it.abstain-it.start, it.no-it.start
	for j, mu := range d.mu[:yes] {
		o.inside[j] = d.n.below(low - mu)
	}
	for j := yes; j < abstain; j++ {
		a, b := low-d.mu[j], high-d.mu[j]
		if a > 0 {
			a, b = -b, -a
		}
		o.under[j] = d.n.below(a)
		o.inside[j] = max(d.n.below(b)-o.under[j], leastProbability)
	}
	for j := int(abstain); j < len(d.mu); j++ {
		o.inside[j] = d.n.below(d.mu[j] - high)
	}
}

// item draws one item's cutpoints, its ballots' utilities and its discrimination, and adds the ballots to
// the sums of positions.
func (d *drawer) item(i int) {
	it, beta := d.r.items[i], d.beta[i]
	ballots := d.r.position[it.start:it.end]
	if cap(d.mu) < len(ballots) {
		d.mu, d.utility = make([]float64, len(ballots)), make([]float64, len(ballots))
	}
	d.mu, d.utility = d.mu[:len(ballots)], d.utility[:len(ballots)]
	d.old.resize(len(ballots))
	d.new.resize(len(ballots))
	for j, p := range ballots {
		d.mu[j] = beta * d.theta[p]
	}
	d.weigh(&d.old, it, d.low[i], d.high[i])
	if d.Done > 0 {
		d.propose(i, it)
	}
	d.utilities(it, d.low[i], d.high[i])
	var weighted, weight float64
	for j, p := range ballots {
		theta := d.theta[p]
		d.utility[j] = min(max(d.utility[j], -maxUtility), maxUtility)
		weighted += theta * d.utility[j]
		weight += theta * theta
	}
	if d.Done > 0 {
		variance := 1 / (1 + weight)
		u, _ := uniforms(d.random.Uint64())
		d.beta[i] = variance*weighted + math.Sqrt(variance)*d.n.quantile(u)
	}
	beta = d.beta[i]
	for j, p := range ballots {
		s := &d.parts[int(p)-d.first]
		s.weighted += beta * d.utility[j]
		s.weight += beta * beta
	}
}

// propose draws new cutpoints, each normal around the old one and cut off where the other is and at the
// bounds, and takes them with the probability of Metropolis and Hastings; then d.old holds their odds.
func (d *drawer) propose(i int, it item) {
	low, high := d.low[i], d.high[i]
	u, v := uniforms(d.random.Uint64())
	w, _ := uniforms(d.random.Uint64())
	phi := func(x float64) float64 { return d.n.below(x / proposalScale) }
	bottom := phi(-maxCutpoint - low)
	newLow := low + proposalScale*d.n.quantile(bottom+u*(phi(high-low)-bottom))
	newLow = min(max(newLow, -maxCutpoint), high)
	bottom = phi(newLow - high)
	newHigh := high + proposalScale*d.n.quantile(bottom+v*(phi(maxCutpoint-high)-bottom))
	newHigh = min(max(newHigh, newLow), maxCutpoint)
	d.weigh(&d.new, it, newLow, newHigh)
	there := (phi(high-low) - phi(-maxCutpoint-low)) * (phi(maxCutpoint-high) - phi(newLow-high))
	back := (phi(newHigh-newLow) - phi(-maxCutpoint-newLow)) * (phi(maxCutpoint-newHigh) - phi(low-newHigh))
	ratio := logRatio(d.new.inside, d.old.inside) + math.Log(there/back)
	if math.Log(w) < ratio {
		d.low[i], d.high[i] = newLow, newHigh
		d.old, d.new = d.new, d.old
	}
}

// utilities draws each ballot's utility from the normal distribution between its cutpoints.
func (d *drawer) utilities(it item, low, high float64) {
	yes, abstain := int(it.abstain-it.start), int(it.no-it.start)
	var next float64
	var has bool
	uniform := func() float64 {
		if has {
			has = false
			return next
		}
		var u float64
		u, next = uniforms(d.random.Uint64())
		has = true
		return u
	}
	for j := range d.mu[:yes] {
		d.utility[j] = d.mu[j] + d.n.quantile(uniform()*d.old.inside[j])
	}
	for j := yes; j < abstain; j++ {
		z := d.n.quantile(d.old.under[j] + uniform()*d.old.inside[j])
		if low-d.mu[j] > 0 {
			z = -z
		}
		d.utility[j] = d.mu[j] + z
	}
	for j := abstain; j < len(d.mu); j++ {
		d.utility[j] = d.mu[j] - d.n.quantile(uniform()*d.old.inside[j])
	}
}

// Means are the posterior means of positions and items over the kept sweeps.
func (c *Chain) Means() (theta, beta, low, high []float64) {
	kept := float64(max(c.Done-c.plan.Burn, 1))
	divided := func(sum []float64) []float64 {
		mean := make([]float64, len(sum))
		for i, s := range sum {
			mean[i] = s / kept
		}
		return mean
	}
	return divided(c.thetaSum), divided(c.betaSum), divided(c.lowSum), divided(c.highSum)
}

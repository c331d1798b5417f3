package probit

import (
	"encoding/gob"
	"errors"
	"fmt"
	"io"
)

// saved is a chain between two sweeps. Random streams are named by seed, sweep and item, so that they need
// no state of their own.
type saved struct {
	Record           string // hash of the ballots
	Seed             uint64
	Burn, Thin       int
	Done             int
	Draws            [][]float32
	Theta, Mean      []float64
	Beta, Low, High  []float64
	Weighted, Weight []float64
	ThetaSum         []float64
	BetaSum          []float64
	LowSum, HighSum  []float64
}

// ErrOther says that a checkpoint is of another record or plan.
var ErrOther = errors.New("the checkpoint is of other ballots, another seed, burn-in or thinning")

// Save writes what Resume needs to go on as if the chain had not been interrupted.
func (c *Chain) Save(w io.Writer) error {
	s := saved{
		Record: c.r.Hash, Seed: c.plan.Seed, Burn: c.plan.Burn, Thin: c.plan.Thin, Done: c.Done, Draws: c.Draws,
		Theta: c.theta, Mean: c.mean, Beta: c.beta, Low: c.low, High: c.high,
		ThetaSum: c.thetaSum, BetaSum: c.betaSum, LowSum: c.lowSum, HighSum: c.highSum,
	}
	for _, sum := range c.sums {
		s.Weighted, s.Weight = append(s.Weighted, sum.weighted), append(s.Weight, sum.weight)
	}
	if err := gob.NewEncoder(w).Encode(s); err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	return nil
}

// Resume takes a chain up where Save left it. The plan may ask for another number of sweeps and threads; of
// another record or a plan that differs otherwise it fails with ErrOther.
func Resume(r *Record, p Plan, from io.Reader) (*Chain, error) {
	var s saved
	if err := gob.NewDecoder(from).Decode(&s); err != nil {
		return nil, fmt.Errorf("checkpoint: %w", err)
	}
	if s.Record != r.Hash || s.Seed != p.Seed || s.Burn != p.Burn || s.Thin != p.Thin {
		return nil, fmt.Errorf("checkpoint: %w", ErrOther)
	}
	for _, of := range []struct{ got, want int }{
		{len(s.Theta), len(r.Positions)}, {len(s.Mean), len(r.Positions)}, {len(s.ThetaSum), len(r.Positions)},
		{len(s.Weighted), len(r.Positions)}, {len(s.Weight), len(r.Positions)},
		{len(s.Beta), len(r.items)}, {len(s.Low), len(r.items)}, {len(s.High), len(r.items)},
		{len(s.BetaSum), len(r.items)}, {len(s.LowSum), len(r.items)}, {len(s.HighSum), len(r.items)},
	} {
		if of.got != of.want {
			return nil, fmt.Errorf("checkpoint: %d values where %d are wanted", of.got, of.want)
		}
	}
	c := &Chain{
		r: r, n: newNormal(), parts: r.newSums(), plan: p, Done: s.Done, Draws: s.Draws,
		theta: s.Theta, mean: s.Mean, beta: s.Beta, low: s.Low, high: s.High,
		thetaSum: s.ThetaSum, betaSum: s.BetaSum, lowSum: s.LowSum, highSum: s.HighSum,
	}
	for i := range s.Weight {
		c.sums = append(c.sums, sums{s.Weighted[i], s.Weight[i]})
	}
	return c, nil
}

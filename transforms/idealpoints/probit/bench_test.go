package probit

import (
	"math"
	"testing"
)

// BenchmarkVariational fits as many ballots as the whole Assembly cast, to the end.
func BenchmarkVariational(b *testing.B) {
	r := newWorld(3, 150, 74, 75).record(b)
	b.ReportMetric(float64(r.Ballots()), "ballots")
	for b.Loop() {
		v := FitVariational(r, Default(2))
		b.ReportMetric(float64(v.Sweeps), "sweeps")
	}
}

// BenchmarkGibbs runs sweeps over as many ballots.
func BenchmarkGibbs(b *testing.B) {
	r := newWorld(3, 150, 74, 75).record(b)
	c := NewChain(r, Plan{Seed: 1, Burn: math.MaxInt32, Thin: 1, Threads: 2})
	b.ReportMetric(float64(r.Ballots()), "ballots")
	for b.Loop() {
		c.sweep()
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "sweeps/s")
}

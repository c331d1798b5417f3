package probit

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestNormal compares the tables with what they are made from, between the points they go through.
func TestNormal(t *testing.T) {
	n := newNormal()
	for x := -8.9; x < 8.9; x += 0.0137 {
		if want := exactCDF(x); math.Abs(n.below(x)-want) > 5e-9 || math.Abs(n.below(x)/want-1) > 2e-5 {
			t.Fatalf("below(%g) = %g, want %g", x, n.below(x), want)
		}
		if want := exactMills(x); math.Abs(n.mills(x)-want) > 1e-8 {
			t.Fatalf("mills(%g) = %g, want %g", x, n.mills(x), want)
		}
		if want := exactCDF(x+0.3) - exactCDF(x); x < 0 && math.Abs(n.between(x, x+0.3)-want) > 5e-9 {
			t.Fatalf("between(%g, …) = %g, want %g", x, n.between(x, x+0.3), want)
		}
	}
	for e := -120.0; e < 0; e += 0.0137 {
		p := math.Exp2(e) / 2
		want := exactQuantile(p)
		if got := n.quantile(p); math.Abs(got-want) > 1e-7 {
			t.Fatalf("quantile(%g) = %.9f, want %.9f", p, got, want)
		}
		if got := n.quantile(1 - p); p > 1e-6 && math.Abs(got+want) > 1e-7 {
			t.Fatalf("quantile(1-%g) = %.9f, want %.9f", p, got, -want)
		}
	}
	for _, x := range []float64{-1e9, -40, -9, 9, 40, 1e9} {
		for what, v := range map[string]float64{"below": n.below(x), "mills": n.mills(x), "between": n.between(x, x+1)} {
			if math.IsNaN(v) || math.IsInf(v, 0) || v < 0 {
				t.Errorf("%s(%g) = %g", what, x, v)
			}
		}
	}
	for _, p := range []float64{0, math.SmallestNonzeroFloat64, 1e-60, 0.5, 1 - 1e-16, 1} {
		if q := n.quantile(p); math.IsNaN(q) || math.Abs(q) > 13.2 {
			t.Errorf("quantile(%g) = %g", p, q)
		}
	}
}

// TestStreams draws from neighbouring streams: their numbers are uniform, and those of one say nothing of
// those of the next.
func TestStreams(t *testing.T) {
	const n = 20_000
	first := make([]float64, n)
	for i := range first {
		first[i] = firstUniform(7, 1+i/100, i%100)
	}
	mean, sd := moments(first)
	if math.Abs(mean-0.5) > 0.01 || math.Abs(sd-math.Sqrt(1.0/12)) > 0.005 {
		t.Errorf("mean %.4f, sd %.4f", mean, sd)
	}
	for _, lag := range []int{1, 100} { // the next item, the next sweep
		r := 0.0
		for i := range n - lag {
			r += (first[i] - mean) * (first[i+lag] - mean)
		}
		if r /= float64(n-lag) * sd * sd; math.Abs(r) > 0.03 {
			t.Errorf("correlation with the stream %d further: %.3f", lag, r)
		}
	}
	if firstUniform(7, 1, 1) == firstUniform(8, 1, 1) {
		t.Error("two seeds give one stream")
	}
}

func firstUniform(seed uint64, sweep, index int) float64 {
	var g rand.PCG
	stream(&g, seed, sweep, index)
	u, _ := uniforms(g.Uint64())
	return u
}

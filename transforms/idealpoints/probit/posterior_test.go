package probit

import (
	"bytes"
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestMixing uses chains of which the answers are known: independent draws, an autoregression whose draws
// are worth (1-ρ)/(1+ρ) each, and chains that stay apart.
func TestMixing(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	series := func(rho, level float64) []float64 {
		values, x := make([]float64, 4000), 0.0
		for i := range values {
			x = rho*x + math.Sqrt(1-rho*rho)*random.NormFloat64()
			values[i] = level + x
		}
		return values
	}
	for _, c := range []struct{ rho, share float64 }{{0, 1}, {0.5, 1.0 / 3}, {0.8, 1.0 / 9}} {
		rhat, effective := mixing([][]float64{series(c.rho, 0), series(c.rho, 0)})
		if want := 8000 * c.share; math.Abs(effective/want-1) > 0.25 || rhat > 1.01 {
			t.Errorf("ρ %.1f: R-hat %.3f, worth %.0f draws, want about 1 and %.0f", c.rho, rhat, effective, want)
		}
	}
	if rhat, effective := mixing([][]float64{series(0, 0), series(0, 3)}); rhat < 1.5 || effective > 20 {
		t.Errorf("chains apart: R-hat %.3f, worth %.0f draws", rhat, effective)
	}
	drift := series(0, 0)
	for i := range drift {
		drift[i] += 4 * float64(i) / 4000
	}
	if rhat, _ := mixing([][]float64{drift}); rhat < 1.2 {
		t.Errorf("a chain that drifts: R-hat %.3f", rhat)
	}
	if rhat, effective := mixing([][]float64{make([]float64, 10)}); rhat != 1 || effective != 10 {
		t.Errorf("a chain at rest: R-hat %.3f, worth %.0f draws", rhat, effective)
	}
}

func TestSummarize(t *testing.T) {
	r := newWorld(7, 20, 5, 20).record(t)
	var chains []*Chain
	for seed := range uint64(2) {
		chains = append(chains, run(t, NewChain(r, Plan{Seed: seed, Burn: 300, Sweeps: 1000, Thin: 10, Threads: 2})))
	}
	p, err := Summarize(chains)
	if err != nil {
		t.Fatal(err)
	}
	finite(t, "summary", slices.Concat(p.Theta, p.SD, p.RHat, p.Effective))
	for i := range p.Theta {
		if !(p.Q05[i] < p.Median[i] && p.Median[i] < p.Q95[i]) || math.Abs(p.Theta[i]-p.Median[i]) > p.SD[i] {
			t.Fatalf("position %d: %g, quantiles %g, %g, %g", i, p.Theta[i], p.Q05[i], p.Median[i], p.Q95[i])
		}
	}
	if worst := slices.Max(p.RHat); worst > 1.3 {
		t.Errorf("R-hat up to %.3f", worst)
	}
	if p.Fit.Correct <= p.Fit.Modal {
		t.Errorf("%.3f predicted, and %.3f without positions", p.Fit.Correct, p.Fit.Modal)
	}
	if _, err := Summarize([]*Chain{NewChain(r, Plan{Thin: 1})}); !errors.Is(err, errFewDraws) {
		t.Errorf("no draws: %v", err)
	}
}

// TestResume stops a chain at every stage, and demands the end that it would have come to.
func TestResume(t *testing.T) {
	r := newWorld(8, 20, 5, 20).record(t)
	plan := Plan{Seed: 5, Burn: 20, Sweeps: 30, Thin: 3, Threads: 2}
	whole := run(t, NewChain(r, plan))
	for _, stop := range []int{1, 20, 21, 34, 50} {
		ctx, cancel := context.WithCancel(t.Context())
		c := NewChain(r, plan)
		if err := c.Run(ctx, func(done int) error {
			if done == stop {
				cancel()
			}
			return nil
		}); err != nil && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		cancel()
		var file bytes.Buffer
		if err := c.Save(&file); err != nil {
			t.Fatal(err)
		}
		resumed, err := Resume(r, plan, &file)
		if err != nil {
			t.Fatal(err)
		}
		if resumed.Done != stop {
			t.Errorf("resumed after %d sweeps, stopped after %d", resumed.Done, stop)
		}
		run(t, resumed)
		if !slices.Equal(whole.theta, resumed.theta) || !slices.Equal(whole.thetaSum, resumed.thetaSum) || len(whole.Draws) != len(resumed.Draws) {
			t.Errorf("stopped after %d sweeps, the chain comes to another end", stop)
		}
	}
}

func TestResumeRefuses(t *testing.T) {
	r := newWorld(8, 20, 5, 20).record(t)
	plan := Plan{Seed: 5, Burn: 2, Sweeps: 3, Thin: 1, Threads: 1}
	var file bytes.Buffer
	if err := run(t, NewChain(r, plan)).Save(&file); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		record *Record
		seed   uint64
		bytes  int
		want   string
	}{
		"another record": {newWorld(9, 20, 5, 20).record(t), 5, file.Len(), ErrOther.Error()},
		"another seed":   {r, 6, file.Len(), ErrOther.Error()},
		"cut":            {r, 5, file.Len() / 2, "unexpected EOF"},
	} {
		plan.Seed = c.seed
		if _, err := Resume(c.record, plan, bytes.NewReader(file.Bytes()[:c.bytes])); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

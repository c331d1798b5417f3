package probit

import (
	"context"
	"errors"
	"slices"
	"testing"
)

// run takes a chain to its end.
func run(t testing.TB, c *Chain) *Chain {
	t.Helper()
	if err := c.Run(context.Background(), func(int) error { return nil }); err != nil {
		t.Fatal(err)
	}
	return c
}

// TestGibbsRecovers demands of simulated worlds that 90 % intervals hold between 85 and 95 % of positions.
func TestGibbsRecovers(t *testing.T) {
	inside, all := 0, 0
	for seed := range uint64(4) {
		w := newWorld(seed, 40, 12, 40)
		r := w.record(t)
		c := run(t, NewChain(r, Plan{Seed: seed, Burn: 500, Sweeps: 2000, Thin: 10, Threads: 2}))
		theta, _, _, _ := c.Means()
		truth := w.standard(r)
		if cor := correlation(truth, theta); cor < 0.95 {
			t.Errorf("seed %d: r = %.4f", seed, cor)
		}
		for p := range truth {
			var draws []float64
			for _, d := range c.Draws {
				draws = append(draws, float64(d[p]))
			}
			slices.Sort(draws)
			all++
			if draws[len(draws)/20] < truth[p] && truth[p] < draws[len(draws)*19/20] {
				inside++
			}
		}
	}
	share := float64(inside) / float64(all)
	t.Logf("90 %% intervals hold %.1f %% of %d positions", 100*share, all)
	if share < 0.85 || share > 0.95 {
		t.Errorf("90 %% intervals hold %.1f %% of positions", 100*share)
	}
}

func TestGibbsThreads(t *testing.T) {
	r := newWorld(9, 60, 12, 60).record(t)
	plan := Plan{Seed: 3, Burn: 10, Sweeps: 20, Thin: 5, Threads: 1}
	one := run(t, NewChain(r, plan))
	for _, plan.Threads = range []int{2, 7} {
		other := run(t, NewChain(r, plan))
		if !slices.Equal(one.theta, other.theta) || !slices.Equal(one.beta, other.beta) || !slices.Equal(one.low, other.low) {
			t.Errorf("%d threads give other numbers than one", plan.Threads)
		}
	}
	plan.Seed = 4
	if other := run(t, NewChain(r, plan)); slices.Equal(one.theta, other.theta) {
		t.Error("another seed gives the same numbers")
	}
	stop := errors.New("enough")
	if err := NewChain(r, plan).Run(t.Context(), func(done int) error {
		if done == 3 {
			return stop
		}
		return nil
	}); !errors.Is(err, stop) {
		t.Errorf("stopped with %v", err)
	}
}

func TestGibbsEdges(t *testing.T) {
	for name, ballots := range map[string][]Ballot{
		"one roll call":      vote(1, 1, "nyya"),
		"two states":         vote(1, 1, "ny"),
		"no abstention":      slices.Concat(vote(1, 1, "nyyn"), vote(2, 2, "nyyy")),
		"no yes":             slices.Concat(vote(1, 1, "naan"), vote(2, 2, "naaa")),
		"no no":              slices.Concat(vote(1, 1, "ayya"), vote(2, 2, "ayyy")),
		"perfectly divided":  slices.Concat(vote(1, 1, "nyny"), vote(2, 1, "nyny"), vote(3, 1, "nyny"), vote(4, 2, "nyny")),
		"one vote a session": slices.Concat(vote(1, 1, "nyya"), vote(2, 2, "nya-"), vote(3, 3, "ny-a"), vote(4, 7, "ny-a")),
	} {
		r, err := NewRecord(ballots, letters)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		c := run(t, NewChain(r, Plan{Seed: 1, Burn: 500, Sweeps: 500, Thin: 50, Threads: 2}))
		theta, beta, low, high := c.Means()
		finite(t, name, slices.Concat(theta, beta, low, high, c.theta))
	}
}

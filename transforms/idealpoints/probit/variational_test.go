package probit

import (
	"slices"
	"testing"
)

// TestVariationalRecovers demands that the fit finds the positions of a simulated world, and that its
// intervals hold about as many of them as they say.
func TestVariationalRecovers(t *testing.T) {
	inside, all := 0, 0
	for seed := range uint64(4) {
		w := newWorld(seed, 40, 12, 40)
		r := w.record(t)
		v := FitVariational(r, Default(2))
		truth := w.standard(r)
		if c := correlation(truth, v.Theta); c < 0.95 {
			t.Errorf("seed %d: r = %.4f after %d sweeps", seed, c, v.Sweeps)
		}
		for p := range truth {
			all++
			if d := (truth[p] - v.Theta[p]) / v.SD[p]; d > -normalQ95 && d < normalQ95 {
				inside++
			}
		}
		if v.Fit.Correct <= v.Fit.Modal {
			t.Errorf("seed %d: %.3f predicted, and %.3f without positions", seed, v.Fit.Correct, v.Fit.Modal)
		}
	}
	share := float64(inside) / float64(all)
	t.Logf("90 %% intervals hold %.1f %% of %d positions", 100*share, all)
	if share < 0.75 || share > 0.95 {
		t.Errorf("90 %% intervals hold %.1f %% of positions", 100*share)
	}
}

func TestVariationalThreads(t *testing.T) {
	w := newWorld(9, 60, 12, 60)
	r := w.record(t)
	one := FitVariational(r, Options{1, 60, 0})
	for _, threads := range []int{2, 7} {
		other := FitVariational(r, Options{threads, 60, 0})
		if !slices.Equal(one.Theta, other.Theta) || !slices.Equal(one.SD, other.SD) {
			t.Errorf("%d threads give other numbers than one", threads)
		}
	}
}

// TestVariationalEdges fits records that hardly say anything: every number is finite.
func TestVariationalEdges(t *testing.T) {
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
		v := FitVariational(r, Default(2))
		finite(t, name+": position", v.Theta)
		finite(t, name+": deviation", v.SD)
		finite(t, name+": fit", []float64{v.Fit.LogLikelihood, v.Fit.Correct, v.Fit.Modal})
		if v.Theta[0] <= v.Theta[1] {
			t.Errorf("%s: the positive pole is at %.2f, the negative at %.2f", name, v.Theta[0], v.Theta[1])
		}
	}
}

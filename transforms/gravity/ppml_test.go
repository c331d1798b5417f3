package gravity

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// world makes flows between n states with known slopes of two regressors, about a third of them zero.
func world(rng *rand.Rand, n int, slopes [2]float64, noise float64) Sample {
	s := Sample{Regressors: make([][]float64, 2), Effects: make([][]int32, 2)}
	out, in := make([]float64, n), make([]float64, n)
	for i := range n {
		out[i], in[i] = rng.NormFloat64(), rng.NormFloat64()
	}
	for i := range n {
		for j := range n {
			if i == j {
				continue
			}
			distance, neighbours := rng.NormFloat64(), float64(rng.IntN(2))
			y := math.Exp(out[i] + in[j] + slopes[0]*distance + slopes[1]*neighbours)
			switch {
			case noise == 0:
			case rng.IntN(3) == 0:
				y = 0
			default:
				y *= 1.5 * math.Exp(noise*rng.NormFloat64()-noise*noise/2)
			}
			s.Flows = append(s.Flows, y)
			s.Regressors[0], s.Regressors[1] = append(s.Regressors[0], distance), append(s.Regressors[1], neighbours)
			s.Effects[0], s.Effects[1] = append(s.Effects[0], int32(i)), append(s.Effects[1], int32(j))
			s.Clusters = append(s.Clusters, int32(min(i, j)*n+max(i, j)))
		}
	}
	return s
}

// TestExact demands the slopes of flows that follow the model to the last digit.
func TestExact(t *testing.T) {
	fit, err := PPML(world(rand.New(rand.NewPCG(1, 1)), 20, [2]float64{-0.9, 0.4}, 0))
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(fit.Coefficients[0]+0.9) > 1e-7 || math.Abs(fit.Coefficients[1]-0.4) > 1e-7 || fit.Deviance > 1e-9 {
		t.Errorf("got %v, deviance %v", fit.Coefficients, fit.Deviance)
	}
}

// TestFirstOrderConditions demands of any fit what makes it the maximum: expected and actual flows have the same
// sums by exporter, by importer and by regressor.
func TestFirstOrderConditions(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	for range 20 {
		s := world(rng, 5+rng.IntN(20), [2]float64{rng.NormFloat64(), rng.NormFloat64()}, 1)
		fit, err := PPML(s)
		if err != nil {
			t.Fatal(err)
		}
		total := 0.0
		for _, y := range s.Flows {
			total += y
		}
		for kind, groups := range s.Effects {
			rest := map[int32]float64{}
			for i, g := range groups {
				rest[g] += s.Flows[i] - fit.Expected[i]
			}
			for g, r := range rest {
				if math.Abs(r) > 1e-6*total {
					t.Errorf("effect %d, group %d: expected and actual flows are %g apart of %g", kind, g, r, total)
				}
			}
		}
		for k, x := range s.Regressors {
			rest := 0.0
			for i := range x {
				rest += x[i] * (s.Flows[i] - fit.Expected[i])
			}
			if math.Abs(rest) > 1e-5*total {
				t.Errorf("regressor %d: the score is %g of %g", k, rest, total)
			}
		}
	}
}

// TestScaleAndOrder demands that the unit of the flows, and the order in which they come, change nothing.
func TestScaleAndOrder(t *testing.T) {
	s := world(rand.New(rand.NewPCG(3, 3)), 12, [2]float64{-1, 0.5}, 1)
	want, err := PPML(s)
	if err != nil {
		t.Fatal(err)
	}
	other := Sample{Regressors: make([][]float64, 2), Effects: make([][]int32, 2)}
	for i := len(s.Flows) - 1; i >= 0; i-- {
		other.Flows = append(other.Flows, 1e6*s.Flows[i])
		for k := range 2 {
			other.Regressors[k] = append(other.Regressors[k], s.Regressors[k][i])
			other.Effects[k] = append(other.Effects[k], s.Effects[k][i])
		}
		other.Clusters = append(other.Clusters, s.Clusters[i])
	}
	got, err := PPML(other)
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(got.Expected)
	for k := range 2 {
		if math.Abs(got.Coefficients[k]-want.Coefficients[k]) > 1e-7 || math.Abs(got.StandardErrors[k]-want.StandardErrors[k]) > 1e-7 {
			t.Errorf("coefficient %d: %v (%v), want %v (%v)", k, got.Coefficients[k], got.StandardErrors[k], want.Coefficients[k], want.StandardErrors[k])
		}
	}
	for i, mu := range want.Expected {
		if math.Abs(got.Expected[i]-1e6*mu) > 1e-3*(1e6*mu+1e-3) {
			t.Fatalf("flow %d: expected %v, want %v", i, got.Expected[i], 1e6*mu)
		}
	}
}

// TestCoverage demands that intervals of two standard errors hold the truth nearly as often as they say. With effects
// of both sides they are too short, the more so the fewer the states (Weidner and Zylkin 2021).
func TestCoverage(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	covered, worlds := 0, 100
	for range worlds {
		fit, err := PPML(world(rng, 60, [2]float64{-0.9, 0.4}, 0.8))
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(fit.Coefficients[0]+0.9) < 1.96*fit.StandardErrors[0] {
			covered++
		}
	}
	if share := float64(covered) / float64(worlds); share < 0.75 || share > 0.99 {
		t.Errorf("%.1f %% of the 95 %% intervals hold the truth", 100*share)
	}
}

// TestEdges demands a clear result or a clear error where the data do not tell.
func TestEdges(t *testing.T) {
	clean := func() Sample { return world(rand.New(rand.NewPCG(5, 5)), 6, [2]float64{-1, 0.5}, 1) }
	t.Run("no flow", func(t *testing.T) {
		s := clean()
		clear(s.Flows)
		if _, err := PPML(s); !errors.Is(err, ErrNoFlow) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("a state that exports nothing", func(t *testing.T) {
		s := clean()
		left := 0
		for i, from := range s.Effects[0] {
			if from == 2 {
				s.Flows[i] = 0
				left++
			}
		}
		fit, err := PPML(s)
		if err != nil {
			t.Fatal(err)
		}
		if fit.Used > len(s.Flows)-left {
			t.Errorf("%d of %d flows used", fit.Used, len(s.Flows))
		}
		for i, from := range s.Effects[0] {
			if from == 2 && fit.Expected[i] != 0 {
				t.Errorf("flow %d: expected %v", i, fit.Expected[i])
			}
		}
	})
	t.Run("a regressor of the exporter alone", func(t *testing.T) {
		s := clean()
		for i, from := range s.Effects[0] {
			s.Regressors[1][i] = float64(from)
		}
		fit, err := PPML(s)
		if err != nil || !math.IsNaN(fit.Coefficients[1]) || math.IsNaN(fit.Coefficients[0]) || !math.IsNaN(fit.StandardErrors[1]) {
			t.Errorf("got %v, %v, %v", fit.Coefficients, fit.StandardErrors, err)
		}
	})
	t.Run("a regressor of zeros alone", func(t *testing.T) {
		s := clean()
		for i, y := range s.Flows {
			s.Regressors[1][i] = 0
			if y == 0 && i%2 == 0 {
				s.Regressors[1][i] = 1
			}
		}
		fit, err := PPML(s)
		if err != nil || !math.IsNaN(fit.Coefficients[1]) {
			t.Fatalf("got %v, %v", fit.Coefficients, err)
		}
		for i, x := range s.Regressors[1] {
			if x == 1 && fit.Expected[i] != 0 {
				t.Errorf("flow %d: expected %v", i, fit.Expected[i])
			}
		}
	})
	t.Run("zeros that two regressors separate together", func(t *testing.T) {
		// the sum of the two is 1 at zeros of some importers alone, and no single one tells
		s := clean()
		for i, to := range s.Effects[1] {
			s.Regressors[1][i] = -s.Regressors[0][i]
			if to < 2 && s.Flows[i] == 0 {
				s.Regressors[1][i] = 1.5 - s.Regressors[0][i]
			}
		}
		fit, err := PPML(s)
		if err != nil {
			t.Fatal(err)
		}
		left := 0
		for i, to := range s.Effects[1] {
			if to < 2 && s.Flows[i] == 0 {
				left++
				if fit.Expected[i] != 0 {
					t.Errorf("flow %d: expected %v", i, fit.Expected[i])
				}
			}
		}
		if fit.Used != len(s.Flows)-left || math.IsNaN(fit.Coefficients[0]) || !math.IsNaN(fit.Coefficients[1]) {
			t.Errorf("%d of %d flows used, coefficients %v", fit.Used, len(s.Flows), fit.Coefficients)
		}
	})
	for name, spoil := range map[string]func(*Sample){
		"flow 3 is -1":           func(s *Sample) { s.Flows[3] = -1 },
		"flow 3 is NaN":          func(s *Sample) { s.Flows[3] = math.NaN() },
		"a regressor of +Inf":    func(s *Sample) { s.Regressors[0][1] = math.Inf(1) },
		"a regressor has 1":      func(s *Sample) { s.Regressors[0] = s.Regressors[0][:1] },
		"an effect has 1 groups": func(s *Sample) { s.Effects[1] = s.Effects[1][:1] },
		"1 clusters for":         func(s *Sample) { s.Clusters = s.Clusters[:1] },
	} {
		s := clean()
		spoil(&s)
		if _, err := PPML(s); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

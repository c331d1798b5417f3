package gravity

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// Sample is what a Poisson pseudo-maximum-likelihood fit reads: one entry a flow in every slice.
type Sample struct {
	Flows      []float64   // 0 or more, in any unit
	Regressors [][]float64 // one slice a regressor
	Effects    [][]int32   // one slice a kind of fixed effect: the group of each flow, counted from 0
	Clusters   []int32     // groups within which errors may be correlated, or nil for independent flows
}

// Fit is what a sample says.
type Fit struct {
	Coefficients   []float64 // one a regressor; NaN for one that the effects and the regressors before it explain
	StandardErrors []float64 // of the coefficients, clustered
	Expected       []float64 // of each flow, in its unit; 0 for those of a group whose flows are all 0
	Used           int       // flows that entered
	Iterations     int
	Deviance       float64
}

// ErrNoFlow says that no flow is above zero.
var ErrNoFlow = errors.New("no flow is above zero")

// The rules of the fit.
const (
	maxIterations = 100
	tightDeviance = 1e-11 // relative change that ends the fit
	maxSweeps     = 20_000
	tightSweep    = 1e-10 // change of a group's mean, in standard deviations of the variable, that ends the projections
	collinear     = 1e-9  // share of a regressor's own sum of squares that is left of one that others explain
)

// PPML fits E[flow] = exp(regressors · coefficients + effects) by Poisson pseudo-maximum likelihood (Santos Silva
// and Tenreyro 2006): weighted least squares again and again, with the effects taken out by alternating
// projections (Guimarães and Portugal 2010; Correia, Guimarães and Zylkin 2020), so that no dummy variable is
// ever built. Zeros are kept. Groups of which every flow is 0 have an effect of minus infinity: their flows are
// expected to be 0 and enter nothing; so it is with the flows of a regressor of 0 and 1 that has one value in all flows
// above 0 (Santos Silva and Tenreyro 2010), and, where no maximum exists without it, with zeros that a combination of
// regressors and effects separates from the flows above 0. Standard errors are sandwich estimates with the factor
// G/(G-1).
//
// It fails with ErrNoFlow, or when the fit does not converge.
func PPML(s Sample) (Fit, error) {
	if err := s.check(); err != nil {
		return Fit{}, err
	}
	kept := s.informative()
	if len(kept) == 0 {
		return Fit{}, ErrNoFlow
	}
	f := newFitter(s, kept)
	if err := f.iterate(); err != nil {
		rest, serr := s.unseparated(kept)
		if serr != nil || len(rest) == len(kept) {
			return Fit{}, errors.Join(err, serr)
		}
		kept = rest
		f = newFitter(s, kept)
		if err := f.iterate(); err != nil {
			return Fit{}, err
		}
	}
	fit := Fit{
		Coefficients: f.coefficients, Expected: make([]float64, len(s.Flows)),
		Used: len(kept), Iterations: f.iterations, Deviance: f.deviance * f.scale,
	}
	for at, i := range kept {
		fit.Expected[i] = f.mu[at] * f.scale
	}
	fit.StandardErrors = f.standardErrors(s.Clusters, kept)
	return fit, nil
}

func (s Sample) check() error {
	n := len(s.Flows)
	for _, x := range s.Regressors {
		if len(x) != n {
			return fmt.Errorf("a regressor has %d values for %d flows", len(x), n)
		}
		for i, v := range x {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return fmt.Errorf("flow %d has a regressor of %v", i, v)
			}
		}
	}
	for _, e := range s.Effects {
		if len(e) != n {
			return fmt.Errorf("an effect has %d groups for %d flows", len(e), n)
		}
	}
	if s.Clusters != nil && len(s.Clusters) != n {
		return fmt.Errorf("%d clusters for %d flows", len(s.Clusters), n)
	}
	for i, y := range s.Flows {
		if !(y >= 0) || math.IsInf(y, 0) {
			return fmt.Errorf("flow %d is %v", i, y)
		}
	}
	return nil
}

// informative lists the flows of groups in which some flow is above zero. To leave a group out can leave another
// one without a flow, so it is done again until nothing changes.
func (s Sample) informative() []int {
	kept := make([]int, len(s.Flows))
	for i := range kept {
		kept[i] = i
	}
	kinds := slices.Clone(s.Effects)
	for _, x := range s.Regressors {
		if groups := halves(x); groups != nil {
			kinds = append(kinds, groups)
		}
	}
	for {
		before := len(kept)
		for _, groups := range kinds {
			positive := map[int32]bool{}
			for _, i := range kept {
				if s.Flows[i] > 0 {
					positive[groups[i]] = true
				}
			}
			next := kept[:0]
			for _, i := range kept {
				if positive[groups[i]] {
					next = append(next, i)
				}
			}
			kept = next
		}
		if len(kept) == before {
			break
		}
	}
	for _, i := range kept {
		if s.Flows[i] > 0 {
			return kept
		}
	}
	return nil
}

// halves groups flows by a regressor of 0 and 1; nil for others.
func halves(x []float64) []int32 {
	groups := make([]int32, len(x))
	for i, v := range x {
		if v != 0 && v != 1 {
			return nil
		}
		groups[i] = int32(v)
	}
	return groups
}

// fitter holds the informative flows and the state of the iteration.
type fitter struct {
	y, mu, eta   []float64
	scale        float64     // mean flow: the fit is in units of it
	x            [][]float64 // regressors with the effects taken out, by the weights of the last iteration
	size         []float64   // standard deviations of the regressors as given
	projection   projection
	normal       []float64 // x' w x of the last iteration, and its factor
	used         []bool    // regressors that nothing else explains
	coefficients []float64
	deviance     float64
	iterations   int
}

func newFitter(s Sample, kept []int) *fitter {
	n := len(kept)
	f := &fitter{
		y: make([]float64, n), mu: make([]float64, n), eta: make([]float64, n),
		used: make([]bool, len(s.Regressors)),
	}
	for at, i := range kept {
		f.y[at] = s.Flows[i]
		f.scale += s.Flows[i] / float64(n)
	}
	for at := range f.y {
		f.y[at] /= f.scale
		f.mu[at] = (f.y[at] + 1) / 2
		f.eta[at] = math.Log(f.mu[at])
	}
	for _, given := range s.Regressors {
		x, mean, squares := make([]float64, n), 0.0, 0.0
		for at, i := range kept {
			x[at] = given[i]
			mean += given[i] / float64(n)
		}
		for at := range x {
			x[at] -= mean
			squares += x[at] * x[at] / float64(n)
		}
		f.x, f.size = append(f.x, x), append(f.size, math.Sqrt(squares))
	}
	f.projection = newProjection(s.Effects, kept)
	return f
}

// iterate runs iteratively reweighted least squares to the end.
func (f *fitter) iterate() error {
	n := len(f.y)
	z, rest := make([]float64, n), make([]float64, n)
	last := make([]float64, n)
	f.deviance = math.Inf(1)
	for f.iterations = 1; f.iterations <= maxIterations; f.iterations++ {
		if !f.projection.weigh(f.mu) {
			return errors.New("an expected flow ran to infinity; the regressors separate zeros from flows above zero")
		}
		for i := range z {
			next := f.eta[i] + (f.y[i]-f.mu[i])/f.mu[i]
			// what is left of the last working flows is a better start than the flows themselves
			rest[i], z[i] = rest[i]+next-z[i], next
		}
		if err := f.projection.residual(rest, 1); err != nil {
			return err
		}
		for k, x := range f.x {
			if err := f.projection.residual(x, f.size[k]); err != nil {
				return err
			}
		}
		f.solve(rest)
		copy(last, f.eta)
		for i := range f.eta {
			fitted := 0.0
			for k, x := range f.x {
				if f.used[k] {
					fitted += f.coefficients[k] * x[i]
				}
			}
			f.eta[i] = z[i] - rest[i] + fitted
		}
		before := f.deviance
		for halved := 0; ; halved++ {
			f.deviance = f.expect()
			if f.deviance <= before*(1+1e-8) || halved == 20 {
				break
			}
			for i := range f.eta {
				f.eta[i] = (f.eta[i] + last[i]) / 2
			}
		}
		if math.IsNaN(f.deviance) || math.IsInf(f.deviance, 0) {
			return errors.New("the fit diverges; the regressors separate zeros from flows above zero")
		}
		if math.Abs(before-f.deviance) <= tightDeviance*(f.deviance+0.1) {
			return nil
		}
	}
	return fmt.Errorf("the fit has not converged after %d iterations", maxIterations)
}

// expect computes the expected flows and returns the deviance.
func (f *fitter) expect() float64 {
	deviance := 0.0
	for i, eta := range f.eta {
		mu := math.Exp(eta)
		f.mu[i] = math.Max(mu, 1e-300)
		deviance += 2 * (mu - f.y[i])
		if f.y[i] > 0 {
			deviance += 2 * f.y[i] * (math.Log(f.y[i]) - eta)
		}
	}
	return deviance
}

// solve regresses rest, what the effects leave of the working flows, on what they leave of the regressors.
func (f *fitter) solve(rest []float64) {
	k := len(f.x)
	f.normal, f.coefficients = make([]float64, k*k), make([]float64, k)
	for a := range k {
		for b := range a + 1 {
			sum := 0.0
			for i, w := range f.mu {
				sum += w * f.x[a][i] * f.x[b][i]
			}
			f.normal[a*k+b] = sum
		}
		for i, w := range f.mu {
			f.coefficients[a] += w * f.x[a][i] * rest[i]
		}
	}
	weight := 0.0
	for _, w := range f.mu {
		weight += w
	}
	f.factorize(weight)
	f.substitute(f.coefficients)
}

// factorize replaces the normal matrix by its Cholesky factor, without the regressors that are explained.
func (f *fitter) factorize(weight float64) {
	k := len(f.x)
	for a := range k {
		for b := range a + 1 {
			sum := f.normal[a*k+b]
			for c := range b {
				if f.used[c] {
					sum -= f.normal[a*k+c] * f.normal[b*k+c]
				}
			}
			switch {
			case a == b:
				f.used[a] = sum > collinear*weight*f.size[a]*f.size[a]
				if f.used[a] {
					f.normal[a*k+a] = math.Sqrt(sum)
				}
			case f.used[b]:
				f.normal[a*k+b] = sum / f.normal[b*k+b]
			}
		}
	}
}

// substitute solves for one right side; entries of explained regressors become NaN.
func (f *fitter) substitute(b []float64) {
	k := len(f.x)
	for a := range k {
		if !f.used[a] {
			continue
		}
		for c := range a {
			if f.used[c] {
				b[a] -= f.normal[a*k+c] * b[c]
			}
		}
		b[a] /= f.normal[a*k+a]
	}
	for a := k - 1; a >= 0; a-- {
		if !f.used[a] {
			b[a] = math.NaN()
			continue
		}
		for c := a + 1; c < k; c++ {
			if f.used[c] {
				b[a] -= f.normal[c*k+a] * b[c]
			}
		}
		b[a] /= f.normal[a*k+a]
	}
}

// standardErrors are those of the sandwich estimator.
func (f *fitter) standardErrors(clusters []int32, kept []int) []float64 {
	k := len(f.x)
	place := map[int32]int{}
	var scores [][]float64 // one a cluster, in the order of the flows
	for at, i := range kept {
		cluster := int32(at)
		if clusters != nil {
			cluster = clusters[i]
		}
		n, known := place[cluster]
		if !known {
			n = len(scores)
			place[cluster] = n
			scores = append(scores, make([]float64, k))
		}
		for a, x := range f.x {
			if f.used[a] {
				scores[n][a] += x[at] * (f.y[at] - f.mu[at])
			}
		}
	}
	variance := make([]float64, k)
	for _, s := range scores {
		f.substitute(s)
		for a := range k {
			variance[a] += s[a] * s[a]
		}
	}
	g := float64(len(scores))
	for a := range variance {
		variance[a] = math.Sqrt(variance[a] * g / (g - 1))
	}
	return variance
}

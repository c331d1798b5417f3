package gravity

import (
	"fmt"
	"math"
)

// The rules by which separated zeros are found.
const (
	maxRectified   = 10_000
	positiveWeight = 1e4  // of a flow above zero, against a zero's 1: no combination may move it
	separatedBy    = 1e-3 // a combination that is larger at a zero separates it; those found are about 1
	tightRectified = 1e-5 // a zero's combination below minus this is still to be rectified
)

// unseparated leaves out the zeros that make a maximum impossible: there is a combination of regressors and effects that
// is 0 at every flow above zero, not below 0 at any zero, and above 0 at these, so that its coefficient runs to minus
// infinity. It is found by regressing what is wanted of the zeros on regressors and effects and raising what comes out
// below 0, until nothing does (the iterative rectifier of Correia, Guimarães and Zylkin 2021).
func (s Sample) unseparated(kept []int) ([]int, error) {
	f := newFitter(s, kept)
	weights := make([]float64, len(kept))
	wanted := make([]float64, len(kept))
	for i, y := range f.y {
		weights[i] = positiveWeight
		if y == 0 {
			weights[i], wanted[i] = 1, 1
		}
	}
	f.mu = weights
	f.projection.weigh(weights)
	for k, x := range f.x {
		if err := f.projection.residual(x, f.size[k]); err != nil {
			return nil, fmt.Errorf("separation: %w", err)
		}
	}
	rest := make([]float64, len(kept))
	for range maxRectified {
		copy(rest, wanted)
		if err := f.projection.residual(rest, 1); err != nil {
			return nil, fmt.Errorf("separation: %w", err)
		}
		f.solve(rest)
		lowest := 0.0
		for i := range wanted {
			left := rest[i]
			for k, x := range f.x {
				if f.used[k] {
					left -= f.coefficients[k] * x[i]
				}
			}
			combination := wanted[i] - left
			if f.y[i] == 0 {
				lowest = min(lowest, combination)
				wanted[i] = max(combination, 0)
			}
		}
		if lowest > -tightRectified {
			break
		}
	}
	var remaining []int
	for i, at := range kept {
		if f.y[i] > 0 || math.Abs(wanted[i]) < separatedBy {
			remaining = append(remaining, at)
		}
	}
	return remaining, nil
}

package gravity

import "fmt"

// projection takes the weighted means of groups out of a variable, one kind of group after the other, until none
// is left: von Neumann's alternating projections.
type projection struct {
	groups  [][]int32   // of each flow, one slice a kind, counted from 0 without gaps
	weights []float64   // of each flow
	sums    [][]float64 // of the weights, by kind and group
	means   [][]float64 // room for the means
}

func newProjection(effects [][]int32, kept []int) projection {
	var p projection
	for _, given := range effects {
		number, groups := map[int32]int32{}, make([]int32, len(kept))
		for at, i := range kept {
			g, known := number[given[i]]
			if !known {
				g = int32(len(number))
				number[given[i]] = g
			}
			groups[at] = g
		}
		p.groups = append(p.groups, groups)
		p.sums, p.means = append(p.sums, make([]float64, len(number))), append(p.means, make([]float64, len(number)))
	}
	return p
}

// weigh sets the weights of the flows, and reports whether all are finite and above zero.
func (p *projection) weigh(weights []float64) bool {
	p.weights = weights
	for kind, groups := range p.groups {
		clear(p.sums[kind])
		for i, g := range groups {
			p.sums[kind][g] += weights[i]
		}
	}
	total := 0.0
	for _, w := range weights {
		total += w
	}
	return total-total == 0 && total > 0
}

// residual takes the means out of v in place. size is what a mean is small against.
func (p *projection) residual(v []float64, size float64) error {
	if size == 0 {
		size = 1
	}
	if len(p.groups) == 0 {
		mean, total := 0.0, 0.0
		for i, w := range p.weights {
			mean, total = mean+w*v[i], total+w
		}
		for i := range v {
			v[i] -= mean / total
		}
		return nil
	}
	for range maxSweeps {
		largest := 0.0
		for kind, groups := range p.groups {
			means, sums := p.means[kind], p.sums[kind]
			clear(means)
			for i, g := range groups {
				means[g] += p.weights[i] * v[i]
			}
			for g := range means {
				means[g] /= sums[g]
				largest = max(largest, means[g], -means[g])
			}
			for i, g := range groups {
				v[i] -= means[g]
			}
		}
		if largest <= tightSweep*size || len(p.groups) == 1 {
			return nil
		}
	}
	return fmt.Errorf("the means of %d kinds of groups were not taken out in %d sweeps", len(p.groups), maxSweeps)
}

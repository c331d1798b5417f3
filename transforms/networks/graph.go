package networks

import (
	"math"
	"math/bits"
	"slices"
)

// Graph is a graph of states: Weights[i*n+j] is the weight of the tie from state i to state j, 0 for none. The
// weights of an undirected graph are symmetric. A state without a tie is a state.
type Graph struct {
	N        int
	Directed bool
	Weights  []float64
}

// Position is where one state stands in a graph.
type Position struct {
	OutDegree, InDegree     int     // ties; equal in an undirected graph
	OutStrength, InStrength float64 // sums of their weights
	Betweenness             float64
	Closeness               float64 // outward
	Eigenvector             float64
	PageRank                float64
	Clustering              float64 // NaN with fewer than two neighbours
	Reciprocity             float64 // NaN without a tie
}

// Shape is what a graph is like as a whole. NaN where there is too little of it.
type Shape struct {
	States, Tied         int // all, and those with a tie
	Ties                 int // directed ones, or undirected ones once each
	Density, DensityTied float64
	Transitivity         float64
	Reciprocity          float64
	Centralization       float64 // of degrees
	Components           int
	LargestComponent     int // states in it
}

// The rules of the measures.
const (
	damping       = 0.85
	tightVector   = 1e-12 // change of a vector's largest entry that ends an iteration
	maxVector     = 10_000
	sameLength    = 1e-12 // relative difference below which two paths are equally long
	teleportation = 1 - damping
)

// neighbours has a bit set a state: all that it has a tie to or from.
func (g Graph) neighbours() [][]uint64 {
	words := (g.N + 63) / 64
	sets := make([][]uint64, g.N)
	for i := range sets {
		sets[i] = make([]uint64, words)
	}
	for i := range g.N {
		for j := range g.N {
			if i != j && (g.Weights[i*g.N+j] > 0 || g.Weights[j*g.N+i] > 0) {
				sets[i][j/64] |= 1 << (j % 64)
			}
		}
	}
	return sets
}

func count(set []uint64) int {
	n := 0
	for _, word := range set {
		n += bits.OnesCount64(word)
	}
	return n
}

func common(a, b []uint64) int {
	n := 0
	for i, word := range a {
		n += bits.OnesCount64(word & b[i])
	}
	return n
}

// Positions computes every measure of every state.
//
// A tie is as long as the mean weight of all ties over its own (Opsahl, Agneessens and Skvoretz 2010), so that
// strong ties are short. Betweenness (Freeman 1977; Brandes 2001) is the share of the shortest paths between other
// states that lead through the state, over all ordered pairs of them. Closeness is harmonic (Marchiori and Latora 2000):
// the mean of 1/length of the shortest paths to all other states, 0 for those out of reach. The eigenvector (Bonacich
// 1972) is that of the weights in both directions added up, scaled to a largest entry of 1; states outside the
// component of the largest eigenvalue have 0. PageRank (Brin and Page 1998) follows ties outward by weight with a damping of 0.85,
// and a state without an outward tie leads to all states alike; it adds up to 1. Clustering is the share of
// pairs of neighbours that are neighbours, direction aside (Watts and Strogatz 1998). Reciprocity is the share of the state's
// neighbours with ties in both directions.
func (g Graph) Positions() []Position {
	n := g.N
	positions := make([]Position, n)
	sets := g.neighbours()
	for i := range n {
		p := &positions[i]
		mutual := 0
		for j := range n {
			out, in := g.Weights[i*n+j], g.Weights[j*n+i]
			if i == j {
				continue
			}
			if out > 0 {
				p.OutDegree, p.OutStrength = p.OutDegree+1, p.OutStrength+out
			}
			if in > 0 {
				p.InDegree, p.InStrength = p.InDegree+1, p.InStrength+in
			}
			if out > 0 && in > 0 {
				mutual++
			}
		}
		degree := count(sets[i])
		p.Reciprocity = ratio(float64(mutual), float64(degree))
		closed := 0
		for j := range n {
			if sets[i][j/64]&(1<<(j%64)) != 0 {
				closed += common(sets[i], sets[j])
			}
		}
		p.Clustering = ratio(float64(closed), float64(degree*(degree-1)))
	}
	g.paths(positions)
	g.eigenvector(positions, components(sets))
	g.pageRank(positions)
	return positions
}

func ratio(a, b float64) float64 {
	if b == 0 {
		return math.NaN()
	}
	return a / b
}

// lengths are those of the ties, infinite where there is none.
func (g Graph) lengths() []float64 {
	sum, ties := 0.0, 0
	for i, w := range g.Weights {
		if w > 0 && i/g.N != i%g.N {
			sum, ties = sum+w, ties+1
		}
	}
	lengths := make([]float64, len(g.Weights))
	for i, w := range g.Weights {
		lengths[i] = math.Inf(1)
		if w > 0 && i/g.N != i%g.N {
			lengths[i] = sum / float64(ties) / w
		}
	}
	return lengths
}

// paths computes betweenness and closeness: Brandes' accumulation over Dijkstra's search, on a matrix.
func (g Graph) paths(positions []Position) {
	n := g.N
	if n < 2 {
		return
	}
	lengths := g.lengths()
	lengthsInto := make([]float64, n*n) // of ties into a state, side by side
	for i := range n {
		for j := range n {
			lengthsInto[j*n+i] = lengths[i*n+j]
		}
	}
	distance, number, dependence := make([]float64, n), make([]float64, n), make([]float64, n)
	settled, order := make([]bool, n), make([]int, 0, n)
	for source := range n {
		for i := range n {
			distance[i], number[i], dependence[i], settled[i] = math.Inf(1), 0, 0, false
		}
		distance[source], number[source] = 0, 1
		order = order[:0]
		for {
			at := -1
			for i := range n {
				if !settled[i] && !math.IsInf(distance[i], 1) && (at < 0 || distance[i] < distance[at]) {
					at = i
				}
			}
			if at < 0 {
				break
			}
			settled[at] = true
			order = append(order, at)
			for j, length := range lengths[at*n : at*n+n] {
				through := distance[at] + length
				switch {
				case settled[j] || through > distance[j]*(1+sameLength) || math.IsInf(through, 1):
				case through < distance[j]*(1-sameLength):
					distance[j], number[j] = through, number[at]
				default:
					number[j] += number[at]
				}
			}
		}
		for i := len(order) - 1; i > 0; i-- {
			at := order[i]
			positions[source].Closeness += 1 / distance[at] / float64(n-1)
			into := lengthsInto[at*n : at*n+n]
			for _, before := range order[:i] {
				if distance[before]+into[before] <= distance[at]*(1+sameLength) {
					dependence[before] += number[before] / number[at] * (1 + dependence[at])
				}
			}
			if n > 2 {
				positions[at].Betweenness += dependence[at] / float64((n-1)*(n-2))
			}
		}
	}
}

// eigenvector iterates the matrix plus the identity, which has the same vectors and does not swing. Every component
// grows by its own eigenvalue; the vector of the graph is that of the component that grows fastest.
func (g Graph) eigenvector(positions []Position, component []int) {
	n := g.N
	largest := 0.0
	for i := range n {
		largest = max(largest, positions[i].OutStrength+positions[i].InStrength)
	}
	if largest == 0 {
		return
	}
	both := make([]float64, n*n) // and the identity
	for i := range n {
		for j := range n {
			both[i*n+j] = (g.Weights[i*n+j] + g.Weights[j*n+i]) / largest
		}
		both[i*n+i] = 1
	}
	v, next := make([]float64, n), make([]float64, n)
	growth := make([]float64, n) // by component
	for i := range v {
		v[i] = 1
	}
	for range maxVector {
		clear(growth)
		for i := range n {
			sum := 0.0
			for j, w := range both[i*n : i*n+n] {
				sum += w * v[j]
			}
			next[i] = sum
			growth[component[i]] = max(growth[component[i]], sum)
		}
		change := 0.0
		for i := range n {
			next[i] /= growth[component[i]]
			change = max(change, math.Abs(next[i]-v[i]))
		}
		v, next = next, v
		if change < tightVector {
			break
		}
	}
	fastest := slices.Max(growth)
	for i := range n {
		if growth[component[i]] >= fastest*(1-1e-9) {
			positions[i].Eigenvector = v[i]
		}
	}
}

func (g Graph) pageRank(positions []Position) {
	n := g.N
	if n == 0 {
		return
	}
	rank, next := make([]float64, n), make([]float64, n)
	for i := range rank {
		rank[i] = 1 / float64(n)
	}
	for range maxVector {
		loose := 0.0
		for i := range n {
			if positions[i].OutDegree == 0 {
				loose += rank[i]
			}
		}
		for j := range next {
			next[j] = (teleportation + damping*loose) / float64(n)
		}
		for i := range n {
			if positions[i].OutDegree == 0 {
				continue
			}
			share := damping * rank[i] / positions[i].OutStrength
			for j, w := range g.Weights[i*n : i*n+n] {
				if w > 0 && i != j {
					next[j] += share * w
				}
			}
		}
		change := 0.0
		for i := range n {
			change = max(change, math.Abs(next[i]-rank[i]))
		}
		rank, next = next, rank
		if change < tightVector {
			break
		}
	}
	for i := range n {
		positions[i].PageRank = rank[i]
	}
}

// Shape describes the graph as a whole. Density is of all states, and of those with a tie alone; transitivity is
// three times the triangles over the connected triples; centralization is Freeman's, of degrees without direction;
// components leave direction aside.
func (g Graph) Shape() Shape {
	n := g.N
	s := Shape{States: n}
	sets := g.neighbours()
	mutual, pairs, closed, triples, highest, degrees := 0, 0, 0, 0, 0, 0
	for i := range n {
		degree := count(sets[i])
		if degree > 0 {
			s.Tied++
		}
		highest, degrees = max(highest, degree), degrees+degree
		triples += degree * (degree - 1)
		for j := range n {
			if i == j {
				continue
			}
			if sets[i][j/64]&(1<<(j%64)) != 0 {
				closed += common(sets[i], sets[j])
			}
			out, in := g.Weights[i*n+j] > 0, g.Weights[j*n+i] > 0
			if out {
				s.Ties++
				if in {
					mutual++
				}
			}
			if i < j && (out || in) {
				pairs++
			}
		}
	}
	s.Reciprocity = ratio(float64(mutual), float64(s.Ties))
	possible := func(states int) float64 { return float64(states * (states - 1)) }
	s.Density, s.DensityTied = ratio(float64(s.Ties), possible(n)), ratio(float64(s.Ties), possible(s.Tied))
	if !g.Directed {
		s.Ties = pairs
	}
	s.Transitivity = ratio(float64(closed), float64(triples))
	s.Centralization = ratio(float64(n*highest-degrees), float64((n-1)*(n-2)))
	if n < 3 {
		s.Centralization = math.NaN()
	}
	sizes := make([]int, n)
	for _, c := range components(sets) {
		if sizes[c]++; sizes[c] == 1 {
			s.Components++
		}
		s.LargestComponent = max(s.LargestComponent, sizes[c])
	}
	return s
}

// components numbers the component of each state from 0.
func components(sets [][]uint64) []int {
	of := make([]int, len(sets))
	for i := range of {
		of[i] = -1
	}
	number := 0
	for start := range sets {
		if of[start] >= 0 {
			continue
		}
		stack := []int{start}
		of[start] = number
		for len(stack) > 0 {
			at := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			for j := range sets {
				if of[j] < 0 && sets[at][j/64]&(1<<(j%64)) != 0 {
					of[j] = number
					stack = append(stack, j)
				}
			}
		}
		number++
	}
	return of
}

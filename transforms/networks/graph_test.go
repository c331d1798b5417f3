package networks

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/graph/network"
	"gonum.org/v1/gonum/graph/path"
	"gonum.org/v1/gonum/graph/simple"
)

// random makes a graph in which about the given share of ties is there.
func random(rng *rand.Rand, n int, share float64, directed bool) Graph {
	g := Graph{N: n, Directed: directed, Weights: make([]float64, n*n)}
	for i := range n {
		for j := range n {
			if i == j || !directed && i > j || rng.Float64() > share {
				continue
			}
			w := math.Exp(2 * rng.NormFloat64())
			g.Weights[i*n+j] = w
			if !directed {
				g.Weights[j*n+i] = w
			}
		}
	}
	return g
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-8*math.Max(1, math.Abs(a)) }

// TestAgainstGonum compares paths and PageRank with an implementation that shares no code with ours.
func TestAgainstGonum(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for range 10 {
		n := 4 + rng.IntN(25)
		g := random(rng, n, 0.2+0.6*rng.Float64(), true)
		lengths, reach := simple.NewWeightedDirectedGraph(0, math.Inf(1)), simple.NewWeightedDirectedGraph(0, 0)
		for i := range n {
			lengths.AddNode(simple.Node(i))
			reach.AddNode(simple.Node(i))
		}
		for at, length := range g.lengths() {
			if from, to := simple.Node(at/n), simple.Node(at%n); !math.IsInf(length, 1) {
				lengths.SetWeightedEdge(simple.WeightedEdge{F: from, T: to, W: length})
				reach.SetWeightedEdge(simple.WeightedEdge{F: from, T: to, W: g.Weights[at]})
			}
		}
		all := path.DijkstraAllPaths(lengths)
		between := network.BetweennessWeighted(lengths, all)
		rank := network.PageRank(reach, damping, 1e-14)
		for i, p := range g.Positions() {
			closeness := 0.0
			for j := range n {
				if d := all.Weight(int64(i), int64(j)); i != j && !math.IsInf(d, 1) {
					closeness += 1 / d / float64(n-1)
				}
			}
			if !near(p.Betweenness*float64((n-1)*(n-2)), between[int64(i)]) || !near(p.Closeness, closeness) || !near(p.PageRank, rank[int64(i)]) {
				t.Fatalf("%d of %d: betweenness %v, closeness %v, PageRank %v; want %v, %v, %v", i, n,
					p.Betweenness*float64((n-1)*(n-2)), p.Closeness, p.PageRank, between[int64(i)], closeness, rank[int64(i)])
			}
		}
	}
}

// TestEigenvector demands that the vector is one of the symmetric matrix, with a largest entry of 1.
func TestEigenvector(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	for range 10 {
		n := 3 + rng.IntN(20)
		g := random(rng, n, 0.5, rng.IntN(2) == 0)
		p := g.Positions()
		product, top := make([]float64, n), 0.0
		for i := range n {
			top = max(top, p[i].Eigenvector)
			for j := range n {
				if i != j {
					product[i] += (g.Weights[i*n+j] + g.Weights[j*n+i]) * p[j].Eigenvector
				}
			}
		}
		value := 0.0
		for i := range n {
			if p[i].Eigenvector == 1 {
				value = product[i]
			}
		}
		if !near(top, 1) {
			t.Fatalf("the largest entry is %v", top)
		}
		for i := range n {
			if math.Abs(product[i]-value*p[i].Eigenvector) > 1e-6*value {
				t.Fatalf("%d of %d: %v, want %v", i, n, product[i], value*p[i].Eigenvector)
			}
		}
	}
}

// undirected makes a graph of ties of weight 1.
func undirected(n int, ties ...[2]int) Graph {
	g := Graph{N: n, Weights: make([]float64, n*n)}
	for _, t := range ties {
		g.Weights[t[0]*n+t[1]], g.Weights[t[1]*n+t[0]] = 1, 1
	}
	return g
}

// TestStar has the extreme of every measure: all paths lead through the hub.
func TestStar(t *testing.T) {
	g := undirected(5, [2]int{0, 1}, [2]int{0, 2}, [2]int{0, 3}, [2]int{0, 4})
	p, s := g.Positions(), g.Shape()
	if hub := p[0]; hub.Betweenness != 1 || hub.Closeness != 1 || hub.Eigenvector != 1 || hub.Clustering != 0 || hub.OutDegree != 4 {
		t.Errorf("hub %+v", hub)
	}
	if spoke := p[1]; spoke.Betweenness != 0 || !near(spoke.Closeness, 0.625) || !near(spoke.Eigenvector, 0.5) || !math.IsNaN(spoke.Clustering) {
		t.Errorf("spoke %+v", spoke)
	}
	if s.Centralization != 1 || s.Density != 0.4 || s.Transitivity != 0 || s.Ties != 4 || s.Components != 1 || s.Reciprocity != 1 {
		t.Errorf("shape %+v", s)
	}
}

// TestBlocs has two blocs without a tie between them, one state alone, and every number finite.
func TestBlocs(t *testing.T) {
	g := undirected(6, [2]int{0, 1}, [2]int{0, 2}, [2]int{1, 2}, [2]int{3, 4})
	p, s := g.Positions(), g.Shape()
	want := Shape{States: 6, Tied: 5, Ties: 4, Density: 8.0 / 30, DensityTied: 0.4, Transitivity: 1, Reciprocity: 1,
		Centralization: 0.2, Components: 3, LargestComponent: 3}
	if !near(s.Centralization, want.Centralization) {
		t.Errorf("centralization %v", s.Centralization)
	}
	s.Centralization = want.Centralization
	if s != want {
		t.Errorf("got %+v, want %+v", s, want)
	}
	if p[0].Eigenvector != 1 || p[3].Eigenvector != 0 || p[5].Eigenvector != 0 {
		t.Errorf("eigenvector of the triangle %v, of the pair %v, alone %v", p[0].Eigenvector, p[3].Eigenvector, p[5].Eigenvector)
	}
	sum := 0.0
	for _, q := range p {
		sum += q.PageRank
		for _, v := range []float64{q.Betweenness, q.Closeness, q.Eigenvector, q.PageRank, q.OutStrength} {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				t.Errorf("%+v", q)
			}
		}
	}
	if !near(sum, 1) || p[5].Closeness != 0 || !math.IsNaN(p[5].Reciprocity) || p[0].Clustering != 1 {
		t.Errorf("PageRank adds up to %v; alone %+v; in the triangle %+v", sum, p[5], p[0])
	}
	for _, small := range []Graph{{}, undirected(1), undirected(2), undirected(2, [2]int{0, 1})} {
		small.Positions()
		small.Shape()
	}
}

// TestNames demands that the numbers of the states say nothing.
func TestNames(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	g := random(rng, 15, 0.3, true)
	order := rng.Perm(15)
	other := Graph{N: 15, Directed: true, Weights: make([]float64, 15*15)}
	for i := range 15 {
		for j := range 15 {
			other.Weights[order[i]*15+order[j]] = g.Weights[i*15+j]
		}
	}
	got, want := other.Positions(), g.Positions()
	for i, p := range want {
		q := got[order[i]]
		if !near(p.Betweenness, q.Betweenness) || !near(p.Closeness, q.Closeness) || !near(p.Eigenvector, q.Eigenvector) ||
			!near(p.PageRank, q.PageRank) || p.Clustering != q.Clustering && !math.IsNaN(p.Clustering) {
			t.Errorf("%d: %+v, want %+v", i, q, p)
		}
	}
}

// BenchmarkYear computes all measures of one year of trade among 220 states, two flows in three there.
func BenchmarkYear(b *testing.B) {
	g := random(rand.New(rand.NewPCG(4, 4)), 220, 0.67, true)
	for b.Loop() {
		g.Positions()
		g.Shape()
	}
}

// Package networks says where states stand in the graph of their alliances and in that of their trade, and what
// these graphs are like. docs/methods/networks.md has the conventions.
package networks

import (
	"cmp"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"entente/pipeline"
)

// Transform turns the ties of core.network_ties into the positions of the states or the shapes of the graphs. Rows
// come in order of graph and year: a tie each, or a state without a partner, which may have none at all. It holds
// a few graphs.
type Transform struct {
	mem    memory.Allocator
	shapes bool
}

// New returns the transform that says where states stand; mem allocates the batches it emits.
func New(mem memory.Allocator) Transform { return Transform{mem, false} }

// NewShapes returns the transform that says what the graphs are like.
func NewShapes(mem memory.Allocator) Transform { return Transform{mem, true} }

// Name is what the definitions call the transform: network_positions or network_shapes.
func (t Transform) Name() string {
	if t.shapes {
		return "network_shapes"
	}
	return "network_positions"
}

// Columns gives the schema of what comes out, or says which column in lacks or has in another type.
func (t Transform) Columns(in *arrow.Schema) (*arrow.Schema, error) {
	if _, err := locate(in); err != nil {
		return nil, err
	}
	if t.shapes {
		return shapeColumns, nil
	}
	return positionColumns, nil
}

// Apply returns a sink that passes on what it computes, graph by graph.
func (t Transform) Apply(next pipeline.Sink) pipeline.Sink { return &intake{Transform: t, next: next} }

var positionColumns = arrow.NewSchema([]arrow.Field{
	pipeline.NotNull(pipeline.Code("graph", "what a tie is")),
	pipeline.NotNull(pipeline.Int16("year", "year", "calendar year")),
	pipeline.NotNull(pipeline.Code("iso3", "the state")),
	pipeline.NotNull(pipeline.Int32("out_degree_count", "ties", "ties to others")),
	pipeline.NotNull(pipeline.Int32("in_degree_count", "ties", "ties from others")),
	pipeline.NotNull(pipeline.Real("out_strength", "", "sum of the weights of the ties to others")),
	pipeline.NotNull(pipeline.Real("in_strength", "", "sum of the weights of the ties from others")),
	pipeline.NotNull(pipeline.Real("betweenness_share", "share", "share of shortest paths between others that lead through it")),
	pipeline.NotNull(pipeline.Real("closeness", "", "harmonic mean nearness to all others")),
	pipeline.NotNull(pipeline.Real("eigenvector", "", "eigenvector centrality, largest 1")),
	pipeline.NotNull(pipeline.Real("pagerank_share", "share", "PageRank, adds up to 1")),
	pipeline.Real("clustering_share", "share", "share of pairs of neighbours that are neighbours"),
	pipeline.Real("reciprocity_share", "share", "share of neighbours with ties both ways"),
}, nil)

var shapeColumns = arrow.NewSchema([]arrow.Field{
	pipeline.NotNull(pipeline.Code("graph", "what a tie is")),
	pipeline.NotNull(pipeline.Int16("year", "year", "calendar year")),
	pipeline.NotNull(pipeline.Int32("state_count", "states", "all states of the year")),
	pipeline.NotNull(pipeline.Int32("tied_count", "states", "states with a tie")),
	pipeline.NotNull(pipeline.Int32("tie_count", "ties", "ties, undirected ones once")),
	pipeline.Real("density_share", "share", "ties over those possible between all states"),
	pipeline.Real("density_tied_share", "share", "ties over those possible between states with a tie"),
	pipeline.Real("transitivity_share", "share", "closed triples over connected ones"),
	pipeline.Real("reciprocity_share", "share", "ties whose opposite is there"),
	pipeline.Real("centralization_share", "share", "Freeman's centralization of degrees"),
	pipeline.NotNull(pipeline.Int32("component_count", "components", "components, single states included")),
	pipeline.NotNull(pipeline.Int32("largest_component_count", "states", "states in the largest component")),
}, nil)

// places are the positions of the input columns.
type places struct{ graph, year, directed, from, to, weight int }

func locate(in *arrow.Schema) (places, error) {
	var p places
	err := pipeline.Locate(in, "networks",
		pipeline.Want("graph", pipeline.Dictionary, &p.graph),
		pipeline.Want("year", arrow.PrimitiveTypes.Int16, &p.year),
		pipeline.Want("is_directed", arrow.FixedWidthTypes.Boolean, &p.directed),
		pipeline.Want("from_iso3", pipeline.Dictionary, &p.from),
		pipeline.Want("to_iso3", pipeline.Dictionary, &p.to),
		pipeline.Want("weight", arrow.PrimitiveTypes.Float64, &p.weight),
	)
	return p, err
}

// tie is one row; to is -1 for a state without a partner.
type tie struct {
	from, to int
	weight   float64
}

// yearGraph is one graph under construction.
type yearGraph struct {
	name     string
	year     int16
	directed bool
	states   []string
	number   map[string]int
	ties     []tie
}

// intake is the sink: it collects a graph and has it measured while the next one is read.
type intake struct {
	Transform
	next  pipeline.Sink
	graph *yearGraph
	under []chan arrow.RecordBatch // of graphs under way, in order
}

func (in *intake) Reject(r pipeline.Reject) error           { return in.next.Reject(r) }
func (in *intake) Filter(rule string, filtered int64) error { return in.next.Filter(rule, filtered) }

func (in *intake) Batch(rows arrow.RecordBatch) error {
	at, err := locate(rows.Schema())
	if err != nil {
		return err
	}
	graph, from, to := pipeline.TextAt(rows.Column(at.graph)), pipeline.TextAt(rows.Column(at.from)), pipeline.TextAt(rows.Column(at.to))
	year, directed := rows.Column(at.year).(*array.Int16), rows.Column(at.directed).(*array.Boolean)
	weight := rows.Column(at.weight).(*array.Float64)
	for row := range int(rows.NumRows()) {
		for _, column := range []int{at.graph, at.year, at.directed, at.from} {
			if rows.Column(column).IsNull(row) {
				return fmt.Errorf("networks: column %s has a null", rows.ColumnName(column))
			}
		}
		if err := in.begin(graph(row), year.Value(row), directed.Value(row)); err != nil {
			return err
		}
		g := in.graph
		t := tie{from: g.state(from(row)), to: -1}
		if !rows.Column(at.to).IsNull(row) {
			t.to, t.weight = g.state(to(row)), weight.Value(row)
			if weight.IsNull(row) || !(t.weight > 0) || math.IsInf(t.weight, 0) || t.to == t.from {
				return fmt.Errorf("networks: %s %d: the tie from %s to %s has no weight above 0", g.name, g.year, from(row), to(row))
			}
		}
		g.ties = append(g.ties, t)
	}
	return nil
}

// begin starts a new graph where the row is of another one than the row before.
func (in *intake) begin(name string, year int16, directed bool) error {
	if g := in.graph; g != nil {
		order := cmp.Or(strings.Compare(g.name, name), cmp.Compare(g.year, year))
		if order == 0 {
			return nil
		}
		if order > 0 {
			return fmt.Errorf("networks: %s %d follows %s %d; the select must order by graph, year", name, year, g.name, g.year)
		}
		if err := in.finish(runtime.GOMAXPROCS(0)); err != nil {
			return err
		}
	}
	in.graph = &yearGraph{name: strings.Clone(name), year: year, directed: directed, number: map[string]int{}}
	return nil
}

func (g *yearGraph) state(code string) int {
	n, known := g.number[code]
	if !known {
		n, code = len(g.states), strings.Clone(code)
		g.states, g.number[code] = append(g.states, code), n
	}
	return n
}

// build makes the matrix. States are in the order of their codes, so that the order of rows changes nothing.
func (g *yearGraph) build() (Graph, []string) {
	codes := slices.Sorted(slices.Values(g.states))
	place := make([]int, len(codes))
	for i, code := range codes {
		place[g.number[code]] = i
	}
	n := len(codes)
	made := Graph{N: n, Directed: g.directed, Weights: make([]float64, n*n)}
	for _, t := range g.ties {
		if t.to < 0 {
			continue
		}
		from, to := place[t.from], place[t.to]
		made.Weights[from*n+to] = t.weight
		if !g.directed {
			made.Weights[to*n+from] = t.weight
		}
	}
	return made, codes
}

// finish has the graph measured, and passes on the oldest of more than limit graphs that are under way.
func (in *intake) finish(limit int) error {
	if g := in.graph; g != nil {
		done := make(chan arrow.RecordBatch, 1)
		in.under, in.graph = append(in.under, done), nil
		go func() { done <- in.measure(g) }()
	}
	for len(in.under) > limit {
		batch := <-in.under[0]
		in.under = in.under[1:]
		err := in.next.Batch(batch)
		batch.Release()
		if err != nil {
			for _, done := range in.under {
				(<-done).Release()
			}
			in.under = nil
			return err
		}
	}
	return nil
}

func (t Transform) measure(g *yearGraph) arrow.RecordBatch {
	made, codes := g.build()
	if t.shapes {
		return shapeRow(t.mem, g, made.Shape())
	}
	return positionRows(t.mem, g, codes, made.Positions())
}

// Close passes on what is under way.
func (in *intake) Close() error {
	if err := in.finish(0); err != nil {
		return err
	}
	return in.next.Close()
}

package portfolios

import (
	"fmt"
	"math"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"entente/pipeline"
)

// batchRows is the number of pairs after which a batch goes out.
const batchRows = 64 << 10

// member is one state of a year's system.
type member struct {
	iso3   string
	weight float64 // NaN where it is not known
	owes   [Levels - 1]string
}

// comparer is the sink: it gathers a year's states until the coding or year changes, then compares all pairs.
type comparer struct {
	next   pipeline.Sink
	schema *arrow.Schema

	coding  string
	year    int16
	members []member
	rows    rows
}

func (c *comparer) Batch(in arrow.RecordBatch) error {
	at, err := locate(in.Schema())
	if err != nil {
		return err
	}
	coding, state := pipeline.TextAt(in.Column(at.coding)), pipeline.TextAt(in.Column(at.state))
	year, weight := in.Column(at.year).(*array.Int16), in.Column(at.weight).(*array.Float64)
	var owes [Levels - 1]func(int) string
	for i, column := range at.levels {
		owes[i] = pipeline.TextAt(in.Column(column))
	}
	for row := range int(in.NumRows()) {
		if year.IsNull(row) || coding(row) == "" || state(row) == "" {
			return fmt.Errorf("alliance_dyads: a row has no coding, year or state: %q, %q", coding(row), state(row))
		}
		if coding(row) != c.coding || year.Value(row) != c.year {
			if err := c.compare(); err != nil {
				return err
			}
			c.coding, c.year = strings.Clone(coding(row)), year.Value(row)
		}
		m := member{iso3: strings.Clone(state(row)), weight: math.NaN()}
		if weight.IsValid(row) {
			m.weight = weight.Value(row)
		}
		for i := range owes {
			m.owes[i] = strings.Clone(owes[i](row))
		}
		c.members = append(c.members, m)
	}
	return nil
}

// compare appends every pair of the year's states, and has full batches go out.
func (c *comparer) compare() error {
	if len(c.members) == 0 {
		return nil
	}
	portfolios, err := c.portfolios()
	if err != nil {
		return err
	}
	weights := make([]float64, len(c.members))
	for i, m := range c.members {
		weights[i] = m.weight
	}
	c.rows.start(c.coding, c.year)
	for i := range c.members {
		for j := i + 1; j < len(c.members); j++ {
			c.rows.add(c.members[i].iso3, c.members[j].iso3, Compare(portfolios[i], portfolios[j], weights))
		}
		if len(c.rows.a) >= batchRows {
			if err := c.emit(); err != nil {
				return err
			}
		}
	}
	c.members = c.members[:0]
	return nil
}

// portfolios returns each state's levels of commitment to each, in the order of the members. Commitments to states
// outside the system are left out. It fails when a state is there twice or the states are not in order.
func (c *comparer) portfolios() ([][]uint8, error) {
	index := make(map[string]int, len(c.members))
	for i, m := range c.members {
		if i > 0 && m.iso3 <= c.members[i-1].iso3 {
			return nil, fmt.Errorf("alliance_dyads: %s %d: %s comes after %s", c.coding, c.year, m.iso3, c.members[i-1].iso3)
		}
		index[m.iso3] = i
	}
	all := make([]uint8, len(c.members)*len(c.members))
	portfolios := make([][]uint8, len(c.members))
	for i, m := range c.members {
		portfolios[i] = all[i*len(c.members) : (i+1)*len(c.members)]
		for level, codes := range m.owes {
			for code := range strings.SplitSeq(codes, " ") {
				if to, ok := index[code]; ok {
					portfolios[i][to] = uint8(level + 1)
				}
			}
		}
		portfolios[i][i] = self
	}
	return portfolios, nil
}

func (c *comparer) emit() error {
	if len(c.rows.a) == 0 {
		return nil
	}
	batch := c.rows.batch(c.schema)
	defer batch.Release()
	return c.next.Batch(batch)
}

func (c *comparer) Reject(r pipeline.Reject) error           { return c.next.Reject(r) }
func (c *comparer) Filter(rule string, filtered int64) error { return c.next.Filter(rule, filtered) }

func (c *comparer) Close() error {
	if err := c.compare(); err != nil {
		return err
	}
	if err := c.emit(); err != nil {
		return err
	}
	return c.next.Close()
}

// Comparison is what two portfolios have in common.
type Comparison struct {
	Counts   [Levels][Levels]int16 // states by level in the first and in the second
	Weighted int16                 // states whose weight is known
	Weight   float64               // sum of the weights
	Distance float64               // sum of the weights, each times the distance of the levels
}

// Compare compares two portfolios of one length; a weight that is not known is NaN.
func Compare(a, b []uint8, weights []float64) Comparison {
	var c Comparison
	for k, weight := range weights {
		i, j := a[k]%Levels, b[k]%Levels
		c.Counts[i][j]++
		if weight == weight {
			c.Weighted++
			c.Weight += weight
			c.Distance += weight * math.Abs(float64(i)-float64(j))
		}
	}
	return c
}

// TauB is Kendall's tau-b of the two portfolios: concordant less discordant pairs of states, over the geometric mean
// of the pairs that are not tied in the one and in the other (Kendall 1945). It is NaN where all are tied in one.
func (c Comparison) TauB() float64 {
	var total, balance int64
	var first, second [Levels]int64
	for i := range Levels {
		for j := range Levels {
			n := int64(c.Counts[i][j])
			total += n
			first[i] += n
			second[j] += n
			for k := i + 1; k < Levels; k++ {
				for l := range Levels {
					switch m := int64(c.Counts[k][l]); {
					case l > j:
						balance += n * m
					case l < j:
						balance -= n * m
					}
				}
			}
		}
	}
	untied := func(of [Levels]int64) float64 {
		pairs := total * (total - 1) / 2
		for _, n := range of {
			pairs -= n * (n - 1) / 2
		}
		return float64(pairs)
	}
	return float64(balance) / math.Sqrt(untied(first)*untied(second))
}

package resemblance

import (
	"cmp"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"entente/pipeline"
)

// article is one that is compared.
type article struct {
	treaty int32 // place in treaties
	seq    int32
	set    []uint64 // nil where the article is not compared
	bands  [bands]uint64
	count  int32     // pairs found
	best   []partner // the closest ones, the closest first
}

// partner is an article that resembles another one.
type partner struct {
	article int32
	shared  int32
	jaccard float64
}

// collector is the sink.
type collector struct {
	next     pipeline.Sink
	by       *[hashes]uint64
	treaties []string
	numbers  map[string]int32 // places in treaties
	articles []article
}

func newCollector(next pipeline.Sink) *collector {
	return &collector{next: next, by: multipliers(), numbers: map[string]int32{}}
}

// Batch implements pipeline.Sink.
func (c *collector) Batch(rows arrow.RecordBatch) error {
	p, err := locate(rows.Schema())
	if err != nil {
		return err
	}
	treaty, text := pipeline.TextAt(rows.Column(p.treaty)), pipeline.TextAt(rows.Column(p.text))
	seq := rows.Column(p.article).(*array.Int32)
	from, n := len(c.articles), int(rows.NumRows())
	for row := range n {
		at, known := c.numbers[treaty(row)]
		if !known {
			at = int32(len(c.treaties))
			c.treaties = append(c.treaties, strings.Clone(treaty(row)))
			c.numbers[c.treaties[at]] = at
		}
		c.articles = append(c.articles, article{treaty: at, seq: seq.Value(row)})
	}
	share(n, func(first, end int) {
		var scratch []uint64
		for row := first; row < end; row++ {
			var set []uint64
			set, scratch = runs(text(row), scratch)
			if len(set) < leastRuns {
				continue
			}
			a := &c.articles[from+row]
			a.set = set
			s := sign(set, c.by)
			for i := range bands {
				a.bands[i] = s.band(i)
			}
		}
	})
	return nil
}

// share has the numbers below n worked on in stretches, by as many goroutines as there are processors.
func share(n int, work func(first, end int)) {
	const stretch = 256
	next := make(chan int)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for first := range next {
				work(first, min(first+stretch, n))
			}
		})
	}
	for first := 0; first < n; first += stretch {
		next <- first
	}
	close(next)
	workers.Wait()
}

// Reject implements pipeline.Sink.
func (c *collector) Reject(r pipeline.Reject) error { return c.next.Reject(r) }

// Filter implements pipeline.Sink.
func (c *collector) Filter(rule string, rows int64) error { return c.next.Filter(rule, rows) }

// Close implements pipeline.Sink.
func (c *collector) Close() error {
	slices.SortFunc(c.articles, func(a, b article) int {
		return cmp.Or(strings.Compare(c.treaties[a.treaty], c.treaties[b.treaty]), cmp.Compare(a.seq, b.seq))
	})
	c.compare()
	pairs := c.pairs()
	for len(pairs) > 0 {
		n := min(len(pairs), batchRows)
		batch := c.batch(pairs[:n])
		err := c.next.Batch(batch)
		batch.Release()
		if err != nil {
			return err
		}
		pairs = pairs[n:]
	}
	return c.next.Close()
}

// place says that an article has a band.
type place struct {
	band    uint64
	article int32
}

// buckets are the articles of each band that two or more have, in ascending order.
type buckets struct {
	articles []int32
	of       map[uint64][2]int32 // where in articles a band's begin and end
}

func (c *collector) buckets() buckets {
	var places []place
	for i := range c.articles {
		if c.articles[i].set == nil {
			continue
		}
		for _, band := range c.articles[i].bands {
			places = append(places, place{band, int32(i)})
		}
	}
	slices.SortFunc(places, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.band, b.band), cmp.Compare(a.article, b.article))
	})
	b := buckets{of: map[uint64][2]int32{}}
	for len(places) > 0 {
		n := 1
		for n < len(places) && places[n].band == places[0].band {
			n++
		}
		if n > 1 {
			b.of[places[0].band] = [2]int32{int32(len(b.articles)), int32(len(b.articles) + n)}
			for _, p := range places[:n] {
				b.articles = append(b.articles, p.article)
			}
		}
		places = places[n:]
	}
	return b
}

// compare fills in every article's count and best.
func (c *collector) compare() {
	b := c.buckets()
	share(len(c.articles), func(first, end int) {
		seen := make([]int32, len(c.articles)) // 1 + the article it was last compared with
		for i := first; i < end; i++ {
			a := &c.articles[i]
			if a.set == nil {
				continue
			}
			for _, band := range a.bands {
				at := b.of[band]
				for _, j := range b.articles[at[0]:at[1]] {
					if c.articles[j].treaty == a.treaty || seen[j] == int32(i+1) {
						continue
					}
					seen[j] = int32(i + 1)
					a.meet(j, c.articles[j].set)
				}
			}
		}
	})
}

// meet compares an article with another one and keeps it if it is among the closest.
func (a *article) meet(j int32, set []uint64) {
	shorter, longer := len(a.set), len(set)
	if shorter > longer {
		shorter, longer = longer, shorter
	}
	if float64(shorter) < threshold*float64(longer) {
		return
	}
	n := shared(a.set, set, int(math.Ceil(threshold/(1+threshold)*float64(len(a.set)+len(set)))))
	p := partner{j, int32(n), float64(n) / float64(len(a.set)+len(set)-n)}
	if p.jaccard < threshold {
		return
	}
	a.count++
	at, _ := slices.BinarySearchFunc(a.best, p, func(x, y partner) int {
		return cmp.Or(cmp.Compare(y.jaccard, x.jaccard), cmp.Compare(x.article, y.article))
	})
	if at == mostPairs {
		return
	}
	if len(a.best) == mostPairs {
		a.best = a.best[:mostPairs-1]
	}
	a.best = slices.Insert(a.best, at, p)
}

// pair is two articles, the first one's place before the other's.
type pair struct {
	a, b    int32
	shared  int32
	jaccard float64
}

// pairs lists the pairs of which at least one article keeps the other, in order.
func (c *collector) pairs() []pair {
	var list []pair
	for i := range c.articles {
		for _, p := range c.articles[i].best {
			list = append(list, pair{min(int32(i), p.article), max(int32(i), p.article), p.shared, p.jaccard})
		}
	}
	slices.SortFunc(list, func(x, y pair) int { return cmp.Or(cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b)) })
	return slices.Compact(list)
}

// batchRows is how many pairs a batch has at most.
const batchRows = 1 << 16

// batch makes the Arrow batch; the caller releases it.
func (c *collector) batch(pairs []pair) arrow.RecordBatch {
	whole := func(of func(pair) int32) []int32 {
		values := make([]int32, len(pairs))
		for i, p := range pairs {
			values[i] = of(p)
		}
		return values
	}
	number := func(of func(pair) int32) arrow.Array {
		return pipeline.FixedArray(arrow.PrimitiveTypes.Int32, whole(of), nil)
	}
	jaccards := make([]float64, len(pairs))
	for i, p := range pairs {
		jaccards[i] = p.jaccard
	}
	columns := []arrow.Array{
		pipeline.TextArray(c.treaties, whole(func(p pair) int32 { return c.articles[p.a].treaty })),
		number(func(p pair) int32 { return c.articles[p.a].seq }),
		pipeline.TextArray(c.treaties, whole(func(p pair) int32 { return c.articles[p.b].treaty })),
		number(func(p pair) int32 { return c.articles[p.b].seq }),
		pipeline.FixedArray(arrow.PrimitiveTypes.Float64, jaccards, nil),
		number(func(p pair) int32 { return p.shared }),
		number(func(p pair) int32 { return int32(len(c.articles[p.a].set)) }),
		number(func(p pair) int32 { return int32(len(c.articles[p.b].set)) }),
		number(func(p pair) int32 { return c.articles[p.a].count }),
		number(func(p pair) int32 { return c.articles[p.b].count }),
	}
	defer func() {
		for _, column := range columns {
			column.Release()
		}
	}()
	return array.NewRecordBatch(output, columns, int64(len(pairs)))
}

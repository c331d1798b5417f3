package probit

import (
	"math"
	"sync"
	"sync/atomic"
)

// worthThread is how many ballots a further goroutine must have for starting it to be worth it.
const worthThread = 8192

// each calls work for every block, in up to threads goroutines.
func (r *Record) each(threads int, work func(b int)) {
	threads = min(threads, 1+r.Ballots()/worthThread)
	if threads < 2 {
		for b := range r.blocks {
			work(b)
		}
		return
	}
	var next atomic.Int64
	var all sync.WaitGroup
	for range min(threads, len(r.blocks)) {
		all.Go(func() {
			for {
				b := int(next.Add(1)) - 1
				if b >= len(r.blocks) {
					return
				}
				work(b)
			}
		})
	}
	all.Wait()
}

// sums are what the ballots of a position add up to: βz and β² (in the variational fit, their expectations).
type sums struct{ weighted, weight float64 }

// newSums makes room for the sums of each block.
func (r *Record) newSums() [][]sums {
	parts := make([][]sums, len(r.blocks))
	for b, bounds := range r.blocks {
		parts[b] = make([]sums, bounds.last-bounds.first)
	}
	return parts
}

// total adds the blocks' sums up, in their order.
func (r *Record) total(into []sums, parts [][]sums) {
	clear(into)
	for b, bounds := range r.blocks {
		for i, s := range parts[b] {
			into[bounds.first+i].weighted += s.weighted
			into[bounds.first+i].weight += s.weight
		}
	}
}

// moments are mean and sample standard deviation; the latter is 1 if there is no spread to divide by.
func moments(values []float64) (mean, sd float64) {
	for _, v := range values {
		mean += v
	}
	mean /= float64(len(values))
	for _, v := range values {
		sd += (v - mean) * (v - mean)
	}
	sd = math.Sqrt(sd / float64(len(values)-1))
	if !(sd > 0) {
		sd = 1
	}
	return mean, sd
}

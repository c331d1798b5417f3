package dyads

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"entente/pipeline"
)

// block is what all roll calls of one set of counts have in common.
type block struct {
	body, source, session string
	year                  int16
	contested, isDefault  bool
}

// ballots are one state's bit sets in a block, by choice; bit r is roll call r.
type ballots [3][]uint64

// counter is the sink: it fills bit sets until the block changes, and has finished blocks counted
// beside it, several at a time; what comes out keeps their order.
type counter struct {
	next pipeline.Sink
	mem  memory.Allocator

	states    names
	sets      []ballots // by place in states
	present   []int32   // states with a ballot in the block
	block     block
	rollCalls int

	group   []finished               // blocks for the next batch
	pairs   int                      // of the group, at most
	pending []chan arrow.RecordBatch // batches being made, the oldest first
}

// finished is a block whose roll calls are all there.
type finished struct {
	block
	states []int32  // in order of their codes
	sets   []uint64 // three a state, side by side, of one length
	words  int      // of a set
}

func (c *counter) Batch(in arrow.RecordBatch) error {
	at, err := locate(in.Schema())
	if err != nil {
		return err
	}
	body, source := pipeline.TextAt(in.Column(at.body)), pipeline.TextAt(in.Column(at.source))
	session := pipeline.TextAt(in.Column(at.session))
	year := in.Column(at.year).(*array.Int16)
	contested := in.Column(at.contested).(*array.Boolean)
	isDefault := in.Column(at.isDefault).(*array.Boolean)
	var choices [3]func(int) string
	for i, column := range at.choices {
		choices[i] = pipeline.TextAt(in.Column(column))
	}
	for row := range int(in.NumRows()) {
		if year.IsNull(row) {
			return fmt.Errorf("vote_dyads: a roll call of %s %s has no year", source(row), session(row))
		}
		next := block{body(row), source(row), session(row), year.Value(row), contested.Value(row), isDefault.Value(row)}
		if next != c.block {
			if err := c.count(); err != nil {
				return err
			}
			next.body, next.source, next.session =
				strings.Clone(next.body), strings.Clone(next.source), strings.Clone(next.session)
			c.block = next
		}
		for choice, codes := range choices {
			c.cast(choice, codes(row))
		}
		c.rollCalls++
	}
	return nil
}

// cast sets the current roll call's bit for each of the codes.
func (c *counter) cast(choice int, codes string) {
	word, bit := c.rollCalls/64, uint64(1)<<(c.rollCalls%64)
	for len(codes) > 0 {
		code, rest, _ := strings.Cut(codes, " ")
		codes = rest
		state := c.states.place(code)
		if int(state) == len(c.sets) {
			c.sets = append(c.sets, ballots{})
		}
		sets := &c.sets[state]
		if len(sets[0])+len(sets[1])+len(sets[2]) == 0 {
			c.present = append(c.present, state)
		}
		sets[choice] = widen(sets[choice], word+1)
		sets[choice][word] |= bit
	}
}

// widen returns the set with at least that many words; new ones are empty.
func widen(set []uint64, words int) []uint64 {
	for len(set) < words {
		set = append(set, 0)
	}
	return set
}

// count puts the block into the group, and has the group counted when it makes a batch.
func (c *counter) count() error {
	words := (c.rollCalls + 63) / 64
	slices.SortFunc(c.present, func(a, b int32) int {
		return cmp.Compare(c.states.values[a], c.states.values[b])
	})
	sets := make([]uint64, 0, 3*words*len(c.present))
	for _, state := range c.present {
		for choice, set := range c.sets[state] {
			sets = append(sets, widen(set, words)...)
			c.sets[state][choice] = set[:0]
		}
	}
	c.group = append(c.group, finished{c.block, slices.Clone(c.present), sets, words})
	c.pairs += len(c.present) * (len(c.present) - 1) / 2
	c.present, c.rollCalls = c.present[:0], 0
	if c.pairs < batchRows {
		return nil
	}
	return c.start()
}

// start has the group counted, after waiting for the oldest batch if as many as may be are in work.
func (c *counter) start() error {
	if len(c.pending) == min(maxPending, runtime.GOMAXPROCS(0)) {
		if err := c.emit(); err != nil {
			return err
		}
	}
	done := make(chan arrow.RecordBatch, 1)
	go func(group []finished, pairs int, codes []string) {
		r := newRows(pairs)
		for _, b := range group {
			for i, state := range b.states {
				r.pair(b.block, state, b.states[i+1:], b.sets[3*b.words*i:], b.words)
			}
		}
		done <- r.batch(c.mem, codes)
	}(c.group, c.pairs, c.states.values)
	c.pending = append(c.pending, done)
	c.group, c.pairs = nil, 0
	return nil
}

// emit passes the oldest batch on. After an error, no batch is left in work.
func (c *counter) emit() error {
	batch := <-c.pending[0]
	c.pending = c.pending[1:]
	defer batch.Release()
	if batch.NumRows() == 0 {
		return nil
	}
	err := c.next.Batch(batch)
	if err != nil {
		for _, done := range c.pending {
			(<-done).Release()
		}
		c.pending = nil
	}
	return err
}

func (c *counter) Reject(r pipeline.Reject) error           { return c.next.Reject(r) }
func (c *counter) Filter(rule string, filtered int64) error { return c.next.Filter(rule, filtered) }

func (c *counter) Close() error {
	if err := c.count(); err != nil {
		return err
	}
	if err := c.start(); err != nil {
		return err
	}
	for len(c.pending) > 0 {
		if err := c.emit(); err != nil {
			return err
		}
	}
	return c.next.Close()
}

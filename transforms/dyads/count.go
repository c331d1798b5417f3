package dyads

import (
	"cmp"
	"fmt"
	"math/bits"
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

// counter is the sink: it fills bit sets until the block changes, then counts.
type counter struct {
	next pipeline.Sink
	mem  memory.Allocator

	states    names
	sets      []ballots // by place in states
	present   []int32   // states with a ballot in the block
	block     block
	rollCalls int
	out       *rows
}

func (c *counter) Batch(in arrow.RecordBatch) error {
	at, err := locate(in.Schema())
	if err != nil {
		return err
	}
	body, source := textAt(in.Column(at.body)), textAt(in.Column(at.source))
	session := textAt(in.Column(at.session))
	year := in.Column(at.year).(*array.Int16)
	contested := in.Column(at.contested).(*array.Boolean)
	isDefault := in.Column(at.isDefault).(*array.Boolean)
	var choices [3]func(int) string
	for i, column := range at.choices {
		choices[i] = textAt(in.Column(column))
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

// count emits the pairs of the block and empties it.
func (c *counter) count() error {
	words := (c.rollCalls + 63) / 64
	slices.SortFunc(c.present, func(a, b int32) int {
		return cmp.Compare(c.states.values[a], c.states.values[b])
	})
	for _, state := range c.present {
		for choice := range c.sets[state] {
			c.sets[state][choice] = widen(c.sets[state][choice], words)
		}
	}
	for i, a := range c.present {
		c.out.pair(c.block, a, c.present[i+1:], c.sets)
		if len(c.out.a) >= batchRows {
			if err := c.emit(); err != nil {
				return err
			}
		}
	}
	for _, state := range c.present {
		for choice := range c.sets[state] {
			c.sets[state][choice] = c.sets[state][choice][:0]
		}
	}
	c.present, c.rollCalls = c.present[:0], 0
	return nil
}

// with counts the roll calls by the choices of two states, first index this one's, and tells whether
// there is any on which both cast a ballot.
func (b *ballots) with(other *ballots) (counts [9]int32, any bool) {
	words := len(b[0])
	a1, a2, a3 := b[0][:words], b[1][:words], b[2][:words]
	b1, b2, b3 := other[0][:words], other[1][:words], other[2][:words]
	for w := range words {
		x, y, z := b1[w], b2[w], b3[w]
		if (a1[w]|a2[w]|a3[w])&(x|y|z) == 0 {
			continue
		}
		any = true
		if yes := a1[w]; yes != 0 {
			counts[0] += int32(bits.OnesCount64(yes & x))
			counts[1] += int32(bits.OnesCount64(yes & y))
			counts[2] += int32(bits.OnesCount64(yes & z))
		}
		if abstain := a2[w]; abstain != 0 {
			counts[3] += int32(bits.OnesCount64(abstain & x))
			counts[4] += int32(bits.OnesCount64(abstain & y))
			counts[5] += int32(bits.OnesCount64(abstain & z))
		}
		if no := a3[w]; no != 0 {
			counts[6] += int32(bits.OnesCount64(no & x))
			counts[7] += int32(bits.OnesCount64(no & y))
			counts[8] += int32(bits.OnesCount64(no & z))
		}
	}
	return counts, any
}

func (c *counter) emit() error {
	if len(c.out.a) == 0 {
		return nil
	}
	batch := c.out.batch(c.mem, c.states)
	defer batch.Release()
	c.out = newRows()
	return c.next.Batch(batch)
}

func (c *counter) Reject(r pipeline.Reject) error           { return c.next.Reject(r) }
func (c *counter) Filter(rule string, filtered int64) error { return c.next.Filter(rule, filtered) }

func (c *counter) Close() error {
	if err := c.count(); err != nil {
		return err
	}
	if err := c.emit(); err != nil {
		return err
	}
	return c.next.Close()
}

package comtrade

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"entente/pipeline"
	"entente/pipeline/delimited"
)

// mostPending bounds how many records may lack a member that no record of their file was seen to have.
const mostPending = 1000

// Parse implements pipeline.Source. It reads every answer of the snapshot, in order of their names.
func (s *source) Parse(ctx context.Context, snapshot fs.FS, table string, out pipeline.Sink) error {
	if table != flowsTable {
		return fmt.Errorf("source %s: no table %q", name, table)
	}
	files, err := fs.Glob(snapshot, "flows_*.json")
	if err != nil {
		return fmt.Errorf("source %s: %w", name, err)
	}
	if len(files) == 0 {
		return fmt.Errorf("source %s: no answer flows_*.json: %w", name, fs.ErrNotExist)
	}
	noted := map[string]bool{}
	for _, file := range files {
		p := newParser(file, out, noted)
		if err := p.read(ctx, snapshot); err != nil {
			return err
		}
	}
	return out.Close()
}

// parser reads one answer into rows.
type parser struct {
	file    string
	out     pipeline.Sink
	columns []delimited.Column
	slots   []string // names of the decoder's slots: first those of columns, in their order
	builder *delimited.Builder
	decoder *decoder
	noted   map[string]bool // unknown members that were reported, of all answers

	met     []bool // by slot: whether a record had it
	pending []lack
	parts   int64 // records left out under breakdownRule
}

// lack is a record without a member that no record was seen to have, so far.
type lack struct {
	pipeline.Reject
	slot int
}

func newParser(file string, out pipeline.Sink, noted map[string]bool) *parser {
	p := &parser{file: file, out: out, columns: columns(), noted: noted}
	for _, c := range p.columns {
		p.slots = append(p.slots, c.Names[0])
	}
	p.slots = append(p.slots, partner2Member, transitMember, customsMember, supplyMember, periodMember)
	p.builder = delimited.NewBuilder(p.columns, file, out)
	p.decoder = newDecoder(p.slots)
	p.met = make([]bool, len(p.slots))
	return p
}

// optional reports whether records may lack a member.
func (p *parser) optional(slot int) bool {
	if slot < len(p.columns) {
		return p.columns[slot].Optional
	}
	return p.slots[slot] == supplyMember || p.slots[slot] == periodMember
}

func (p *parser) read(ctx context.Context, snapshot fs.FS) error {
	f, err := snapshot.Open(p.file)
	if err != nil {
		return fmt.Errorf("source %s: %w", name, err)
	}
	defer f.Close()
	a := newAnswer(f)
	var n int64
	for ; ; n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		rec, err := a.next(p.decoder.read)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return p.damaged(err)
		}
		if err := p.record(rec); err != nil {
			return err
		}
	}
	if problem := a.verdict(n); problem != "" {
		return p.refuse(1, problem, askAgain)
	}
	return p.finish()
}

// record makes a row of a record, or says why not.
func (p *parser) record(rec piece) error {
	origin := pipeline.Reject{File: p.file, Line: rec.line, Offset: rec.offset, Length: int32(len(rec.raw)), Reason: rec.problem}
	if rec.problem != "" {
		return p.out.Reject(origin)
	}
	lacking := -1
	for slot := range p.slots {
		if p.decoder.has(slot) {
			p.met[slot] = true
		} else if lacking < 0 && !p.optional(slot) {
			lacking = slot
		}
	}
	if lacking >= 0 {
		p.pending = append(p.pending, lack{origin, lacking})
		if len(p.pending) < mostPending {
			return nil
		}
		return p.settle()
	}
	if p.isPart() {
		p.parts++
		return nil
	}
	if origin.Reason = p.row(); origin.Reason != "" {
		return p.out.Reject(origin)
	}
	_, err := p.builder.Append(&delimited.Record{Line: rec.line, Offset: rec.offset, Length: origin.Length})
	return err
}

// isPart reports whether the record is a part of a flow and not all of it.
func (p *parser) isPart() bool {
	for slot := len(p.columns); slot < len(p.slots); slot++ {
		total, ok := totals[p.slots[slot]]
		if cell := p.decoder.cells[slot]; ok && cell != nil && string(cell) != total {
			return true
		}
	}
	return false
}

// row decodes the record's cells and returns what is wrong with them, or "".
func (p *parser) row() (problem string) {
	cells := p.decoder.cells
	if period := cells[len(cells)-1]; period != nil && !bytes.Equal(period, cells[0]) {
		return fmt.Sprintf("period %q is not the year %q", period, cells[0])
	}
	for i := range p.columns {
		cell := cells[i]
		if zeroIsMissing(p.slots[i]) && len(cell) > 0 && len(bytes.Trim(cell, "0.")) == 0 {
			cell = nil
		}
		if err := p.builder.Set(i, cell); err != nil {
			return err.Error()
		}
	}
	return ""
}

func zeroIsMissing(member string) bool { return member == "cifvalue" || member == "fobvalue" }

// settle rejects the records that lack a member which others of the answer have. It fails if none has it: the
// service no longer publishes it.
func (p *parser) settle() error {
	for _, l := range p.pending {
		if !p.met[l.slot] {
			return p.refuse(l.Line, fmt.Sprintf("member %q is missing from the records; unknown members are: %s",
				p.slots[l.slot], strings.Join(p.decoder.noted, ", ")), changed)
		}
		l.Reason = fmt.Sprintf("member %q is missing", p.slots[l.slot])
		if err := p.out.Reject(l.Reject); err != nil {
			return err
		}
	}
	p.pending = p.pending[:0]
	return nil
}

// finish closes the answer's account.
func (p *parser) finish() error {
	if err := p.settle(); err != nil {
		return err
	}
	if err := p.builder.Flush(); err != nil {
		return err
	}
	if p.parts > 0 {
		if err := p.out.Filter(breakdownRule, p.parts); err != nil {
			return err
		}
	}
	for _, member := range slices.Sorted(slices.Values(p.decoder.noted)) {
		if p.noted[member] {
			continue
		}
		p.noted[member] = true
		if err := p.out.Filter(fmt.Sprintf("member %q is not known and not loaded", member), 0); err != nil {
			return err
		}
	}
	return nil
}

// damaged makes the error for an answer whose envelope cannot be read.
func (p *parser) damaged(err error) error {
	var broken *brokenError
	if errors.As(err, &broken) {
		return p.refuse(broken.line, fmt.Sprintf("at byte %d the answer is damaged: %s", broken.offset, broken.problem), askAgain)
	}
	return fmt.Errorf("source %s: %s: %w", name, p.file, err)
}

// What to do about an answer that cannot be read.
const (
	changed  = "the upstream changed its format; see the source's README for the layouts that are known"
	askAgain = "a run that may ask the upstream fetches it again"
)

func (p *parser) refuse(line int64, problem, next string) error {
	return &pipeline.UpstreamError{Source: name, Where: fmt.Sprintf("%s:%d", p.file, line), Problem: problem, Next: next}
}

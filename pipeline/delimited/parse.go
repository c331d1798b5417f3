package delimited

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"runtime"
	"slices"
	"strings"

	"entente/pipeline"
)

// Layout says how one table lies in a delimited file: one record, one row.
type Layout struct {
	Source  string // for errors
	File    string // name in the snapshot
	Comma   byte   // ',' unless set
	Columns []Column
	Ignored []string // known columns that are not loaded
	BareEnd bool     // the upstream's last line has no line end
}

// Open opens the layout's file and reads its header.
func (l Layout) Open(snapshot fs.FS) (fs.File, *Reader, []string, error) {
	f, err := snapshot.Open(l.File)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("source %s: %w", l.Source, err)
	}
	comma := l.Comma
	if comma == 0 {
		comma = ','
	}
	r := NewReader(f, comma)
	if l.BareEnd {
		r.AllowBareEnd()
	}
	header, err := r.Header()
	if err != nil {
		f.Close()
		return nil, nil, nil, l.Refuse(1, err.Error())
	}
	return f, r, header, nil
}

// Refuse makes the error for a file that is not what the source publishes.
func (l Layout) Refuse(line int64, problem string) error {
	return &pipeline.UpstreamError{
		Source: l.Source, Where: fmt.Sprintf("%s:%d", l.File, line), Problem: problem,
		Next: "the upstream changed its format; see the source's README for the layouts that are known",
	}
}

// Match finds each column in a header: its position, or -1 for an optional one that is absent. It
// reports columns nobody declared to out, and fails when a required one is missing or doubled.
func (l Layout) Match(header []string, out pipeline.Sink) ([]int, error) {
	at := make([]int, len(l.Columns))
	known := slices.Clone(l.Ignored)
	var missing []string
	for i, c := range l.Columns {
		at[i] = -1
		known = append(known, c.Names...)
		for _, name := range c.Names {
			if at[i] = slices.Index(header, name); at[i] >= 0 {
				break
			}
		}
		if at[i] < 0 && !c.Optional {
			if name := fmt.Sprintf("%q", strings.Join(c.Names, `" or "`)); !slices.Contains(missing, name) {
				missing = append(missing, name)
			}
		}
	}
	if missing != nil {
		return nil, l.Refuse(1, fmt.Sprintf("column %s is missing; the header has %s", strings.Join(missing, ", "), strings.Join(header, ", ")))
	}
	for i, name := range header {
		if slices.Index(header, name) != i && name != "" {
			return nil, l.Refuse(1, fmt.Sprintf("column %q occurs twice", name))
		}
		if !slices.Contains(known, name) {
			if err := out.Filter(fmt.Sprintf("column %q is not known and not loaded", name), 0); err != nil {
				return nil, err
			}
		}
	}
	return at, nil
}

// Parse reads the layout's file from the snapshot, one row a record, into out, and closes out. Several
// processors share the work; out is called from one goroutine.
func (l Layout) Parse(ctx context.Context, snapshot fs.FS, out pipeline.Sink) error {
	return l.parse(ctx, snapshot, out, blockBytes, runtime.GOMAXPROCS(0))
}

func (l Layout) parse(ctx context.Context, snapshot fs.FS, out pipeline.Sink, size, workers int) error {
	f, r, header, err := l.Open(snapshot)
	if err != nil {
		return err
	}
	defer f.Close()
	at, err := l.Match(header, out)
	if err != nil {
		return err
	}
	err = l.inBlocks(ctx, r, size, workers, func(out pipeline.Sink) *parser { return l.newParser(r, at, out) }, out)
	if err != nil {
		return err
	}
	return out.Close()
}

// parser makes rows of records.
type parser struct {
	Layout
	at    []int // cell of each column
	r     *Reader
	b     *Builder
	plain *scanner // nil where records are never plain
	out   pipeline.Sink
}

// newParser returns a parser of the file that r reads.
func (l Layout) newParser(r *Reader, at []int, out pipeline.Sink) *parser {
	p := &parser{Layout: l, at: at, out: out, b: NewBuilder(l.Columns, l.File, out)}
	p.r = &Reader{comma: r.comma, width: r.width, bare: r.bare}
	p.plain = newScanner(p.b, r.comma, at, r.width)
	return p
}

// records parses the records that begin in text[from:size], text being a part of the file that begins at byte
// base of it. It leaves the reader where the next record begins.
func (p *parser) records(text []byte, size int, base int64, from int, line int64) error {
	p.r.restart(text, base, from, line)
	// the scanner wants a line end to follow
	plain := bytes.LastIndexByte(text, '\n')
	if p.plain == nil {
		plain = -1
	}
	for p.r.pos < size {
		if p.r.pos < plain {
			if end := p.plain.record(text, p.r.pos); end >= 0 {
				if err := p.plain.taken(p.r, end); err != nil {
					return err
				}
				continue
			}
		}
		rec, err := p.r.Next()
		if err != nil {
			return err
		}
		if err := p.record(rec); err != nil {
			return err
		}
	}
	return p.b.Flush()
}

// record makes a row of a record, or rejects it.
func (p *parser) record(rec *Record) error {
	if rec.Problem != "" {
		return p.refuseRecord(rec, rec.Problem, p.out)
	}
	whole := rec.SameFrom == len(rec.Cells)
	if problem := p.decode(p.b, rec, p.at); problem != nil {
		if whole {
			p.r.Forget()
		}
		return p.refuseRecord(rec, problem.Error(), p.out)
	}
	if whole {
		p.b.Mark()
	}
	flushed, err := p.b.Append(rec)
	if flushed {
		p.r.Forget()
	}
	return err
}

func (l Layout) decode(b *Builder, rec *Record, at []int) error {
	for i, from := range at {
		switch {
		case from < 0:
			if err := b.Set(i, nil); err != nil {
				return err
			}
		case from >= rec.SameFrom:
			b.Keep(i)
		default:
			if err := b.Set(i, rec.Cells[from]); err != nil {
				return err
			}
		}
	}
	return nil
}

// blankLine is the rule under which lines without a byte are filtered.
const blankLine = "blank line"

func (l Layout) refuseRecord(rec *Record, reason string, out pipeline.Sink) error {
	if rec.Length == 0 {
		return out.Filter(blankLine, 1)
	}
	return out.Reject(pipeline.Reject{File: l.File, Line: rec.Line, Offset: rec.Offset, Length: rec.Length, Reason: reason})
}

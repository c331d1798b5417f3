package delimited

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
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

// Parse reads the layout's file from the snapshot, one row a record, into out, and closes out.
func (l Layout) Parse(ctx context.Context, snapshot fs.FS, out pipeline.Sink) error {
	f, r, header, err := l.Open(snapshot)
	if err != nil {
		return err
	}
	defer f.Close()
	at, err := l.Match(header, out)
	if err != nil {
		return err
	}
	b := NewBuilder(l.Columns, l.File, out)
	for n := 0; ; n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("%s: %w", l.File, err)
		}
		if rec.Problem != "" {
			if err := l.refuseRecord(rec, rec.Problem, out); err != nil {
				return err
			}
			continue
		}
		whole := rec.SameFrom == len(rec.Cells)
		if problem := l.decode(b, rec, at); problem != nil {
			if whole {
				r.Forget()
			}
			if err := l.refuseRecord(rec, problem.Error(), out); err != nil {
				return err
			}
			continue
		}
		if whole {
			b.Mark()
		}
		flushed, err := b.Append(rec)
		if err != nil {
			return err
		}
		if flushed {
			r.Forget()
		}
	}
	if err := b.Flush(); err != nil {
		return err
	}
	return out.Close()
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

func (l Layout) refuseRecord(rec *Record, reason string, out pipeline.Sink) error {
	if rec.Length == 0 {
		return out.Filter("blank line", 1)
	}
	return out.Reject(pipeline.Reject{File: l.File, Line: rec.Line, Offset: rec.Offset, Length: rec.Length, Reason: reason})
}

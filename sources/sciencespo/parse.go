package sciencespo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"

	"entente/pipeline"
	"entente/pipeline/delimited"
	"entente/transforms/states"

	"github.com/apache/arrow-go/v18/arrow"
)

// Parse implements pipeline.Source. A line is read whole or not at all, for either table: where one cell
// is bad, neither its draft nor any of its votes is taken.
func (s *source) Parse(ctx context.Context, snapshot fs.FS, table string, out pipeline.Sink) error {
	if table != draftsTable && table != votesTable {
		return fmt.Errorf("source %s: no table %q", name, table)
	}
	l := delimited.Layout{Source: name, File: councilFile, Columns: draftColumns(), BareEnd: true}
	drafts := delimited.NewBuilder(l.Columns, l.File, out)
	votes := delimited.NewBuilder(voteColumns(), l.File, out)
	numbers, err := lines(l, snapshot)
	if err != nil {
		return err
	}
	start := func(header []string) (delimited.ReadRecord, error) {
		w := &wide{source: s, layout: l, drafts: drafts, votes: votes, lines: numbers}
		if err := w.match(header, out); err != nil {
			return nil, err
		}
		return func(rec *delimited.Record) (string, error) {
			if problem, err := w.read(rec); problem != "" || err != nil {
				return problem, err
			}
			if table == votesTable {
				return "", w.appendVotes(rec, out)
			}
			_, err := drafts.Append(rec)
			return "", err
		}, nil
	}
	end := drafts.Flush
	if table == votesTable {
		end = votes.Flush
	}
	return l.Read(ctx, snapshot, out, start, end)
}

const numberColumn = "Vote in the DB"

// wide reads the file's lines: leading columns by name, then one column a state.
type wide struct {
	source        *source
	layout        delimited.Layout
	drafts, votes *delimited.Builder
	at            []int         // of the leading columns
	number, date  int           // among all columns
	states        []stateColumn // in the header's order
	filled        []ballot      // of the line just read
	lines         map[string][]int64
}

// lines tells on which lines each vote number stands. A number on two lines is a draft with two sets of
// ballots: neither line can be taken, for either table.
func lines(l delimited.Layout, snapshot fs.FS) (map[string][]int64, error) {
	f, r, header, err := l.Open(snapshot)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	at := slices.Index(header, numberColumn)
	found := map[string][]int64{}
	for {
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			return found, nil
		}
		if err != nil {
			return nil, fmt.Errorf("source %s: %s: %w", name, l.File, err)
		}
		if at >= 0 && at < len(rec.Cells) {
			number := string(rec.Cells[at])
			found[number] = append(found[number], rec.Line)
		}
	}
}

type stateColumn struct {
	name    string
	at      int
	unknown bool // no state goes by this name, at no time
}

type ballot struct {
	column *stateColumn
	iso3   string
}

// match finds the leading columns; the others are states'. One that no state goes by is drift once it has a
// vote; until then it is noted as a column that is not known.
func (w *wide) match(header []string, out pipeline.Sink) error {
	leading := []string{}
	for _, c := range w.layout.Columns {
		leading = append(leading, c.Names...)
	}
	for i, name := range header {
		if slices.Contains(leading, name) {
			continue
		}
		known := slices.Contains(w.source.resolver.Nearest(states.SciencesPo, name, 3), name)
		w.states = append(w.states, stateColumn{name: name, at: i, unknown: !known})
		if known {
			w.layout.Ignored = append(w.layout.Ignored, name)
		}
	}
	var err error
	w.at, err = w.layout.Match(header, out)
	w.number, w.date = slices.Index(header, numberColumn), slices.Index(header, "Date")
	return err
}

// read checks every cell of a line and notes its ballots.
func (w *wide) read(rec *delimited.Record) (problem string, err error) {
	if at := w.lines[string(rec.Cells[w.number])]; len(at) > 1 {
		return fmt.Sprintf("vote number %s stands on lines %s", rec.Cells[w.number], strings.Trim(fmt.Sprint(at), "[]")), nil
	}
	date, err := time.Parse(time.DateOnly, string(rec.Cells[w.date]))
	if err != nil {
		return fmt.Sprintf("column Date: %q is not a day of the calendar", rec.Cells[w.date]), nil
	}
	for i, from := range w.at {
		if err := w.drafts.Set(i, rec.Cells[from]); err != nil {
			return err.Error(), nil
		}
	}
	w.filled = w.filled[:0]
	for i := range w.states {
		column := &w.states[i]
		cell := rec.Cells[column.at]
		if len(cell) == 0 {
			continue
		}
		vote := slices.Contains(letters, string(cell))
		switch {
		case column.unknown && vote:
			return "", w.drift(rec, column)
		case column.unknown:
			continue
		case !vote:
			return fmt.Sprintf("column %s: %q is not one of %s", column.name, cell, strings.Join(letters, ", ")), nil
		}
		iso3, status := w.source.resolver.Resolve(states.SciencesPo, column.name, arrow.Date32FromTime(date), true)
		if status != states.Known {
			return fmt.Sprintf("column %s names no state on %s", column.name, date.Format(time.DateOnly)), nil
		}
		for _, other := range w.filled {
			if other.iso3 == iso3 {
				return fmt.Sprintf("columns %s and %s are both %s on %s", other.column.name, column.name, iso3, date.Format(time.DateOnly)), nil
			}
		}
		w.filled = append(w.filled, ballot{column, iso3})
	}
	return "", nil
}

// drift is the error for a column that is no state's and has a vote all the same.
func (w *wide) drift(rec *delimited.Record, column *stateColumn) error {
	return w.layout.Refuse(rec.Line, fmt.Sprintf("column %q has %q and is no known state's; nearest known: %s",
		column.name, rec.Cells[column.at], strings.Join(w.source.resolver.Nearest(states.SciencesPo, column.name, 3), ", ")))
}

// appendVotes makes a row of each ballot of the line just read.
func (w *wide) appendVotes(rec *delimited.Record, out pipeline.Sink) error {
	if len(w.filled) == 0 {
		return out.Filter("no state has a vote", 1)
	}
	for _, b := range w.filled {
		for i, cell := range [][]byte{rec.Cells[w.number], []byte(b.iso3), []byte(b.column.name), rec.Cells[b.column.at]} {
			if err := w.votes.Set(i, cell); err != nil {
				return fmt.Errorf("%s:%d: %w", councilFile, rec.Line, err)
			}
		}
		if _, err := w.votes.Append(rec); err != nil {
			return err
		}
	}
	return nil
}

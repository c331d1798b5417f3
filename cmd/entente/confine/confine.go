// Package confine runs SQL of people who are not trusted. DuckDB bounds what a query can reach; what it can
// use up is bounded by a process of its own, which the system stops: some functions neither heed DuckDB's
// limit of memory nor stop when they are told to.
package confine

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"entente/pipeline/warehouse"
)

// Command is the argument with which the program is called to be the confined process.
const Command = "confined-query"

// Limits bound one query.
type Limits struct {
	Time   time.Duration // from its start
	Memory int           // in MiB, of DuckDB; the process gets Overhead more
	Rows   int           // the rest is left out
	Bytes  int64         // of all cells; a query with more fails
}

// overhead is what the process needs beside DuckDB's memory, in MiB.
const overhead = 768

// question is what the confined process reads on standard input.
type question struct {
	Warehouse string `json:"warehouse"`
	SQL       string `json:"sql"`
	Rows      int    `json:"rows"`
	Bytes     int64  `json:"bytes"`
	Memory    int    `json:"memory_mib"`
	Seconds   int    `json:"seconds"`
}

// line is what it writes: first the columns, then rows, then one with an end.
type line struct {
	Columns []Column `json:"c,omitempty"`
	Row     []Cell   `json:"r,omitempty"`
	End     bool     `json:"end,omitempty"`
	More    bool     `json:"more,omitempty"`
	Error   string   `json:"error,omitempty"`
}

// Column is a column of an answer.
type Column struct {
	Name string `json:"n"`
	Type string `json:"t"`
}

// Cell is a value as CSV has it; nil is null.
type Cell = *string

// Answer is what a query returned.
type Answer struct {
	Columns []Column
	Rows    [][]Cell
	More    bool // there were more rows than the limit
	Took    time.Duration
}

// RefusedError is a query that DuckDB, or the confinement, refused: its author can mend it.
type RefusedError struct{ Reason string }

func (e *RefusedError) Error() string { return e.Reason }

// ErrBusy says that as many queries run as may, and none ended in time.
var ErrBusy = errors.New("other queries are running; try again in a moment")

// Runner runs queries, a few at a time.
type Runner struct {
	Program string   // that is called with Arguments to become the confined process
	Args    []string // Command, for entente itself
	Limits  Limits
	slots   chan struct{}
}

// New returns a runner that calls this program again, for so many queries at a time.
func New(limits Limits, atOnce int) (*Runner, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("confined queries: %w", err)
	}
	return &Runner{Program: program, Args: []string{Command}, Limits: limits, slots: make(chan struct{}, atOnce)}, nil
}

// Ask runs one query on a warehouse file. It fails with a *RefusedError for what the query's author can
// mend, with ErrBusy, or with the context's error.
func (r *Runner) Ask(ctx context.Context, file, query string) (Answer, error) {
	wait := time.NewTimer(r.Limits.Time)
	defer wait.Stop()
	select {
	case r.slots <- struct{}{}:
		defer func() { <-r.slots }()
	case <-ctx.Done():
		return Answer{}, ctx.Err()
	case <-wait.C:
		return Answer{}, ErrBusy
	}
	start := time.Now()
	limited, cancel := context.WithTimeout(ctx, r.Limits.Time)
	defer cancel()
	a, err := r.run(limited, file, query)
	a.Took = time.Since(start)
	switch {
	case ctx.Err() != nil:
		return Answer{}, ctx.Err()
	case limited.Err() != nil:
		return Answer{}, &RefusedError{fmt.Sprintf("the query took more than %s and was stopped", r.Limits.Time)}
	}
	return a, err
}

func (r *Runner) run(ctx context.Context, file, query string) (a Answer, err error) {
	text, err := json.Marshal(question{
		Warehouse: filepath.Base(file), SQL: query, Rows: r.Limits.Rows, Bytes: r.Limits.Bytes,
		Memory: r.Limits.Memory, Seconds: int(r.Limits.Time/time.Second) + 1,
	})
	if err != nil {
		return a, fmt.Errorf("confined query: %w", err)
	}
	c := exec.CommandContext(ctx, r.Program, r.Args...)
	c.Dir, c.Env = filepath.Dir(file), []string{"HOME=/nonexistent", "GOMEMLIMIT=128MiB"}
	c.Stdin = strings.NewReader(string(text))
	c.WaitDelay = time.Second
	out, err := c.StdoutPipe()
	if err != nil {
		return a, fmt.Errorf("confined query: %w", err)
	}
	if err := c.Start(); err != nil {
		return a, fmt.Errorf("confined query: %w", err)
	}
	ended, err := a.read(io.LimitReader(out, 2*r.Limits.Bytes+1<<20))
	if err != nil || !ended {
		_ = c.Process.Kill()
	}
	wait := c.Wait()
	if err == nil && !ended {
		err = &RefusedError{fmt.Sprintf("the query ended its process (%v); most likely it needed more memory than the %d MiB it may have", wait, r.Limits.Memory+overhead)}
	}
	return a, err
}

// read takes an answer in and reports whether it is whole.
func (a *Answer) read(in io.Reader) (ended bool, err error) {
	d := json.NewDecoder(bufio.NewReaderSize(in, 1<<16))
	for {
		var l line
		if err := d.Decode(&l); err != nil {
			return false, nil // cut off: the process died, or was stopped
		}
		switch {
		case l.Error != "":
			return true, &RefusedError{l.Error}
		case l.End:
			a.More = l.More
			return true, nil
		case l.Columns != nil:
			a.Columns = l.Columns
		default:
			a.Rows = append(a.Rows, l.Row)
		}
	}
}

// columnsOf are the columns of an answer.
func columnsOf(columns []warehouse.Column) []Column {
	all := make([]Column, len(columns))
	for i, c := range columns {
		all[i] = Column{c.Name, c.Type}
	}
	return all
}

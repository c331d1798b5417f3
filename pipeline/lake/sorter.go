package lake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"

	"entente/pipeline"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
)

// sorter is the sink that takes a table's rows in any order and gives them back in key order.
// Batches are sorted in the background while more are parsed.
type sorter struct {
	table  pipeline.Table
	key    []int
	budget int64
	dir    string // for spilled runs

	slots   chan struct{}
	wait    sync.WaitGroup
	mu      sync.Mutex
	runs    []*run // in order of arrival; nil while one is being sorted
	bytes   int64
	spilled []*spill
	err     error
	rows    int64 // taken
	written int64 // of them, or given to ahead

	ahead      *writer // gets rows that came in order before the last are there; nil for none
	held       []*run  // of which ahead has rows that it has not written
	last       *run    // that ahead got
	disordered bool    // rows came that belong before some that ahead got
}

// aheadRows is after how many rows those that came in order are written.
const aheadRows = 2 * RowGroupRows

func newSorter(t pipeline.Table, budget int64, dir string, workers int) *sorter {
	s := &sorter{table: t, budget: budget, dir: dir, slots: make(chan struct{}, max(workers, 1))}
	for _, name := range t.Key {
		s.key = append(s.key, t.Columns.FieldIndices(name)[0])
	}
	return s
}

// Batch implements pipeline.Sink.
func (s *sorter) Batch(rows arrow.RecordBatch) error {
	if err := sameColumns(s.table, rows.Schema()); err != nil {
		return err
	}
	if rows.NumRows() == 0 {
		return s.failure()
	}
	rows.Retain()
	s.rows += rows.NumRows()
	s.mu.Lock()
	at := len(s.runs)
	s.runs = append(s.runs, nil)
	s.mu.Unlock()
	s.slots <- struct{}{}
	s.wait.Add(1)
	go func() {
		defer func() { <-s.slots; s.wait.Done() }()
		r, err := newRun(rows, s.key)
		s.mu.Lock()
		defer s.mu.Unlock()
		if err != nil {
			s.err = errors.Join(s.err, fmt.Errorf("table %s: %w", s.table.FullName(), err))
			return
		}
		s.runs[at] = r
		s.bytes += r.bytes
	}()
	if s.ahead != nil && (s.rows-s.written >= aheadRows || s.full()) {
		if err := s.writeAhead(); err != nil {
			return err
		}
	}
	if s.ahead == nil && s.full() {
		if err := s.spill(); err != nil {
			return err
		}
	}
	return s.failure()
}

// inOrder reports whether the runs in memory lie in order behind those that were written.
func (s *sorter) inOrder() bool {
	before := s.last
	for _, r := range s.runs {
		if r.order != nil || before != nil && compare(before, before.at(int(before.rows.NumRows()-1)), r, 0) > 0 {
			return false
		}
		before = r
	}
	return true
}

// writeAhead writes the runs in memory when they lie in order. When they do not, nothing is written ahead any
// more, and it fails when something was.
func (s *sorter) writeAhead() error {
	s.wait.Wait()
	if err := s.failure(); err != nil {
		return err
	}
	if !s.inOrder() {
		s.disordered = s.last != nil
		s.ahead = nil
		if s.disordered {
			return errors.New("rows are out of order")
		}
		return nil
	}
	for _, r := range s.runs {
		if err := s.ahead.addRun(r); err != nil {
			return err
		}
	}
	s.held = append(s.held, s.runs...)
	s.last = s.held[len(s.held)-1]
	s.held = slices.DeleteFunc(s.held, func(r *run) bool {
		if s.ahead.holds(r) {
			return false
		}
		r.rows.Release()
		return true
	})
	s.runs, s.bytes, s.written = nil, 0, s.rows
	return nil
}

// drainTo writes all rows in order; valid until discard.
func (s *sorter) drainTo(ctx context.Context, w *writer) error {
	if s.ahead != nil && len(s.runs) > 0 {
		if err := s.writeAhead(); err != nil {
			return err
		}
	}
	merge, err := s.sorted()
	if err != nil {
		return err
	}
	for n := 1; ; n++ {
		r, ok, err := merge.pop()
		if err != nil {
			return err
		}
		if !ok {
			return w.end()
		}
		if err := w.add(r); err != nil {
			return err
		}
		if n%RowGroupRows == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// Reject implements pipeline.Sink: a loader is not where rows are set aside one by one.
func (s *sorter) Reject(r pipeline.Reject) error {
	return fmt.Errorf("table %s: %s:%d: %s", s.table.FullName(), r.File, r.Line, r.Reason)
}

// Filter implements pipeline.Sink.
func (s *sorter) Filter(string, int64) error { return nil }

// Close implements pipeline.Sink.
func (s *sorter) Close() error {
	s.wait.Wait()
	return s.failure()
}

func (s *sorter) failure() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

func (s *sorter) full() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bytes > s.budget
}

// spill moves the runs in memory to disk as one sorted stream.
func (s *sorter) spill() error {
	s.wait.Wait()
	if err := s.failure(); err != nil {
		return err
	}
	out, err := newSpill(s.dir, s.table.Columns, s.key, s.runs)
	if err != nil {
		return err
	}
	s.spilled = append(s.spilled, out)
	s.release()
	return nil
}

func (s *sorter) release() {
	for _, r := range s.runs {
		if r != nil {
			r.rows.Release()
		}
	}
	s.runs, s.bytes = nil, 0
}

// sorted merges everything taken; valid until discard.
func (s *sorter) sorted() (*merger, error) {
	var disk []*cursor
	for _, sp := range s.spilled {
		first, err := sp.read()
		if errors.Is(err, io.EOF) {
			continue
		}
		if err != nil {
			return nil, err
		}
		disk = append(disk, &cursor{run: first, from: sp})
	}
	return newMerger(cursors(s.runs, disk)), nil
}

// discard frees memory and temporary files.
func (s *sorter) discard() {
	s.wait.Wait()
	s.release()
	for _, r := range s.held {
		r.rows.Release()
	}
	s.held = nil
	for _, sp := range s.spilled {
		sp.close()
	}
	s.spilled = nil
}

func sameColumns(t pipeline.Table, got *arrow.Schema) error {
	want := t.Columns
	if got.NumFields() != want.NumFields() {
		return fmt.Errorf("table %s: a batch has %d columns where %d are declared", t.FullName(), got.NumFields(), want.NumFields())
	}
	for i, f := range want.Fields() {
		g := got.Field(i)
		if g.Name != f.Name || !arrow.TypeEqual(g.Type, f.Type) {
			return fmt.Errorf("table %s: column %d of a batch is %s %s where %s %s is declared", t.FullName(), i+1, g.Name, g.Type, f.Name, f.Type)
		}
	}
	return nil
}

// assemble copies rows into one batch, several columns at a time, and sums each column's hashes.
func assemble(schema *arrow.Schema, rows *group, workers int) (arrow.RecordBatch, []uint64) {
	arrays, sums := make([]arrow.Array, schema.NumFields()), make([]uint64, schema.NumFields())
	eachColumn(schema.NumFields(), workers, func(i int) error {
		arrays[i], sums[i] = gather(schema.Field(i).Type, i, rows)
		return nil
	})
	batch := array.NewRecordBatch(schema, arrays, int64(rows.rows))
	for _, a := range arrays {
		a.Release()
	}
	return batch, sums
}

// eachColumn runs do for 0..n-1 on workers goroutines and joins their errors.
func eachColumn(n, workers int, do func(i int) error) error {
	if workers <= 1 {
		for i := range n {
			if err := do(i); err != nil {
				return err
			}
		}
		return nil
	}
	errs := make([]error, n)
	next := make(chan int, n)
	for i := range n {
		next <- i
	}
	close(next)
	var wait sync.WaitGroup
	for range workers {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for i := range next {
				errs[i] = do(i)
			}
		}()
	}
	wait.Wait()
	return errors.Join(errs...)
}

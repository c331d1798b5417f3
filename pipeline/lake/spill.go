package lake

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/ipc"
)

// spillRows is the number of rows of a batch of a spilled run: one batch of each is in memory.
const spillRows = 8192

// spill is a sorted stream of rows on disk, as an Arrow stream.
type spill struct {
	file *os.File
	in   *ipc.Reader
	key  []int
}

// newSpill writes the merged rows of runs to a temporary file in dir and opens it for reading.
func newSpill(dir string, schema *arrow.Schema, key []int, runs []*run) (*spill, error) {
	f, err := os.CreateTemp(dir, "run-*.arrow")
	if err != nil {
		return nil, fmt.Errorf("spill: %w", err)
	}
	s := &spill{file: f, key: key}
	if err := s.write(schema, runs); err != nil {
		s.close()
		return nil, fmt.Errorf("spill: %w", err)
	}
	return s, nil
}

func (s *spill) write(schema *arrow.Schema, runs []*run) error {
	out := ipc.NewWriter(s.file, ipc.WithSchema(schema), ipc.WithLZ4())
	merge := newMerger(cursors(runs, nil))
	var rows group
	for {
		r, ok, err := merge.pop()
		if err != nil {
			return err
		}
		if ok {
			rows.add(r.run, r.row, r.row+1)
		}
		if rows.rows == spillRows || !ok && rows.rows > 0 {
			batch, _ := assemble(schema, &rows, 1)
			err := out.Write(batch)
			batch.Release()
			if err != nil {
				return err
			}
			rows.reset()
		}
		if !ok {
			break
		}
	}
	if err := out.Close(); err != nil {
		return err
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	in, err := ipc.NewReader(s.file)
	s.in = in
	return err
}

// read returns the next batch, or io.EOF.
func (s *spill) read() (*run, error) {
	batch, err := s.in.Read()
	if errors.Is(err, io.EOF) {
		return nil, io.EOF
	}
	if err != nil {
		return nil, fmt.Errorf("spill: %w", err)
	}
	batch.Retain()
	return newRun(batch, s.key)
}

func (s *spill) close() {
	if s.in != nil {
		s.in.Release()
	}
	s.file.Close()
	os.Remove(s.file.Name())
}

// cursors opens a cursor on every stream: spilled ones first, for they came first.
func cursors(runs []*run, spilled []*cursor) []*cursor {
	all := spilled
	for _, r := range runs {
		all = append(all, &cursor{run: r})
	}
	return all
}

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

// ReadRecord takes a record of a file. It returns why the record cannot be read, or "", and an error
// when reading has to stop.
type ReadRecord func(rec *Record) (problem string, err error)

// Read reads the layout's file from the snapshot, for tables of which a row is not simply a record, and
// closes out. start sees the header and returns what takes the records; end, unless nil, runs after the
// last one. Records that cannot be read are rejected to out, blank lines are filtered.
func (l Layout) Read(ctx context.Context, snapshot fs.FS, out pipeline.Sink, start func(header []string) (ReadRecord, error), end func() error) error {
	f, r, header, err := l.Open(snapshot)
	if err != nil {
		return err
	}
	defer f.Close()
	read, err := start(header)
	if err != nil {
		return err
	}
	for n := 0; ; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("%s: %w", l.File, err)
		}
		problem := rec.Problem
		if problem == "" {
			if problem, err = read(rec); err != nil {
				return err
			}
		}
		if problem != "" {
			if err := l.refuseRecord(rec, problem, out); err != nil {
				return err
			}
		}
	}
	if end != nil {
		if err := end(); err != nil {
			return err
		}
	}
	return out.Close()
}

// HeaderHas reports whether a comma-separated header line, perhaps with a byte order mark, has all the
// names among its columns.
func HeaderHas(line string, names ...string) bool {
	header, err := NewReader(strings.NewReader(line+"\n"), ',').Header()
	if err != nil {
		return false
	}
	for _, name := range names {
		if !slices.Contains(header, name) {
			return false
		}
	}
	return true
}

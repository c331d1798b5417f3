package lake

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"runtime/debug"

	"entente/pipeline"

	"github.com/apache/arrow-go/v18/arrow"
)

// Options bound what a Loader uses.
type Options struct {
	MemoryBytes int64 // of rows held while sorting; 0 for 160 MiB
	Workers     int   // goroutines that encode and check columns; 0 for all processors
}

// Loader writes tables under one release folder. It implements pipeline.Loader.
type Loader struct {
	root string
	opts Options
}

// New returns a loader that writes to root/lake/<schema>/<table>/.
func New(root string, opts Options) *Loader {
	if opts.MemoryBytes == 0 {
		opts.MemoryBytes = 160 << 20
	}
	if opts.Workers == 0 {
		opts.Workers = runtime.GOMAXPROCS(0)
	}
	return &Loader{root: root, opts: opts}
}

var _ pipeline.Loader = (*Loader)(nil)

// Load implements pipeline.Loader. A table without rows gets one file without rows. A table with Partition
// set is one part: the others may be there already, and a row of another part is an error.
func (l *Loader) Load(ctx context.Context, t pipeline.Table, fill func(pipeline.Sink) error) (loaded pipeline.Loaded, err error) {
	if err := t.Check(); err != nil {
		return loaded, err
	}
	folder := path.Join("lake", t.Schema, t.Name)
	made := folder
	if t.Partition != "" {
		made = path.Join(folder, t.PartitionBy+"="+t.Partition)
	}
	full := filepath.Join(l.root, filepath.FromSlash(made))
	if _, err := os.Stat(full); err == nil {
		return loaded, fmt.Errorf("table %s: %s exists already", t.FullName(), full)
	}
	temp, err := os.MkdirTemp(l.root, ".sort-*")
	if err != nil {
		return loaded, fmt.Errorf("table %s: %w", t.FullName(), err)
	}
	defer os.RemoveAll(temp)
	defer func() {
		if err != nil {
			os.RemoveAll(full)
			loaded = pipeline.Loaded{}
			err = fmt.Errorf("table %s: %w", t.FullName(), err)
		}
	}()
	rows := newSorter(t, l.opts.MemoryBytes, temp, l.opts.Workers)
	defer rows.discard()
	if err := fill(rows); err != nil {
		return loaded, err
	}
	if err := rows.Close(); err != nil {
		return loaded, err
	}
	w := &writer{loader: l, table: t, folder: folder}
	if err := w.write(ctx, rows); err != nil {
		return loaded, err
	}
	rows.discard()
	loaded = w.loaded
	loaded.Rows = 0
	for _, f := range loaded.Files {
		checked, err := Verify(filepath.Join(l.root, filepath.FromSlash(f.Path)), t.Columns, l.opts.Workers)
		if err != nil {
			return loaded, fmt.Errorf("%s: %w", f.Path, err)
		}
		if err := agree(f, checked); err != nil {
			return loaded, err
		}
		loaded.Rows += checked.Rows
	}
	if loaded.Rows > 2*RowGroupRows {
		debug.FreeOSMemory() // DuckDB, which loads the files next, needs the memory that sorting held
	}
	return loaded, nil
}

// agree compares what was read back with what was written.
func agree(wrote, read pipeline.DataFile) error {
	if wrote.Rows != read.Rows {
		return fmt.Errorf("%s: %d rows written, %d read back", wrote.Path, wrote.Rows, read.Rows)
	}
	for column, sum := range wrote.Checksums {
		if read.Checksums[column] != sum {
			return fmt.Errorf("%s: column %s: the values read back are not those written (checksum %s, not %s)", wrote.Path, column, read.Checksums[column], sum)
		}
	}
	return nil
}

// writer turns sorted rows into part files.
type writer struct {
	loader *Loader
	table  pipeline.Table
	folder string
	part   *part
	group  []ref
	loaded pipeline.Loaded
}

func (w *writer) write(ctx context.Context, rows *sorter) error {
	merge, err := rows.sorted()
	if err != nil {
		return err
	}
	defer func() {
		if w.part != nil {
			w.part.abandon()
		}
	}()
	unique := newDistinct(w.table)
	w.group = make([]ref, 0, RowGroupRows)
	var equal []ref
	for {
		r, ok, err := merge.pop()
		if err != nil {
			return err
		}
		if ok && (len(equal) == 0 || compare(equal[0].run, equal[0].row, r.run, r.row) == 0) {
			equal = append(equal, r)
			continue
		}
		if len(equal) > 0 {
			if err := unique.settle(equal, func(r ref) { w.group = append(w.group, r) }); err != nil {
				return err
			}
		}
		equal = append(equal[:0], r)
		if !ok {
			break
		}
		if err := w.flush(ctx, r); err != nil {
			return err
		}
	}
	if err := w.finish(); err != nil {
		return err
	}
	w.loaded.Duplicate, w.loaded.Conflicts = unique.duplicate, unique.conflicts
	return nil
}

// flush writes the rows gathered when they fill a row group or when next begins another partition.
func (w *writer) flush(ctx context.Context, next ref) error {
	turn := w.table.PartitionBy != "" && len(w.group) > 0 && w.partition(w.group[0]) != w.partition(next)
	if len(w.group) < RowGroupRows && !turn {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := w.writeGroup(); err != nil {
		return err
	}
	if turn {
		return w.closePart()
	}
	return nil
}

func (w *writer) writeGroup() error {
	if w.part == nil {
		value := w.table.Partition
		if w.table.PartitionBy != "" && len(w.group) > 0 {
			value = w.partition(w.group[0])
		}
		if only := w.table.Partition; only != "" && value != only {
			return fmt.Errorf("a row has %s %s in the part of %s", w.table.PartitionBy, value, only)
		}
		folder := w.folder
		if value != "" {
			folder = path.Join(folder, w.table.PartitionBy+"="+value)
		}
		var err error
		if w.part, err = newPart(w.loader.root, path.Join(folder, "part-0.parquet"), w.table, w.loader.opts.Workers); err != nil {
			return err
		}
	}
	if len(w.group) == 0 {
		return nil
	}
	err := w.part.writeGroup(w.group)
	w.group = w.group[:0]
	return err
}

func (w *writer) closePart() error {
	f, err := w.part.close()
	w.part = nil
	if err != nil {
		return err
	}
	w.loaded.Files = append(w.loaded.Files, f)
	return nil
}

func (w *writer) finish() error {
	if len(w.group) > 0 || w.part == nil && len(w.loaded.Files) == 0 {
		if err := w.writeGroup(); err != nil {
			return err
		}
	}
	if w.part == nil {
		return nil
	}
	return w.closePart()
}

func (w *writer) partition(r ref) string {
	at := w.table.Columns.FieldIndices(w.table.PartitionBy)[0]
	if f := w.table.Columns.Field(at); f.Type.ID() == arrow.DICTIONARY {
		c := &r.run.cols[at]
		return c.texts[c.index[r.row]]
	}
	return r.run.rows.Column(at).ValueStr(int(r.row))
}

package lake

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"

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
//
// Rows that come in the order of the key are written as they come. When that order ends after rows were
// written, all is begun anew and sorted.
func (l *Loader) Load(ctx context.Context, t pipeline.Table, fill func(pipeline.Sink) error) (loaded pipeline.Loaded, err error) {
	if err := t.Check(); err != nil {
		return loaded, err
	}
	w := &writer{loader: l, table: t, folder: path.Join("lake", t.Schema, t.Name)}
	made := w.folder
	if t.Partition != "" {
		made = path.Join(w.folder, t.PartitionBy+"="+t.Partition)
	}
	full := filepath.Join(l.root, filepath.FromSlash(made))
	if _, err := os.Stat(full); err == nil {
		return loaded, fmt.Errorf("table %s: %s exists already", t.FullName(), full)
	}
	defer func() {
		if err != nil {
			os.RemoveAll(full)
			loaded = pipeline.Loaded{}
			err = fmt.Errorf("table %s: %w", t.FullName(), err)
		}
	}()
	again, err := l.store(ctx, w, true, fill)
	if again {
		if err := os.RemoveAll(full); err != nil {
			return loaded, err
		}
		w = &writer{loader: l, table: t, folder: w.folder}
		_, err = l.store(ctx, w, false, fill)
	}
	if err != nil {
		return loaded, err
	}
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

// store fills the writer. With early, rows in order are written before all of them are there; again says that
// their order ended too late for that.
func (l *Loader) store(ctx context.Context, w *writer, early bool, fill func(pipeline.Sink) error) (again bool, err error) {
	temp, err := os.MkdirTemp(l.root, ".sort-*")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(temp)
	w.unique = newDistinct(w.table)
	defer func() {
		if w.part != nil {
			w.part.abandon()
		}
	}()
	rows := newSorter(w.table, l.opts.MemoryBytes, temp, l.opts.Workers)
	if early {
		rows.ahead = w
	}
	defer rows.discard()
	if err = fill(rows); err == nil {
		if err = rows.Close(); err == nil {
			err = rows.drainTo(ctx, w)
		}
	}
	return rows.disordered, err
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
	unique *distinct
	part   *part
	equal  []ref // the last rows, which share a key
	group  group // rows before them that are in no file yet
	loaded pipeline.Loaded
}

// add takes the next row.
func (w *writer) add(r ref) error {
	if len(w.equal) == 0 || compare(w.equal[0].run, w.equal[0].row, r.run, r.row) == 0 {
		w.equal = append(w.equal, r)
		return nil
	}
	if err := w.settle(); err != nil {
		return err
	}
	w.equal = append(w.equal, r)
	return w.flush(r)
}

// addRun takes the rows of a run that lies in order behind all that was added.
func (w *writer) addRun(r *run) error {
	last := int32(r.rows.NumRows() - 1)
	first := ref{r, 0}
	if !r.strict || w.table.PartitionBy != "" && w.partition(first) != w.partition(ref{r, last}) {
		for i := range last + 1 {
			if err := w.add(ref{r, i}); err != nil {
				return err
			}
		}
		return nil
	}
	if err := w.add(first); err != nil || last == 0 {
		return err
	}
	// the first row may repeat the one before it, the others repeat none
	if err := w.settle(); err != nil {
		return err
	}
	for i := int32(1); i < last; {
		n := min(last-i, w.group.room(r))
		w.group.add(r, i, i+n)
		i += n
		if w.group.full() {
			if err := w.writeGroup(); err != nil {
				return err
			}
		}
	}
	w.equal = append(w.equal, ref{r, last})
	return nil
}

// holds reports whether rows of a run are in no file yet.
func (w *writer) holds(r *run) bool {
	return len(w.equal) > 0 && slices.ContainsFunc(w.equal, func(x ref) bool { return x.run == r }) ||
		slices.ContainsFunc(w.group.spans, func(x span) bool { return x.run == r })
}

// settle decides about the last rows, which share a key.
func (w *writer) settle() error {
	if len(w.equal) == 0 {
		return nil
	}
	err := w.unique.settle(w.equal, func(r ref) { w.group.add(r.run, r.row, r.row+1) })
	w.equal = w.equal[:0]
	return err
}

// end writes what is left.
func (w *writer) end() error {
	if err := w.settle(); err != nil {
		return err
	}
	if err := w.finish(); err != nil {
		return err
	}
	w.loaded.Duplicate, w.loaded.Conflicts = w.unique.duplicate, w.unique.conflicts
	return nil
}

// flush writes the rows gathered when they fill a row group or when next begins another partition.
func (w *writer) flush(next ref) error {
	turn := w.table.PartitionBy != "" && w.group.rows > 0 && w.partition(w.group.first()) != w.partition(next)
	if !w.group.full() && !turn {
		return nil
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
		if w.table.PartitionBy != "" && w.group.rows > 0 {
			value = w.partition(w.group.first())
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
	if w.group.rows == 0 {
		return nil
	}
	err := w.part.writeGroup(&w.group)
	w.group.reset()
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
	if w.group.rows > 0 || w.part == nil && len(w.loaded.Files) == 0 {
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

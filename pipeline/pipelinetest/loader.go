package pipelinetest

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"entente/pipeline"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
)

// Loader is a pipeline.Loader in memory.
type Loader struct {
	mu     sync.Mutex
	Tables map[string]*Recorder // what was loaded, by full name: no duplicates, no conflicts
}

// NewLoader returns an empty loader.
func NewLoader() *Loader { return &Loader{Tables: map[string]*Recorder{}} }

// Load implements pipeline.Loader. Rows are kept in order of arrival, and no file is made of them.
func (l *Loader) Load(ctx context.Context, t pipeline.Table, fill func(pipeline.Sink) error) (pipeline.Loaded, error) {
	var loaded pipeline.Loaded
	if err := t.Check(); err != nil {
		return loaded, err
	}
	in := &Recorder{}
	if err := fill(in); err != nil {
		return loaded, err
	}
	if err := ctx.Err(); err != nil {
		return loaded, err
	}
	kept := &Recorder{Schema: in.Schema, Rejects: in.Rejects, Filtered: in.Filtered, Closed: in.Closed}
	byKey := map[string][]int{}
	var order []string
	for i, row := range in.Rows {
		key := pick(t, row, func(name string) bool { return slices.Contains(t.Key, name) })
		if byKey[key] == nil {
			order = append(order, key)
		}
		byKey[key] = append(byKey[key], i)
	}
	for _, key := range order {
		rows := byKey[key]
		if slices.ContainsFunc(rows, func(i int) bool { return values(t, in.Rows[i]) != values(t, in.Rows[rows[0]]) }) {
			for _, i := range rows {
				loaded.Conflicts = append(loaded.Conflicts, in.Origins[i])
			}
			continue
		}
		loaded.Duplicate += int64(len(rows) - 1)
		kept.Rows = append(kept.Rows, in.Rows[rows[0]])
		kept.Origins = append(kept.Origins, in.Origins[rows[0]])
	}
	loaded.Rows = int64(len(kept.Rows))
	l.mu.Lock()
	defer l.mu.Unlock()
	l.Tables[t.FullName()] = kept
	return loaded, nil
}

// pick joins the values of the columns that are wanted.
func pick(t pipeline.Table, row []string, wanted func(column string) bool) string {
	var b strings.Builder
	for i, f := range t.Columns.Fields() {
		if wanted(f.Name) {
			b.WriteString(row[i])
			b.WriteByte(0)
		}
	}
	return b.String()
}

// values joins all values of a row but those that say where it comes from.
func values(t pipeline.Table, row []string) string {
	origin := []string{pipeline.SourceFile, pipeline.SourceLine, pipeline.SourceOffset, pipeline.SourceLength}
	return pick(t, row, func(column string) bool { return !slices.Contains(origin, column) })
}

// TestLoader is the contract of a pipeline.Loader. open returns a new loader and the folder that its files'
// paths are relative to, or "" if it makes none.
func TestLoader(t *testing.T, open func(t *testing.T) (pipeline.Loader, string)) {
	t.Helper()
	ballots := pipeline.Table{
		Schema: "raw", Name: "ballots", Description: "Ballots.", Key: []string{"roll_call", "iso3"},
		Columns: arrow.NewSchema(append([]arrow.Field{
			pipeline.NotNull(pipeline.Int32("roll_call", "", "number")),
			pipeline.NotNull(pipeline.Code("iso3", "state")),
			pipeline.Code("vote", "vote"),
		}, pipeline.Provenance()...), nil),
	}
	push := func(out pipeline.Sink, rows ...ballotRow) error {
		batch := ballotBatch(ballots.Columns, rows)
		defer batch.Release()
		return out.Batch(batch)
	}
	t.Run("keeps one of equals and none of conflicting rows", func(t *testing.T) {
		loader, root := open(t)
		loaded, err := loader.Load(t.Context(), ballots, func(out pipeline.Sink) error {
			err := push(out, ballotRow{2, "FRA", "Y", 2}, ballotRow{1, "CHN", "N", 3}, ballotRow{2, "CHN", "A", 4})
			if err != nil {
				return err
			}
			return push(out, ballotRow{2, "FRA", "Y", 5}, ballotRow{1, "CHN", "Y", 6}, ballotRow{1, "USA", "", 7})
		})
		if err != nil {
			t.Fatal(err)
		}
		var conflicts []int64
		for _, c := range loaded.Conflicts {
			conflicts = append(conflicts, c.Line)
		}
		slices.Sort(conflicts)
		if loaded.Rows != 3 || loaded.Duplicate != 1 || !slices.Equal(conflicts, []int64{3, 6}) {
			t.Errorf("%d rows, %d duplicates, conflicts on lines %v; want 3, 1, [3 6]", loaded.Rows, loaded.Duplicate, conflicts)
		}
		checkFiles(t, root, loaded)
	})
	t.Run("leaves nothing when filling fails", func(t *testing.T) {
		loader, root := open(t)
		loaded, err := loader.Load(t.Context(), ballots, func(out pipeline.Sink) error {
			if err := push(out, ballotRow{1, "CHN", "N", 2}); err != nil {
				return err
			}
			return errFull
		})
		if !errors.Is(err, errFull) || loaded.Rows != 0 || len(loaded.Files) != 0 {
			t.Errorf("got %+v, %v; want nothing and %v", loaded, err, errFull)
		}
		if root != "" {
			if left, err := fs.Glob(os.DirFS(root), "lake/raw/ballots/*"); err != nil || len(left) > 0 {
				t.Errorf("%v was left behind: %v", left, err)
			}
		}
	})
	t.Run("loads a table without rows", func(t *testing.T) {
		loader, root := open(t)
		loaded, err := loader.Load(t.Context(), ballots, func(out pipeline.Sink) error { return out.Close() })
		if err != nil || loaded.Rows != 0 {
			t.Errorf("got %+v, %v; want no rows", loaded, err)
		}
		checkFiles(t, root, loaded)
	})
	t.Run("refuses a table without a key", func(t *testing.T) {
		loader, _ := open(t)
		keyless := ballots
		keyless.Key = nil
		if _, err := loader.Load(t.Context(), keyless, func(pipeline.Sink) error { return nil }); err == nil {
			t.Error("the table was loaded")
		}
	})
}

// checkFiles compares what a loader says of its files with the files.
func checkFiles(t *testing.T, root string, loaded pipeline.Loaded) {
	t.Helper()
	if root == "" {
		return
	}
	var rows int64
	for _, f := range loaded.Files {
		rows += f.Rows
		if info, err := fs.Stat(os.DirFS(root), f.Path); err != nil || info.Size() != f.Bytes {
			t.Errorf("%s is to have %d bytes: %v", f.Path, f.Bytes, err)
		}
	}
	if rows != loaded.Rows || len(loaded.Files) == 0 {
		t.Errorf("%d files with %d rows, %d rows loaded", len(loaded.Files), rows, loaded.Rows)
	}
}

type ballotRow struct {
	rollCall   int32
	iso3, vote string
	line       int64
}

func ballotBatch(schema *arrow.Schema, rows []ballotRow) arrow.RecordBatch {
	var rollCalls, lengths []int32
	var lines, offsets []int64
	var states, votes []string
	var state, vote, file []int32
	for i, r := range rows {
		rollCalls, lines = append(rollCalls, r.rollCall), append(lines, r.line)
		offsets, lengths = append(offsets, 10*r.line), append(lengths, 9)
		states, votes = append(states, r.iso3), append(votes, r.vote)
		state, file = append(state, int32(i)), append(file, 0)
		at := int32(i)
		if r.vote == "" {
			at = -1
		}
		vote = append(vote, at)
	}
	columns := []arrow.Array{
		pipeline.FixedArray(arrow.PrimitiveTypes.Int32, rollCalls, nil),
		pipeline.TextArray(states, state),
		pipeline.TextArray(votes, vote),
		pipeline.TextArray([]string{"ballots.csv"}, file),
		pipeline.FixedArray(arrow.PrimitiveTypes.Int64, lines, nil),
		pipeline.FixedArray(arrow.PrimitiveTypes.Int64, offsets, nil),
		pipeline.FixedArray(arrow.PrimitiveTypes.Int32, lengths, nil),
	}
	defer func() {
		for _, c := range columns {
			c.Release()
		}
	}()
	return array.NewRecordBatch(schema, columns, int64(len(rows)))
}

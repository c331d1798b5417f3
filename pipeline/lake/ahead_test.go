package lake_test

import (
	"context"
	"path/filepath"
	"slices"
	"testing"

	"entente/pipeline"
	"entente/pipeline/lake"

	"github.com/google/go-cmp/cmp"
)

// small is a budget that a few batches of a thousand rows fill.
var small = lake.Options{MemoryBytes: 200_000}

// ordered makes some n ballots in order of the key; every 250th comes a second time and every 400th in two versions,
// so that both lie across the ends of batches, too.
func ordered(n int) []ballot {
	var rows []ballot
	for i, r := range sorted(random(n)) {
		rows = append(rows, r)
		if i%250 == 249 {
			rows = append(rows, r)
		}
		if i%400 == 198 {
			r.score++
			rows = append(rows, r)
		}
	}
	for i := range rows {
		rows[i].line = int64(i + 2)
	}
	return rows
}

// Rows that come in order are written as they come, with what sorting would make of them.
func TestLoadWritesAhead(t *testing.T) {
	for partition, n := range map[string]int{"": 40_001, "rcid": 3_001} {
		tb := table()
		tb.PartitionBy = partition
		rows := ordered(n) // of which the last comes once
		mixed := slices.Concat(rows[len(rows)-1:], rows[:len(rows)-1])
		_, wanted, want := load(t, tb, lake.Options{}, mixed, 1000)
		_, ahead, got := load(t, tb, small, rows, 1000)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("rows (-sorted +as they came):\n%.2000s", diff)
		}
		if diff := cmp.Diff(wanted, ahead); diff != "" || len(ahead.Conflicts) == 0 || ahead.Duplicate == 0 {
			t.Errorf("partition %q: loaded (-sorted +as they came):\n%.2000s", partition, diff)
		}
	}
}

// An order that ends when rows were written already costs a second reading, and nothing else.
func TestLoadOutOfOrderLate(t *testing.T) {
	rows := ordered(20_000)
	rows = append(rows[1:], rows[0])
	_, wanted, want := load(t, table(), lake.Options{}, rows, 1000)
	root, read := t.TempDir(), 0
	loaded, err := lake.New(root, small).Load(context.Background(), table(), func(out pipeline.Sink) error {
		read++
		for chunk := range slices.Chunk(rows, 1000) {
			if err := out.Batch(batch(chunk)); err != nil {
				return err
			}
		}
		return out.Close()
	})
	if err != nil || read != 2 {
		t.Fatalf("read %d times, want twice; %v", read, err)
	}
	if diff := cmp.Diff(want, contents(t, filepath.Join(root, loaded.Files[0].Path))); diff != "" {
		t.Errorf("rows (-want +got):\n%.2000s", diff)
	}
	if diff := cmp.Diff(wanted, loaded); diff != "" {
		t.Errorf("loaded (-want +got):\n%.2000s", diff)
	}
	if left, _ := filepath.Glob(filepath.Join(root, ".sort-*")); left != nil {
		t.Errorf("left behind: %v", left)
	}
}

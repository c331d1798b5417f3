package pipelinetest

import (
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"entente/pipeline"
)

// Fuzz feeds a source files that nobody publishes: it may refuse them, but whatever it takes must add up to the file.
// The seeds are the files that the patterns match; files gives the snapshot in which data stands for what is published,
// where a name such as trade.zip/votes.csv is a member of an archive. Where tables are named, only those are checked.
func Fuzz(f *testing.F, src pipeline.Source, patterns []string, files func(data []byte) fstest.MapFS, tables ...string) {
	f.Helper()
	for _, pattern := range patterns {
		seeds, err := filepath.Glob(pattern)
		if err != nil || len(seeds) == 0 {
			f.Fatalf("no file matches %s: %v", pattern, err)
		}
		for _, name := range seeds {
			data, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	checked := map[string]bool{}
	for _, name := range tables {
		checked[name] = true
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		snapshot := Zip(t, files(data))
		for _, table := range src.Tables() {
			rows, err := Parse(t.Context(), src, snapshot, table)
			if err == nil && (len(tables) == 0 || checked[table.Name]) {
				Account(t, snapshot, rows)
			}
		}
	})
}

package pipelinetest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"entente/pipeline"

	"github.com/google/go-cmp/cmp"
)

// RunCases parses the snapshot of every folder of dir and compares what comes with the files beside it:
// want.<table>.csv has the rows, want.<table>.aside.csv what was rejected and filtered, want.err the
// errors. A table whose file a case lacks is passed over; an archive is a folder of that name, as Snapshot
// says. With update it writes these files instead.
func RunCases(t *testing.T, src pipeline.Source, dir string, update bool) {
	t.Helper()
	cases, err := filepath.Glob(filepath.Join(dir, "*", "snapshot"))
	if err != nil || len(cases) == 0 {
		t.Fatalf("no case in %s: %v", dir, err)
	}
	for _, snapshot := range cases {
		folder := filepath.Dir(snapshot)
		t.Run(filepath.Base(folder), func(t *testing.T) {
			got := replay(t, src, Snapshot(t, snapshot))
			if len(got) == 0 {
				t.Fatal("the case has a file of no table")
			}
			compareCase(t, folder, got, update)
		})
	}
}

// replay returns the wanted files by name.
func replay(t *testing.T, src pipeline.Source, snapshot fs.FS) map[string]string {
	got := map[string]string{}
	for _, table := range src.Tables() {
		rows, err := Parse(t.Context(), src, snapshot, table)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			got["want.err"] += fmt.Sprintf("%s: %v\n", table.Name, err)
			continue
		}
		Account(t, snapshot, rows)
		got["want."+table.Name+".csv"] = rows.CSV()
		if aside := rows.Aside(); aside != "" {
			got["want."+table.Name+".aside.csv"] = aside
		}
	}
	return got
}

func compareCase(t *testing.T, folder string, got map[string]string, update bool) {
	t.Helper()
	old, err := filepath.Glob(filepath.Join(folder, "want.*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range old {
		if _, ok := got[filepath.Base(name)]; ok {
			continue
		}
		if !update {
			t.Errorf("%s is wanted and did not come", filepath.Base(name))
		} else if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
	for name, content := range got {
		path := filepath.Join(folder, name)
		if update {
			if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Errorf("%v; it came:\n%s", err, content)
			continue
		}
		if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(content, "\n")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

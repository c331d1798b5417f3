package atop

import (
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"entente/pipeline/pipelinetest"
)

// landed returns a landed table of the project.
func landed(t *testing.T, file string) []byte {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "..", "shared", "data", "treaties", "atop", file))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the landed upstream data (../shared/data) are not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	plain, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(plain)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestLandedTables parses version 5.0: every alliance is loaded, and every member but Annam, which has no
// state's number.
func TestLandedTables(t *testing.T) {
	snapshot := pipelinetest.Zip(t, fstest.MapFS{
		"atop.zip/ATOP 5.0 (.csv)/atop5_0a.csv": {Data: landed(t, "atop5_0a.csv.gz")},
		"atop.zip/ATOP 5.0 (.csv)/atop5_0m.csv": {Data: landed(t, "atop5_0m.csv.gz")},
	})
	src := newSource(t)
	wantOnes := map[string]int{"defense": 276, "offense": 81, "neutral": 124, "nonagg": 420, "consul": 383, "bilat": 656, "asymm": 91, "intcom": 30}
	members := map[string]map[string]bool{}
	for _, table := range src.Tables() {
		got, err := pipelinetest.Parse(t.Context(), src, snapshot, table)
		if err != nil {
			t.Fatal(err)
		}
		at := map[string]int{}
		for i, f := range table.Columns.Fields() {
			at[f.Name] = i
		}
		ones := map[string]int{}
		for _, row := range got.Rows {
			for column := range wantOnes {
				if row[at[column]] == "true" {
					ones[column]++
				}
			}
			if table.Name == membersTable {
				if members[row[at["atopid"]]] == nil {
					members[row[at["atopid"]]] = map[string]bool{}
				}
				members[row[at["atopid"]]][row[at["member"]]] = true
			}
		}
		if len(got.Filtered) != 0 {
			t.Errorf("%s: filtered %v", table.Name, got.Filtered)
		}
		switch table.Name {
		case alliancesTable:
			if len(got.Rows) != 765 || len(got.Rejects) != 0 {
				t.Errorf("%d alliances of 765, rejected %v", len(got.Rows), got.Rejects)
			}
			for column, want := range wantOnes {
				if ones[column] != want {
					t.Errorf("%d alliances with %s, want %d", ones[column], column, want)
				}
			}
		case membersTable:
			if len(got.Rows) != 2_445 || len(got.Rejects) != 1 || !strings.Contains(got.Rejects[0].Reason, "8152") {
				t.Errorf("%d members of 2,446, rejected %v; want all but 8152", len(got.Rows), got.Rejects)
			}
		}
	}
	if len(members) != 765 {
		t.Errorf("members of %d alliances, want 765", len(members))
	}
}

package mid

import (
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"entente/pipeline/pipelinetest"
)

// TestLandedTables parses all that is landed: every row is loaded, with a state for every number, and each
// dyad-year is there from both sides.
func TestLandedTables(t *testing.T) {
	dir := filepath.Join("..", "..", "..", "shared", "data", "treaties", "conflict")
	disputes, err := os.ReadFile(filepath.Join(dir, "cow_mid_disps.csv"))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the landed upstream data (../shared/data) are not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(filepath.Join(dir, "cow_mid_ddydisps.csv.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	plain, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	dyads, err := io.ReadAll(plain)
	if err != nil {
		t.Fatal(err)
	}
	snapshot := pipelinetest.Zip(t, fstest.MapFS{
		"disputes.zip/MIDA 5.0.csv":      {Data: disputes},
		"dyads.zip/cow_mid_ddydisps.csv": {Data: dyads},
	})
	src := newSource(t)
	for _, table := range src.Tables() {
		got, err := pipelinetest.Parse(t.Context(), src, snapshot, table)
		if err != nil {
			t.Fatal(err)
		}
		if want := map[string]int{disputesTable: 2_436, dyadsTable: 10_234}[table.Name]; len(got.Rows) != want || len(got.Rejects) != 0 || len(got.Filtered) != 0 {
			t.Errorf("%s: %d rows, %d rejected, %v filtered; want %d, none and none", table.Name, len(got.Rows), len(got.Rejects), got.Filtered, want)
		}
		if table.Name != dyadsTable {
			continue
		}
		seen := map[[4]string]bool{}
		for _, row := range got.Rows {
			seen[[4]string{row[0], row[1], row[3], row[5]}] = true
		}
		for key := range seen {
			if !seen[[4]string{key[0], key[2], key[1], key[3]}] {
				t.Errorf("dispute %s of %s and %s in %s is there from one side", key[0], key[1], key[2], key[3])
			}
		}
		if len(seen) != 10_234 {
			t.Errorf("%d keys of 10,234 rows", len(seen))
		}
	}
}

package lake_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"entente/pipeline/lake"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"
)

// Whoever reads a row group of long texts has to hold it, so it has fewer rows, in whatever order they come.
func TestLoadLongTexts(t *testing.T) {
	rows := sorted(random(600))
	for i := range rows {
		rows[i].vote = fmt.Sprint(i, strings.Repeat("-", 64<<10))
	}
	for name, mix := range map[string]func([]ballot){"in order": func([]ballot) {}, "backwards": slices.Reverse[[]ballot]} {
		given := slices.Clone(rows)
		mix(given)
		root, loaded, got := load(t, table(), lake.Options{}, given, 100)
		if diff := cmp.Diff(render(rows), got); diff != "" {
			t.Errorf("%s: rows (-want +got):\n%.500s", name, diff)
		}
		f, err := os.Open(filepath.Join(root, loaded.Files[0].Path))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		pf, err := parquet.OpenFile(f, loaded.Files[0].Bytes)
		if err != nil {
			t.Fatal(err)
		}
		var groups []int64
		for _, g := range pf.RowGroups() {
			groups = append(groups, g.NumRows())
		}
		if len(groups) != 3 || groups[0] < 240 || groups[0] > 260 {
			t.Errorf("%s: row groups of %v rows, want three of 16 MB at most", name, groups)
		}
	}
}

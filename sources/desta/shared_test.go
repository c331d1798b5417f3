package desta

import (
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"entente/pipeline/pipelinetest"
)

// TestLandedList parses all that is landed: every entry is loaded, and every member, with a state for its number.
func TestLandedList(t *testing.T) {
	f, err := os.Open("../../../shared/data/treaties/desta/desta_list_of_treaties.csv.gz")
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
	list, err := io.ReadAll(plain)
	if err != nil {
		t.Fatal(err)
	}
	// members counts the filled cells of each record's 91, which the same number of roles follow
	members := 0
	for _, line := range strings.Split(strings.TrimSpace(string(list)), "\n")[1:] {
		cells := strings.Split(line, ";")
		for _, cell := range cells[len(cells)-182 : len(cells)-91] {
			if cell != missing {
				members++
			}
		}
	}
	snapshot := fstest.MapFS{listFile: {Data: list}}
	src := newSource(t)
	for _, table := range src.Tables() {
		got, err := pipelinetest.Parse(t.Context(), src, snapshot, table)
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]int{treatiesTable: 1_217, partiesTable: members}[table.Name]
		if len(got.Rows) != want || len(got.Rejects) != 0 {
			t.Errorf("%s: %d rows, %d rejected; want %d and none", table.Name, len(got.Rows), len(got.Rejects), want)
		}
		if table.Name == partiesTable && (len(got.Filtered) != 1 || got.Filtered[0].Rule != roleAlone) {
			t.Errorf("filtered %v, want the one role without a member noted", got.Filtered)
		}
		types := map[string]int{}
		for _, row := range got.Rows {
			types[row[3]]++
		}
		if table.Name == treatiesTable && (types["base_treaty"] != 842 || types["accession"] != 199 || types["withdrawal"] != 30) {
			t.Errorf("entries by type: %v", types)
		}
	}
	t.Logf("%d members", members)
}

package ucdp

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"entente/pipeline/pipelinetest"
)

// numbered gives the codes that the landed file spells out.
var numbered = map[string]string{
	"territory": "1", "government": "2", "both": "3",
	"extrasystemic": "1", "interstate": "2", "intrastate": "3", "II": "4",
}

// published joins the landed rows, one a pair of opponents, to one a conflict and year as published, and counts
// the states they list.
func published(t *testing.T) (table []byte, conflicts, parties int) {
	t.Helper()
	f, err := os.Open("../../../shared/data/treaties/conflict/ucdp_acd_v25.1_long.csv.gz")
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
	rows, err := csv.NewReader(plain).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	header := rows[0]
	var order []string
	joined := map[string][]string{}
	for _, row := range rows[1:] {
		key := row[0] + " " + row[1]
		if joined[key] == nil {
			joined[key] = make([]string, len(header))
			order = append(order, key)
		}
		for i, value := range row {
			old := joined[key][i]
			switch {
			case strings.HasPrefix(header[i], "gwno"):
				if value != "" && !slices.Contains(strings.Split(old, ", "), value) {
					joined[key][i] = strings.TrimPrefix(old+", "+value, ", ")
					parties++
				}
			case numbered[value] != "" && strings.Contains("incompatibility type_of_conflict", header[i]):
				joined[key][i] = numbered[value]
			default:
				joined[key][i] = value
			}
		}
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write(header)
	for _, key := range order {
		w.Write(joined[key])
	}
	w.Flush()
	return b.Bytes(), len(order), parties
}

// hyderabad is the number of the one party that no state here is: in two conflicts, of 1947 and 1948.
const hyderabad = `"751"`

// TestLandedTables parses all that is landed: every conflict and year is loaded, and every state that takes
// part in one, but for Hyderabad.
func TestLandedTables(t *testing.T) {
	table, conflicts, parties := published(t)
	if conflicts != 2_752 {
		t.Fatalf("%d conflicts and years, want 2,752", conflicts)
	}
	snapshot := pipelinetest.Zip(t, fstest.MapFS{"conflicts.zip/UcdpPrioConflict_v25_1.csv": {Data: table}})
	src := newSource(t)
	for _, table := range src.Tables() {
		got, err := pipelinetest.Parse(t.Context(), src, snapshot, table)
		if err != nil {
			t.Fatal(err)
		}
		want, rejected := conflicts, 0
		if table.Name == partiesTable {
			want, rejected = parties-3, 3
		}
		if len(got.Rows) != want || len(got.Rejects) != rejected || len(got.Filtered) != 0 {
			t.Errorf("%s: %d rows, %d rejected, %v filtered; want %d, %d and none", table.Name, len(got.Rows), len(got.Rejects), got.Filtered, want, rejected)
		}
		for _, r := range got.Rejects {
			if !strings.Contains(r.Reason, hyderabad) {
				t.Error(r.Reason)
			}
		}
	}
	t.Logf("%d conflicts and years, %d states in them", conflicts, parties)
}

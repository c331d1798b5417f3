package contiguity

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"entente/pipeline/pipelinetest"
)

// TestLandedSpells parses all the landed spells, which list each pair both ways, once each in the published
// layout: every one is loaded or counted as not contiguous.
func TestLandedSpells(t *testing.T) {
	text, err := os.ReadFile("../../../shared/data/treaties/cow/cow_contdir.csv")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the landed upstream data (../shared/data) are not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	b.WriteString("dyad,statelno,statelab,statehno,statehab,conttype,begin,end,notes,version\n")
	spells, separate := 0, int64(0)
	for _, r := range rows[1:] {
		low, high := number([]byte(r[0])), number([]byte(r[1]))
		if low > high {
			continue
		}
		spells++
		if r[2] == apart {
			separate++
		}
		fmt.Fprintf(&b, "%d,%d,,%d,,%s,%s,%s,,3.2\n", low*1000+high, low, high, r[2],
			strings.ReplaceAll(r[3][:7], "-", ""), strings.ReplaceAll(r[4][:7], "-", ""))
	}
	snapshot := pipelinetest.Zip(t, fstest.MapFS{"contiguity.zip/contdir.csv": {Data: b.Bytes()}})
	src := newSource(t)
	got, err := pipelinetest.Parse(t.Context(), src, snapshot, src.Tables()[0])
	if err != nil {
		t.Fatal(err)
	}
	records, keys, filtered := map[int64]bool{}, map[string]bool{}, int64(0)
	for i, origin := range got.Origins {
		records[origin.Line] = true
		key := strings.Join([]string{got.Rows[i][0], got.Rows[i][2], got.Rows[i][5]}, " ")
		if keys[key] {
			t.Errorf("%s is there twice", key)
		}
		keys[key] = true
	}
	for _, f := range got.Filtered {
		filtered += f.Rows
	}
	if spells != 937 || len(got.Rejects) != 0 || filtered != separate || int64(len(records))+filtered != int64(spells) {
		t.Errorf("%d spells: %d loaded in %d rows, %d rejected, %d filtered; want 937, none lost and %d filtered",
			spells, len(records), len(got.Rows), len(got.Rejects), filtered, separate)
	}
	t.Logf("%d rows of %d spells", len(got.Rows), len(records))
}

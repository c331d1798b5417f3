package cowstates

import (
	"errors"
	"io/fs"
	"os"
	"testing"
	"testing/fstest"

	"entente/pipeline/pipelinetest"
)

// TestLandedList parses version 2016: every spell is loaded, and 195 of 243 had not ended.
func TestLandedList(t *testing.T) {
	text, err := os.ReadFile("../../../shared/data/treaties/cow/cow_states.csv")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the landed upstream data (../shared/data) are not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	src := newSource(t)
	got, err := pipelinetest.Parse(t.Context(), src, fstest.MapFS{statesFile: {Data: text}}, src.Tables()[0])
	if err != nil {
		t.Fatal(err)
	}
	open := 0
	for _, row := range got.Rows {
		if row[atTo+1] == "" { // behind iso3
			open++
		}
	}
	if len(got.Rows) != 243 || open != 195 || len(got.Rejects) != 0 || len(got.Filtered) != 0 {
		t.Errorf("%d spells, %d of them open, rejected %v, filtered %v; want 243, 195, none and none",
			len(got.Rows), open, got.Rejects, got.Filtered)
	}
}

package cowalliances

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"testing"
	"testing/fstest"

	"entente/pipeline/pipelinetest"
)

// TestLandedDyads parses all landed dyad-years, restated in the published layout: every one is loaded. What the
// landed table lost, the alliances' numbers and spells, is filled with one number and the year itself.
func TestLandedDyads(t *testing.T) {
	f, err := os.Open("../../../shared/data/treaties/cow/cow_alliance_v4.1_directed_dyad_year.csv.gz")
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
	var b bytes.Buffer
	b.WriteString("version4id,ccode1,state_name1,ccode2,state_name2,dyad_st_day,dyad_st_month,dyad_st_year,dyad_end_day,dyad_end_month,dyad_end_year,left_censor,right_censor,defense,neutrality,nonaggression,entente,year,version\n")
	for _, r := range rows[1:] { // ccode1,ccode2,year,cow_defense,cow_neutral,cow_nonagg,cow_entente
		fmt.Fprintf(&b, "1,%s,,%s,,-9,1,%s,,,,0,1,%s,%s,%s,%s,%s,4.1\n", r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[2])
	}
	snapshot := pipelinetest.Zip(t, fstest.MapFS{"alliances.zip/version4.1_csv/alliance_v4.1_by_directed_yearly.csv": {Data: b.Bytes()}})
	src := newSource(t)
	var got pipelinetest.Counter
	if err := src.Parse(t.Context(), snapshot, dyadsTable, pipelinetest.Through(src.Tables()[0], &got)); err != nil {
		t.Fatal(err)
	}
	if got.Rows != 120_784 || len(got.Rejects) != 0 || got.Filtered != 0 {
		t.Errorf("%d rows, %d rejected, %d filtered; want 120784, none and none", got.Rows, len(got.Rejects), got.Filtered)
	}
}

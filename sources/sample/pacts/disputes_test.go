package pacts

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDisputesEqualTheUpstream compares the served pairs with the landed ones of the same years, of which none is
// missing.
func TestDisputesEqualTheUpstream(t *testing.T) {
	_, archive, err := disputesZIPs(allFacts(t), on(t))
	if err != nil {
		t.Fatal(err)
	}
	line := func(row cells) string {
		var values []string
		for _, name := range strings.Split(pairHeader, ",") {
			values = append(values, row[name])
		}
		return strings.Join(values, ",")
	}
	var served, wanted []string
	years := map[string]bool{}
	for _, row := range parse(t, member(t, archive, "cow_mid_ddydisps.csv")) {
		served = append(served, line(row))
		years[row["year"]] = true
	}
	if len(years) != 3 {
		t.Errorf("years %v, want three", years)
	}
	each(t, landed(t, "conflict/cow_mid_ddydisps.csv.gz"), func(row cells) {
		if years[row["year"]] {
			wanted = append(wanted, line(row))
		}
	})
	slices.Sort(served)
	slices.Sort(wanted)
	if diff := cmp.Diff(wanted, served); diff != "" {
		t.Errorf("pairs (-landed +served):\n%.2000s", diff)
	}
}

func TestDisputesFile(t *testing.T) {
	f := allFacts(t)
	archive, pairs, err := disputesZIPs(f, on(t))
	if err != nil {
		t.Fatal(err)
	}
	disputes := parse(t, member(t, archive, "MIDA 5.0.csv"))
	if len(disputes) != len(f.disputes) || len(parse(t, member(t, pairs, "cow_mid_ddydisps.csv"))) != 2*len(f.disputing) {
		t.Errorf("%d disputes of %d, and every pair from both sides", len(disputes), len(f.disputes))
	}
	for _, d := range disputes {
		if !slices.ContainsFunc(f.disputing, func(p disputing) bool { return p["dispnum"] == d["dispnum"] }) {
			t.Errorf("dispute %s has no pair", d["dispnum"])
		}
	}
	for name, row := range map[string][]string{
		"not there":  strings.Split("1,2012,CHN,JPN,1,a,,,,,,,4,4,1,1", ","),
		"no number":  strings.Split("4414,2012,ARM,AZE,x,a,,,,,,,4,4,1,1", ","),
		"order":      strings.Split("4414,2012,AZE,ARM,1,a,,,,,,,4,4,1,1", ","),
		"first":      strings.Split("4414,2012,ARM,AZE,1,ARM,,,,,,,4,4,1,1", ","),
		"no dispute": strings.Split(",2012,ARM,AZE,1,a,,,,,,,4,4,1,1", ","),
	} {
		if err := f.addDisputing(row); err == nil {
			t.Errorf("%s: nothing is wrong with %v", name, row)
		}
	}
}

package sql_test

import (
	"os"
	"path/filepath"
	"testing"
)

// TestPublishedIndex works the Composite Index of National Capability out of all the landed components: it is
// the published one to 1e-7, and the sums of its years are what the published ones add up to.
func TestPublishedIndex(t *testing.T) {
	file, err := filepath.Abs("../../shared/data/treaties/cow/cow_nmc_abridged.csv.gz")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(file); err != nil {
		t.Skip("the real data is not here")
	}
	db := emptyWarehouse(t)
	execute(t, db, `insert into raw.cow_capabilities by name
		select ccode, year, milper, irst, pec, tpop, upop, cinc,
			case when year >= 1914 then milex end as milex_kusd,
			case when year < 1914 then milex end as milex_kgbp
		from read_csv('`+file+`')`)
	for _, v := range views(t) {
		if v.FullName() == "indicators.cinc" {
			if err := define(t, db, v); err != nil {
				t.Fatal(err)
			}
		}
	}
	if n := count(t, db, "from indicators.cinc"); n != 17_121 {
		t.Fatalf("%d rows, want 17,121", n)
	}
	if n := count(t, db, "from indicators.cinc where deviation is null or abs(deviation) > 1e-7"); n > 0 {
		t.Errorf("%d rows differ from the published index by more than 1e-7", n)
	}
	var worst, highest float64
	var off, year int
	row := db.QueryRowContext(t.Context(), `select
		(select max(abs(deviation)) from indicators.cinc),
		max(s), arg_max(year, s), count(*) filter (where abs(s - 1) > 1e-6)
		from (select year, sum(published_cinc) as s from indicators.cinc group by year)`)
	if err := row.Scan(&worst, &highest, &year, &off); err != nil {
		t.Fatal(err)
	}
	t.Logf("largest deviation %.2g; the published index does not sum to 1 in %d of 207 years, most in %d with %.4f", worst, off, year, highest)
	if year != 1860 || highest < 1.0744 || highest > 1.0750 {
		t.Errorf("the index sums to %v in %d; the highest sum is known to be 1.0745 to 1.0747, in 1860", highest, year)
	}
}

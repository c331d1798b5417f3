package sql_test

import (
	"math"
	"strings"
	"testing"
)

// TestBands demands that the bands of agreement over many texts are as wide as a share's standard error has it,
// that they are the same at every call, and that another seed gives others.
func TestBands(t *testing.T) {
	db := emptyWarehouse(t)
	for _, v := range views(t) {
		switch v.FullName() {
		case "core.resolutions":
			execute(t, db, `create table core.resolutions as
				select 'GA' as body, 'voeten' as source, i::varchar as resolution_id, date '2001-01-01' + i::integer as date,
					2001 as year, true as contested
				from range(300) as r (i)`)
		case "core.votes":
			execute(t, db, `create table core.votes as
				select 'GA' as body, 'voeten' as source, i::varchar as resolution_id, s.iso3,
					case when s.iso3 = 'FRA' or i % 10 < 7 then 'yes' else 'no' end as vote
				from range(300) as r (i) cross join (values ('FRA'), ('USA')) as s (iso3)`)
		case "indicators.agreement_measures", "indicators.pair_alignment_bands":
			if err := define(t, db, v); err != nil {
				t.Fatal(err)
			}
		}
	}
	const call = "indicators.pair_alignment_bands('GA', 'FRA', 'USA', date '2001-01-01', date '2002-12-31', 1000, %)"
	seeded := func(seed string) string { return strings.ReplaceAll(call, "%", seed) }
	var n, draws int
	var value, sd, low, high float64
	if err := db.QueryRow("select n, value, sd, q025, q975, draw_count from "+seeded("1")+
		" where scope = 'all' and measure = 'agree'").Scan(&n, &value, &sd, &low, &high, &draws); err != nil {
		t.Fatal(err)
	}
	want := math.Sqrt(0.7 * 0.3 / 300)
	if n != 300 || value != 0.7 || draws != 1000 || math.Abs(sd/want-1) > 0.1 ||
		math.Abs(low-(0.7-1.96*want)) > 0.01 || math.Abs(high-(0.7+1.96*want)) > 0.01 {
		t.Errorf("n %d, agree %v, sd %v (want about %v), 95 %% band %v to %v, %d draws", n, value, sd, want, low, high, draws)
	}
	same := "from (from " + seeded("1") + ") as x inner join (from " + seeded("1") + ") as y using (scope, measure) where x.sd = y.sd and x.q05 = y.q05"
	other := strings.Replace(same, ", 1000, 1)) as y", ", 1000, 2)) as y", 1)
	if a, b := count(t, db, same), count(t, db, other); a == 0 || b >= a {
		t.Errorf("%d measures are the same at a second call, %d with another seed", a, b)
	}
}

// TestIntervalsStayBetweenNoneAndAll demands that the interval of an agreement of all or of none ends at 1 or 0,
// with any number of texts: both ends are sums that rounding can carry past it.
func TestIntervalsStayBetweenNoneAndAll(t *testing.T) {
	db := emptyWarehouse(t)
	for _, v := range views(t) {
		switch v.FullName() {
		case "core.resolutions":
			execute(t, db, `create table core.resolutions as
				select 'SC' as body, 'unsc' as source, i::varchar as resolution_id, date '2001-01-01' + i::integer as date,
					2001 as year, false as contested, 'adopted' as outcome, null::boolean as permanent_split,
					false as important, '' as issues, '' as title, true as is_default
				from range(60) as r (i)`)
		case "core.votes":
			execute(t, db, `create table core.votes as
				select 'SC' as body, 'unsc' as source, i::varchar as resolution_id, s.iso3, s.vote
				from range(60) as r (i)
				cross join (values ('CHN', 'yes'), ('RUS', 'yes'), ('USA', 'no')) as s (iso3, vote)`)
		case "indicators.agreement_measures", "indicators.pair_alignment":
			if err := define(t, db, v); err != nil {
				t.Fatal(err)
			}
		}
	}
	for days := 40; days < 60; days++ {
		for other, agree := range map[string]float64{"RUS": 1, "USA": 0} {
			var low, high float64
			if err := db.QueryRow(`select wilson_low, wilson_high
				from indicators.pair_alignment('SC', 'CHN', $1, date '2001-01-01', date '2001-01-01' + $2::integer)
				where scope = 'all'`, other, days).Scan(&low, &high); err != nil {
				t.Fatal(err)
			}
			if low < 0 || high > 1 || agree == 1 && !near(high, 1) || agree == 0 && !near(low, 0) || low >= high {
				t.Errorf("%d texts, agreement %v: interval %v to %v", days+1, agree, low, high)
			}
		}
	}
}

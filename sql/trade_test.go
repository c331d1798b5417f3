package sql_test

import (
	stdsql "database/sql"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"entente/pipeline"
)

// tradeWarehouse defines everything over given tables.
func tradeWarehouse(t *testing.T, given map[string][][]string) *stdsql.DB {
	t.Helper()
	db := emptyWarehouse(t)
	all := views(t)
	for name, rows := range given {
		if !slices.ContainsFunc(all, func(v pipeline.View) bool { return v.FullName() == name }) {
			fill(t, db, name, rows)
		}
	}
	for _, v := range all {
		if err := define(t, db, v); err != nil {
			t.Fatalf("%s: %v", v.FullName(), err)
		}
		if rows, ok := given[v.FullName()]; ok {
			fill(t, db, v.FullName(), rows)
		}
	}
	return db
}

// report is one report of generated trade; a negative value says that there is none.
type report struct {
	source                       string
	year                         int
	exporter, importer, reporter string
	value                        float64
	estimate                     bool
}

// generated is trade of some states, in two sources and three years. Some states file nothing, some
// only exports; some reports are missing, some are 0, some estimated; the two sides differ.
func generated(random *rand.Rand, states []string) []report {
	var reports []report
	for _, source := range []string{"comtrade", "imts"} {
		for year := 2001; year <= 2003; year++ {
			files := map[string]int{}
			for _, s := range states {
				files[s] = random.IntN(4) // 0 nothing, 1 exports, 2 and 3 both
			}
			for _, x := range states {
				for _, m := range states {
					if x == m || random.Float64() < 0.3 {
						continue
					}
					truth := math.Exp(10+5*random.Float64()) * float64(random.IntN(5))
					if files[x] > 0 && random.Float64() < 0.9 {
						reports = append(reports, report{source, year, x, m, "exporter", truth, false})
					}
					if files[m] > 1 && random.Float64() < 0.9 {
						reports = append(reports, report{source, year, x, m, "importer",
							truth * math.Exp(0.1+0.5*random.NormFloat64()), random.IntN(20) == 0})
					}
				}
			}
		}
	}
	return reports
}

// rowsOf writes reports as rows of core.trade_reports.
func rowsOf(reports []report) [][]string {
	rows := [][]string{{"source", "product", "year", "exporter_iso3", "importer_iso3", "reported_by", "value_usd", "valuation", "is_estimate"}}
	for _, r := range reports {
		valuation := "fob"
		if r.reporter == "importer" {
			valuation = "cif"
		}
		rows = append(rows, []string{r.source, "TOTAL", strconv.Itoa(r.year), r.exporter, r.importer, r.reporter,
			strconv.FormatFloat(r.value, 'g', -1, 64), valuation, strconv.FormatBool(r.estimate)})
	}
	return rows
}

func generatedWarehouse(t *testing.T) (*stdsql.DB, []string, []report) {
	t.Helper()
	var states []string
	economies := [][]string{{"iso3", "year", "gdp_usd"}}
	geography := [][]string{{"iso3", "valid_from", "year_from", "latitude_deg", "longitude_deg", "landlocked"}}
	members := [][]string{{"region_version", "region_id", "iso3", "valid_from", "is_primary"}}
	random := rand.New(rand.NewPCG(11, 12))
	for i := range 14 {
		s := fmt.Sprintf("A%02d", i)
		states = append(states, s)
		for year := 2001; year <= 2003; year++ {
			if random.IntN(5) > 0 {
				economies = append(economies, []string{s, strconv.Itoa(year), strconv.FormatFloat(math.Exp(16+3*random.Float64()), 'g', -1, 64)})
			}
		}
		geography = append(geography, []string{s, "0001-01-01", "1", strconv.Itoa(random.IntN(160) - 80), strconv.Itoa(random.IntN(360) - 180), strconv.FormatBool(i%5 == 0)})
		for _, region := range []int{i % 3, 3 + i%2} {
			members = append(members, []string{"v", fmt.Sprintf("r%d", region), s, "0001-01-01", strconv.FormatBool(region < 3)})
		}
	}
	reports := generated(random, states)
	return tradeWarehouse(t, map[string][][]string{
		"core.trade_reports": rowsOf(reports), "core.economies": economies,
		"core.state_geography": geography, "core.region_members": members,
	}), states, reports
}

// TestTradeIdentities asks the indicators over generated trade for rows that break what must hold for
// any: each query returns the offending ones.
func TestTradeIdentities(t *testing.T) {
	db, _, _ := generatedWarehouse(t)
	for _, law := range []struct{ name, covered, broken string }{
		{"shares of a state add up to 1", "select 1 from core.trade_dyads where trade_usd is not null",
			`with sides as (
				select method, source, year, iso3_a as iso3, share_a as share, total_a_usd as total from indicators.trade_interdependence
				union all
				select method, source, year, iso3_b, share_b, total_b_usd from indicators.trade_interdependence)
			select method, source, year, iso3, sum(share) from sides group by all
			having count(*) = count(share) and max(total) > 0 and abs(sum(share) - 1) > 1e-9`},
		{"all exports are all imports", "select 1 from core.trade_totals",
			`select method, source, year, sum(export_usd), sum(import_usd) from core.trade_totals group by all
			having abs(sum(export_usd) - sum(import_usd)) > 1e-9 * sum(export_usd)`},
		{"trade of a pair is the same from both sides", "select 1 from core.trade_dyads",
			`with flows as (select method, source, year, exporter_iso3 as s, importer_iso3 as p, value_usd from core.trade where product = 'TOTAL'),
			sides as (select method, source, year, s, p, value_usd from flows union all select method, source, year, p, s, value_usd from flows),
			pairs as (select method, source, year, s, p, sum(value_usd) as trade_usd from sides group by all)
			select * from pairs as x inner join pairs as y on y.method = x.method and y.source = x.source and y.year = x.year and y.s = x.p and y.p = x.s
			left join core.trade_dyads as d on d.method = x.method and d.source = x.source and d.year = x.year
				and d.iso3_a = least(x.s, x.p) and d.iso3_b = greatest(x.s, x.p)
			where abs(x.trade_usd - y.trade_usd) > 1e-9 * x.trade_usd or d.iso3_a is null
				or d.trade_usd is not null and abs(d.trade_usd - x.trade_usd) > 1e-9 * x.trade_usd`},
		{"the weak link is the lower of both", "select 1 from indicators.trade_dependence where weak_link_share > 0",
			`select * from indicators.trade_dependence where weak_link_share > dependence_a_share or weak_link_share > dependence_b_share
				or strong_link_share < dependence_a_share or strong_link_share < dependence_b_share or asymmetry < 0
				or (weak_link_share is null) <> (dependence_a_share is null or dependence_b_share is null)
				or (dependence_a_share is null) <> (trade_usd is null or gdp_a_usd is null)`},
		{"interdependence is between 0 and 1", "select 1 from indicators.trade_interdependence where interdependence > 0",
			`select * from indicators.trade_interdependence where not (share_a between 0 and 1 + 1e-12 and share_b between 0 and 1 + 1e-12
				and symmetry between -1e-12 and 1 and interdependence between -1e-12 and 1 + 1e-12)`},
		{"concentration is above 0 and at most 1", "select 1 from indicators.trade_concentration where partner_count > 1",
			`select * from indicators.trade_concentration where not (hhi > 0 and hhi <= 1 and hhi >= 1.0 / partner_count - 1e-12
				and top_partner_share <= 1 and top_partner_share >= 1.0 / partner_count - 1e-12
				and effective_partner_count between 1 and partner_count + 1e-9)
				or (hhi_normalized is null) <> (partner_count = 1) or hhi_normalized not between 0 and 1`},
		{"introversion is between -1 and 1", "select 1 from indicators.regional_trade where introversion is not null",
			`select * from indicators.regional_trade where introversion not between -1 and 1 or not intra_share between 0 and 1
				or hi is not null and he is not null and abs(introversion - (hi - he) / (hi + he)) > 1e-9`},
		{"intensity, weighted by the importers' part in the world, has mean 1", "select 1 from indicators.trade_intensity where intensity > 1",
			`select method, source, year, exporter_iso3, sum(intensity * importer_total_usd / world_usd) from indicators.trade_intensity
			where exporter_total_usd > 0 group by all having abs(sum(intensity * importer_total_usd / world_usd) - 1) > 1e-9`},
		{"one default source a year", "select 1 from core.trade_default_source",
			"select year from core.trade_default_source group by year having count(*) filter (where is_default) <> 1"},
		{"reconciled values lie between the reports", "select 1 from core.trade where method = 'reconciled' and evidence = 'both'",
			"select * from checks.reconciled_between"},
		{"values are in bounds", "select 1 from core.trade", "select * from checks.trade_bounds"},
		{"both methods have the flows of a source", "select 1 from core.trade where method = 'reconciled'",
			`select source, year, exporter_iso3, importer_iso3 from core.trade group by all having count(*) <> 2`},
	} {
		t.Run(law.name, func(t *testing.T) {
			if n := count(t, db, law.covered); n == 0 {
				t.Fatal("the generated trade has nothing that this law is about")
			}
			if n := count(t, db, law.broken); n > 0 {
				t.Errorf("%d rows break it", n)
			}
		})
	}
}

// direction is exports of one state to another in a source and year.
type direction struct {
	source   string
	year     int
	from, to string
}

// filing is a state's exports or imports (way: exporter, importer) in a source and year.
type filing struct {
	source     string
	year       int
	state, way string
}

// knowledge works out from the reports what core.trade_dyads must say of each direction between states
// that trade in a source and year: a report's value, a zero because one of the two filed, or nothing.
func knowledge(reports []report, states []string) map[direction]string {
	known, filed, traded := map[direction]string{}, map[filing]bool{}, map[filing]bool{}
	for _, r := range reports {
		known[direction{r.source, r.year, r.exporter, r.importer}] = "reported"
		traded[filing{r.source, r.year, r.exporter, ""}] = true
		traded[filing{r.source, r.year, r.importer, ""}] = true
		by := map[string]string{"exporter": r.exporter, "importer": r.importer}[r.reporter]
		filed[filing{r.source, r.year, by, r.reporter}] = filed[filing{r.source, r.year, by, r.reporter}] || !r.estimate
	}
	for at := range traded {
		for _, to := range states {
			d := direction{at.source, at.year, at.state, to}
			switch {
			case to == at.state || !traded[filing{at.source, at.year, to, ""}] || known[d] != "":
			case filed[filing{at.source, at.year, at.state, "exporter"}] || filed[filing{at.source, at.year, to, "importer"}]:
				known[d] = "filed"
			default:
				known[d] = "nothing"
			}
		}
	}
	return known
}

// TestZeroMissingUnreported compares core.trade_dyads with what the reports themselves say.
func TestZeroMissingUnreported(t *testing.T) {
	db, states, reports := generatedWarehouse(t)
	want := knowledge(reports, states)
	seen := map[string]int{}
	rows, err := db.Query(`select source, year, iso3_a, iso3_b, a_to_b_usd, b_to_a_usd, a_to_b_evidence, b_to_a_evidence
		from core.trade_dyads where method = 'import_priority'`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var d direction
		var values [2]stdsql.NullFloat64
		var evidence [2]stdsql.NullString
		if err := rows.Scan(&d.source, &d.year, &d.from, &d.to, &values[0], &values[1], &evidence[0], &evidence[1]); err != nil {
			t.Fatal(err)
		}
		for side, d := range []direction{d, {d.source, d.year, d.to, d.from}} {
			got := "reported"
			switch {
			case !values[side].Valid && !evidence[side].Valid:
				got = "nothing"
			case evidence[side].String == "filed" && values[side].Valid && values[side].Float64 == 0:
				got = "filed"
			case !values[side].Valid || !evidence[side].Valid || evidence[side].String == "filed":
				got = "contradiction"
			}
			if got != want[d] {
				t.Errorf("%v: %s, want %s", d, got, want[d])
			}
			seen[got]++
			delete(want, d)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	for d, kind := range want {
		if kind != "nothing" {
			t.Errorf("%v is %s, and has no row", d, kind)
		}
	}
	if seen["reported"] == 0 || seen["filed"] == 0 || seen["nothing"] == 0 {
		t.Errorf("the generated trade does not show every kind: %v", seen)
	}
}

// TestTradeEvidence looks at what core.trade's select hands to the transform beside the reports: the
// distance in the year, contiguity by land in it, and coasts.
func TestTradeEvidence(t *testing.T) {
	reports := [][]string{{"source", "product", "year", "exporter_iso3", "importer_iso3", "reported_by", "value_usd", "valuation", "is_estimate"}}
	for _, flow := range [][]string{
		{"1980", "FRA", "DEU"}, {"1990", "FRA", "DEU"}, {"1990", "DEU", "FRA"}, {"1990", "DEU", "AUT"}, {"1990", "FRA", "BLX"},
	} {
		reports = append(reports, []string{"imts", "TOTAL", flow[0], flow[1], flow[2], "exporter", "1", "fob", "false"})
	}
	db := tradeWarehouse(t, map[string][][]string{
		"core.trade_reports": reports,
		"core.state_geography": {
			{"iso3", "valid_from", "year_from", "year_to", "latitude_deg", "longitude_deg", "landlocked"},
			{"AUT", "0001-01-01", "1", "", "48.21", "16.37", "true"},
			{"DEU", "0001-01-01", "1", "1989", "0", "0", "false"},
			{"DEU", "1990-10-03", "1990", "", "0", "90", "false"},
			{"FRA", "0001-01-01", "1", "", "0", "180", "false"},
		},
		"core.contiguity": {
			{"iso3_a", "iso3_b", "valid_from", "valid_to", "contiguity"},
			{"FRA", "DEU", "1990-10-03", "", "1"}, {"DEU", "FRA", "1990-10-03", "", "1"},
			{"DEU", "AUT", "1955-05-05", "1990-01-01", "1"}, {"DEU", "AUT", "1955-05-05", "", "4"},
		},
	})
	var statement string
	for _, v := range views(t) {
		if v.FullName() == "core.trade" {
			statement = v.SQL
		}
	}
	rows, err := db.Query(`select concat_ws(' ', year, exporter_iso3, importer_iso3, coalesce(round(distance_km)::int::varchar, 'null'),
		is_contiguous, coalesce(exporter_landlocked::varchar, 'null'), coalesce(importer_landlocked::varchar, 'null')) from (` + statement + `) order by all`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var got []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		got = append(got, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"1980 FRA DEU 20015 false false false", "1990 DEU AUT 8804 false false true", "1990 DEU FRA 10008 true false false",
		"1990 FRA BLX null false false null", "1990 FRA DEU 10008 true false false",
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("want (-), got (+):\n%s", diff)
	}
}

// TestPairTradeOrder asks for pairs in both orders.
func TestPairTradeOrder(t *testing.T) {
	db, states, _ := generatedWarehouse(t)
	for _, b := range states[1:4] {
		one := fmt.Sprintf("from indicators.pair_trade('%s', '%s')", states[0], b)
		other := fmt.Sprintf("from indicators.pair_trade('%s', '%s')", b, states[0])
		if n := count(t, db, one); n == 0 {
			t.Errorf("%s and %s: no row", states[0], b)
		}
		if n := count(t, db, "("+one+" except all "+other+") union all ("+other+" except all "+one+")"); n != 0 {
			t.Errorf("%s and %s: %d rows differ in the other order", states[0], b, n)
		}
	}
}

// count returns the number of rows of a query.
func count(t testing.TB, db *stdsql.DB, query string) int {
	t.Helper()
	var n int
	if err := db.QueryRowContext(t.Context(), "select count(*) from ("+query+")").Scan(&n); err != nil {
		t.Fatalf("%v\n%s", err, query)
	}
	return n
}

package sql_test

import (
	stdsql "database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// landedAlliances fills the raw tables of members, dyads, states and capabilities, and the names of states that they
// are numbered by, from the real files.
const landedAlliances = `
insert into raw.reference_state_names by name
	select * from read_csv('../transforms/states/names.csv', all_varchar = true) where scheme = 'cow';
create temp table numbers as
	select value::integer as ccode, y.year::smallint as year, n.iso3
	from raw.reference_state_names as n
	inner join (select unnest(range(1800, 2030)) as year) as y
	on make_date(y.year, 7, 1) >= n.valid_from and (n.valid_to is null or make_date(y.year, 7, 1) < n.valid_to)
	where n.scheme = 'cow' and n.status = 'state';
insert into raw.reference_region_members by name
	select * from read_csv('../transforms/states/region_members.csv', all_varchar = true);
insert into raw.reference_group_members by name
	select * from read_csv('../transforms/states/group_members.csv', all_varchar = true);
insert into raw.reference_alliance_terms by name
	select * from read_csv('../transforms/states/alliance_terms.csv', all_varchar = true);
insert into raw.reference_informal_commitments by name
	select * from read_csv('../transforms/states/informal_commitments.csv', all_varchar = true);
insert into raw.atop_members by name
	select atopid, member, phase, yrent, moent, dayent, nullif(yrexit, 0) as yrexit, nullif(moexit, 0) as moexit,
		nullif(dayexit, 0) as dayexit, ineffect::boolean as ineffect, bilat::boolean as bilat, term,
		defense::boolean as defense, offense::boolean as offense, neutral::boolean as neutral, nonagg::boolean as nonagg,
		consul::boolean as consul, obvary::boolean as obvary
	from read_csv('$DIR/atop/atop5_0m.csv.gz');
insert into raw.atop_alliances by name
	select atopid, begyr, begmo, begday, nullif(endyr, 0) as endyr, nullif(endmo, 0) as endmo, nullif(endday, 0) as endday,
		case when begday is not null then make_date(begyr, begmo, begday) end as signed_date,
		case when endyr <> 0 and endday is not null then make_date(endyr, endmo, endday) end as end_date,
		ineffect::boolean as ineffect, bilat::boolean as bilat, defense::boolean as defense, offense::boolean as offense,
		neutral::boolean as neutral, nonagg::boolean as nonagg, consul::boolean as consul, asymm::boolean as asymm,
		wartime::boolean as wartime
	from read_csv('$DIR/atop/atop5_0a.csv.gz');
insert into raw.cow_alliance_dyads by name
	select 1 as version4id, ccode1, ccode2, a.iso3 as iso3_1, b.iso3 as iso3_2, c.year, c.year as dyad_st_year, 1 as dyad_st_month,
		cow_defense::boolean as defense, cow_neutral::boolean as neutrality, cow_nonagg::boolean as nonaggression,
		cow_entente::boolean as entente
	from read_csv('$DIR/cow/cow_alliance_v4.1_directed_dyad_year.csv.gz') as c
	inner join numbers as a on a.ccode = ccode1 and a.year = c.year
	inner join numbers as b on b.ccode = ccode2 and b.year = c.year;
insert into raw.cow_states by name
	select ccode, n.iso3, stateabb, statenme, make_date(styear, stmonth, stday) as valid_from,
		case when endyear < 2016 then make_date(endyear, endmonth, endday) + 1 end as valid_to
	from read_csv('$DIR/cow/cow_states.csv') as s
	inner join numbers as n using (ccode) where n.year = styear;
insert into raw.cow_capabilities by name
	select ccode, n.iso3, c.year, cinc
	from read_csv('$DIR/cow/cow_nmc_abridged.csv.gz', nullstr = 'NA') as c
	inner join numbers as n using (ccode, year)`

// alliances is a warehouse over the landed alliances, or skips the test.
func alliances(t testing.TB) *stdsql.DB {
	t.Helper()
	dir, err := filepath.Abs("../../shared/data/treaties")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "atop")); err != nil {
		t.Skip("the landed upstream data (../shared/data) are not here")
	}
	db := newWarehouse(t, filepath.Join(t.TempDir(), "alliances.duckdb")+"?threads=2")
	for statement := range strings.SplitSeq(strings.ReplaceAll(landedAlliances, "$DIR", dir), ";") {
		execute(t, db, statement)
	}
	for _, v := range views(t) {
		if v.Schema == "core" && v.Kind == "table" && v.Transform == "" {
			execute(t, db, "create table "+v.FullName()+" as "+v.SQL)
		} else if err := define(t, db, v); err != nil {
			t.Fatalf("%s: %v", v.FullName(), err)
		}
	}
	execute(t, db, `create temp table published as
		select a.iso3 as provider_iso3, b.iso3 as receiver_iso3, p.year, max(atop_defense) = 1 as defense, max(atop_offense) = 1 as offense,
			max(atop_neutral) = 1 as neutrality, max(atop_nonagg) = 1 as nonaggression, max(atop_consul) = 1 as consultation
		from read_csv('`+dir+`/atop/atop5_1_directed_dyad_year_obligations.csv.gz') as p
		inner join numbers as a on a.ccode = ccode1 and a.year = p.year
		inner join numbers as b on b.ccode = ccode2 and b.year = p.year
		where a.iso3 <> b.iso3
		group by all`)
	execute(t, db, `create temp table published_cow as
		select a.iso3 as provider_iso3, b.iso3 as receiver_iso3, p.year, max(cow_defense) = 1 as defense, max(cow_neutral) = 1 as neutrality,
			max(cow_nonagg) = 1 as nonaggression, max(cow_entente) = 1 as consultation
		from read_csv('`+dir+`/cow/cow_alliance_v4.1_directed_dyad_year.csv.gz') as p
		inner join numbers as a on a.ccode = ccode1 and a.year = p.year
		inner join numbers as b on b.ccode = ccode2 and b.year = p.year
		where a.iso3 <> b.iso3
		group by all`)
	return db
}

// TestLandedAlliances runs what is said of the real alliances over one warehouse of them.
func TestLandedAlliances(t *testing.T) {
	db := alliances(t)
	t.Run("ties of ATOP", func(t *testing.T) { tiesOfATOP(t, db) })
	t.Run("ties of COW", func(t *testing.T) { tiesOfCOW(t, db) })
}

// tiesOfATOP compares ties worked out from the members of ATOP 5.0 with the directed dyad-years that ATOP 5.1
// publishes. All of ours are there; theirs have the pacts that 5.1 added. Obligations differ where a multilateral
// treaty binds a member differently to different partners, which the members' codes do not tell apart: those ties
// are marked as ambiguous, and say too much, never too little, but for revisions of 5.1.
func tiesOfATOP(t *testing.T, db *stdsql.DB) {
	t.Helper()
	ours := count(t, db, "from core.alliance_ties where coding = 'atop'")
	theirs := count(t, db, "from published")
	const both = ` from core.alliance_ties as t
		inner join published as p using (provider_iso3, receiver_iso3, year) where t.coding = 'atop'`
	shared := count(t, db, "select t.year"+both)
	t.Logf("%d ties, %d published, %d in both", ours, theirs, shared)
	if ours != 271_944 || shared != ours || theirs-shared > 1_300 {
		t.Errorf("%d ties of 271944, %d of them among the %d published", ours, shared, theirs)
	}
	for _, o := range []string{"defense", "offense", "neutrality", "nonaggression", "consultation"} {
		equal := count(t, db, "select t.year"+both+" and t."+o+" = p."+o)
		over := count(t, db, "select t.year"+both+" and t."+o+" and not p."+o)
		clear := count(t, db, "select t.year"+both+" and t."+o+" and not p."+o+" and not t.is_ambiguous")
		t.Logf("%s: equal in %.4f %% of the ties in both; %d say more than published, %d of them not marked", o, 100*float64(equal)/float64(shared), over, clear)
		if float64(equal) < 0.999*float64(shared) || clear > 1 {
			t.Errorf("%s: %d of %d equal, %d say more and are not marked", o, equal, shared, clear)
		}
	}
	if n := count(t, db, `from core.alliance_ties where coding = 'atop' and year = 2018 and defense
			and provider_iso3 = 'USA' and receiver_iso3 in ('JPN', 'PAK')`); n != 2 {
		t.Errorf("the United States owe defence to %d of Japan and Pakistan in 2018", n)
	}
	if n := count(t, db, `from core.alliance_ties where coding = 'atop' and year = 2018 and defense
			and receiver_iso3 = 'USA' and provider_iso3 in ('JPN', 'PAK')`); n != 0 {
		t.Errorf("%d of Japan and Pakistan owe the United States defence in 2018", n)
	}
}

// tiesOfCOW demands the landed dyad-years of Correlates of War, every one and no other.
func tiesOfCOW(t *testing.T, db *stdsql.DB) {
	t.Helper()
	const columns = "provider_iso3, receiver_iso3, year, defense, neutrality, nonaggression, consultation"
	ours := "select " + columns + " from core.alliance_ties where coding = 'cow'"
	theirs := "select " + columns + " from published_cow"
	if n := count(t, db, theirs); n < 120_000 {
		t.Errorf("%d published dyad-years", n)
	}
	if more, less := count(t, db, ours+" except "+theirs), count(t, db, theirs+" except "+ours); more+less > 0 {
		t.Errorf("%d ties are not published, %d published ones are no ties", more, less)
	}
}

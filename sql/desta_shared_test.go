package sql_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// landedAgreements fills raw.desta_treaties and raw.desta_parties from the landed list, whose members are one
// column each.
const landedAgreements = `
create temp table entries as
select * from read_csv('$DIR/desta_list_of_treaties.csv.gz', delim = ';', all_varchar = true, nullstr = 'NA');
insert into raw.desta_treaties by name
select number, base_treaty, name, entry_type, consolidated::tinyint as consolidated, year::smallint as year,
	entryforceyear::smallint as entry_into_force_year, typememb::tinyint as member_type
from entries;
insert into raw.desta_parties by name
with members as (
	select number, year, c, iso from (select number, year, columns('^c[0-9]+$') from entries) unpivot (iso for c in (columns('^c[0-9]+$')))),
roles as (
	select number, c, role from (select number, columns('^mc[0-9]+$') from entries) unpivot (role for c in (columns('^mc[0-9]+$')))),
names as (
	select * from read_csv('../transforms/states/names.csv', all_varchar = true) where scheme = 'm49' and status = 'state')
select m.number, m.c[2:]::smallint as place, m.year::smallint as year, m.iso::smallint as iso_numeric, n.iso3, r.role::tinyint as role
from members as m
inner join names as n on n.value = m.iso and n.valid_from <= coalesce(m.year, '1990') || '-07-01'
	and (n.valid_to is null or n.valid_to > coalesce(m.year, '1990') || '-07-01')
left join roles as r on r.number = m.number and r.c = 'm' || m.c`

// TestLandedAgreements has the members of well-known agreements by year, from the landed list.
func TestLandedAgreements(t *testing.T) {
	dir, err := filepath.Abs("../../shared/data/treaties/desta")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the real data is not here")
	}
	db := emptyWarehouse(t)
	for statement := range strings.SplitSeq(strings.ReplaceAll(landedAgreements, "$DIR", dir), ";\n") {
		execute(t, db, statement)
	}
	for _, v := range views(t) {
		if strings.HasPrefix(v.FullName(), "core.desta_") || strings.HasSuffix(v.FullName(), "_desta") {
			if err := define(t, db, v); err != nil {
				t.Fatalf("%s: %v", v.FullName(), err)
			}
		}
	}
	for from, want := range map[string]int{
		"from raw.desta_treaties":                                             1_217,
		"from raw.desta_parties":                                              7_772,
		"from core.treaties_desta where title like '%withdrawal%'":            0,
		"from (select distinct treaty_id from core.treaties_desta)":           842 + 34,
		"from (select distinct number from core.desta_moves where joins)":     199,
		"from (select distinct number from core.desta_moves where not joins)": 30,
		// a spell ends before it begins, or two of one party overlap
		`from core.treaty_parties_desta where valid_to <= valid_from`: 0,
		`from core.treaty_parties_desta as a inner join core.treaty_parties_desta as b
			on b.treaty_id = a.treaty_id and b.iso3 = a.iso3 and b.valid_from > a.valid_from
			and b.valid_from < coalesce(a.valid_to, date '9999-12-31')`: 0,
		// ASEAN's free trade area: six in 1993, with Viet Nam, Laos and Myanmar, and Cambodia ten
		"from core.treaty_parties_desta where treaty_id = 'desta:64' and valid_from <= date '1993-06-01'": 6,
		"from core.treaty_parties_desta where treaty_id = 'desta:64' and valid_from <= date '1998-06-01'": 9,
		"from core.treaty_parties_desta where treaty_id = 'desta:64' and valid_from <= date '2000-06-01'": 10,
		// the United Kingdom leaves the Treaty of Lisbon in 2020
		"from core.treaty_parties_desta where treaty_id = 'desta:324' and iso3 = 'GBR' and valid_to = date '2021-01-01' and ended_by = 'withdrawal'": 1,
		// CEFTA of 1992: the Czech Republic has left by 2005, Croatia has not
		"from core.treaty_parties_desta where treaty_id = 'desta:192' and iso3 in ('CZE', 'HRV') and coalesce(valid_to, date '2100-01-01') > date '2005-06-01'": 1,
	} {
		if n := count(t, db, from); n != want {
			t.Errorf("%d rows, want %d: %s", n, want, from)
		}
	}
}

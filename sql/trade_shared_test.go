package sql_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// directionOfTrade fills raw.imts_flows and raw.wdi_indicators from the real files of a few years.
const directionOfTrade = `
insert into raw.imts_flows by name
with areas as (select name, iso3 from read_csv('$DIR/imf_dots/imf_dots_areas.csv') where iso3 is not null),
cells as (
	select *, 'XG_FOB_USD' as indicator, 'X' as flow, 'FOB' as valuation
	from read_csv('$DIR/imf_dots/imf_dots_exports_fob_1960_2020.csv.gz')
	union all
	select *, 'MG_CIF_USD' as indicator, 'M' as flow, 'CIF' as valuation
	from read_csv('$DIR/imf_dots/imf_dots_imports_cif_1960_2020.csv.gz'))
select c.year, r.iso3 as reporter_code, r.iso3 as reporter_iso3, p.iso3 as partner_code, p.iso3 as partner_iso3,
	c.indicator, c.flow, c.valuation, c.value_musd * 1e6 as value_usd, coalesce(c.est = 'e', false) as is_estimate
from cells as c
inner join areas as r on r.name = c.reporter
inner join areas as p on p.name = c.partner
where c.year in (2010, 2012, 2013, 2019);
insert into raw.wdi_indicators by name
select 'NY.GDP.MKTP.CD' as indicator, "Country Code" as economy_code, "Country Code" as iso3, "Year" as year, "Value" as value
from read_csv('$DIR/gdp/wdi_NY.GDP.MKTP.CD.csv.gz')`

// TestWorkedDependence compares dyads that were worked out by hand from the IMF's and the World Bank's
// files with indicators.trade_dependence over these files.
func TestWorkedDependence(t *testing.T) {
	dir, err := filepath.Abs("../../shared/data/trade")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "validation")); err != nil {
		t.Skip("the real data is not here")
	}
	db := emptyWarehouse(t)
	for statement := range strings.SplitSeq(strings.ReplaceAll(directionOfTrade, "$DIR", dir), ";") {
		execute(t, db, statement)
	}
	for _, v := range views(t) {
		if v.Schema == "core" && v.Kind == "table" && v.Transform == "" {
			execute(t, db, "create table "+v.FullName()+" as "+v.SQL)
		} else if err := define(t, db, v); err != nil {
			t.Fatalf("%s: %v", v.FullName(), err)
		}
	}
	execute(t, db, `create temp table worked as
		select *, least(a, b) as iso3_a, greatest(a, b) as iso3_b
		from read_csv('`+dir+`/validation/worked_dependence_dots_wdi.csv')`)
	if n := count(t, db, "from worked"); n != 9 {
		t.Fatalf("%d worked dyads, want 9", n)
	}
	const matched = ` from worked as w
		left join indicators.trade_dependence as d on d.method = 'import_priority' and d.source = 'imts'
			and d.year = w.year and d.iso3_a = w.iso3_a and d.iso3_b = w.iso3_b`
	if n := count(t, db, `select *`+matched+`
		where d.iso3_a is null
			or abs(case when w.a < w.b then dependence_a_share else dependence_b_share end - dep_a) > 5.1e-7
			or abs(case when w.a < w.b then dependence_b_share else dependence_a_share end - dep_b) > 5.1e-7
			or abs(weak_link_share - dep_low) > 5.1e-7
			or abs(trade_usd - 1e6 * (a_imports_from_b_musd + b_imports_from_a_musd)) > 1`); n > 0 {
		t.Errorf("%d of 9 worked dyads differ", n)
	}
	if n := count(t, db, `select * from worked as w
		cross join lateral indicators.pair_trade(w.a, w.b) as p
		where p.method = 'import_priority' and p.year = w.year
			and abs(case when w.a < w.b then a_to_b_exporter_report_usd else b_to_a_exporter_report_usd end - 1e6 * a_exports_to_b_musd) <= 1
			and abs(case when w.a < w.b then b_to_a_exporter_report_usd else a_to_b_exporter_report_usd end - 1e6 * b_exports_to_a_musd) <= 1`); n != 9 {
		t.Errorf("pair_trade has the exporters' reports of %d of 9 worked dyads", n)
	}
	for _, check := range []string{"trade_reports_account", "reconciled_between", "trade_bounds", "self_trade"} {
		if n := count(t, db, "from checks."+check); n > 0 {
			t.Errorf("check %s: %d rows", check, n)
		}
	}
}

package sql_test

import (
	"path/filepath"
	"testing"
)

// world is generated trade: 230 states and territories, 60 years, two sources with both methods and one
// with one, about two flows in five. Values fall off with the distance of the numbers of the states.
const world = `
with years as (select unnest(range(1961, 2021)) as year),
states as (select n, chr((65 + n // 26 % 26)::int) || chr((65 + n % 26)::int) || 'X' as iso3 from range(230) as r (n)),
series as (
	select * from (values ('import_priority', 'comtrade', true), ('reconciled', 'comtrade', true), ('import_priority', 'imts', false),
		('reconciled', 'imts', false), ('import_priority', 'cowtrade', false)) as s (method, source, is_default))
select s.method, s.source, 'TOTAL' as product, y.year::smallint as year, x.iso3 as exporter_iso3, m.iso3 as importer_iso3,
	(hash(x.n, m.n, y.year) % 1000000000)::double / (1 + abs(x.n - m.n)) as value_usd,
	value_usd as exporter_report_usd, value_usd * 1.1 as importer_report_usd, 'cif' as importer_valuation,
	false as exporter_is_estimate, false as importer_is_estimate, 'both' as evidence, ln(1.1) as discrepancy,
	1.1 as cif_factor, value_usd as importer_fob_usd, 0.5 as exporter_weight, 0.2 as exporter_sigma, 0.2 as importer_sigma,
	s.is_default
from states as x
cross join states as m
cross join years as y
cross join series as s
where x.n <> m.n and hash(x.n, m.n, y.year, s.source) % 5 < 2
order by exporter_iso3, importer_iso3, product, source, method, year`

// BenchmarkTrade asks for one pair of states, all years, in a database file with five million rows of
// core.trade, and for a region and a year, which are wider.
func BenchmarkTrade(b *testing.B) {
	db := newWarehouse(b, filepath.Join(b.TempDir(), "world.duckdb")+"?threads=2&disabled_compression_methods=fsst")
	for _, v := range views(b) {
		if err := define(b, db, v); err != nil {
			b.Fatalf("%s: %v", v.FullName(), err)
		}
		switch v.FullName() {
		case "core.trade":
			execute(b, db, "insert into core.trade by name "+world)
		case "core.trade_filings":
			execute(b, db, `create or replace view core.trade_filings as
				select distinct source, year, exporter_iso3 as iso3, unnest(['export', 'import']) as flow, 100 as partner_count,
					100 as own_partner_count, 1e12 as value_usd, true as implies_zero from core.trade`)
		case "core.economies":
			execute(b, db, `create or replace view core.economies as
				select chr((65 + n // 26 % 26)::int) || chr((65 + n % 26)::int) || 'X' as iso3, unnest(range(1961, 2021))::smallint as year,
					1e9 * (1 + n) as gdp_usd, 1e6 as population from range(230) as r (n)`)
			execute(b, db, "create table e as from core.economies; drop view core.economies; create table core.economies as from e")
		case "core.trade_totals":
			execute(b, db, "drop view core.trade_totals; create table core.trade_totals as "+v.SQL+" order by all")
		}
	}
	execute(b, db, "checkpoint")
	b.Logf("%d rows of core.trade, %d of core.trade_totals", count(b, db, "from core.trade"), count(b, db, "from core.trade_totals"))
	for _, query := range []struct{ name, text string }{
		{"dependence", "from indicators.trade_dependence where iso3_a = 'CKX' and iso3_b = 'EVX'"},
		{"interdependence", "from indicators.trade_interdependence where iso3_a = 'CKX' and iso3_b = 'EVX'"},
		{"pair_trade", "from indicators.pair_trade('CKX', 'EVX')"},
		{"intensity", "from indicators.trade_intensity where exporter_iso3 = 'CKX' and importer_iso3 = 'EVX'"},
		{"capitalist_peace", "from indicators.capitalist_peace where iso3_a = 'CKX' and iso3_b = 'EVX'"},
		{"concentration", "from indicators.trade_concentration where iso3 = 'CKX'"},
		{"one year of one state", "from indicators.trade_dependence where iso3_a = 'CKX' and year = 2019 and is_default"},
		{"one year of all", "from indicators.trade_dependence where year = 2019 and method = 'reconciled' and is_default"},
	} {
		b.Run(query.name, func(b *testing.B) {
			for b.Loop() {
				if n := count(b, db, "select * "+query.text+" order by all"); n == 0 {
					b.Fatal("no row")
				}
			}
		})
	}
}

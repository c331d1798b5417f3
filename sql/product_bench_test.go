package sql_test

import (
	stdsql "database/sql"
	"path/filepath"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"entente/pipeline"
	"entente/pipeline/warehouse"
)

// flows are a generated year of trade by product as large as a published one, in its order: 207 traders, of which
// the first trade most, and 5,000 products.
const flows = `
with traders as (
	select n, chr((65 + n // 26 % 26)::int) || chr((65 + n % 26)::int) || 'X' as iso3, (207 - n) / 103.5 as size from range(207) as r (n)),
products as (select n, lpad((10110 + 197 * n)::varchar, 6, '0') as code from range(5000) as r (n))
select 2020::smallint as year, x.n::smallint as exporter_code, x.iso3 as exporter_iso3, m.n::smallint as importer_code,
	m.iso3 as importer_iso3, p.code as product, (1 + hash(x.n, p.n, m.n) % 1000000) / 1000.0 as value_kusd, 1.0 as quantity_t,
	'HS17' as nomenclature, 'baci.zip/2020.csv' as source_file, row_number() over () as source_line, 38 * source_line as source_offset,
	37::int as source_length
from traders as x
cross join traders as m
cross join products as p
where x.n <> m.n and hash(x.n, m.n, p.n) % 1000000 < 53000 * x.size * m.size
order by exporter_code, importer_code, product`

// loadFlows is a database file in which the flows are stored as a release stores them.
func loadFlows(b *testing.B) *stdsql.DB {
	b.Helper()
	folder := b.TempDir()
	file, path := filepath.Join(folder, "flows.parquet"), filepath.Join(folder, "products.duckdb")
	memory := openDatabase(b, ":memory:?threads=2")
	execute(b, memory, "copy ("+flows+") to '"+file+"' (format parquet, compression zstd)")
	w, err := warehouse.New(fstest.MapFS{}, nil, warehouse.Options{Threads: 2, TempDir: folder, Now: time.Now})
	if err != nil {
		b.Fatal(err)
	}
	if err := w.Build(b.Context(), path, func(db pipeline.Database) error {
		for _, table := range tables(b) {
			var files []string
			if table.FullName() == "raw.baci_flows" {
				files = append(files, file)
			}
			if _, err := db.Load(b.Context(), table, files); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	return openDatabase(b, path+"?threads=2&disabled_compression_methods=fsst")
}

// processor is what the process has used of processors; on a machine with other work it tells more than the clock.
func processor(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkProducts asks for one state or one product in a database file with a year of eleven million flows by
// product, and says how long the totals take to make.
func BenchmarkProducts(b *testing.B) {
	db := loadFlows(b)
	for _, v := range views(b) {
		if err := define(b, db, v); err != nil {
			b.Fatalf("%s: %v", v.FullName(), err)
		}
		if v.FullName() == "core.product_totals" {
			start := time.Now()
			execute(b, db, "drop view core.product_totals; create table core.product_totals as "+v.SQL+" order by year, flow, level, iso3, product")
			b.Logf("totals made in %s", time.Since(start).Round(time.Millisecond))
		}
	}
	execute(b, db, "checkpoint")
	b.Logf("%d flows, %d totals", count(b, db, "from raw.baci_flows"), count(b, db, "from core.product_totals"))
	for _, query := range []struct{ name, text string }{
		{"advantage of one exporter", "from indicators.export_advantage where exporter_iso3 = 'CKX' and year = 2020 and level = 'product'"},
		{"advantage in one product", "from indicators.export_advantage where product = '304034' and year = 2020 and level = 'product'"},
		{"advantage of all by chapter", "from indicators.export_advantage where year = 2020 and level = 'chapter'"},
		{"dependence of one importer", "from indicators.import_dependence where importer_iso3 = 'CKX' and year = 2020 and level = 'product'"},
		{"dependence of one importer by chapter", "from indicators.import_dependence where importer_iso3 = 'CKX' and year = 2020 and level = 'chapter'"},
		{"dependence on one supplier", "from indicators.import_dependence where importer_iso3 = 'CKX' and supplier_iso3 = 'EVX' and year = 2020 and level = 'product'"},
		{"dependence for one product", "from indicators.import_dependence where product = '304034' and year = 2020 and level = 'product'"},
	} {
		b.Run(query.name, func(b *testing.B) {
			before := processor(b)
			for b.Loop() {
				if n := count(b, db, "select * "+query.text+" order by all"); n == 0 {
					b.Fatal("no row")
				}
			}
			b.ReportMetric(float64((processor(b)-before).Milliseconds())/float64(b.N), "processor-ms/op")
		})
	}
}

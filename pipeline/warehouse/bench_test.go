package warehouse_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"entente/pipeline"
	"entente/pipeline/warehouse"
)

// ballots makes a folder with one Parquet file of the size and shape of a General Assembly release,
// 859,000 rows of 26 columns, and returns a warehouse whose view core.ballots selects it.
func ballots(b *testing.B) (*warehouse.Warehouse, pipeline.Table, string) {
	b.Helper()
	var selected, documented []string
	var fields []arrow.Field
	column := func(f arrow.Field, expression string) {
		fields = append(fields, f)
		selected = append(selected, fmt.Sprintf("%s as %s", expression, f.Name))
		documented = append(documented, "-- column "+f.Name+": "+pipeline.Describe(f, pipeline.MetaDescription))
	}
	column(pipeline.NotNull(pipeline.Int64("id", "", "record")), "r.i // 193")
	column(pipeline.NotNull(pipeline.Code("iso3", "state")), "'S' || r.i % 193")
	column(pipeline.Day("date", "day"), "cast(date '1946-01-01' + cast(r.i // 30 as integer) as date)")
	for i := range 9 {
		column(pipeline.Int16(fmt.Sprintf("n%d", i), "", "count"), fmt.Sprintf("cast(hash(r.i // 193, %d) %% 190 as smallint)", i))
	}
	for i := range 14 {
		column(pipeline.Text(fmt.Sprintf("t%d", i), "text"), fmt.Sprintf("'a text of the usual length %d, number ' || r.i // %d", i, 193*(i+1)))
	}
	w, err := warehouse.New(sqlFiles(map[string]string{"core/ballots.sql": "-- Ballots.\n-- kind: table\n-- key: id, iso3\n-- grain: one\n" +
		strings.Join(documented, "\n") + "\nselect " + strings.Join(selected, ",\n") + "\nfrom range(859000) as r(i)\n"}), nil,
		warehouse.Options{TempDir: b.TempDir(), Now: func() time.Time { return noon }})
	if err != nil {
		b.Fatal(err)
	}
	t := pipeline.Table{Schema: "raw", Name: "ballots", Description: "Ballots.", Key: []string{"id", "iso3"}, Columns: arrow.NewSchema(fields, nil)}
	db, err := warehouse.OpenReadOnly(empty(b, w), warehouse.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	file := filepath.Join(b.TempDir(), "ballots.parquet")
	if _, err := db.ExecContext(b.Context(), fmt.Sprintf("copy (%s) to '%s' (format parquet, compression zstd)", w.Views()[0].SQL, file)); err != nil {
		b.Fatal(err)
	}
	return w, t, file
}

// empty finishes an empty warehouse and returns its path.
func empty(b *testing.B, w *warehouse.Warehouse) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "empty.duckdb")
	if err := w.Build(b.Context(), path, func(pipeline.Database) error { return nil }); err != nil {
		b.Fatal(err)
	}
	return path
}

func BenchmarkLoad(b *testing.B) {
	w, t, file := ballots(b)
	n := 0
	for b.Loop() {
		n++
		err := w.Build(b.Context(), filepath.Join(b.TempDir(), fmt.Sprintf("%d.duckdb", n)), func(db pipeline.Database) error {
			_, err := db.Load(b.Context(), t, []string{file})
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(859000*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

// discard counts rows.
type discard struct {
	sink
	rows int64
}

func (d *discard) Batch(rows arrow.RecordBatch) error {
	d.rows += rows.NumRows()
	return nil
}

func BenchmarkSelect(b *testing.B) {
	w, _, _ := ballots(b)
	err := w.Build(b.Context(), filepath.Join(b.TempDir(), "w.duckdb"), func(db pipeline.Database) error {
		for b.Loop() {
			_, fill, err := db.Select(b.Context(), w.Views()[0])
			if err != nil {
				return err
			}
			var d discard
			if err := fill(&d); err != nil || d.rows != 859000 {
				return fmt.Errorf("%d rows: %w", d.rows, err)
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(859000*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

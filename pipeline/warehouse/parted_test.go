package warehouse_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"

	"entente/pipeline"
)

// flows is a table in parts with texts of every sort: many, missing, one a part, one in all.
func flows() pipeline.Table {
	return pipeline.Table{
		Schema: "raw", Name: "flows", Description: "One row per flow; it's a test's.",
		Key: []string{"year", "exporter"}, PartitionBy: "year",
		Columns: arrow.NewSchema([]arrow.Field{
			pipeline.NotNull(pipeline.Int16("year", "year", "calendar year")),
			pipeline.NotNull(pipeline.Code("exporter", "state")),
			pipeline.Text("note", "what is said of it"),
			pipeline.NotNull(pipeline.Code("edition", "edition")),
			pipeline.NotNull(pipeline.Text("file", "file")),
			pipeline.Text("seldom", "text of which a part has none"),
			pipeline.Text("never", "text that no row has"),
			pipeline.Real("value_usd", "US dollars", "value"),
		}, nil),
	}
}

var flowParts = []string{
	`[{"year":2019,"exporter":"CHN","note":"it's","edition":"HS17","file":"it's 2019.csv","seldom":"a","never":null,"value_usd":1.5},
	  {"year":2019,"exporter":"USA","note":null,"edition":"HS17","file":"it's 2019.csv","seldom":"a","never":null,"value_usd":null}]`,
	`[{"year":2020,"exporter":"BRA","note":"Ω","edition":"HS17","file":"2020.csv","seldom":null,"never":null,"value_usd":3},
	  {"year":2020,"exporter":"CHN","note":"","edition":"HS17","file":"2020.csv","seldom":null,"never":null,"value_usd":4}]`,
	`[]`,
}

// TestPartedTable loads the same files as a table in parts and as another: readers see no difference.
func TestPartedTable(t *testing.T) {
	parted, whole := flows(), flows()
	whole.Name, whole.PartitionBy = "whole", ""
	r, err := build(t, nil, nil, func(r release) error {
		var files []string
		for i, rows := range flowParts {
			file := filepath.Join(r.dir, "lake", "it's [a] *", fmt.Sprintf("year=%d", 2019+i), "part-0.parquet")
			parquetFile(t, file, parted.Columns, rows)
			files = append(files, file)
		}
		for _, table := range []pipeline.Table{parted, whole} {
			if n, err := r.db.Load(t.Context(), table, files); n != 4 || err != nil {
				t.Errorf("%s: %d rows, %v", table.FullName(), n, err)
			}
		}
		_, err := r.db.Finish(t.Context(), manifest(r.writeQuarantine(t)))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, query := range []string{
		"select column_name, column_type from (describe raw.flows)",
		"from raw.flows order by year, exporter",
		"select year, exporter from raw.flows where exporter > 'BRA' and file <> '2020.csv' and edition = 'HS17' and note is not null",
		"select note || exporter from raw.flows where note in ('it''s', 'Ω') order by all",
		"select comment from (select comment from duckdb_tables() where schema_name || '.' || table_name = 'raw.flows' union all select comment from duckdb_views() where schema_name || '.' || view_name = 'raw.flows')",
		"select column_name, comment from duckdb_columns() where schema_name || '.' || table_name = 'raw.flows' order by column_index",
		"select kind, table_description, column_name, data_type, unit, description from meta.columns where schema_name || '.' || table_name = 'raw.flows' order by position",
	} {
		got, want := answer(t, r.path, query), answer(t, r.path, strings.ReplaceAll(query, "raw.flows", "raw.whole"))
		equal(t, query, got, want)
		if len(got) == 0 {
			t.Errorf("%s: no row", query)
		}
	}
	equal(t, "what is stored", answer(t, r.path, "select column_name, data_type from duckdb_columns() where schema_name = 'stored' order by column_index"), []string{
		"year|SMALLINT", "exporter|ENUM('BRA', 'CHN', 'USA')", "note|ENUM('', 'it''s', 'Ω')",
		"seldom|ENUM('a')", "never|VARCHAR", "value_usd|DOUBLE",
	})
}

// TestPartedTableWithManyTexts stores texts as they are where their places in a list would save nothing.
func TestPartedTableWithManyTexts(t *testing.T) {
	table := flows()
	table.Columns = arrow.NewSchema(table.Columns.Fields()[:3], nil)
	var rows []string
	for i := range 1<<16 + 1 {
		rows = append(rows, fmt.Sprintf(`{"year":2019,"exporter":"X","note":"%d"}`, i))
	}
	r, err := build(t, nil, nil, func(r release) error {
		file := filepath.Join(r.dir, "part-0.parquet")
		parquetFile(t, file, table.Columns, "["+strings.Join(rows, ",")+"]")
		_, err := r.db.Load(t.Context(), table, []string{file})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := answer(t, r.path, "select column_name, data_type from duckdb_columns() where schema_name = 'stored'"); !slices.Contains(got, "note|VARCHAR") {
		t.Errorf("stored as %v", got)
	}
	equal(t, "rows", answer(t, r.path, "select count(distinct note), any_value(exporter) from raw.flows"), []string{"65537|X"})
}

// TestPartedTableFails leaves nothing of a table whose rows are not what it declares.
func TestPartedTableFails(t *testing.T) {
	table := flows()
	_, err := build(t, nil, nil, func(r release) error {
		file := filepath.Join(r.dir, "part-0.parquet")
		parquetFile(t, file, plainNullable(table.Columns), strings.Replace(flowParts[0], `"exporter":"CHN"`, `"exporter":null`, 1))
		if _, err := r.db.Load(t.Context(), table, []string{file}); err == nil || !strings.Contains(err.Error(), "NOT NULL constraint failed") {
			t.Errorf("got %v", err)
		}
		good := filepath.Join(r.dir, "part-1.parquet")
		parquetFile(t, good, table.Columns, flowParts[0])
		n, err := r.db.Load(t.Context(), table, []string{good})
		if n != 2 {
			t.Errorf("after a failed load: %d rows", n)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// plainNullable is a schema in which every column may be null.
func plainNullable(s *arrow.Schema) *arrow.Schema {
	fields := slices.Clone(s.Fields())
	for i := range fields {
		fields[i].Nullable = true
	}
	return arrow.NewSchema(fields, nil)
}

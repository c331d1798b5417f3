package sql_test

import (
	"cmp"
	stdsql "database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/duckdb/duckdb-go/v2"

	"entente/pipeline"
	"entente/pipeline/warehouse"
	registry "entente/sources"
)

// sources are all that the program has, by name: definitions may read their tables.
func sources(t testing.TB) []pipeline.Source {
	t.Helper()
	factories := registry.All()
	var list []pipeline.Source
	for _, name := range slices.Sorted(maps.Keys(factories)) {
		source, err := factories[name](func(any) error { return nil })
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, source)
	}
	return list
}

// declaration creates a source's table, empty.
func declaration(t testing.TB, table pipeline.Table) string {
	t.Helper()
	types := map[arrow.Type]string{
		arrow.BOOL: "boolean", arrow.INT8: "tinyint", arrow.INT16: "smallint", arrow.INT32: "integer",
		arrow.INT64: "bigint", arrow.FLOAT64: "double", arrow.DATE32: "date", arrow.DICTIONARY: "varchar",
	}
	var columns []string
	for _, f := range table.Columns.Fields() {
		if types[f.Type.ID()] == "" {
			t.Fatalf("%s.%s: no type for %s", table.FullName(), f.Name, f.Type)
		}
		columns = append(columns, fmt.Sprintf("%q %s", f.Name, types[f.Type.ID()]))
	}
	return "create table " + table.FullName() + " (" + strings.Join(columns, ", ") + ")"
}

// emptyWarehouse is a database in memory with every schema and the sources' tables.
func emptyWarehouse(t testing.TB) *stdsql.DB { return newWarehouse(t, ":memory:?threads=1") }

func newWarehouse(t testing.TB, where string) *stdsql.DB {
	t.Helper()
	db := openDatabase(t, where)
	execute(t, db, warehouse.Empty())
	for _, table := range tables(t) {
		execute(t, db, declaration(t, table))
	}
	return db
}

// tables are those of all sources.
func tables(t testing.TB) (all []pipeline.Table) {
	t.Helper()
	for _, source := range sources(t) {
		all = append(all, source.Tables()...)
	}
	return all
}

func openDatabase(t testing.TB, where string) *stdsql.DB {
	t.Helper()
	connector, err := duckdb.NewConnector(where, nil)
	if err != nil {
		t.Fatal(err)
	}
	db := stdsql.OpenDB(connector)
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	return db
}

// build makes what v reads: given tables as given, the rest by their own definitions.
func build(t *testing.T, db *stdsql.DB, v pipeline.View, all []pipeline.View, given map[string][][]string) {
	needed, used := closure(v, all, given)
	for name := range given {
		if !used[name] {
			t.Fatalf("given/%s.csv: %s does not read it", name, v.FullName())
		}
	}
	for name, rows := range given {
		if !slices.ContainsFunc(all, func(d pipeline.View) bool { return d.FullName() == name }) {
			fill(t, db, name, rows)
		}
	}
	for _, d := range all {
		if !needed[d.FullName()] {
			continue
		}
		rows, isGiven := given[d.FullName()]
		if isGiven {
			d.SQL = "select * from (" + d.SQL + "\n) limit 0"
		}
		if err := define(t, db, d); err != nil {
			t.Fatalf("%s: %v", d.FullName(), err)
		}
		if isGiven {
			fill(t, db, d.FullName(), rows)
		}
	}
}

// closure names the definitions to create for v: all it reads, for their columns' types. used are the
// tables whose rows reach v.
func closure(v pipeline.View, all []pipeline.View, given map[string][][]string) (needed, used map[string]bool) {
	byName := map[string]pipeline.View{}
	for _, d := range all {
		byName[d.FullName()] = d
	}
	needed, used = map[string]bool{}, map[string]bool{}
	var need, use func(name string)
	need = func(name string) {
		needed[name] = true
		for _, read := range byName[name].Reads {
			need(read)
		}
	}
	use = func(name string) {
		for _, read := range byName[name].Reads {
			used[read] = true
			if _, ok := given[read]; !ok {
				use(read)
			}
		}
	}
	need(v.FullName())
	use(v.FullName())
	return needed, used
}

// define creates a definition: tables as views, except those of a transform.
func define(t testing.TB, db *stdsql.DB, v pipeline.View) error {
	t.Helper()
	statement := "create view " + v.FullName() + " as " + v.SQL
	switch {
	case v.Transform != "":
		return transform(t, db, v)
	case v.Kind == pipeline.KindMacro:
		statement = "create macro " + v.FullName() + "(" + v.Parameters + ") as table " + v.SQL
	}
	_, err := db.ExecContext(t.Context(), statement)
	return err
}

// fill puts given rows in place of a table or view.
func fill(t *testing.T, db *stdsql.DB, name string, rows [][]string) {
	t.Helper()
	columns, types := make([]string, len(rows[0])), make([]string, len(rows[0]))
	for i, cell := range rows[0] {
		columns[i], types[i], _ = strings.Cut(cell, ":")
	}
	real := describe(t, db, "from "+name)
	for i, column := range columns {
		at := slices.IndexFunc(real, func(c [2]string) bool { return c[0] == column })
		if at < 0 {
			t.Fatalf("given/%s.csv: no column %q in %s", name, column, name)
		}
		types[i] = cmp.Or(types[i], real[at][1])
	}
	var selected []string
	for _, c := range real {
		expression := "null::" + c[1]
		if at := slices.Index(columns, c[0]); at >= 0 {
			expression = fmt.Sprintf("cast(given[%d] as %s)", at+1, types[at])
		}
		selected = append(selected, fmt.Sprintf("%s as %q", expression, c[0]))
	}
	execute(t, db, "create or replace temp table rows (given varchar[])")
	marks := strings.TrimSuffix(strings.Repeat("cast(? as varchar), ", len(columns)), ", ")
	insert, err := db.PrepareContext(t.Context(), "insert into rows select ["+marks+"]")
	if err != nil {
		t.Fatalf("given/%s.csv: %v", name, err)
	}
	defer insert.Close()
	for i, row := range rows[1:] {
		cells := make([]any, len(row))
		for j, cell := range row {
			switch cell {
			case "":
			case "''":
				cells[j] = ""
			default:
				cells[j] = cell
			}
		}
		if _, err := insert.ExecContext(t.Context(), cells...); err != nil {
			t.Fatalf("given/%s.csv: row %d: %v", name, i+1, err)
		}
	}
	execute(t, db, "create temp table stand_in as select "+strings.Join(selected, ", ")+" from rows")
	drop := "table"
	if err := db.QueryRowContext(t.Context(),
		"select 'view' from duckdb_views() where schema_name || '.' || view_name = ?", name).Scan(&drop); err != nil && err != stdsql.ErrNoRows {
		t.Fatal(err)
	}
	execute(t, db, "drop "+drop+" "+name)
	execute(t, db, "create table "+name+" as from stand_in")
	execute(t, db, "drop table stand_in")
}

// query returns v's rows as text, in order.
func query(t *testing.T, db *stdsql.DB, v pipeline.View, call string, header []string) [][]string {
	t.Helper()
	from := v.FullName()
	switch {
	case v.Kind == pipeline.KindMacro && call == "":
		t.Fatalf("macro %s: the case has no file call with the arguments", from)
	case v.Kind == pipeline.KindMacro:
		from += "(" + call + ")"
	}
	var selected []string
	for _, name := range header {
		selected = append(selected, fmt.Sprintf("%q", strings.TrimSuffix(name, "~")))
	}
	statement := fmt.Sprintf("select columns(*)::varchar from (select %s from %s order by all)", strings.Join(selected, ", "), from)
	rows, err := db.QueryContext(t.Context(), statement)
	if err != nil {
		t.Fatalf("%s: %v", v.FullName(), err)
	}
	defer rows.Close()
	var out [][]string
	for rows.Next() {
		cells := make([]stdsql.NullString, len(header))
		into := make([]any, len(header))
		for i := range cells {
			into[i] = &cells[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		row := make([]string, len(header))
		for i, cell := range cells {
			row[i] = cell.String
			if cell.Valid && cell.String == "" {
				row[i] = "''"
			}
		}
		out = append(out, row)
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("%s: %v", v.FullName(), err)
	}
	return out
}

// describe returns the names and types of a query's columns.
func describe(t testing.TB, db *stdsql.DB, query string) [][2]string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), "select column_name, column_type from (describe "+query+")")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var columns [][2]string
	for rows.Next() {
		var c [2]string
		if err := rows.Scan(&c[0], &c[1]); err != nil {
			t.Fatal(err)
		}
		columns = append(columns, c)
	}
	return columns
}

func execute(t testing.TB, db *stdsql.DB, statement string) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatalf("%v\n%s", err, statement)
	}
}

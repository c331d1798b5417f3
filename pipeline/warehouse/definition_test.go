package warehouse_test

import (
	"strings"
	"testing"

	"entente/pipeline"
	"entente/pipeline/warehouse"
)

// reading is a view that reads tables.
func reading(tables ...string) string {
	from := ""
	for i, table := range tables {
		from += []string{" from ", " cross join "}[min(i, 1)] + table
	}
	return "-- A view.\n-- grain: one row\n-- column a: an a\nselect 1 as a" + from + "\n"
}

func TestOrder(t *testing.T) {
	w, err := warehouse.New(sqlFiles(map[string]string{
		"checks/a.sql":     reading("indicators.a", "meta.row_accounts", "raw.x"),
		"checks/b.sql":     reading("checks.a"),
		"core/b.sql":       reading("raw.x"),
		"core/a.sql":       reading("core.c", "raw.x"),
		"core/c.sql":       reading("core.b"),
		"indicators/a.sql": reading("indicators.f(1)", "core.a"),
		"indicators/f.sql": "-- A macro.\n-- kind: macro\n-- parameters: p\n-- grain: one row\n-- column a: an a\n" +
			"with t as (select b.a from core.b inner join core.c using (a) where b.a = p) select t.a from t where exists (select 1 from core.a)",
		"notes.txt": "not a definition",
	}), nil, warehouse.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var order []string
	reads := map[string][]string{}
	for _, v := range w.Views() {
		order = append(order, v.FullName())
		reads[v.FullName()] = v.Reads
	}
	equal(t, "order", order, []string{"core.b", "core.c", "core.a", "indicators.f", "indicators.a", "checks.a", "checks.b"})
	equal(t, "reads", reads["indicators.f"], []string{"core.a", "core.b", "core.c"})
	equal(t, "reads", reads["indicators.a"], []string{"core.a", "indicators.f"})
	equal(t, "reads", reads["checks.a"], []string{"indicators.a", "meta.row_accounts", "raw.x"})
}

func TestHeader(t *testing.T) {
	w, err := warehouse.New(sqlFiles(map[string]string{
		"core/t.sql": `-- Rows of
-- a table.
-- kind: table
-- key: a,b
-- grain: one a
--   and b
-- units: roll calls
-- method: counted: once
--
-- column a [code]: an a
--   with more to it
-- column b [roll calls]: a b: so
-- comment goes on
select 1 as a,
    2 as b, -- the second
`,
		"checks/k.sql": "-- Rows that should not be.\n-- grain: one row\n-- column a: an a\nselect t.a from core.t as t",
	}), nil, warehouse.Options{})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "views", w.Views(), []pipeline.View{
		{
			Schema: "core", Name: "t", Kind: "table", Description: "Rows of a table.", Key: []string{"a", "b"},
			Grain: "one a and b", Units: "roll calls", Method: "counted: once",
			Columns: []pipeline.ViewColumn{
				{Name: "a", Unit: "code", Description: "an a with more to it"},
				{Name: "b", Unit: "roll calls", Description: "a b: so comment goes on"},
			},
			SQL: "select 1 as a,\n    2 as b, -- the second",
		},
		{
			Schema: "checks", Name: "k", Kind: "check", Level: "error", Description: "Rows that should not be.", Grain: "one row",
			Columns: []pipeline.ViewColumn{{Name: "a", Description: "an a"}},
			SQL:     "select t.a from core.t as t", Reads: []string{"core.t"},
		},
	})
}

// TestProblems: each file is wrong in one way, and New tells them all at once, with their lines.
func TestProblems(t *testing.T) {
	const head = "-- A view.\n-- grain: one row\n-- column a: an a\n"
	folder := map[string]string{
		"core/bare.sql":        head + "select x.a\nfrom x",
		"core/circle_a.sql":    reading("core.circle_b"),
		"core/circle_b.sql":    reading("core.circle_a"),
		"core/column_line.sql": head + "-- column b an a\nselect 1 as a",
		"core/columns.sql":     head + "-- column b: a b\nselect 1 as a, 2 as c",
		"core/Upper.sql":       reading(),
		"core/kind.sql":        head + "-- kind: sheet\nselect 1 as a",
		"core/key.sql":         head + "-- kind: table\n-- key: b\nselect 1 as a",
		"core/level.sql":       head + "-- level: error\nselect 1 as a",
		"core/no_select.sql":   head,
		"core/nothing.sql":     "select 1 as a",
		"core/order.sql":       head + "-- column b: a b\nselect 1 as b, 2 as a",
		"core/star.sql":        head + "select * from raw.x",
		"core/statement.sql":   head + "create table x (a int)",
		"core/syntax.sql":      head + "select 1 as a\nfrom\nwhere",
		"core/semicolon.sql":   head + "select 1 as a\n;",
		"core/transform.sql":   head + "-- kind: table\n-- key: a\n-- transform: none\nselect 1 as a",
		"core/twice.sql":       head + "-- grain: two\nselect 1 as a",
		"core/two.sql":         head + "select 1 as a; select 2 as a",
		"core/unknown_key.sql": head + "-- grian: x\nselect 1 as a",
		"core/unnamed.sql":     head + "select 1 + 1",
		"core/upward.sql":      head + "select b.a\nfrom raw.x as a\ninner join indicators.b as b\n    using (a)",
		"core/nobody.sql":      reading("core.no_such"),
		"core/elsewhere.sql":   reading("main.x"),
		"core/check.sql":       head + "-- kind: check\nselect 1 as a",
		"indicators/b.sql":     reading("meta.row_accounts"),
		"indicators/macro.sql": head + "-- kind: macro\nselect 1 as a",
		"checks/level.sql":     head + "-- level: fatal\nselect 1 as a",
		"other/x.sql":          reading(),
	}
	_, err := warehouse.New(sqlFiles(folder), map[string]pipeline.Transform{"double": double{}}, warehouse.Options{})
	if err == nil {
		t.Fatal("no error")
	}
	equal(t, "problems", strings.Split(err.Error(), "\n"), []string{
		`checks/level.sql:4: unknown level "fatal"; known are error, warning`,
		`core/Upper.sql:1: file name "Upper": only lower-case letters, digits and _ make a name`,
		`core/bare.sql:5: table x is named without its schema`,
		`core/check.sql:4: kind check in folder core: checks, and nothing else, are in folder checks`,
		`core/circle_a.sql:4: definitions read each other in a circle: core.circle_a reads core.circle_b reads core.circle_a`,
		`core/column_line.sql:4: a column's line reads "-- column name [unit]: description"`,
		`core/columns.sql:5: column b is documented and not selected`,
		`core/columns.sql:5: column c is selected and not documented`,
		`core/elsewhere.sql:4: reads main.x, which is in no schema of the warehouse (raw, core, indicators, checks, meta)`,
		`core/key.sql:5: key column "b" is not among the columns`,
		`core/kind.sql:4: unknown kind "sheet"; known are view, table, macro, check`,
		`core/level.sql:4: level belongs to kind check, and this is kind view`,
		`core/no_select.sql:4: no select follows the header`,
		`core/nobody.sql:4: reads core.no_such, and there is no core/no_such.sql`,
		`core/nothing.sql:1: column a is selected and not documented`,
		`core/nothing.sql:1: the header documents no column`,
		`core/nothing.sql:1: the header has no description`,
		`core/nothing.sql:1: the header has no grain`,
		`core/order.sql:5: columns are documented as a, b and selected as b, a`,
		`core/semicolon.sql:5: the select ends without a semicolon`,
		`core/star.sql:4: column a is documented and not selected`,
		`core/star.sql:4: output column 1 is a star; name the columns`,
		`core/statement.sql:4: a definition is a header and one bare select`,
		`core/syntax.sql:6: syntax error at or near "where"`,
		`core/transform.sql:6: no transform is named "none"`,
		`core/twice.sql:4: grain is given twice`,
		`core/two.sql:4: one select is wanted, and 2 statements are here`,
		`core/unknown_key.sql:4: unknown header key "grian"; known are kind, parameters, key, transform, level, grain, units, method, trace, column`,
		`core/unnamed.sql:4: column a is documented and not selected`,
		`core/unnamed.sql:4: output column 1 has no name; give it one with "as"`,
		`core/upward.sql:6: reads indicators.b: schema core may read only raw, core`,
		`indicators/b.sql:4: reads meta.row_accounts: schema indicators may read only raw, core, indicators`,
		`indicators/macro.sql:1: kind macro needs the header key "parameters"`,
		`other/x.sql:1: folder "other": definitions are in core, indicators, checks`,
	})
}

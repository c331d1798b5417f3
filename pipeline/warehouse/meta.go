package warehouse

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"entente/pipeline"
	"entente/pipeline/warehouse/definition"
	"entente/pipeline/warehouse/statement"
)

//go:embed empty.sql
var empty string

// Empty returns the statements that make an empty database into an empty warehouse: the schemas, and
// meta's tables. Tests of definitions start from it.
func Empty() string { return empty }

// meta is the schema of what the warehouse says of itself.
const meta = "meta"

// metaRows are the rows of schema meta that the manifest gives.
func (d *database) metaRows(m pipeline.Manifest) []rowsOf {
	release := rowsOf{table: "release"}
	release.add(m.ID, text(m.Previous), m.RunID, m.Program, m.Views)
	runs := rowsOf{table: "runs"}
	for _, r := range m.Runs {
		runs.add(r.ID, text(r.Schedule), moment(r.ScheduledAt), count(r.Attempt), text(r.Trigger), strings.Join(r.Jobs, ", "),
			r.StartedAt.UTC(), moment(r.FinishedAt), r.Outcome, text(r.Release), text(r.Error), r.Program)
	}
	sources, snapshots, licences := rowsOf{table: "sources"}, rowsOf{table: "snapshots"}, rowsOf{table: "licences"}
	for _, s := range m.Sources {
		u := s.Upstream
		sources.add(s.Name, text(u.Title), text(u.Publisher), text(u.Homepage), text(u.Licence),
			text(u.LicenceURL), text(u.Citation), u.Automated, u.MaxRejectShare)
		licences.add(s.Name, text(u.Licence), text(u.LicenceURL), text(u.Publisher), text(u.Citation))
		for _, f := range s.Files {
			snapshots.add(s.Name, f.Name, f.SHA256, f.Bytes, text(f.URL), text(f.Version), text(f.Outcome),
				moment(f.FetchedAt), moment(f.CheckedAt), text(f.ETag), text(f.LastModified))
		}
	}
	accounts, filters := rowsOf{table: "row_accounts"}, rowsOf{table: "row_filters"}
	for _, t := range m.Tables {
		a := t.Account
		accounts.add(t.FullName(), text(t.Source), a.Read, a.Loaded, a.Quarantined, a.Duplicate, a.Filtered)
		for _, rule := range slices.Sorted(maps.Keys(a.Filters)) {
			filters.add(t.FullName(), rule, a.Filters[rule])
		}
	}
	return []rowsOf{release, runs, sources, snapshots, licences, accounts, filters}
}

// count is a number from 1, null for none.
func count(n int) driver.Value {
	if n == 0 {
		return nil
	}
	return int32(n)
}

// moment is a time in UTC, null when it is not known.
func moment(t time.Time) driver.Value {
	if t.IsZero() {
		return nil
	}
	return t.UTC()
}

// dictionary makes the rows of meta.columns: of all that was made, and of meta itself.
func (d *database) dictionary(ctx context.Context) (rowsOf, error) {
	out := rowsOf{table: "columns"}
	own, err := d.documentedMeta(ctx)
	if err != nil {
		return out, err
	}
	// one question for all: DuckDB binds every view to answer it
	types, err := d.pairs(ctx, "select concat_ws('.', schema_name, table_name, column_name), data_type from duckdb_columns()")
	if err != nil {
		return out, err
	}
	slices.SortFunc(d.made, func(a, b documented) int {
		return cmp.Or(slices.Index(definition.Schemas, a.schema)-slices.Index(definition.Schemas, b.schema), cmp.Compare(a.name, b.name))
	})
	for _, item := range slices.Concat(d.made, own) {
		typeOf := func(column string) string { return types[item.schema+"."+item.name+"."+column] }
		if item.kind == pipeline.KindMacro {
			answer := d.macroTypes(ctx, item)
			typeOf = func(column string) string { return answer[column] }
		}
		for i, c := range item.columns {
			out.add(item.schema, item.name, item.kind, item.description, int32(i+1), c.Name,
				text(typeOf(c.Name)), text(unitOf(c)), c.Description)
		}
	}
	return out, nil
}

// documentedMeta reads schema meta's own documentation back from its comments.
func (d *database) documentedMeta(ctx context.Context) ([]documented, error) {
	tables, err := d.pairs(ctx, "select table_name, comment from duckdb_tables() where schema_name = ?", meta)
	if err != nil {
		return nil, err
	}
	rows, err := d.db.QueryContext(ctx,
		"select table_name, column_name, comment from duckdb_columns() where schema_name = ? order by table_name, column_index", meta)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []documented
	for rows.Next() {
		var table, column string
		var comment sql.NullString
		if err := rows.Scan(&table, &column, &comment); err != nil {
			return nil, err
		}
		if len(all) == 0 || all[len(all)-1].name != table {
			all = append(all, documented{schema: meta, name: table, kind: pipeline.KindTable, description: tables[table]})
		}
		item := &all[len(all)-1]
		c := pipeline.ViewColumn{Name: column, Description: comment.String}
		if before, unit, found := strings.Cut(comment.String, " ["); found {
			c.Description, c.Unit = before, strings.TrimSuffix(unit, "]")
		}
		item.columns = append(item.columns, c)
	}
	return all, rows.Err()
}

// macroTypes asks for the types of a macro's columns with null arguments. Where the arguments' types
// decide, or null is no argument, there is no answer, and the dictionary leaves the type null.
func (d *database) macroTypes(ctx context.Context, item documented) map[string]string {
	arguments := strings.TrimSuffix(strings.Repeat("null, ", item.parameters), ", ")
	types, err := d.pairs(ctx, fmt.Sprintf("select column_name, column_type from (describe from %s.%s(%s))",
		statement.Name(item.schema), statement.Name(item.name), arguments))
	if err != nil {
		return nil
	}
	return types
}

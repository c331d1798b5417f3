package diff

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"entente/pipeline"
	"entente/pipeline/warehouse/statement"
)

// measure is a measure of an indicator of which it is told how far it moved.
type measure struct {
	view, value string
	key         []string
	where       string // of the rows that are compared
}

// measures are compared where what they rest on changed: the default series, one measure a view.
var measures = []measure{
	{"indicators.vote_alignment_by_year", "agree", []string{"body", "source", "year", "scope", "iso3_a", "iso3_b"}, "scope = 'all' and is_default"},
	{"indicators.group_session_cohesion", "pairwise", []string{"group_id", "body", "source", "session", "year", "scope"}, "scope = 'contested' and is_default"},
	{"indicators.trade_dependence", "weak_link_share", []string{"method", "source", "year", "iso3_a", "iso3_b"}, "is_default"},
	{"indicators.regional_trade", "introversion", []string{"region_version", "region_id", "method", "source", "year"}, "true"},
	{"indicators.gravity", "ratio", []string{"exporter_iso3", "importer_iso3", "year", "source", "method"}, "actual_usd > 1e9"},
	{"indicators.alliance_structure", "dominance_share", []string{"year", "iso3", "coding"}, "true"},
	{"indicators.cinc", "cinc", []string{"year", "iso3"}, "true"},
}

// noise is how far doubles may lie apart that were summed in another order, as a share.
const noise = 1e-9

// table compares a core table by its key.
func (c *comparer) table(ctx context.Context, before, after pipeline.TableEntry) (TableChange, error) {
	t := TableChange{Table: after.FullName(), Description: after.Description}
	var columns []string
	for _, column := range after.Columns {
		if !slices.Contains(after.Key, column.Name) && slices.ContainsFunc(before.Columns, func(old pipeline.ColumnEntry) bool {
			return old.Name == column.Name && old.Type == column.Type
		}) {
			columns = append(columns, column.Name)
		}
	}
	if slices.ContainsFunc(after.Key, func(k string) bool {
		return !slices.ContainsFunc(before.Columns, func(old pipeline.ColumnEntry) bool { return old.Name == k })
	}) {
		return t, nil // a table of another grain
	}
	differs := make([]string, 0, len(columns))
	selects := []string{
		"count(*) filter (where x.here is null)", "count(*) filter (where y.here is null)",
	}
	for _, column := range columns {
		d := c.differs(after, column)
		differs = append(differs, d)
		selects = append(selects, fmt.Sprintf("count(*) filter (where x.here and y.here and %s)", d))
	}
	anyway := "false"
	if len(differs) > 0 {
		anyway = strings.Join(differs, " or ")
	}
	selects = append(selects, fmt.Sprintf("count(*) filter (where x.here and y.here and (%s))", anyway))
	joined := fmt.Sprintf("from (select *, true as here from a.%[1]s) as x full outer join (select *, true as here from b.%[1]s) as y on %[2]s",
		statement.FullName(t.Table), equal(after.Key))
	counts := make([]int64, len(selects))
	into := make([]any, len(selects))
	for i := range counts {
		into[i] = &counts[i]
	}
	if err := c.db.QueryRowContext(ctx, "select "+strings.Join(selects, ", ")+" "+joined).Scan(into...); err != nil {
		return t, err
	}
	t.Added, t.Removed, t.Changed = counts[0], counts[1], counts[len(counts)-1]
	for i, column := range columns {
		if rows := counts[2+i]; rows > 0 {
			t.Columns = append(t.Columns, ColumnChange{column, rows})
		}
	}
	slices.SortStableFunc(t.Columns, func(a, b ColumnChange) int { return int(b.Rows - a.Rows) })
	var err error
	t.Examples, err = c.examples(ctx, t, after, joined)
	return t, err
}

// examples shows the first changes of the column that changed most, and the first rows that came and went.
func (c *comparer) examples(ctx context.Context, t TableChange, entry pipeline.TableEntry, joined string) ([]Example, error) {
	var list []Example
	key := keyText(entry.Key)
	for _, kind := range []struct {
		what, where, before, after, column string
		rows                               int64
	}{
		{"changed", "", "", "", "", t.Changed},
		{"added", "x.here is null", "''", "''", "", t.Added},
		{"removed", "y.here is null", "''", "''", "", t.Removed},
	} {
		if kind.rows == 0 {
			continue
		}
		if kind.what == "changed" {
			kind.column = t.Columns[0].Column
			q := statement.Name(kind.column)
			kind.where = "x.here and y.here and " + c.differs(entry, kind.column)
			kind.before, kind.after = "coalesce(cast(x."+q+" as varchar), '')", "coalesce(cast(y."+q+" as varchar), '')"
		}
		rows, err := c.db.QueryContext(ctx, fmt.Sprintf("select %s, %s, %s %s where %s order by 1 limit %d", key, kind.before, kind.after, joined, kind.where, c.most))
		if err != nil {
			return nil, err
		}
		found, err := scan(rows, kind.what, kind.column)
		if err != nil {
			return nil, err
		}
		list = append(list, found...)
	}
	return list, nil
}

func scan(rows *sql.Rows, what, column string) ([]Example, error) {
	defer rows.Close()
	var list []Example
	for rows.Next() {
		e := Example{What: what, Column: column}
		if err := rows.Scan(&e.Key, &e.Before, &e.After); err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	return list, rows.Err()
}

// movement compares a measure of an indicator.
func (c *comparer) movement(ctx context.Context, m measure) (Movement, error) {
	moved := Movement{View: m.view, Measure: m.value}
	for _, side := range []string{"a", "b"} {
		there, err := c.has(ctx, side, m)
		if err != nil || !there {
			return moved, err
		}
	}
	v := statement.Name(m.value)
	joined := fmt.Sprintf(`from (select * from a.%[1]s where %[2]s) as x inner join (select * from b.%[1]s where %[2]s) as y on %[3]s
		where abs(x.%[4]s - y.%[4]s) > %[5]g * greatest(abs(x.%[4]s), abs(y.%[4]s))`, statement.FullName(m.view), m.where, equal(m.key), v, noise)
	if err := c.db.QueryRowContext(ctx, "select count(*) "+joined).Scan(&moved.Rows); err != nil || moved.Rows == 0 {
		return moved, err
	}
	rows, err := c.db.QueryContext(ctx, fmt.Sprintf("select %[1]s, cast(x.%[2]s as varchar), cast(y.%[2]s as varchar) %[3]s order by abs(x.%[2]s - y.%[2]s) desc, 1 limit %[4]d",
		keyText(m.key), v, joined, c.most))
	if err != nil {
		return moved, err
	}
	moved.Examples, err = scan(rows, "changed", m.value)
	return moved, err
}

// has reports whether a release has the view with the measure and the key.
func (c *comparer) has(ctx context.Context, side string, m measure) (bool, error) {
	schema, view, _ := strings.Cut(m.view, ".")
	var columns int
	err := c.db.QueryRowContext(ctx, `select count(distinct column_name) from duckdb_columns()
		where database_name = ? and schema_name = ? and table_name = ? and list_contains(string_split(?, ','), column_name)`,
		side, schema, view, strings.Join(append(slices.Clone(m.key), m.value), ",")).Scan(&columns)
	return columns == len(m.key)+1, err
}

// differs is the condition under which a column has another value, sums in another order aside.
func (c *comparer) differs(entry pipeline.TableEntry, column string) string {
	q := statement.Name(column)
	at := slices.IndexFunc(entry.Columns, func(e pipeline.ColumnEntry) bool { return e.Name == column })
	if entry.Columns[at].Type == "DOUBLE" {
		return fmt.Sprintf("((x.%[1]s is null) <> (y.%[1]s is null) or abs(x.%[1]s - y.%[1]s) > %[2]g * greatest(abs(x.%[1]s), abs(y.%[1]s)))", q, noise)
	}
	return fmt.Sprintf("x.%[1]s is distinct from y.%[1]s", q)
}

func equal(key []string) string {
	var parts []string
	for _, k := range key {
		parts = append(parts, fmt.Sprintf("x.%[1]s = y.%[1]s", statement.Name(k)))
	}
	return strings.Join(parts, " and ")
}

// keyText writes a row's key as "column value, column value".
func keyText(key []string) string {
	var parts []string
	for _, k := range key {
		parts = append(parts, fmt.Sprintf("'%[2]s ' || coalesce(cast(y.%[1]s as varchar), cast(x.%[1]s as varchar))", statement.Name(k), strings.ReplaceAll(k, "'", "''")))
	}
	return strings.Join(parts, " || ', ' || ")
}

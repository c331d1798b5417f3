// Package why follows a row of a release to the lines that it was made from: from an indicator through the tables that
// it reads to the raw tables, and from there to bytes in the vault.
package why

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"entente/cmd/entente/lineage"
	"entente/cmd/entente/misuse"
	"entente/pipeline"
	"entente/pipeline/warehouse/statement"
)

// mostRows bounds the rows of one table that are followed.
const mostRows = 100_000

// weight is a column of the tracer's tables: in how many ways a row leads to the one asked for. Those with most come first:
// of the ballots on a text, which all decide whether it is contested, those of the two states asked for.
const weight = "why_weight"

// Cell is a column of the row asked for, as text.
type Cell struct {
	Column string  `json:"column"`
	Value  *string `json:"value"`
}

// Step is one table on the way.
type Step struct {
	Table       string     `json:"table"`
	Description string     `json:"description"`
	Rows        int64      `json:"row_count"` // that the row is made from
	Cut         bool       `json:"cut"`       // there are more, which were not followed
	Columns     []string   `json:"columns"`
	Sample      [][]string `json:"sample"` // the first rows, nulls as empty text
	Lines       []Line     `json:"lines,omitempty"`
	Note        string     `json:"note,omitempty"` // why rows could not be told
}

// Line is where the bytes of a raw row are.
type Line struct {
	Source string `json:"source"`
	File   string `json:"file"`
	Line   int64  `json:"line"`
	Offset int64  `json:"byte_offset"`
	Length int32  `json:"byte_length"`
	SHA256 string `json:"sha256"`                 // of the file in the vault, or of the archive that the file is in
	Bytes  string `json:"bytes,omitempty"`        // as published, where that is UTF-8
	Base64 []byte `json:"bytes_base64,omitempty"` // as published, where it is not
}

// text is what can be shown of the line.
func (l Line) text() string { return l.Bytes + strings.ToValidUTF8(string(l.Base64), "\ufffd") }

// Answer is the row and all that it was made from, the nearest tables first.
type Answer struct {
	Release string `json:"release"`
	Table   string `json:"table"`
	Row     []Cell `json:"row"`
	Steps   []Step `json:"steps"`
}

// Question names one row.
type Question struct {
	Table  string            // full name
	Where  map[string]string // values of columns, as text; together they hold for one row
	Sample int               // rows and lines to show of each table
}

// tracer follows one row on one connection, on which its temporary tables are.
type tracer struct {
	*lineage.Lineage
	conn   *sql.Conn
	keeper pipeline.Keeper
	sample int
	made   map[string]string // temporary table of each table that has rows, by full name
}

// Ask answers a question. keeper is the vault, for the bytes. It fails with a misuse where the question names no
// row or several.
func Ask(ctx context.Context, db *sql.DB, l *lineage.Lineage, keeper pipeline.Keeper, q Question) (a Answer, err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return a, err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	t := &tracer{Lineage: l, conn: conn, keeper: keeper, sample: q.Sample, made: map[string]string{}}
	a.Release, a.Table = l.Manifest.ID, q.Table
	if v, ok := l.View(q.Table); ok && v.Kind == pipeline.KindMacro {
		return a, misuse.Of("%s is a macro, whose rows are not stored; ask for a row of what it reads: %s", q.Table, strings.Join(v.Reads, ", "))
	}
	if a.Row, err = t.begin(ctx, q); err != nil {
		return a, err
	}
	for _, name := range t.order(q.Table) {
		step, followed, err := t.follow(ctx, name)
		if err != nil {
			return a, fmt.Errorf("%s: %w", name, err)
		}
		if followed {
			a.Steps = append(a.Steps, step)
		}
	}
	return a, nil
}

// begin finds the row.
func (t *tracer) begin(ctx context.Context, q Question) ([]Cell, error) {
	if len(q.Where) == 0 {
		return nil, misuse.Of("say which row: COLUMN=VALUE for as many columns as it takes")
	}
	columns, err := t.columns(ctx, q.Table)
	if err != nil {
		return nil, err
	}
	var conditions []string
	var values []any
	for column, value := range q.Where {
		if !slices.Contains(columns, column) {
			return nil, misuse.Of("%s has no column %q; it has %s", q.Table, column, strings.Join(columns, ", "))
		}
		conditions, values = append(conditions, fmt.Sprintf("cast(t.%s as varchar) = ?", statement.Name(column))), append(values, value)
	}
	name := t.name(q.Table)
	create := fmt.Sprintf("create temp table %s as select t.*, 1 as %s from %s as t where %s limit 1000",
		name, weight, statement.FullName(q.Table), strings.Join(conditions, " and "))
	if _, err := t.conn.ExecContext(ctx, create, values...); err != nil {
		return nil, err
	}
	rows, err := t.texts(ctx, fmt.Sprintf("select * from %s limit 2", name), columns)
	if err != nil {
		return nil, err
	}
	switch len(rows) {
	case 0:
		return nil, misuse.Of("%s has no such row", q.Table)
	case 2:
		var differ []string
		for i, column := range columns {
			if x, y := rows[0][i], rows[1][i]; (x == nil) != (y == nil) || x != nil && *x != *y {
				differ = append(differ, column)
			}
		}
		return nil, misuse.Of("%s has several such rows; add values of %s", q.Table, strings.Join(differ, ", "))
	}
	t.made[q.Table] = name
	var row []Cell
	for i, column := range columns {
		row = append(row, Cell{column, rows[0][i]})
	}
	return row, nil
}

// order lists all that a table is made from, each behind all that read it.
func (t *tracer) order(name string) []string {
	var done []string
	seen := map[string]bool{}
	var visit func(string)
	visit = func(name string) {
		if seen[name] {
			return
		}
		seen[name] = true
		if v, ok := t.View(name); ok {
			for _, read := range v.Reads {
				visit(read)
			}
		}
		done = append(done, name)
	}
	visit(name)
	slices.Reverse(done)
	return done[1:]
}

// follow collects the rows of a table that rows already found were made from, by every table that reads it.
func (t *tracer) follow(ctx context.Context, name string) (Step, bool, error) {
	step := Step{Table: name}
	view, isView := t.View(name)
	if isView && view.Kind == pipeline.KindMacro {
		// a macro has no rows of its own: what it reads is read by whoever calls it
		for _, reader := range t.readers(name) {
			if t.made[reader] != "" {
				t.made[name] = t.made[reader]
			}
		}
		return step, false, nil
	}
	entry, stored := t.Table(name)
	step.Description = view.Description
	if !isView {
		step.Description = entry.Description
		if !stored || entry.Rows == 0 {
			return step, false, nil
		}
	}
	columns, err := t.columns(ctx, name)
	if err != nil {
		return step, false, err
	}
	var matches []string
	for _, reader := range t.readers(name) {
		from := t.made[reader]
		if from == "" {
			continue
		}
		condition, err := t.condition(ctx, reader, from, name, columns)
		if err != nil {
			return step, false, err
		}
		if condition == "" {
			step.Note = "which of its rows were used cannot be told by a key"
			continue
		}
		matches = append(matches, fmt.Sprintf("coalesce((select max(r.%s) from %s as r where %s), 0)", weight, from, condition))
	}
	if matches == nil {
		return step, step.Note != "", nil
	}
	step.Note = ""
	temp := t.name(name)
	if _, err := t.conn.ExecContext(ctx, fmt.Sprintf(
		"create temp table %s as select * from (select t.*, %s as %s from %s as t) where %[3]s > 0 order by %[3]s desc, %[5]s limit %[6]d",
		temp, strings.Join(matches, " + "), weight, statement.FullName(name), statement.Names(columns), mostRows+1)); err != nil {
		return step, false, err
	}
	if err := t.conn.QueryRowContext(ctx, "select count(*) from "+temp).Scan(&step.Rows); err != nil {
		return step, false, err
	}
	if step.Rows == 0 {
		return step, false, nil
	}
	t.made[name] = temp
	if step.Cut = step.Rows > mostRows; step.Cut {
		step.Rows = mostRows
	}
	step.Columns = slices.DeleteFunc(slices.Clone(columns), func(c string) bool { return slices.Contains(provenance, c) })
	rows, err := t.texts(ctx, fmt.Sprintf("select * from %s limit %d", temp, t.sample), step.Columns)
	if err != nil {
		return step, false, err
	}
	for _, row := range rows {
		var cells []string
		for _, cell := range row {
			text := ""
			if cell != nil {
				text = *cell
			}
			cells = append(cells, text)
		}
		step.Sample = append(step.Sample, cells)
	}
	if !isView && entry.Source != "" {
		step.Lines, err = t.lines(ctx, entry, temp)
	}
	return step, true, err
}

// readers are the views that read a table, of those that the question leads to.
func (t *tracer) readers(name string) []string {
	var list []string
	for reader := range t.made {
		if v, ok := t.View(reader); ok && slices.Contains(v.Reads, name) {
			list = append(list, reader)
		}
	}
	slices.Sort(list)
	return list
}

func (t *tracer) name(table string) string {
	return statement.Name("why_" + strings.ReplaceAll(table, ".", "_"))
}

// columns lists the columns of a table or view.
func (t *tracer) columns(ctx context.Context, name string) ([]string, error) {
	schema, table, _ := strings.Cut(name, ".")
	rows, err := t.conn.QueryContext(ctx,
		"select column_name from duckdb_columns() where database_name <> 'temp' and schema_name = ? and table_name = ? order by column_index", schema, table)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var columns []string
	for rows.Next() {
		var column string
		if err := rows.Scan(&column); err != nil {
			return nil, err
		}
		columns = append(columns, column)
	}
	return columns, rows.Err()
}

// texts runs a query and returns columns of its rows as DuckDB writes them; nil for null.
func (t *tracer) texts(ctx context.Context, query string, columns []string) ([][]*string, error) {
	var list []string
	for _, c := range columns {
		list = append(list, fmt.Sprintf("cast(%s as varchar)", statement.Name(c)))
	}
	rows, err := t.conn.QueryContext(ctx, fmt.Sprintf("select %s from (%s)", strings.Join(list, ", "), query))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out [][]*string
	for rows.Next() {
		row, into := make([]*string, len(columns)), make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		out = append(out, row)
	}
	return out, rows.Err()
}

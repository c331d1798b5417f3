package why

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"entente/pipeline/warehouse/statement"
)

// provenance are the columns that say where a raw row comes from.
var provenance = []string{"source_file", "source_line", "source_offset", "source_length"}

// ends are the columns that name the two states of a row, where it has two.
var ends = [][2]string{
	{"iso3_a", "iso3_b"}, {"exporter_iso3", "importer_iso3"}, {"reporter_iso3", "partner_iso3"}, {"provider_iso3", "receiver_iso3"},
	{"from_iso3", "to_iso3"}, {"iso3_1", "iso3_2"},
}

// condition is what rows of a table have to do with rows of its reader: what the reader's definition says, or else
// that columns of one name that are part of some key are equal, and that the states are the same. It is "" where there is
// no such column. A raw table of another source than all the rows name has nothing to do with them.
func (t *tracer) condition(ctx context.Context, reader, from, name string, columns []string) (string, error) {
	view, _ := t.View(reader)
	for _, trace := range view.Traces {
		if trace.Table == name {
			return trace.Condition, nil
		}
	}
	readerColumns, err := t.columns(ctx, reader)
	if err != nil {
		return "", err
	}
	if len(readerColumns) == 0 { // a macro, whose rows are its reader's
		if readerColumns, err = t.columnsOf(ctx, from); err != nil {
			return "", err
		}
	}
	var parts []string
	entry, _ := t.Table(name)
	if entry.Source != "" && slices.Contains(readerColumns, "source") && !slices.Contains(columns, "source") {
		parts = append(parts, fmt.Sprintf("r.source = '%s'", strings.ReplaceAll(entry.Source, "'", "''")))
	}
	keyed := len(parts)
	keys := t.keys()
	for _, column := range columns {
		if keys[column] && !strings.Contains(column, "iso3") && slices.Contains(readerColumns, column) {
			parts = append(parts, fmt.Sprintf("cast(t.%s as varchar) is not distinct from cast(r.%s as varchar)", statement.Name(column), statement.Name(column)))
		}
	}
	if states := sameStates(readerColumns, columns); states != "" {
		parts = append(parts, states)
	}
	if len(parts) == keyed {
		return "", nil
	}
	return strings.Join(parts, " and "), nil
}

// columnsOf lists the columns of a temporary table.
func (t *tracer) columnsOf(ctx context.Context, temp string) ([]string, error) {
	rows, err := t.conn.QueryContext(ctx, "select column_name from duckdb_columns() where database_name = 'temp' and table_name = ? order by column_index",
		strings.Trim(temp, `"`))
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

// keys are the columns that are part of some table's key.
func (t *tracer) keys() map[string]bool {
	keys := map[string]bool{}
	for _, table := range t.Manifest.Tables {
		for _, column := range table.Key {
			keys[column] = true
		}
	}
	return keys
}

// sameStates says that a row of the table (t) is about states that the reader's row (r) is about.
func sameStates(reader, table []string) string {
	mine, both := pairOf(reader)
	theirs, too := pairOf(table)
	single := func(columns []string) string {
		for _, name := range []string{"iso3", "reporter_iso3", "member_iso3"} {
			if slices.Contains(columns, name) {
				return name
			}
		}
		return ""
	}
	my, their := single(reader), single(table)
	switch {
	case both && too && mine == theirs:
		return fmt.Sprintf("t.%s = r.%s and t.%s = r.%s", theirs[0], mine[0], theirs[1], mine[1])
	case both && too:
		return fmt.Sprintf("(t.%[3]s = r.%[1]s and t.%[4]s = r.%[2]s or t.%[3]s = r.%[2]s and t.%[4]s = r.%[1]s)", mine[0], mine[1], theirs[0], theirs[1])
	case both && their != "":
		return fmt.Sprintf("t.%s in (r.%s, r.%s)", their, mine[0], mine[1])
	case too && my != "":
		return fmt.Sprintf("r.%s in (t.%s, t.%s)", my, theirs[0], theirs[1])
	case my != "" && their != "":
		return fmt.Sprintf("t.%s = r.%s", their, my)
	}
	return ""
}

func pairOf(columns []string) ([2]string, bool) {
	for _, pair := range ends {
		if slices.Contains(columns, pair[0]) && slices.Contains(columns, pair[1]) {
			return pair, true
		}
	}
	return [2]string{}, false
}

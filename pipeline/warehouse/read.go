package warehouse

import (
	"context"
	"database/sql"
	"fmt"
	"os"
)

// OpenReadOnly opens a finished file for queries. It fails when the file is missing, or when it is no
// DuckDB file of a version that this program reads; the caller closes what it gets.
func OpenReadOnly(path string, options Options) (*sql.DB, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("warehouse: %w", err)
	}
	settings := options.settings(options.TempDir)
	settings.Set("access_mode", "READ_ONLY")
	return open(path, settings)
}

// Column is a column of a query's result.
type Column struct {
	Name string
	Type string // as DuckDB names it
}

// Stream runs a query and hands on its columns, once, then row by row its values: nil, bool, intN,
// *big.Int, float64, string, time.Time, []byte, or what else the driver gives. The slice of values is
// used again for the next row. args are the values of the parameters.
func Stream(ctx context.Context, db *sql.DB, query string, columns func([]Column) error, row func([]any) error, args ...any) error {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("query: %w", err)
	}
	defer rows.Close()
	types, err := rows.ColumnTypes()
	if err != nil {
		return fmt.Errorf("query: %w", err)
	}
	header := make([]Column, len(types))
	values, into := make([]any, len(types)), make([]any, len(types))
	for i, t := range types {
		header[i] = Column{Name: t.Name(), Type: t.DatabaseTypeName()}
		into[i] = &values[i]
	}
	if err := columns(header); err != nil {
		return err
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return fmt.Errorf("query: %w", err)
		}
		if err := row(values); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("query: %w", err)
	}
	return nil
}

// DictionaryEntry documents one column of a warehouse.
type DictionaryEntry struct {
	Schema, Table    string
	Kind             string // table, view, macro or check
	TableDescription string
	Column           string
	Type             string // "" where a macro's arguments decide
	Unit             string
	Description      string
}

// Dictionary lists every documented column of a finished file, by schema, table and place.
func Dictionary(ctx context.Context, db *sql.DB) ([]DictionaryEntry, error) {
	rows, err := db.QueryContext(ctx, `
		select schema_name, table_name, kind, table_description, column_name,
			coalesce(data_type, ''), coalesce(unit, ''), description
		from meta.columns
		order by schema_name, table_name, position`)
	if err != nil {
		return nil, fmt.Errorf("dictionary: %w", err)
	}
	defer rows.Close()
	var entries []DictionaryEntry
	for rows.Next() {
		var e DictionaryEntry
		if err := rows.Scan(&e.Schema, &e.Table, &e.Kind, &e.TableDescription, &e.Column, &e.Type, &e.Unit, &e.Description); err != nil {
			return nil, fmt.Errorf("dictionary: %w", err)
		}
		entries = append(entries, e)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("dictionary: %w", err)
	}
	return entries, nil
}

package warehouse

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"os"

	duckdb "github.com/duckdb/duckdb-go/v2"
)

// ErrNotOneSelect is the refusal of what is not exactly one statement that reads.
var ErrNotOneSelect = errors.New("only one statement that reads (select, from, with, values, describe, summarize) is run here")

// OpenConfined opens a finished file for queries of people who are not trusted: no other file, no network,
// no extension, nothing spilled to disk, and no setting that a query could change. That bounds what a query
// can reach, not what it can use up: time, and memory that DuckDB does not count, are for the caller to
// bound, by a process of its own.
func OpenConfined(path string, options Options) (*sql.DB, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("warehouse: %w", err)
	}
	settings := options.settings("")
	settings.Set("access_mode", "READ_ONLY")
	settings.Set("temp_directory", "")
	db, err := open(path, settings)
	if err != nil {
		return nil, err
	}
	// After the file is open, and in this order: the second forbids opening it, the third forbids the others.
	for _, statement := range []string{
		"set allow_community_extensions = false", "set enable_external_access = false", "set lock_configuration = true",
	} {
		if _, err := db.Exec(statement); err != nil {
			return nil, errors.Join(fmt.Errorf("warehouse %s: %s: %w", path, statement, err), db.Close())
		}
	}
	return db, nil
}

// StreamSelect is Stream for a query of unknown intent: one that is more than one statement, or does not only
// read, is refused with ErrNotOneSelect before any of it runs.
func StreamSelect(ctx context.Context, db *sql.DB, query string, columns func([]Column) error, row func([]any) error) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("query: %w", err)
	}
	defer conn.Close()
	return conn.Raw(func(raw any) error {
		rows, closing, err := selected(ctx, raw, query)
		if err != nil {
			return err
		}
		return errors.Join(stream(rows, columns, row), closing())
	})
}

// selected runs a query that is one select. PrepareContext of the driver would run all statements but the
// last; its Prepare refuses more than one.
func selected(ctx context.Context, raw any, query string) (rows driver.Rows, closing func() error, err error) {
	conn, ok := raw.(*duckdb.Conn)
	if !ok {
		return nil, nil, fmt.Errorf("query: %T is no connection of DuckDB's driver", raw)
	}
	prepared, err := conn.Prepare(query)
	if err != nil {
		var refused *duckdb.Error
		if !errors.As(err, &refused) {
			return nil, nil, ErrNotOneSelect // no statement, or several
		}
		return nil, nil, fmt.Errorf("query: %w", err)
	}
	statement := prepared.(*duckdb.Stmt)
	kind, err := statement.StatementType()
	if err == nil && kind != duckdb.STATEMENT_TYPE_SELECT {
		err = ErrNotOneSelect
	}
	if err == nil {
		rows, err = statement.QueryContext(ctx, nil)
	}
	if err != nil {
		return nil, nil, errors.Join(err, statement.Close())
	}
	return rows, func() error { return errors.Join(rows.Close(), statement.Close()) }, nil
}

func stream(rows driver.Rows, columns func([]Column) error, row func([]any) error) error {
	names := rows.Columns()
	header := make([]Column, len(names))
	types, _ := rows.(driver.RowsColumnTypeDatabaseTypeName)
	for i, name := range names {
		header[i].Name = name
		if types != nil {
			header[i].Type = types.ColumnTypeDatabaseTypeName(i)
		}
	}
	if err := columns(header); err != nil {
		return err
	}
	values, given := make([]driver.Value, len(names)), make([]any, len(names))
	for {
		err := rows.Next(values)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("query: %w", err)
		}
		for i, v := range values {
			given[i] = v
		}
		if err := row(given); err != nil {
			return err
		}
	}
}

// Package answer writes what a query returns, to a file or to whoever asked.
package answer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"entente/cmd/entente/export"
	"entente/cmd/entente/render"
	"entente/pipeline/warehouse"
)

// Formats are those that Write writes.
func Formats() []string {
	return []string{render.Table, render.CSV, render.JSON, render.JSONL, render.Markdown, export.Parquet}
}

// Question is a query and what is wanted of its rows.
type Question struct {
	SQL    string
	Format string
	Out    string // file to write to; "" for none
	Limit  int64  // at most so many rows; none if it is 0 or less
	Width  int    // of the terminal that shows the answer, 0 for none
}

// errEnough ends a query of which all that is wanted has been read.
var errEnough = errors.New("enough rows")

// Write asks a database and writes its answer to q.Out, or to the writer if there is no such name. It
// returns how many rows it wrote and whether there are more; of Parquet, which DuckDB writes, it knows
// neither. A file that could not be finished is removed.
func Write(ctx context.Context, db *sql.DB, q Question, to io.Writer) (rows int64, more bool, err error) {
	if q.Format == export.Parquet {
		return 0, false, parquet(ctx, db, q, to)
	}
	if q.Out == "" {
		return stream(ctx, db, q, to)
	}
	q.Width = 0
	file, err := os.Create(q.Out)
	if err != nil {
		return 0, false, err
	}
	rows, more, err = stream(ctx, db, q, file)
	if err := errors.Join(err, file.Close()); err != nil {
		return rows, more, errors.Join(err, os.Remove(q.Out))
	}
	return rows, more, nil
}

func stream(ctx context.Context, db *sql.DB, q Question, out io.Writer) (rows int64, more bool, err error) {
	w := render.New(q.Format, out, q.Width)
	err = warehouse.Stream(ctx, db, q.SQL, w.Header, func(values []any) error {
		if q.Limit > 0 && rows == q.Limit {
			return errEnough
		}
		rows++
		return w.Row(values)
	})
	if more = errors.Is(err, errEnough); err != nil && !more {
		return rows, false, err
	}
	return rows, more, w.Close()
}

// parquet has DuckDB write the file; a writer gets it through a temporary one.
func parquet(ctx context.Context, db *sql.DB, q Question, to io.Writer) error {
	statement := q.SQL
	if q.Limit > 0 {
		statement = fmt.Sprintf("from (%s\n) limit %d", statement, q.Limit)
	}
	path := q.Out
	if path == "" {
		dir, err := os.MkdirTemp("", "entente-query-")
		if err != nil {
			return fmt.Errorf("temporary file: %w", err)
		}
		defer os.RemoveAll(dir)
		path = filepath.Join(dir, "result.parquet")
	}
	if _, err := db.ExecContext(ctx, export.Statement(statement, path, export.Parquet)); err != nil {
		return fmt.Errorf("query: %w", err)
	}
	if q.Out != "" {
		return nil
	}
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("temporary file: %w", err)
	}
	defer file.Close()
	_, err = io.Copy(to, file)
	return err
}

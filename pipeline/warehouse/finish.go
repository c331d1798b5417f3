package warehouse

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"entente/pipeline"
	"entente/pipeline/warehouse/statement"
)

// Finish fills schema meta and runs every check that was defined. It returns the checks' results,
// offending or not: whether a release may go out is the caller's decision.
func (d *database) Finish(ctx context.Context, m pipeline.Manifest) ([]pipeline.CheckResult, error) {
	for _, table := range d.metaRows(m) {
		if err := d.append(ctx, table); err != nil {
			return nil, err
		}
	}
	if err := d.loadQuarantine(ctx, m); err != nil {
		return nil, fmt.Errorf("meta.quarantine: %w", err)
	}
	slices.SortFunc(d.checks, func(a, b pipeline.View) int { return cmp.Compare(a.Name, b.Name) })
	var results []pipeline.CheckResult
	found := rowsOf{table: "checks"}
	for _, v := range d.checks {
		r := pipeline.CheckResult{Name: v.Name, Level: v.Level, Description: v.Description}
		query := "select count(*) from " + statement.Name(v.Schema, v.Name)
		if err := d.db.QueryRowContext(ctx, query).Scan(&r.Offending); err != nil {
			return nil, fmt.Errorf("check %s: %w", v.Name, err)
		}
		results = append(results, r)
		found.add(r.Name, r.Level, r.Description, r.Offending)
	}
	if err := d.append(ctx, found); err != nil {
		return nil, err
	}
	columns, err := d.dictionary(ctx)
	if err != nil {
		return nil, fmt.Errorf("meta.columns: %w", err)
	}
	return results, d.append(ctx, columns)
}

// loadQuarantine fills meta.quarantine from the files of all tables; their paths are relative to the
// folder of the database.
func (d *database) loadQuarantine(ctx context.Context, m pipeline.Manifest) error {
	var files []string
	for _, t := range m.Tables {
		for _, f := range t.Quarantine {
			files = append(files, filepath.Join(filepath.Dir(d.path), filepath.FromSlash(f.Path)))
		}
	}
	if len(files) == 0 {
		return nil
	}
	_, err := d.db.ExecContext(ctx, fmt.Sprintf(
		"insert into meta.quarantine select source, table_name, file, sha256, line, byte_offset, reason, raw "+
			"from read_parquet([%s], hive_partitioning = false)", statement.Files(files)))
	return err
}

// rowsOf are the rows of one table of schema meta.
type rowsOf struct {
	table string
	rows  [][]driver.Value
}

func (r *rowsOf) add(values ...driver.Value) { r.rows = append(r.rows, values) }

// append writes rows into their table.
func (d *database) append(ctx context.Context, r rowsOf) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("%s.%s: %w", meta, r.table, err)
		}
	}()
	conn, err := d.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	return conn.Raw(func(raw any) error {
		appender, err := duckdb.NewAppenderFromConn(raw.(driver.Conn), meta, r.table)
		if err != nil {
			return err
		}
		for _, row := range r.rows {
			if err := appender.AppendRow(row...); err != nil {
				return errors.Join(err, appender.Close())
			}
		}
		return appender.Close()
	})
}

// text is a value of a text column: null when empty.
func text(s string) driver.Value {
	if s == "" {
		return nil
	}
	return s
}

// pairs runs a query of two text columns.
func (d *database) pairs(ctx context.Context, query string, args ...any) (map[string]string, error) {
	rows, err := d.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var key string
		var value sql.NullString
		if err := rows.Scan(&key, &value); err != nil {
			return nil, err
		}
		out[key] = value.String
	}
	return out, rows.Err()
}

package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"entente/cmd/entente/export"
	"entente/cmd/entente/misuse"
	"entente/cmd/entente/render"
	"entente/pipeline/warehouse"
)

const screenRows = 100 // shown on a terminal unless --limit says otherwise

var queryFormats = []string{render.Table, render.CSV, render.JSON, render.JSONL, render.Markdown, export.Parquet}

// queryFlags are what query can be told.
type queryFlags struct {
	format, file, out, release string
	limit                      int64
}

func (a *app) queryCommand() *cobra.Command {
	var f queryFlags
	c := &cobra.Command{
		Use:   "query SQL",
		Short: "Ask the current release in SQL",
		Long: `query runs one SQL statement of DuckDB's dialect on the current release, which it cannot change. It
prints a table on a terminal and CSV elsewhere. In CSV a null is an empty field, dates are 2012-12-31, and no
format rounds numbers. SQL "-" reads the statement from standard input.`,
		Example: `  entente query "from core.resolutions where symbol = 'A/RES/67/19'"
  entente query "select iso3, vote from core.votes where source = 'voeten' limit 10" --format csv
  entente query --file question.sql --out answer.parquet`,
		Args: usage(cobra.MaximumNArgs(1)),
		RunE: func(c *cobra.Command, args []string) error { return a.query(c.Context(), f, args) },
	}
	flags := c.Flags()
	flags.StringVar(&f.format, "format", "", strings.Join(queryFormats, ", ")+" (default: by --out's ending, else table or csv)")
	flags.StringVar(&f.file, "file", "", "read the statement from this file")
	flags.StringVarP(&f.out, "out", "o", "", "write to this file")
	flags.StringVar(&f.release, "release", "", "ask this release rather than the current one")
	flags.Int64Var(&f.limit, "limit", -1, fmt.Sprintf("show at most so many rows, 0 for all (default %d on a terminal, else all)", screenRows))
	complete(c, "format", func(*app) []string { return queryFormats }, a)
	complete(c, "release", (*app).releaseNames, a)
	return c
}

func (a *app) query(ctx context.Context, f queryFlags, args []string) (err error) {
	statement, err := a.statement(f, args)
	if err != nil {
		return err
	}
	terminal := f.out == "" && isTerminal(a.stdout)
	switch {
	case f.format != "":
	case f.out != "":
		if f.format = strings.TrimPrefix(filepath.Ext(f.out), "."); f.format == "md" {
			f.format = render.Markdown
		}
		if !slices.Contains(queryFormats, f.format) {
			return misuse.Of("--out %s: its ending names no format; add --format with one of %s", f.out, strings.Join(queryFormats, ", "))
		}
	case a.json:
		f.format = render.JSON
	case terminal:
		f.format = render.Table
	default:
		f.format = render.CSV
	}
	if !slices.Contains(queryFormats, f.format) {
		return misuse.Of("--format %s: it is one of %s", f.format, strings.Join(queryFormats, ", "))
	}
	if f.format == export.Parquet && terminal {
		return misuse.Of("--format parquet: a terminal cannot show it; add --out FILE")
	}
	if f.limit < 0 && terminal && (f.format == render.Table || f.format == render.Markdown) {
		f.limit = screenRows
	}
	db, _, err := a.folder.Open(f.release)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if f.format == export.Parquet {
		return a.queryParquet(ctx, db, statement, f)
	}
	return a.write(f.out, func(out io.Writer) error { return a.stream(ctx, db, statement, f, out) })
}

// statement is the SQL of the command line, of a file or of standard input.
func (a *app) statement(f queryFlags, args []string) (string, error) {
	var text []byte
	var err error
	switch {
	case f.file != "" && len(args) > 0:
		return "", misuse.Of("SQL and --file: give one of them")
	case f.file != "":
		if text, err = os.ReadFile(f.file); err != nil {
			return "", misuse.Of("--file: %w", err)
		}
	case len(args) == 0:
		return "", misuse.Of(`no SQL; for example: %s`, a.again(`query "from core.resolutions limit 5"`))
	case args[0] == "-":
		if text, err = io.ReadAll(a.stdin); err != nil {
			return "", fmt.Errorf("standard input: %w", err)
		}
	default:
		text = []byte(args[0])
	}
	statement := strings.TrimRight(strings.TrimSpace(string(text)), "; \n\t\r")
	if statement == "" {
		return "", misuse.Of("the SQL is empty")
	}
	return statement, nil
}

var errEnough = errors.New("enough rows")

func (a *app) stream(ctx context.Context, db *sql.DB, statement string, f queryFlags, out io.Writer) error {
	width := 0
	if f.out == "" {
		width = a.width()
	}
	w := render.New(f.format, out, width)
	rows := int64(0)
	err := warehouse.Stream(ctx, db, statement, w.Header, func(values []any) error {
		if f.limit > 0 && rows == f.limit {
			return errEnough
		}
		rows++
		return w.Row(values)
	})
	if err != nil && !errors.Is(err, errEnough) {
		return a.explainSQL(err)
	}
	if err := w.Close(); err != nil {
		return err
	}
	if err != nil && !a.quiet {
		fmt.Fprintf(a.stderr, "(the first %d rows; --limit 0 shows all)\n", rows)
	}
	return nil
}

// explainSQL adds to DuckDB's words where to look.
func (a *app) explainSQL(err error) error {
	if strings.Contains(err.Error(), "Catalog Error") || strings.Contains(err.Error(), "Binder Error") {
		return fmt.Errorf("%w\nThe tables and their columns: %s", err, a.again("dictionary"))
	}
	return err
}

// queryParquet has DuckDB write the file; standard output gets it through a temporary one.
func (a *app) queryParquet(ctx context.Context, db *sql.DB, statement string, f queryFlags) (err error) {
	if f.limit > 0 {
		statement = fmt.Sprintf("from (%s\n) limit %d", statement, f.limit)
	}
	path := f.out
	if path == "" {
		dir, err := os.MkdirTemp("", "entente-query-")
		if err != nil {
			return fmt.Errorf("temporary file: %w", err)
		}
		defer os.RemoveAll(dir)
		path = filepath.Join(dir, "result.parquet")
	}
	if _, err := db.ExecContext(ctx, export.Statement(statement, path, export.Parquet)); err != nil {
		return a.explainSQL(fmt.Errorf("query: %w", err))
	}
	if f.out != "" {
		return nil
	}
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("temporary file: %w", err)
	}
	defer file.Close()
	_, err = io.Copy(a.stdout, file)
	return err
}

// write has fill write to a file, or to standard output if path is "". A file that could not be
// finished is removed.
func (a *app) write(path string, fill func(io.Writer) error) (err error) {
	if path == "" {
		return fill(a.stdout)
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := errors.Join(fill(file), file.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

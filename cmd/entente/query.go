package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"entente/cmd/entente/answer"
	"entente/cmd/entente/export"
	"entente/cmd/entente/misuse"
	"entente/cmd/entente/render"
)

const screenRows = 100 // shown on a terminal unless --limit says otherwise

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
	flags.StringVar(&f.format, "format", "", strings.Join(answer.Formats(), ", ")+" (default: by --out's ending, else table or csv)")
	flags.StringVar(&f.file, "file", "", "read the statement from this file")
	flags.StringVarP(&f.out, "out", "o", "", "write to this file")
	flags.StringVar(&f.release, "release", "", "ask this release rather than the current one")
	flags.Int64Var(&f.limit, "limit", -1, fmt.Sprintf("show at most so many rows, 0 for all (default %d on a terminal, else all)", screenRows))
	complete(c, "format", func(*app) []string { return answer.Formats() }, a)
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
		if !slices.Contains(answer.Formats(), f.format) {
			return misuse.Of("--out %s: its ending names no format; add --format with one of %s", f.out, strings.Join(answer.Formats(), ", "))
		}
	case a.json:
		f.format = render.JSON
	case terminal:
		f.format = render.Table
	default:
		f.format = render.CSV
	}
	if !slices.Contains(answer.Formats(), f.format) {
		return misuse.Of("--format %s: it is one of %s", f.format, strings.Join(answer.Formats(), ", "))
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
	q := answer.Question{SQL: statement, Format: f.format, Out: f.out, Limit: f.limit, Width: a.width()}
	rows, more, err := answer.Write(ctx, db, q, a.stdout)
	if err != nil {
		return a.explainSQL(err)
	}
	if more && !a.quiet {
		fmt.Fprintf(a.stderr, "(the first %d rows; --limit 0 shows all)\n", rows)
	}
	return nil
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

// explainSQL adds to DuckDB's words where to look.
func (a *app) explainSQL(err error) error {
	if strings.Contains(err.Error(), "Catalog Error") || strings.Contains(err.Error(), "Binder Error") {
		return fmt.Errorf("%w\nThe tables and their columns: %s", err, a.again("dictionary"))
	}
	return err
}

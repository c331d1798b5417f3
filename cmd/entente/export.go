package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"entente/cmd/entente/render"
	"entente/pipeline"
	"entente/pipeline/release"
	"entente/pipeline/warehouse"
)

const formatArrow = "arrow"

var exportFormats = []string{formatParquet, render.CSV, render.JSONL, formatArrow}

// exporter writes tables of one release to a folder.
type exporter struct {
	db      *sql.DB
	from    string // the release's folder
	to      string
	format  string
	current pipeline.Manifest
}

func (a *app) exportCommand() *cobra.Command {
	var to, format, id string
	var force bool
	c := &cobra.Command{
		Use:   "export [TABLE…] --to DIR",
		Short: "Write tables as files, with a datapackage.json that describes them",
		Long: `export writes tables and views of the current release to a folder, one file each, and a Frictionless data
package beside them: types, units, meaning, licences, hashes. With no TABLE it writes all of the
schemas core and indicators. TABLE may be a schema.`,
		Example: `  entente export --to ./votes
  entente export core.votes core.resolutions --to ./votes --format csv`,
		ValidArgsFunction: a.completeTables,
		RunE: func(c *cobra.Command, args []string) error {
			if to == "" {
				return misuse("--to DIR: say where to write")
			}
			if !slices.Contains(exportFormats, format) {
				return misuse("--format %s: it is one of %s", format, strings.Join(exportFormats, ", "))
			}
			return a.export(c.Context(), exporter{to: to, format: format}, id, args, force)
		},
	}
	flags := c.Flags()
	flags.StringVar(&to, "to", "", "`DIR` to write to; it is made if it is not there")
	flags.StringVar(&format, "format", formatParquet, strings.Join(exportFormats, ", "))
	flags.StringVar(&id, "release", "", "export this release rather than the current one")
	flags.BoolVar(&force, "force", false, "write into a folder that is not empty, over what is there")
	complete(c, "format", func(*app) []string { return exportFormats }, a)
	complete(c, "release", (*app).releaseNames, a)
	return c
}

func (a *app) export(ctx context.Context, x exporter, id string, names []string, force bool) (err error) {
	if x.db, x.current, err = a.open(id); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, x.db.Close()) }()
	store, err := a.releases()
	if err != nil {
		return err
	}
	x.from = store.Dir(x.current.ID)
	entries, err := warehouse.Dictionary(ctx, x.db)
	if err != nil {
		return err
	}
	tables, err := exported(group(entries), names)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(x.to, 0o755); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	if there, err := os.ReadDir(x.to); err != nil {
		return fmt.Errorf("export: %w", err)
	} else if len(there) > 0 && !force {
		return misuse("%s is not empty; choose another folder, or write over what is there with --force", x.to)
	}
	m := x.current
	m.Tables = nil
	for _, t := range tables {
		a.meter.Step(pipeline.Progress{Stage: "export", Subject: t.Name})
		entry, err := x.table(ctx, t)
		if err != nil {
			return fmt.Errorf("export %s: %w", t.Name, err)
		}
		m.Tables = append(m.Tables, entry)
	}
	a.meter.Done()
	described, err := release.DataPackage(m)
	if err != nil {
		return err
	}
	if err := replaceFile(filepath.Join(x.to, "datapackage.json"), described); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return a.tellExport(x, m.Tables)
}

func (a *app) tellExport(x exporter, tables []pipeline.TableEntry) error {
	if a.json {
		return a.printJSON(map[string]any{"release": x.current.ID, "folder": x.to, "tables": tables})
	}
	if a.quiet {
		return nil
	}
	var rows [][]string
	for _, t := range tables {
		size := int64(0)
		for _, f := range t.Files {
			size += f.Bytes
		}
		rows = append(rows, []string{t.FullName(), render.Count(t.Rows), render.Bytes(size)})
	}
	render.List(a.stdout, "", []string{"table", "rows", "size"}, rows)
	a.printf("Release %s is in %s; datapackage.json there says what everything means.\n", x.current.ID, x.to)
	return nil
}

// exported are the tables that can be written and were asked for.
func exported(tables []table, names []string) ([]table, error) {
	if len(names) == 0 {
		names = []string{"core", "indicators"}
	}
	list, err := chosen(tables, names)
	if err != nil {
		return nil, err
	}
	var out []table
	for _, t := range list {
		switch {
		case t.Kind == pipeline.KindMacro && slices.Contains(names, t.Name):
			return nil, misuse("%s is a macro: it has no rows of its own; write a query's result with: entente query SQL --out FILE", t.Name)
		case t.Kind != pipeline.KindMacro && !slices.ContainsFunc(out, func(o table) bool { return o.Name == t.Name }):
			out = append(out, t)
		}
	}
	return out, nil
}

// table writes one table. Parquet files of the lake are copied as they are; a link would let whoever
// edits the copy change the release.
func (x *exporter) table(ctx context.Context, t table) (pipeline.TableEntry, error) {
	entry := pipeline.TableEntry{Description: firstLine(t.Description)}
	entry.Schema, entry.Name, _ = strings.Cut(t.Name, ".")
	for _, c := range t.Columns {
		entry.Columns = append(entry.Columns, pipeline.ColumnEntry{Name: c.Name, Type: c.Type, Unit: c.Unit, Description: c.Description})
	}
	for _, stored := range x.current.Tables {
		if stored.FullName() != t.Name {
			continue
		}
		entry.Source, entry.Key, entry.Rows = stored.Source, stored.Key, stored.Rows
		if x.format == formatParquet {
			return entry, x.copyFiles(&entry, stored)
		}
	}
	name := t.Name + "." + x.format
	target := filepath.Join(x.to, name)
	err := x.replace(target, func(path string) (err error) {
		entry.Rows, err = x.write(ctx, t, path)
		return err
	})
	if err != nil {
		return entry, err
	}
	file, err := dataFile(target, name, entry.Rows)
	entry.Files = []pipeline.DataFile{file}
	return entry, err
}

func (x *exporter) copyFiles(entry *pipeline.TableEntry, stored pipeline.TableEntry) error {
	prefix := path.Join("lake", stored.Schema, stored.Name) + "/"
	for _, f := range stored.Files {
		from := filepath.Join(x.from, filepath.FromSlash(f.Path))
		if f.Path = stored.FullName() + "/" + strings.TrimPrefix(f.Path, prefix); len(stored.Files) == 1 {
			f.Path = stored.FullName() + ".parquet"
		}
		target := filepath.Join(x.to, filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		if err := x.replace(target, func(path string) error { return copyFile(from, path) }); err != nil {
			return err
		}
		entry.Files = append(entry.Files, f)
	}
	return nil
}

// write has DuckDB write a table's rows in the order of its key, if it has one.
func (x *exporter) write(ctx context.Context, t table, path string) (int64, error) {
	query := "from " + t.Name
	format := x.format
	if format == formatArrow {
		format = formatParquet
	}
	written := path
	if x.format == formatArrow {
		written += ".parquet"
		defer os.Remove(written)
	}
	result, err := x.db.ExecContext(ctx, copyStatement(query, written, format))
	if err != nil {
		return 0, err
	}
	rows, err := result.RowsAffected()
	if err != nil || x.format != formatArrow {
		return rows, err
	}
	return rows, arrowFile(ctx, written, path)
}

// replace has fill write a file aside and puts it in its place.
func (x *exporter) replace(target string, fill func(path string) error) error {
	aside := target + ".new"
	if err := fill(aside); err != nil {
		os.Remove(aside)
		return err
	}
	return os.Rename(aside, target)
}

func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// dataFile describes a file that was written.
func dataFile(path, name string, rows int64) (pipeline.DataFile, error) {
	f, err := os.Open(path)
	if err != nil {
		return pipeline.DataFile{}, err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	return pipeline.DataFile{Path: name, Bytes: n, Rows: rows, SHA256: hex.EncodeToString(h.Sum(nil))}, err
}

// Package export writes tables of a release to a folder, with the descriptions of package metadata.
package export

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

	"entente/cmd/entente/dictionary"
	"entente/cmd/entente/folder"
	"entente/cmd/entente/lineage"
	"entente/cmd/entente/misuse"
	"entente/cmd/entente/render"
	"entente/pipeline"
	"entente/pipeline/lake"
	"entente/pipeline/release/metadata"
	"entente/pipeline/warehouse/statement"
	sqlfiles "entente/sql"
)

// Formats beside those of package render.
const (
	Parquet = "parquet"
	Arrow   = "arrow" // Arrow IPC file, "Feather version 2"
)

// Formats are those that Run writes.
func Formats() []string { return []string{Parquet, render.CSV, render.JSONL, Arrow} }

// Order says what to export.
type Order struct {
	To, Format string
	Release    string   // "" for the current one
	Names      []string // tables or schemas; none for core and indicators
	Force      bool     // write into a folder that is not empty
}

// exporter writes tables of one release to a folder.
type exporter struct {
	db      *sql.DB
	from    string // the release's folder
	to      string
	format  string
	current pipeline.Manifest
}

// Run writes tables, datapackage.json and croissant.json, telling the name of each table before it. It
// returns the release and what was written.
func Run(ctx context.Context, f *folder.Folder, o Order, tell func(table string)) (id string, written []pipeline.TableEntry, err error) {
	x := exporter{to: o.To, format: o.Format}
	if x.db, x.current, err = f.Open(o.Release); err != nil {
		return "", nil, err
	}
	defer func() { err = errors.Join(err, x.db.Close()) }()
	id = x.current.ID
	store, err := f.Releases()
	if err != nil {
		return id, nil, err
	}
	x.from = store.Dir(id)
	tables, err := dictionary.Read(ctx, x.db)
	if err != nil {
		return id, nil, err
	}
	if tables, err = exported(tables, o.Names); err != nil {
		return id, nil, err
	}
	if err := vacate(o.To, o.Force); err != nil {
		return id, nil, err
	}
	m := x.current
	m.Tables = nil
	for _, t := range tables {
		tell(t.Name)
		entry, err := x.table(ctx, t)
		if err != nil {
			return id, nil, fmt.Errorf("export %s: %w", t.Name, err)
		}
		m.Tables = append(m.Tables, entry)
	}
	m.Sources = x.sources(m.Tables)
	described, err := metadata.Describe(m)
	if err != nil {
		return id, nil, err
	}
	for name, text := range map[string][]byte{metadata.PackageFile: described.Package, metadata.CroissantFile: described.Croissant} {
		if err := folder.Replace(filepath.Join(o.To, name), text); err != nil {
			return id, nil, fmt.Errorf("export: %w", err)
		}
	}
	return id, m.Tables, nil
}

// sources are those that the written tables come from; all of the release's where that cannot be told, as when
// another program made it: too many to cite is safe, too few is not.
func (x *exporter) sources(written []pipeline.TableEntry) []pipeline.SourceEntry {
	l, err := lineage.New(sqlfiles.Files, x.current)
	if err != nil {
		return x.current.Sources
	}
	var names []string
	for _, t := range written {
		_, view := l.View(t.FullName())
		if _, table := l.Table(t.FullName()); !view && !table {
			return x.current.Sources
		}
		names = append(names, t.FullName())
	}
	return l.Sources(names...)
}

// vacate makes the folder to write to, and refuses one that is not empty unless forced.
func vacate(dir string, force bool) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	there, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	if len(there) > 0 && !force {
		return misuse.Of("%s is not empty; choose another folder, or write over what is there with --force", dir)
	}
	return nil
}

// exported are the tables that can be written and were asked for.
func exported(tables []dictionary.Table, names []string) ([]dictionary.Table, error) {
	if len(names) == 0 {
		names = []string{"core", "indicators"}
	}
	list, err := dictionary.Chosen(tables, names)
	if err != nil {
		return nil, err
	}
	var out []dictionary.Table
	for _, t := range list {
		switch {
		case t.Kind == pipeline.KindMacro && slices.Contains(names, t.Name):
			return nil, misuse.Of("%s is a macro: it has no rows of its own; write a query's result with: entente query SQL --out FILE", t.Name)
		case t.Kind != pipeline.KindMacro && !slices.ContainsFunc(out, func(o dictionary.Table) bool { return o.Name == t.Name }):
			out = append(out, t)
		}
	}
	return out, nil
}

// table writes one table. Parquet files of the lake are copied as they are; a link would let whoever
// edits the copy change the release.
func (x *exporter) table(ctx context.Context, t dictionary.Table) (pipeline.TableEntry, error) {
	entry := pipeline.TableEntry{Description: dictionary.FirstLine(t.Description)}
	entry.Schema, entry.Name, _ = strings.Cut(t.Name, ".")
	for _, c := range t.Columns {
		entry.Columns = append(entry.Columns, pipeline.ColumnEntry{Name: c.Name, Type: c.Type, Unit: c.Unit, Description: c.Description})
	}
	for _, stored := range x.current.Tables {
		if stored.FullName() != t.Name {
			continue
		}
		entry.Source, entry.Key, entry.Rows = stored.Source, stored.Key, stored.Rows
		if x.format == Parquet {
			return entry, x.copyFiles(&entry, stored)
		}
	}
	name := t.Name + "." + x.format
	target := filepath.Join(x.to, name)
	err := x.replace(target, func(path string) (err error) {
		entry.Rows, err = x.write(ctx, t, path, notesOf(entry))
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
func (x *exporter) write(ctx context.Context, t dictionary.Table, path string, notes []lake.Note) (int64, error) {
	query := "from " + t.Name
	format := x.format
	if format == Arrow {
		format = Parquet
	}
	written := path
	if x.format == Arrow {
		written += ".parquet"
		defer os.Remove(written)
	}
	result, err := x.db.ExecContext(ctx, Statement(query, written, format, notes...))
	if err != nil {
		return 0, err
	}
	rows, err := result.RowsAffected()
	if err != nil || x.format != Arrow {
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

// notesOf is what a Parquet file says of itself: nothing when the view has a column of a type that no table of the
// lake has, since Arrow's schema could not tell it.
func notesOf(entry pipeline.TableEntry) []lake.Note {
	t, err := entry.Table()
	if err != nil {
		return nil
	}
	return lake.Describe(t)
}

// Statement is the SQL that has DuckDB write what a select returns to a file, in Parquet, CSV or JSON
// lines. Notes go into a Parquet file's own metadata.
func Statement(query, path, format string, notes ...lake.Note) string {
	options := map[string]string{
		Parquet:      "format parquet, compression zstd",
		render.CSV:   "format csv, header true",
		render.JSONL: "format json",
	}[format]
	if format == Parquet && len(notes) > 0 {
		var pairs []string
		for _, n := range notes {
			pairs = append(pairs, statement.Text(n.Key)+": "+statement.Text(n.Value))
		}
		options += ", kv_metadata {" + strings.Join(pairs, ", ") + "}"
	}
	return fmt.Sprintf("copy (%s\n) to %s (%s)", query, statement.Text(path), options)
}

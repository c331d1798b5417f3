// Package diff says what changed between two releases: which rows of the core tables, and how far the indicators of
// states, pairs and groups moved because of it.
package diff

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"entente/pipeline"
	"entente/pipeline/release"
)

// Report is what changed from one release to another.
type Report struct {
	From    string         `json:"from"`
	To      string         `json:"to"`
	Sources []SourceChange `json:"sources"`
	Tables  []TableChange  `json:"tables"`
	Moved   []Movement     `json:"moved"`
}

// SourceChange is an upstream's file that is not what it was.
type SourceChange struct {
	Source string `json:"source"`
	File   string `json:"file"`
	What   string `json:"what"` // new, gone or changed
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"` // edition or day of the bytes
}

// TableChange counts the rows of a table that are not what they were.
type TableChange struct {
	Table       string         `json:"table"`
	Description string         `json:"description"`
	Added       int64          `json:"added_count"`
	Removed     int64          `json:"removed_count"`
	Changed     int64          `json:"changed_count"` // rows of one key with other values
	Columns     []ColumnChange `json:"columns"`       // of changed rows
	Examples    []Example      `json:"examples"`
}

// ColumnChange counts the changed rows in which a column has another value.
type ColumnChange struct {
	Column string `json:"column"`
	Rows   int64  `json:"row_count"`
}

// Example is one value that changed, or one row that came or went.
type Example struct {
	Key    string `json:"key"` // "source voeten, iso3 FRA, resolution_id 12"
	Column string `json:"column,omitempty"`
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
	What   string `json:"what"` // added, removed or changed
}

// Movement is how far one measure of one indicator moved.
type Movement struct {
	View     string    `json:"view"`
	Measure  string    `json:"measure"`
	Rows     int64     `json:"row_count"` // rows of which it moved
	Examples []Example `json:"examples"`  // the farthest
}

// Release is one side: its manifest and its folder.
type Release struct {
	Manifest pipeline.Manifest
	Dir      string
}

// comparer has both databases open, as a and b.
type comparer struct {
	db       *sql.DB
	from, to Release
	views    map[string]pipeline.View
	most     int
}

// Compare says what changed from one release to another. Tables whose files are the same are not read. It shows at most
// so many examples of each change.
func Compare(ctx context.Context, from, to Release, views []pipeline.View, most int) (r Report, err error) {
	c := &comparer{from: from, to: to, views: map[string]pipeline.View{}, most: most}
	for _, v := range views {
		c.views[v.FullName()] = v
	}
	if c.db, err = sql.Open("duckdb", ""); err != nil {
		return r, fmt.Errorf("diff: %w", err)
	}
	defer func() { err = errors.Join(err, c.db.Close()) }()
	c.db.SetMaxOpenConns(1)
	for name, side := range map[string]Release{"a": from, "b": to} {
		file := strings.ReplaceAll(filepath.Join(side.Dir, release.WarehouseFile), "'", "''")
		if _, err := c.db.ExecContext(ctx, fmt.Sprintf("attach '%s' as %s (read_only)", file, name)); err != nil {
			return r, fmt.Errorf("release %s: %w", side.Manifest.ID, err)
		}
	}
	r.From, r.To, r.Sources = from.Manifest.ID, to.Manifest.ID, sources(from.Manifest, to.Manifest)
	changed := map[string]bool{}
	for _, entry := range to.Manifest.Tables {
		before, there := table(from.Manifest, entry.FullName())
		if entry.Schema != "core" || there && same(before, entry) {
			continue
		}
		changed[entry.FullName()] = true
		if !there || entry.Rows+before.Rows == 0 {
			continue
		}
		t, err := c.table(ctx, before, entry)
		if err != nil {
			return r, fmt.Errorf("%s: %w", entry.FullName(), err)
		}
		if t.Added+t.Removed+t.Changed > 0 {
			r.Tables = append(r.Tables, t)
		}
	}
	for _, m := range measures {
		if !c.rests(m.view, changed) {
			continue
		}
		moved, err := c.movement(ctx, m)
		if err != nil {
			return r, fmt.Errorf("%s: %w", m.view, err)
		}
		if moved.Rows > 0 {
			r.Moved = append(r.Moved, moved)
		}
	}
	return r, nil
}

func table(m pipeline.Manifest, name string) (pipeline.TableEntry, bool) {
	at := slices.IndexFunc(m.Tables, func(t pipeline.TableEntry) bool { return t.FullName() == name })
	if at < 0 {
		return pipeline.TableEntry{}, false
	}
	return m.Tables[at], true
}

// same reports whether two tables have the same files.
func same(a, b pipeline.TableEntry) bool {
	return slices.EqualFunc(a.Files, b.Files, func(x, y pipeline.DataFile) bool { return x.SHA256 == y.SHA256 })
}

// sources lists the upstreams' files that differ.
func sources(from, to pipeline.Manifest) []SourceChange {
	type file struct{ source, name string }
	files := func(m pipeline.Manifest) map[file]pipeline.File {
		all := map[file]pipeline.File{}
		for _, s := range m.Sources {
			for _, f := range s.Files {
				if !f.Listing {
					all[file{s.Name, f.Name}] = f
				}
			}
		}
		return all
	}
	edition := func(f pipeline.File) string {
		if f.Version != "" {
			return f.Version
		}
		return f.FetchedAt.UTC().Format("2006-01-02")
	}
	before, after := files(from), files(to)
	var list []SourceChange
	for at, f := range after {
		old, there := before[at]
		switch {
		case !there:
			list = append(list, SourceChange{at.source, at.name, "new", "", edition(f)})
		case old.SHA256 != f.SHA256:
			list = append(list, SourceChange{at.source, at.name, "changed", edition(old), edition(f)})
		}
	}
	for at, f := range before {
		if _, there := after[at]; !there {
			list = append(list, SourceChange{at.source, at.name, "gone", edition(f), ""})
		}
	}
	slices.SortFunc(list, func(a, b SourceChange) int { return strings.Compare(a.Source+" "+a.File, b.Source+" "+b.File) })
	return list
}

// rests reports whether a view reads a changed table, directly or through others.
func (c *comparer) rests(name string, changed map[string]bool) bool {
	return changed[name] || slices.ContainsFunc(c.views[name].Reads, func(read string) bool { return c.rests(read, changed) })
}

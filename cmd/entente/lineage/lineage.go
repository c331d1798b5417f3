// Package lineage says what a table of a release is made of: which tables it reads, and which sources they come from.
package lineage

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"entente/cmd/entente/misuse"
	"entente/pipeline"
	"entente/pipeline/warehouse"
)

// Lineage joins the program's definitions with a release's manifest.
type Lineage struct {
	Manifest pipeline.Manifest
	views    map[string]pipeline.View
	tables   map[string]pipeline.TableEntry
}

// New reads the definitions. It fails when they are wrong, or when the release was made with others: what
// a table reads would be a guess.
func New(definitions fs.FS, m pipeline.Manifest) (*Lineage, error) {
	w, err := warehouse.New(definitions, nil, warehouse.Options{})
	if err != nil {
		return nil, err
	}
	l := &Lineage{Manifest: m, views: map[string]pipeline.View{}, tables: map[string]pipeline.TableEntry{}}
	for _, v := range w.Views() {
		l.views[v.FullName()] = v
	}
	for _, t := range m.Tables {
		l.tables[t.FullName()] = t
		if _, known := l.views[t.FullName()]; t.Schema != "raw" && t.Schema != "meta" && !known {
			return nil, fmt.Errorf("release %s has a table %s that this program does not define; use the program that made it (%s)",
				m.ID, t.FullName(), m.Program)
		}
	}
	return l, nil
}

// View returns a definition by its full name.
func (l *Lineage) View(name string) (pipeline.View, bool) {
	v, ok := l.views[name]
	return v, ok
}

// Table returns a table of the release by its full name.
func (l *Lineage) Table(name string) (pipeline.TableEntry, bool) {
	t, ok := l.tables[name]
	return t, ok
}

// Named finds what a word means: "core.votes", or "votes" if there is one such.
func (l *Lineage) Named(name string) (string, error) {
	var found []string
	for _, full := range l.names() {
		_, bare, _ := strings.Cut(full, ".")
		if full == name || bare == name {
			found = append(found, full)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return "", misuse.Of("there is no table %q; the tables are: entente dictionary", name)
	}
	return "", misuse.Of("%q is one of %s: name the schema, too", name, strings.Join(found, ", "))
}

func (l *Lineage) names() []string {
	var all []string
	for name := range l.views {
		all = append(all, name)
	}
	for name := range l.tables {
		if _, twice := l.views[name]; !twice {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return all
}

// Sources are those whose rows may be in the named tables, views and macros: the sources of all raw tables with rows
// that they read, directly or through others, by name. No name stands for the whole release.
func (l *Lineage) Sources(names ...string) []pipeline.SourceEntry {
	seen, wanted := map[string]bool{}, map[string]bool{}
	var visit func(string)
	visit = func(name string) {
		if seen[name] {
			return
		}
		seen[name] = true
		if t, ok := l.tables[name]; ok && t.Source != "" && t.Rows > 0 {
			wanted[t.Source] = true
		}
		for _, read := range l.views[name].Reads {
			visit(read)
		}
	}
	if len(names) == 0 {
		names = l.names()
	}
	for _, name := range names {
		visit(name)
	}
	var sources []pipeline.SourceEntry
	for _, s := range l.Manifest.Sources {
		if wanted[s.Name] {
			sources = append(sources, s)
		}
	}
	return sources
}

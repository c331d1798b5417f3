// Package dictionary prints what the tables of a release are and what their columns mean.
package dictionary

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"strings"

	"entente/cmd/entente/misuse"
	"entente/cmd/entente/render"
	"entente/pipeline/warehouse"
)

// Table is a table, view, macro or check with its documentation.
type Table struct {
	Name        string   `json:"name"`
	Kind        string   `json:"kind"`
	Description string   `json:"description"`
	Columns     []Column `json:"columns"`
}

// Column documents a column.
type Column struct {
	Name        string `json:"name"`
	Type        string `json:"type,omitempty"`
	Unit        string `json:"unit,omitempty"`
	Description string `json:"description"`
}

// Read lists what a finished file documents, by schema and name.
func Read(ctx context.Context, db *sql.DB) ([]Table, error) {
	entries, err := warehouse.Dictionary(ctx, db)
	return group(entries), err
}

// group puts the columns of a table together; entries stand in order of table.
func group(entries []warehouse.DictionaryEntry) []Table {
	var tables []Table
	for _, e := range entries {
		name := e.Schema + "." + e.Table
		if len(tables) == 0 || tables[len(tables)-1].Name != name {
			tables = append(tables, Table{Name: name, Kind: e.Kind, Description: e.TableDescription})
		}
		last := &tables[len(tables)-1]
		last.Columns = append(last.Columns, Column{e.Column, e.Type, e.Unit, e.Description})
	}
	return tables
}

// Chosen are the tables that names mean: "core.votes", "votes" if there is one such, or "core" for all
// of a schema.
func Chosen(tables []Table, names []string) ([]Table, error) {
	if len(names) == 0 {
		return tables, nil
	}
	var list []Table
	for _, name := range names {
		var found []Table
		for _, t := range tables {
			schema, bare, _ := strings.Cut(t.Name, ".")
			if t.Name == name || schema == name || bare == name {
				found = append(found, t)
			}
		}
		if len(found) == 0 {
			return nil, misuse.Of("there is no table %q; the tables are: entente dictionary", name)
		}
		list = append(list, found...)
	}
	return list, nil
}

// Overview lists tables by schema, a line each, cut to a terminal's width if that is not 0.
func Overview(out io.Writer, tables []Table, width int) {
	schema := ""
	var rows [][]string
	flush := func() {
		if rows != nil {
			fmt.Fprintf(out, "\n%s: %s\n", schema, schemas[schema])
			render.List(out, "  ", nil, rows)
		}
		rows = nil
	}
	for _, t := range tables {
		s, name, _ := strings.Cut(t.Name, ".")
		if s != schema {
			flush()
			schema = s
		}
		if t.Kind == "macro" {
			name += "(…)"
		}
		rows = append(rows, []string{name, cut(FirstLine(t.Description), width-36)})
	}
	flush()
}

// cut shortens a text that is longer than a screen is wide; width <= 0 leaves it.
func cut(s string, width int) string {
	if runes := []rune(s); width > 20 && len(runes) > width {
		return string(runes[:width-1]) + "…"
	}
	return s
}

// schemas says what the schemas of a warehouse are for.
var schemas = map[string]string{
	"raw":        "what the sources published, column by column",
	"core":       "states, groups, resolutions and ballots of all sources in the same words",
	"indicators": "what is measured from core",
	"checks":     "rows that a reader should know of",
	"meta":       "where everything comes from",
}

// Describe prints tables with their columns.
func Describe(out io.Writer, tables []Table) {
	for i, t := range tables {
		if i > 0 {
			fmt.Fprintf(out, "\n")
		}
		fmt.Fprintf(out, "%s (%s)\n  %s\n\n", t.Name, t.Kind, strings.ReplaceAll(t.Description, "\n", "\n  "))
		var rows [][]string
		for _, c := range t.Columns {
			rows = append(rows, []string{c.Name, strings.ToLower(c.Type), c.Unit, c.Description})
		}
		render.List(out, "  ", []string{"column", "type", "unit", "meaning"}, rows)
	}
}

// Markdown prints tables with their columns as a page of documentation.
func Markdown(out io.Writer, tables []Table) error {
	var b strings.Builder
	b.WriteString("# Dictionary\n\nEvery table, view, macro and check of the warehouse. Made by `entente dictionary --markdown`.\n")
	schema := ""
	for _, t := range tables {
		s, _, _ := strings.Cut(t.Name, ".")
		if s != schema {
			schema = s
			fmt.Fprintf(&b, "\n## %s: %s\n", s, schemas[s])
		}
		fmt.Fprintf(&b, "\n### %s\n\n%s: %s\n\n", t.Name, strings.ToUpper(t.Kind[:1])+t.Kind[1:], strings.ReplaceAll(t.Description, "\n", "  \n"))
		b.WriteString("| column | type | unit | meaning |\n|---|---|---|---|\n")
		for _, c := range t.Columns {
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", c.Name, c.Type, c.Unit, strings.ReplaceAll(c.Description, "|", `\|`))
		}
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// FirstLine is a description's first sentence.
func FirstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

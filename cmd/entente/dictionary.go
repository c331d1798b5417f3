package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"entente/cmd/entente/render"
	"entente/pipeline/warehouse"
)

// table is a table, view, macro or check with its documentation.
type table struct {
	Name        string   `json:"name"`
	Kind        string   `json:"kind"`
	Description string   `json:"description"`
	Columns     []column `json:"columns"`
}

type column struct {
	Name        string `json:"name"`
	Type        string `json:"type,omitempty"`
	Unit        string `json:"unit,omitempty"`
	Description string `json:"description"`
}

func (a *app) dictionaryCommand() *cobra.Command {
	var markdown bool
	c := &cobra.Command{
		Use:   "dictionary [TABLE…]",
		Short: "What the tables are, and what their columns mean",
		Long: `dictionary lists the tables, views, macros and checks of the current release; with TABLE, or the name of
a schema, their columns with types, units and meaning.`,
		Example: `  entente dictionary
  entente dictionary core.votes
  entente dictionary --markdown > docs/dictionary.md`,
		ValidArgsFunction: a.completeTables,
		RunE: func(c *cobra.Command, args []string) (err error) {
			db, m, err := a.open("")
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, db.Close()) }()
			entries, err := warehouse.Dictionary(c.Context(), db)
			if err != nil {
				return err
			}
			tables, err := chosen(group(entries), args)
			if err != nil {
				return err
			}
			switch {
			case a.json:
				return a.printJSON(tables)
			case markdown:
				return markdownDictionary(a.stdout, tables)
			case len(args) > 0:
				a.describe(c.Context(), tables)
			default:
				a.printf("Release %s\n", m.ID)
				a.overview(tables)
			}
			return nil
		},
	}
	c.Flags().BoolVar(&markdown, "markdown", false, "everything, in Markdown")
	return c
}

// group puts the columns of a table together; entries stand in order of table.
func group(entries []warehouse.DictionaryEntry) []table {
	var tables []table
	for _, e := range entries {
		name := e.Schema + "." + e.Table
		if len(tables) == 0 || tables[len(tables)-1].Name != name {
			tables = append(tables, table{Name: name, Kind: e.Kind, Description: e.TableDescription})
		}
		last := &tables[len(tables)-1]
		last.Columns = append(last.Columns, column{e.Column, e.Type, e.Unit, e.Description})
	}
	return tables
}

// chosen are the tables that names mean: "core.votes", "votes" if there is one such, or "core" for all
// of a schema.
func chosen(tables []table, names []string) ([]table, error) {
	if len(names) == 0 {
		return tables, nil
	}
	var list []table
	for _, name := range names {
		var found []table
		for _, t := range tables {
			schema, bare, _ := strings.Cut(t.Name, ".")
			if t.Name == name || schema == name || bare == name {
				found = append(found, t)
			}
		}
		if len(found) == 0 {
			return nil, misuse("there is no table %q; the tables are: entente dictionary", name)
		}
		list = append(list, found...)
	}
	return list, nil
}

func (a *app) overview(tables []table) {
	schema := ""
	var rows [][]string
	flush := func() {
		if rows != nil {
			a.printf("\n%s: %s\n", schema, schemas[schema])
			render.List(a.stdout, "  ", nil, rows)
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
		rows = append(rows, []string{name, cut(firstLine(t.Description), a.width()-36)})
	}
	flush()
	a.printf("\nThe columns of one: %s\n", a.again("dictionary core.votes"))
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

func (a *app) describe(_ context.Context, tables []table) {
	for i, t := range tables {
		if i > 0 {
			a.printf("\n")
		}
		a.printf("%s (%s)\n  %s\n\n", t.Name, t.Kind, strings.ReplaceAll(t.Description, "\n", "\n  "))
		var rows [][]string
		for _, c := range t.Columns {
			rows = append(rows, []string{c.Name, strings.ToLower(c.Type), c.Unit, c.Description})
		}
		render.List(a.stdout, "  ", []string{"column", "type", "unit", "meaning"}, rows)
	}
}

func markdownDictionary(out io.Writer, tables []table) error {
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

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

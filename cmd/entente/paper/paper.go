// Package paper answers the questions that entente was built for, for one release: a sentence, a chart, the table, the
// SQL, the caveat and the sources of each. Every number in a sentence is computed from a table that is shown.
package paper

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"strings"

	"entente/cmd/entente/chart"
	"entente/cmd/entente/cite"
	"entente/cmd/entente/lineage"
	"entente/pipeline"
	"entente/pipeline/warehouse"
)

//go:embed queries/*.sql
var queries embed.FS

// Paper is the report on one release.
type Paper struct {
	Release   pipeline.Manifest
	Questions []Question
	Sources   []cite.Reference // of all tables, the release first
	Warnings  []string
}

// Sample says what to mind of a release of the embedded sample, and is "" for any other.
func (p Paper) Sample() string {
	if !strings.HasSuffix(p.Release.Program, "(sample)") {
		return ""
	}
	return "It holds a choice of landmark votes and 34 economies, so that everything can be tried without a network. Its levels are not those of the full record."
}

// Question is one of the five, with what the release has to say to it.
type Question struct {
	ID       string
	Title    string
	Claim    string // what the founding paper says or asks
	Findings []Finding
}

// Finding is one answer.
type Finding struct {
	ID      string
	Title   string
	Answer  string       // sentences, with numbers from Table
	Chart   *chart.Chart // nil where a table says it better
	Table   Table
	Caveat  string
	Sources []string // names of the sources whose rows may be in the table
}

// Table is a query and its rows.
type Table struct {
	Title   string // what the query's first line says
	SQL     string
	Columns []string
	Rows    [][]any
	Cut     int // rows to show before the rest is folded away; 0 for all
}

// author asks the release.
type author struct {
	db      *sql.DB
	lineage *lineage.Lineage
	asked   map[string]bool // names of all that was read
}

// Write asks the release all questions.
func Write(ctx context.Context, db *sql.DB, l *lineage.Lineage) (Paper, error) {
	a := &author{db: db, lineage: l, asked: map[string]bool{}}
	p := Paper{Release: l.Manifest}
	for _, ask := range []func(context.Context) (Question, error){a.partners, a.allies, a.nato, a.regions, a.consequences} {
		q, err := ask(ctx)
		if err != nil {
			return p, err
		}
		p.Questions = append(p.Questions, q)
	}
	var names []string
	for name := range a.asked {
		names = append(names, name)
	}
	p.Sources = cite.References(l.Manifest, l.Sources(names...))
	p.Warnings = cite.Warnings(p.Sources)
	return p, nil
}

// finding runs the query of that name and has its rows told. Without a row, the answer says what is missing.
func (a *author) finding(ctx context.Context, name string, f Finding, tell func(*Finding)) (Finding, error) {
	text, err := queries.ReadFile("queries/" + name + ".sql")
	if err != nil {
		return f, err
	}
	first, rest, _ := strings.Cut(string(text), "\n")
	f.ID = strings.ReplaceAll(name, "_", "-")
	f.Table.Title, f.Table.SQL = strings.TrimPrefix(first, "-- "), strings.TrimSpace(rest)
	if err := warehouse.Stream(ctx, a.db, f.Table.SQL, func(columns []warehouse.Column) error {
		for _, c := range columns {
			f.Table.Columns = append(f.Table.Columns, c.Name)
		}
		return nil
	}, func(values []any) error {
		f.Table.Rows = append(f.Table.Rows, append([]any(nil), values...))
		return nil
	}); err != nil {
		return f, fmt.Errorf("report: %s: %w", name, err)
	}
	reads, err := warehouse.Reads(ctx, a.db, f.Table.SQL)
	if err != nil {
		return f, fmt.Errorf("report: %s: %w", name, err)
	}
	for _, read := range reads {
		a.asked[read] = true
	}
	for _, s := range a.lineage.Sources(reads...) {
		f.Sources = append(f.Sources, s.Name)
	}
	if len(f.Table.Rows) == 0 {
		f.Answer = "This release cannot tell: it has no row of " + strings.Join(reads, ", ") + " that the question needs. " +
			"The sources of these are listed by: entente status."
		return f, nil
	}
	tell(&f)
	return f, nil
}

// column is the place of a column; the queries and what is told of them are written together.
func (t Table) column(name string) int {
	for i, c := range t.Columns {
		if c == name {
			return i
		}
	}
	panic("report: no column " + name)
}

// text is a cell as text, "" for null.
func (t Table) text(row []any, name string) string {
	switch v := row[t.column(name)].(type) {
	case nil:
		return ""
	case string:
		return v
	default:
		return fmt.Sprint(v)
	}
}

// number is a cell as a number; ok is false for null.
func (t Table) number(row []any, name string) (x float64, ok bool) {
	switch v := row[t.column(name)].(type) {
	case float64:
		return v, true
	case int16:
		return float64(v), true
	case int32:
		return float64(v), true
	case int64:
		return float64(v), true
	case int8:
		return float64(v), true
	case interface{ Float64() float64 }:
		return v.Float64(), true
	}
	return 0, false
}

// where are the rows in which a column has a value.
func (t Table) where(name, value string) [][]any {
	var rows [][]any
	for _, row := range t.Rows {
		if t.text(row, name) == value {
			rows = append(rows, row)
		}
	}
	return rows
}

// line is a series of a column over years.
func (t Table) line(name string, rows [][]any, value string) chart.Series {
	s := chart.Series{Name: name}
	for _, row := range rows {
		year, ok := t.number(row, "year")
		y, known := t.number(row, value)
		if ok && known {
			s.Points = append(s.Points, chart.Point{X: int(year), Y: y, Low: y, High: y})
		}
	}
	return s
}

func percent(digits int) func(float64) string {
	return func(x float64) string { return fmt.Sprintf("%.*f %%", digits, 100*x) }
}

func plain(digits int) func(float64) string {
	return func(x float64) string { return fmt.Sprintf("%.*f", digits, x) }
}

// drawn is a chart of those series that have points; nil without any.
func drawn(c chart.Chart) *chart.Chart {
	var kept []chart.Series
	for _, s := range c.Series {
		if len(s.Points) > 0 {
			kept = append(kept, s)
		}
	}
	if kept == nil {
		return nil
	}
	c.Series = kept
	return &c
}

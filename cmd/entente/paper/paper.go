// Package paper answers the questions that entente was built for, for one release: a sentence, a chart, the table, the
// SQL, the caveat and the sources of each.
//
// A finding NAME is queries/NAME.sql, the table; queries/NAME.figures.sql, which computes from that table, as shown, what the
// sentences need beside it, such as counts and extremes; and answers/NAME.txt, a template of the sentences, which has no
// digit of its own: every number in them is a cell of one of the two tables, rounded.
package paper

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"entente/cmd/entente/chart"
	"entente/cmd/entente/cite"
	"entente/cmd/entente/lineage"
	"entente/pipeline"
	"entente/pipeline/warehouse"
	"entente/pipeline/warehouse/definition"
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
	Answer  []Paragraph // paragraphs, with numbers from Table and Figures
	Chart   Chart       // nil where a table says it better
	Table   Table
	Figures Table    // computed from Table; no columns where the sentences need nothing beside it
	Caveat  string   // the same of what to mind
	Sources []string // names of the sources whose rows may be in the table
	region  string   // that is asked about, where the query is one of a region
}

// Paragraph is some sentences, and the items of the list that they end in.
type Paragraph struct {
	Text  string
	Items []string
}

// Chart draws itself at a size, as an element of a page or as a file.
type Chart interface {
	Says() (title, description string)
	Sized(id string, width int) Drawing
}

// Drawing is a chart of a size.
type Drawing interface {
	SVG() ([]byte, error)
	File() ([]byte, error)
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

// part is a finding by the name of its query, and how its table is drawn.
type part struct {
	name string
	Finding
	draw func(Table) Chart
}

// question has its parts found.
func (a *author) question(ctx context.Context, q Question, parts []part) (Question, error) {
	for _, p := range parts {
		f, err := a.finding(ctx, p.name, p.Finding, p.draw)
		if err != nil {
			return q, err
		}
		q.Findings = append(q.Findings, f)
	}
	return q, nil
}

// finding runs the query of that name, has its sentences written and its chart drawn. Without a row, the answer says
// what is missing.
func (a *author) finding(ctx context.Context, name string, f Finding, draw func(Table) Chart) (Finding, error) {
	text, err := queries.ReadFile("queries/" + name + ".sql")
	if err != nil {
		return f, err
	}
	if f.ID == "" {
		f.ID = strings.ReplaceAll(name, "_", "-")
	}
	first, rest, _ := strings.Cut(string(text), "\n")
	f.Table.Title, f.Table.SQL = strings.TrimPrefix(first, "-- "), f.asks(strings.TrimSpace(rest))
	if err := a.ask(ctx, &f.Table); err != nil {
		return f, fmt.Errorf("report: %s: %w", name, err)
	}
	reads, err := definition.Reads(ctx, a.db, f.Table.SQL)
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
		f.Answer = []Paragraph{{Text: "This release cannot tell: it has no row of " + strings.Join(reads, ", ") + " that the question needs. " +
			"The sources of these are listed by: entente status."}}
		return f, nil
	}
	figures, err := queries.ReadFile("queries/" + name + ".figures.sql")
	if err == nil {
		f.Figures.Title = "What the sentences take from it"
		f.Figures.SQL = "with shown as (\n    " + strings.ReplaceAll(f.Table.SQL, "\n", "\n    ") + "\n)\n\n" + strings.TrimSpace(string(figures))
		err = a.ask(ctx, &f.Figures)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return f, fmt.Errorf("report: %s: figures: %w", name, err)
	}
	if f.Answer, f.Caveat, err = told(name, f.Table, f.Figures); err != nil {
		return f, fmt.Errorf("report: %s: %w", name, err)
	}
	if draw != nil {
		f.Chart = draw(f.Table)
	}
	return f, nil
}

// asks is a query put to the finding's region in place of the one that it is written for.
func (f Finding) asks(query string) string {
	if f.region == "" {
		return query
	}
	return strings.ReplaceAll(query, "'"+compared[0].id+"'", "'"+f.region+"'")
}

// ask runs a table's query.
func (a *author) ask(ctx context.Context, t *Table) error {
	return warehouse.Stream(ctx, a.db, t.SQL, func(columns []warehouse.Column) error {
		for _, c := range columns {
			t.Columns = append(t.Columns, c.Name)
		}
		return nil
	}, func(values []any) error {
		t.Rows = append(t.Rows, append([]any(nil), values...))
		return nil
	})
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
	return number(row[t.column(name)])
}

func number(v any) (x float64, ok bool) {
	switch v := v.(type) {
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

// drawn is a chart of those series that have points; nil without any.
func drawn(c chart.Chart) Chart {
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
	return lines{c}
}

// lines is a line chart of the report.
type lines struct{ chart chart.Chart }

func (l lines) Says() (title, description string) { return l.chart.Title, l.chart.Description }

func (l lines) Sized(id string, width int) Drawing {
	c := l.chart
	c.ID, c.Width, c.Height = id, width, 320
	return c
}

// hollow marks the points of years that rest on few texts.
func (t Table) hollow(s chart.Series, rows [][]any) chart.Series {
	few := map[int]bool{}
	for _, row := range rows {
		year, _ := t.number(row, "year")
		few[int(year)], _ = row[t.column("low_n")].(bool)
	}
	for i := range s.Points {
		s.Points[i].Hollow = few[s.Points[i].X]
	}
	return s
}

// steps is a curve of survival: at every age what is left since the last end.
func (t Table) steps(name string, rows [][]any) chart.Series {
	s := chart.Series{Name: name}
	last := chart.Point{Y: 1, Low: 1, High: 1}
	age := 0
	for _, row := range rows {
		at, _ := t.number(row, "age")
		for ; age < int(at); age++ {
			last.X = age
			s.Points = append(s.Points, last)
		}
		if y, ok := t.number(row, "survival_share"); ok {
			low, _ := t.number(row, "low")
			high, _ := t.number(row, "high")
			last = chart.Point{Y: y, Low: low, High: high}
		}
	}
	if len(rows) > 0 {
		last.X = age
		s.Points = append(s.Points, last)
	}
	return s
}

// band is a line whose points have intervals from two other columns.
func (t Table) band(name string, rows [][]any, value, low, high string) chart.Series {
	s := t.line(name, rows, value)
	i := 0
	for _, row := range rows {
		if _, ok := t.number(row, value); !ok {
			continue
		}
		x, known := t.number(row, low)
		y, too := t.number(row, high)
		if known && too {
			s.Points[i].Low, s.Points[i].High = x, y
		}
		i++
	}
	return s
}

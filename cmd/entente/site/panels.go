package site

import (
	"context"
	"database/sql"
	"fmt"
	"html/template"
	"math"
	"net/url"
	"strconv"
	"strings"
	"time"

	"entente/cmd/entente/chart"
	"entente/cmd/entente/render"
)

// panel is one question of the explorer, with its answer.
type panel struct {
	ID, Title, Lead string
	Empty           string // why there is nothing to show
	Wide, Narrow    template.HTML
	Table           table
	SQL             string
	CSV             string // address
	Link            string // address that asks the SQL on the page for it
}

// table is an answer as a page shows it.
type table struct {
	Caption string
	Columns []column
	Rows    [][]string
	Rounded bool // numbers have fewer digits than the answer
}

type column struct {
	Name    string
	Numeric bool
}

// kind says how a panel comes about.
type kind struct {
	id, query, needs string // needs: a table without which there is no such panel
	title            func(w wish, c choices) string
	lead             func(w wish) string
	empty            string
	lines            func(w wish, c choices, got []rows) *chart.Chart // nil for a table alone
}

func kinds(show string) []kind {
	if show == "group" {
		return []kind{
			{id: "cohesion", query: "cohesion", needs: "indicators.group_cohesion", title: cohesionTitle, lead: cohesionLead, lines: cohesionLines,
				empty: "No roll call of this vote set has ballots of two members."},
			{id: "deviation", query: "deviation", needs: "indicators.member_deviation", title: func(wish, choices) string { return "Who leaves the line" },
				lead: func(wish) string {
					return "Share of a member’s ballots that were not the plurality of the others, over all years of the source."
				},
				empty: "There is no roll call with a plurality of the others."},
			{id: "members", query: "members", needs: "core.group_members", title: func(wish, choices) string { return "Members" },
				lead: func(wish) string {
					return "A ballot counts for the group while its state was a member on the day of the vote."
				}, empty: "The group has no members."},
		}
	}
	return []kind{
		{id: "alignment", query: "alignment", needs: "core.vote_dyads", title: alignmentTitle, lead: alignmentLead, lines: alignmentLines,
			empty: "The source has no text of this vote set on which both cast a ballot."},
		{id: "vote_sets", query: "vote_sets", needs: "indicators.pair_alignment", title: func(wish, choices) string { return "What the vote set decides" },
			lead: func(w wish) string {
				return fmt.Sprintf("The whole period %d–%d by every vote set and source; the interval is Wilson’s, at 95 %%.", w.From, w.To)
			}, empty: "No source has texts in these years."},
		{id: "dependence", query: "dependence", needs: "indicators.trade_dependence", title: dependenceTitle, lead: dependenceLead, lines: dependenceLines,
			empty: "The source has no trade of the two in these years."},
		{id: "treaties", query: "treaty_years", needs: "core.treaty_parties", title: treatiesTitle, lead: func(wish) string {
			return "Treaties that bind both on the last day of the year, by source. Sources overlap; each is counted up to the last year in which it records a change."
		}, lines: treatiesLines, empty: "No treaty of the sources binds both in these years."},
		{id: "treaty_list", query: "treaties", needs: "core.treaty_parties", title: func(wish, choices) string { return "The treaties" },
			lead: func(wish) string { return "From the later of the two beginnings to the earlier of the two ends." }, empty: "None."},
	}
}

// values are what a query's parameters stand for. A driver wants those and no others.
func (w wish) values(query, a, b string) []sql.NamedArg {
	all := map[string]any{
		"body": w.Body, "source": w.Source, "scope": w.Scope, "a": a, "b": b, "group": w.Group,
		"from_year": w.From, "to_year": w.To, "method": w.Method, "trade": w.Trade,
	}
	var some []sql.NamedArg
	for _, name := range []string{"body", "source", "scope", "a", "b", "group", "from_year", "to_year", "method", "trade"} {
		if parameter(query, name) >= 0 {
			some = append(some, sql.Named(name, all[name]))
		}
	}
	return some
}

// questions are what a panel asks: twice when there is a third state to compare with.
func (k kind) questions(w wish) []question {
	text := textOf(k.query)
	all := []question{{k.query, w.values(text, w.A, w.B)}}
	if k.id == "alignment" && w.C != "" {
		all = append(all, question{k.query, w.values(text, w.A, w.C)})
	}
	return all
}

// make answers a panel's questions and draws them.
func (k kind) make(ctx context.Context, s *shelf, w wish) (panel, error) {
	p := panel{ID: k.id, Title: k.title(w, s.choices), Lead: k.lead(w)}
	if !s.choices.tables[k.needs] {
		p.Empty = "The current release does not have " + k.needs + "."
		return p, nil
	}
	if k.id == "dependence" && w.Trade == "" {
		p.Lead, p.Empty = "", "The current release holds no reports of trade."
		return p, nil
	}
	asked := k.questions(w)
	var got []rows
	for _, q := range asked {
		r, err := s.ask(ctx, q)
		if err != nil {
			return p, err
		}
		got = append(got, r)
	}
	p.SQL = asked[0].text()
	p.Link = "/sql?" + url.Values{"q": {p.SQL}}.Encode()
	v := w.query()
	v.Set("panel", k.id)
	p.CSV = "/explore.csv?" + v.Encode()
	if p.Table = tabulate(p.Title, got[0]); len(p.Table.Rows) == 0 {
		p.Empty = k.empty
		return p, nil
	}
	if k.lines == nil {
		return p, nil
	}
	c := k.lines(w, s.choices, got)
	if c == nil {
		p.Empty = k.empty
		return p, nil
	}
	var err error
	p.Wide, p.Narrow, err = draw(*c, k.id)
	return p, err
}

// draw draws a chart for wide and for narrow pages.
func draw(c chart.Chart, id string) (wide, narrow template.HTML, err error) {
	for _, size := range []struct {
		id            string
		width, height int
		into          *template.HTML
	}{{"wide", 960, 300, &wide}, {"narrow", 356, 240, &narrow}} {
		c.ID, c.Width, c.Height = id+"-"+size.id, size.width, size.height
		svg, err := c.SVG()
		if err != nil {
			return "", "", err
		}
		*size.into = template.HTML(svg) // of package chart, which escapes all texts
	}
	return wide, narrow, nil
}

// tabulate is an answer as text; numbers with a fraction are rounded, which the page says.
func tabulate(caption string, r rows) table {
	t := table{Caption: caption}
	for _, c := range r.columns {
		t.Columns = append(t.Columns, column{c.Name, render.IsNumber(c.Type)})
		t.Rounded = t.Rounded || c.Type == "DOUBLE"
	}
	for _, values := range r.values {
		cells := make([]string, len(values))
		for i, v := range values {
			cells[i] = show(v, r.columns[i].Name, r.columns[i].Type)
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

func show(v any, name, typ string) string {
	x, isNumber := number(v)
	switch {
	case v == nil:
		return "–"
	case strings.HasSuffix(name, "_usd") && isNumber:
		return render.Count(int64(math.Round(x)))
	case isNumber && typ == "DOUBLE":
		return strconv.FormatFloat(math.Round(x*1e4)/1e4, 'f', -1, 64)
	case typ == "DATE":
		if d, ok := v.(time.Time); ok {
			return d.Format(time.DateOnly)
		}
	}
	text, _ := render.Text(v, typ)
	return text
}

// points are two columns of an answer as a line; years without a value are gaps.
func points(r rows, value string, more func(values []any) (hollow bool, extra string)) []chart.Point {
	x, y := r.at("year"), r.at(value)
	var all []chart.Point
	for _, v := range r.values {
		p := chart.Point{X: year(v[x]), Y: math.NaN()}
		if n, ok := number(v[y]); ok {
			p.Y = n
			if more != nil {
				p.Hollow, p.Extra = more(v)
			}
		}
		all = append(all, p)
	}
	return all
}

// drawn returns a chart if it has a value, else nil.
func drawn(c chart.Chart) *chart.Chart {
	for _, s := range c.Series {
		for _, p := range s.Points {
			if !math.IsNaN(p.Y) {
				return &c
			}
		}
	}
	return nil
}

func percent(digits int) func(float64) string {
	return func(y float64) string { return strconv.FormatFloat(100*y, 'f', digits, 64) + " %" }
}

package paper

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"math"
	"strconv"
	"time"

	"entente/cmd/entente/chart"
)

//go:embed paper.html
var page string

// HTML writes the report as one file that asks no other for anything.
func (p Paper) HTML(out io.Writer) error {
	t, err := template.New("paper").Funcs(template.FuncMap{
		"svg":  svg,
		"says": says,
		"cell": cell,
		"css":  func() template.CSS { return template.CSS(chart.Styles()) },
		"head": func(t Table) [][]any { return t.Rows[:shown(t)] },
		"tail": func(t Table) [][]any { return t.Rows[shown(t):] },
		"day":  func(t time.Time) string { return t.UTC().Format("2 January 2006") },
	}).Parse(page)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, p); err != nil {
		return err
	}
	_, err = out.Write(b.Bytes())
	return err
}

// shown is how many rows of a table stand open.
func shown(t Table) int {
	if t.Cut == 0 || len(t.Rows) <= t.Cut {
		return len(t.Rows)
	}
	return t.Cut
}

// The widths of a chart on a page and on a telephone.
const (
	wideChart   = 720
	narrowChart = 350
)

// svg draws a finding's chart for a page of either width.
func svg(f Finding) (template.HTML, error) {
	wide, err := f.Chart.Sized(f.ID+"-wide", wideChart).SVG()
	if err != nil {
		return "", err
	}
	narrow, err := f.Chart.Sized(f.ID+"-narrow", narrowChart).SVG()
	return template.HTML(`<div class="wide">` + string(wide) + `</div><div class="narrow">` + string(narrow) + `</div>`), err
}

// says is what a chart shows.
func says(c Chart) string {
	title, description := c.Says()
	return title + ". " + description
}

// cell is a value of a table: numbers to four significant digits where they have a fraction, which the query's own answer
// does not round.
func cell(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case float64:
		if v == math.Trunc(v) && math.Abs(v) < 1e15 {
			return strconv.FormatFloat(v, 'f', -1, 64)
		}
		return strconv.FormatFloat(v, 'g', 4, 64)
	case time.Time:
		return v.Format(time.DateOnly)
	case bool:
		if v {
			return "yes"
		}
		return "no"
	}
	return fmt.Sprint(v)
}

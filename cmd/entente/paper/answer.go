package paper

import (
	"embed"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"text/template"
	"time"
)

//go:embed answers/*.txt
var answers embed.FS

// row is a row by its columns' names, for a template.
type row map[string]any

// material is what the sentences of a finding are made of.
type material struct {
	Rows    []row
	Figures []row
}

// Figure is a cell of the first row of the figures.
func (m material) Figure(name string) (any, error) {
	if len(m.Figures) == 0 {
		return nil, fmt.Errorf("no figures, of which %s is wanted", name)
	}
	v, ok := m.Figures[0][name]
	if !ok {
		return nil, fmt.Errorf("no figure %s", name)
	}
	return v, nil
}

// told writes the sentences of a finding: the answer, and what to mind.
func told(name string, table, figures Table) (answer []Paragraph, caveat string, err error) {
	t, err := template.New(name+".txt").Option("missingkey=error").Funcs(template.FuncMap{
		"percent": func(digits int, v any) (string, error) { return written(v, percent(digits)) },
		"fixed":   func(digits int, v any) (string, error) { return written(v, plain(digits)) },
		"whole":   func(v any) (string, error) { return written(v, whole) },
		"day":     func(v time.Time) string { return v.Format("2 January 2006") },
		"known":   func(v any) bool { return v != nil },
		"having":  having,
		"where":   where,
		"capital": capital,
	}).ParseFS(answers, "answers/"+name+".txt")
	if err != nil {
		return nil, "", err
	}
	m := material{table.byName(), figures.byName()}
	var said, mind strings.Builder
	if err := errors.Join(t.ExecuteTemplate(&said, "answer", m), t.ExecuteTemplate(&mind, "caveat", m)); err != nil {
		return nil, "", err
	}
	for text := range strings.SplitSeq(said.String(), "\n\n") {
		parts := strings.Split(text, "\n* ")
		for i := range parts {
			parts[i] = strings.Join(strings.FieldsFunc(parts[i], blank), " ")
		}
		if parts[0] != "" {
			answer = append(answer, Paragraph{parts[0], parts[1:]})
		}
	}
	return answer, strings.Join(strings.FieldsFunc(mind.String(), blank), " "), nil
}

// blank is a space at which a line may break.
func blank(r rune) bool { return r == ' ' || r == '\n' || r == '\t' }

// having are the rows in which a column is true.
func having(column string, rows []row) []row {
	var kept []row
	for _, r := range rows {
		if yes, _ := r[column].(bool); yes {
			kept = append(kept, r)
		}
	}
	return kept
}

// where are the rows in which a column is a text.
func where(column, text string, rows []row) []row {
	var kept []row
	for _, r := range rows {
		if r[column] == text {
			kept = append(kept, r)
		}
	}
	return kept
}

func (t Table) byName() []row {
	var rows []row
	for _, values := range t.Rows {
		r := row{}
		for i, c := range t.Columns {
			r[c] = values[i]
		}
		rows = append(rows, r)
	}
	return rows
}

// written is a number in a format. A null is an error: a sentence asks first whether it is known.
func written(v any, format func(float64) string) (string, error) {
	x, ok := number(v)
	if !ok {
		return "", fmt.Errorf("%v is not a number", v)
	}
	return format(x), nil
}

func percent(digits int) func(float64) string {
	return func(x float64) string { return strconv.FormatFloat(100*x, 'f', digits, 64) + "\u00a0%" }
}

func plain(digits int) func(float64) string {
	return func(x float64) string { return strings.Replace(strconv.FormatFloat(x, 'f', digits, 64), "-", "−", 1) }
}

// whole is a count, with its thousands apart.
func whole(x float64) string {
	text := strconv.FormatFloat(math.Round(x), 'f', 0, 64)
	for i := len(text) - 3; i > 0 && text[i-1] != '-'; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

func capital(text string) string {
	if text == "" {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

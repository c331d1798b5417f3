package site

import (
	"bytes"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"time"

	"entente/cmd/entente/dictionary"
	"entente/cmd/entente/render"
	"entente/cmd/entente/report"
)

// frame is what every page has.
type frame struct {
	Title   string
	At      string // which of the links in the head is this page
	Release string
	SQL     bool // whether there is a page for SQL
}

func (s *Site) frame(title, at, release string) frame {
	return frame{Title: title, At: at, Release: release, SQL: s.options.Queries != nil}
}

func (s *Site) parse() (map[string]*template.Template, error) {
	functions := template.FuncMap{
		"asset": func(name string) string { return "/static/" + name + "?v=" + s.assets[name].version },
		"count": render.Count, "bytes": render.Bytes, "minute": report.Minute,
		"took": func(from, to time.Time) string {
			if to.IsZero() {
				return ""
			}
			return to.Sub(from).Round(100 * time.Millisecond).String()
		},
		"join": strings.Join, "line": dictionary.FirstLine,
		"field": newField, "none": func(all []option) []option { return append([]option{{"", "nobody"}}, all...) },
	}
	pages := map[string]*template.Template{}
	for _, name := range []string{"status", "release", "explore", "sql", "dictionary", "problem"} {
		t, err := template.New("frame.html").Funcs(functions).ParseFS(templates, "templates/frame.html", "templates/parts.html", "templates/"+name+".html")
		if err != nil {
			return nil, fmt.Errorf("site: %w", err)
		}
		pages[name] = t
	}
	return pages, nil
}

// execute makes a page.
func (s *Site) execute(page string, data any) ([]byte, error) {
	var b bytes.Buffer
	if err := s.pages[page].Execute(&b, data); err != nil {
		return nil, fmt.Errorf("page %s: %w", page, err)
	}
	return b.Bytes(), nil
}

// write answers with a page.
func (s *Site) write(w http.ResponseWriter, status int, page []byte) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "private, no-cache")
	w.WriteHeader(status)
	_, _ = w.Write(page)
}

// render answers with a page, or with an error if the page cannot be made: never with half a page.
func (s *Site) render(w http.ResponseWriter, status int, page string, data any) {
	made, err := s.execute(page, data)
	if err != nil {
		s.log.Error("page", "error", err)
		http.Error(w, "Something failed; the service's log says what.", http.StatusInternalServerError)
		return
	}
	s.write(w, status, made)
}

// fail answers with a page that says what is wrong.
func (s *Site) fail(w http.ResponseWriter, status int, reason string) {
	s.render(w, status, "problem", struct {
		frame
		Reason string
	}{s.frame(http.StatusText(status), "", ""), reason})
}

// field is a choice among options in a form.
type field struct {
	ID, Value string
	Options   []option
	Wrong     string
}

func newField(id, value string, options []option, wrong map[string]string) field {
	return field{id, value, options, wrong[id]}
}

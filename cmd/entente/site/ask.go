package site

import (
	"encoding/csv"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"entente/cmd/entente/confine"
	"entente/cmd/entente/dictionary"
	"entente/cmd/entente/render"
	"entente/cmd/entente/site/guard"
	"entente/pipeline"
	"entente/pipeline/release"
)

const (
	shownRows = 200 // of an answer, on the page; the CSV has all up to the limit
	mostSQL   = 12 << 10
	example   = "select year, n, agree, kappa\nfrom indicators.vote_alignment_by_year\nwhere\n    body = 'GA' and source = 'voeten' and scope = 'contested'\n    and iso3_a = 'CHN' and iso3_b = 'RUS'\norder by year"
)

// sqlPage is the page for SQL of the reader's own. What a link of another site asks is shown, not run.
func (s *Site) sqlPage(w http.ResponseWriter, r *http.Request) {
	page := struct {
		frame
		Query, Example string
		Refused        string
		Waiting        bool // a link of another site led here
		Asked          bool
		Table          table
		Shown, Rows    int
		More           bool
		Took           time.Duration
		CSV            string
		Limits         confine.Limits
		Bytes          int64
		RowLimit       int64
		RowCount       int64
	}{frame: s.frame("SQL", "sql", ""), Query: r.URL.Query().Get("q"), Example: example, Limits: s.options.Queries.Limits, Bytes: s.options.Queries.Limits.Bytes, RowLimit: int64(s.options.Queries.Limits.Rows)}
	held, drop := s.hold(w, r)
	if held == nil {
		return
	}
	defer drop()
	page.Release = held.Manifest.ID
	if page.Query == "" {
		s.render(w, http.StatusOK, "sql", page)
		return
	}
	if page.Waiting = guard.Foreign(r); page.Waiting {
		s.render(w, http.StatusOK, "sql", page)
		return
	}
	a, status, reason := s.ask(r, held.Manifest, page.Query)
	if status == 0 {
		return
	}
	page.Refused, page.Asked = reason, reason == ""
	page.Rows, page.RowCount, page.More, page.Took = len(a.Rows), int64(len(a.Rows)), a.More, a.Took.Round(time.Millisecond)
	page.Shown = min(len(a.Rows), shownRows)
	page.CSV = "/sql.csv?" + url.Values{"q": {page.Query}}.Encode()
	page.Table.Caption = "Answer"
	for _, c := range a.Columns {
		page.Table.Columns = append(page.Table.Columns, column{c.Name, render.IsNumber(c.Type)})
	}
	for _, row := range a.Rows[:page.Shown] {
		cells := make([]string, len(row))
		for i, cell := range row {
			if cells[i] = "–"; cell != nil {
				cells[i] = *cell
			}
		}
		page.Table.Rows = append(page.Table.Rows, cells)
	}
	s.render(w, status, "sql", page)
}

// ask runs a reader's query. status is 0 when the reader has left.
func (s *Site) ask(r *http.Request, m pipeline.Manifest, query string) (a confine.Answer, status int, reason string) {
	if len(query) > mostSQL {
		return a, http.StatusBadRequest, fmt.Sprintf("the query is longer than %d bytes; run it with entente query", mostSQL)
	}
	store, err := s.options.Folder.Releases()
	if err == nil {
		a, err = s.options.Queries.Ask(r.Context(), filepath.Join(store.Dir(m.ID), release.WarehouseFile), query)
	}
	var refused *confine.RefusedError
	switch {
	case err == nil:
		return a, http.StatusOK, ""
	case errors.As(err, &refused):
		return a, http.StatusBadRequest, refused.Reason
	case errors.Is(err, confine.ErrBusy):
		return a, http.StatusServiceUnavailable, err.Error()
	case r.Context().Err() != nil:
		return a, 0, ""
	}
	s.log.Error("query", "error", err)
	return a, http.StatusInternalServerError, "Something failed; the service's log says what."
}

// sqlCSV is the whole answer as a file.
func (s *Site) sqlCSV(w http.ResponseWriter, r *http.Request) {
	if guard.Foreign(r) {
		s.fail(w, http.StatusForbidden, "A link of another site led here. Open the SQL page to run a query.")
		return
	}
	held, drop := s.hold(w, r)
	if held == nil {
		return
	}
	defer drop()
	a, status, reason := s.ask(r, held.Manifest, r.URL.Query().Get("q"))
	if status == 0 {
		return
	}
	if reason != "" {
		s.fail(w, status, reason)
		return
	}
	csvHeader(w, "entente-query.csv")
	if a.More {
		w.Header().Set("Entente-More", fmt.Sprintf("only the first %d rows", len(a.Rows)))
	}
	out := csv.NewWriter(w)
	line := make([]string, 0, len(a.Columns))
	for _, c := range a.Columns {
		line = append(line, c.Name)
	}
	_ = out.Write(line)
	for _, row := range a.Rows {
		line = line[:0]
		for _, cell := range row {
			text := ""
			if cell != nil {
				text = *cell
			}
			line = append(line, text)
		}
		if out.Write(line) != nil {
			return // the reader is gone
		}
	}
	out.Flush()
}

// schema is a part of the dictionary.
type schema struct {
	Name   string
	Tables []dictionary.Table
}

// dictionaryPage is every table and column of the release.
func (s *Site) dictionaryPage(w http.ResponseWriter, r *http.Request) {
	held, drop := s.hold(w, r)
	if held == nil {
		return
	}
	defer drop()
	tables, err := dictionary.Read(r.Context(), held.DB)
	if err != nil {
		s.broken(w, r, err)
		return
	}
	page := struct {
		frame
		Schemas []schema
	}{frame: s.frame("Dictionary", "dictionary", held.Manifest.ID)}
	for _, name := range []string{"indicators", "core", "meta", "checks", "raw"} {
		part := schema{Name: name}
		for _, t := range tables {
			if strings.HasPrefix(t.Name, name+".") {
				part.Tables = append(part.Tables, t)
			}
		}
		page.Schemas = append(page.Schemas, part)
	}
	s.render(w, http.StatusOK, "dictionary", page)
}

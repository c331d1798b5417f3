package worldbank

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"

	"entente/pipeline"
)

const (
	perPage  = 20_000
	maxPages = 1_000
	attempts = 3 // at a page that is damaged and at data that change while they are paged, the first included
	tryLater = "run again later; if it stays so, the service changed: see the source's README"
)

// errChanged says that pages are of different editions.
var errChanged = errors.New("the data changed while their pages were fetched")

func fileName(code string, n int) string { return fmt.Sprintf("%s_page_%03d.json", code, n) }

func url(code string, n int) string {
	return fmt.Sprintf("%s%s?format=json&per_page=%d&page=%d", address, code, perPage, n)
}

// Fetch implements pipeline.Source.
func (s *source) Fetch(ctx context.Context, c *http.Client, into *pipeline.Snapshot) error {
	for _, code := range s.settings.all() {
		files, err := s.pages(ctx, c, into, code)
		for attempt := 1; errors.Is(err, errChanged) && attempt < attempts; attempt++ {
			files, err = s.pages(ctx, c, into, code)
		}
		if err != nil {
			return err
		}
		for _, f := range files {
			into.Keep(f)
		}
	}
	return nil
}

// pages brings all pages of an indicator, or the service's refusal of an optional one.
func (s *source) pages(ctx context.Context, c *http.Client, into *pipeline.Snapshot, code string) ([]pipeline.File, error) {
	var files []pipeline.File
	var first head
	records := int64(0)
	for n := 1; ; n++ {
		f, p, err := ask(ctx, c, into, code, n)
		if err != nil {
			return nil, err
		}
		if problem := p.refusal(); problem != "" {
			if n > 1 || !s.settings.optional(code) {
				return nil, refuse(f.URL, "the service refuses "+code+": "+problem, "correct the indicators in the source's settings", nil)
			}
			f.Notes = append(f.Notes, "the service refuses "+code+", which is optional: "+problem)
			return []pipeline.File{f}, nil
		}
		if n == 1 {
			first = p.head
			if problem := first.implausible(); problem != "" {
				return nil, refuse(f.URL, problem, tryLater, nil)
			}
		}
		if problem := p.differs(first, n); problem != "" {
			return nil, refuse(f.URL, problem, tryLater, errChanged)
		}
		f.Version = p.LastUpdated
		files = append(files, f)
		if records += p.records; int64(n) < count(first.Pages) {
			continue
		}
		switch total := count(first.Total); {
		case records != total:
			return nil, refuse(f.URL, fmt.Sprintf("%d pages of %s have %d records, and say that there are %d", n, code, records, total), tryLater, nil)
		case records == 0 && s.settings.optional(code):
			files[0].Notes = append(files[0].Notes, "the service has no records of "+code+", which is optional")
		case records == 0:
			return nil, refuse(f.URL, "the service has no records of "+code, "correct the indicators in the source's settings", nil)
		}
		return files, nil
	}
}

// implausible says what of a first page's head cannot be, or "".
func (h head) implausible() string {
	pages, size, total := count(h.Pages), count(h.PerPage), count(h.Total)
	switch {
	case pages == 0 && total == 0:
		return ""
	case pages < 1 || size < 1 || total < 1 || (total+size-1)/size != pages:
		return fmt.Sprintf("the first page says that %s records make %s pages of %s", h.Total, h.Pages, h.PerPage)
	case pages > maxPages:
		return fmt.Sprintf("the first page says that there are %d pages; %d at most are fetched", pages, maxPages)
	}
	return ""
}

// differs says in what page n differs from what the first one says, or "".
func (h head) differs(first head, n int) string {
	switch {
	case count(h.Page) != int64(n) && count(h.Total) > 0:
		return fmt.Sprintf("page %d calls itself page %s", n, h.Page)
	case h.LastUpdated != first.LastUpdated:
		return fmt.Sprintf("page 1 was last updated %s, page %d %s", first.LastUpdated, n, h.LastUpdated)
	case count(h.Pages) != count(first.Pages) || count(h.PerPage) != count(first.PerPage) || count(h.Total) != count(first.Total):
		return fmt.Sprintf("page 1 says that %s records make %s pages of %s, page %d that %s make %s of %s",
			first.Total, first.Pages, first.PerPage, n, h.Total, h.Pages, h.PerPage)
	}
	return ""
}

// contents is a page's head and how many records follow it.
type contents struct {
	head
	records int64
}

// ask asks for a page, and again where it is damaged.
func ask(ctx context.Context, c *http.Client, into *pipeline.Snapshot, code string, n int) (pipeline.File, contents, error) {
	r := pipeline.Request{Name: fileName(code, n), URL: url(code, n), Accept: "application/json"}
	for attempt := 1; ; attempt++ {
		f, err := into.Ask(ctx, c, r)
		if err != nil {
			return f, contents{}, err
		}
		p, err := inspect(into, f)
		var damaged *damagedError
		switch {
		case err == nil:
			if attempt > 1 {
				f.Notes = append(f.Notes, fmt.Sprintf("the page came damaged %d times before this one", attempt-1))
			}
			return f, p, nil
		case !errors.As(err, &damaged):
			return f, p, err
		case attempt == attempts || f.Outcome == pipeline.OutcomeOffline:
			return f, p, refuse(r.URL, fmt.Sprintf("the answer of %d bytes is cut or damaged", f.Bytes), tryLater, damaged.err)
		}
	}
}

// damagedError is an answer that is not what the service publishes, and may be the next time.
type damagedError struct{ err error }

func (e *damagedError) Error() string { return e.err.Error() }

// inspect reads a page through.
func inspect(into *pipeline.Snapshot, f pipeline.File) (contents, error) {
	opened, err := into.OpenFile(f)
	if err != nil {
		return contents{}, fmt.Errorf("source %s: %w", name, err)
	}
	defer opened.Close()
	a, err := open(opened)
	if err != nil {
		return contents{}, judge(f, err)
	}
	p := contents{head: a.head}
	if p.Message != nil {
		return p, nil
	}
	for ; ; p.records++ {
		if _, err := a.next(); errors.Is(err, io.EOF) {
			return p, nil
		} else if err != nil {
			return p, judge(f, err)
		}
	}
}

// judge tells an answer that is damaged from one that cannot be read.
func judge(f pipeline.File, err error) error {
	var broken *fs.PathError
	if errors.As(err, &broken) {
		return fmt.Errorf("source %s: %s: %w", name, f.Name, err)
	}
	return &damagedError{err}
}

func refuse(where, problem, next string, err error) error {
	return &pipeline.UpstreamError{Source: name, Where: where, Problem: problem, Next: next, Err: err}
}

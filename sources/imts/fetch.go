package imts

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"entente/pipeline"
	"entente/pipeline/delimited"
)

const (
	csvType  = "application/vnd.sdmx.data+csv;version=1.0.0"
	attempts = 3 // at an answer that came cut, the first included
)

// part is what one request asks for: an indicator over some years.
type part struct {
	indicator string
	from, to  int // to is 0 for the newest there is
}

// file is the part's name in the snapshot.
func (p part) file() string {
	if p.to == 0 {
		return fmt.Sprintf("%s_from_%d.csv", p.indicator, p.from)
	}
	return fmt.Sprintf("%s_%d_%d.csv", p.indicator, p.from, p.to)
}

// parts divides the wanted years at the decades, so that no answer is large and one that fails is asked
// for alone. The last part is open unless the settings name its end: nothing depends on today being right.
func (s settings) parts(indicator string, today time.Time) []part {
	var parts []part
	for from := s.FromYear; ; from = parts[len(parts)-1].to + 1 {
		decade := from - from%10 + 9
		switch {
		case s.ToYear != 0 && decade >= s.ToYear:
			return append(parts, part{indicator, from, s.ToYear})
		case s.ToYear == 0 && decade >= today.Year():
			return append(parts, part{indicator, from, 0})
		}
		parts = append(parts, part{indicator, from, decade})
	}
}

// url asks for all partners, annual figures.
func (s settings) url(p part) string {
	end := ""
	if p.to != 0 {
		end = fmt.Sprintf("&endPeriod=%d", p.to)
	}
	return fmt.Sprintf("%s%s.%s..A?startPeriod=%d%s", address, strings.Join(s.Reporters, "+"), p.indicator, p.from, end)
}

// Fetch implements pipeline.Source.
func (s *source) Fetch(ctx context.Context, c *http.Client, into *pipeline.Snapshot) error {
	missing := slices.Clone(s.settings.Reporters)
	for _, indicator := range s.settings.Indicators {
		rows := false
		for _, p := range s.settings.parts(indicator, into.At) {
			f, err := s.ask(ctx, c, into, p)
			if err != nil {
				return err
			}
			found, err := inspect(into, f, &missing)
			if err != nil {
				return err
			}
			rows = rows || found
			into.Keep(f)
		}
		if !rows {
			return &pipeline.UpstreamError{
				Source: name, Where: address, Problem: "has no rows of " + indicator + " for the reporters and years asked for",
				Next: "the service answers codes it does not know with an empty table; see " + page + " for the codes, and correct the source's settings",
			}
		}
	}
	if len(missing) > 0 {
		return &pipeline.UpstreamError{
			Source: name, Where: address, Problem: "has no rows of " + strings.Join(missing, ", "),
			Next: "the service says nothing of codes it does not know; correct the setting reporters, in which France is FRA",
		}
	}
	return nil
}

// ask asks for a part, and again where the answer is cut: the service declares no length that it keeps to.
func (s *source) ask(ctx context.Context, c *http.Client, into *pipeline.Snapshot, p part) (pipeline.File, error) {
	r := pipeline.Request{
		Name: p.file(), URL: s.settings.url(p), Accept: csvType,
		MaxAge: time.Duration(s.settings.RefreshHours) * time.Hour,
	}
	for attempt := 1; ; attempt++ {
		f, err := into.Ask(ctx, c, r)
		if err != nil {
			return f, err
		}
		whole, err := ended(into, f)
		if err != nil {
			return f, err
		}
		if whole {
			if attempt > 1 {
				f.Notes = append(f.Notes, fmt.Sprintf("the answer came cut in the middle of a record %d times before this one", attempt-1))
			}
			return f, nil
		}
		if attempt == attempts || f.Outcome == pipeline.OutcomeOffline {
			return f, &pipeline.UpstreamError{
				Source: name, Where: r.URL, Problem: fmt.Sprintf("the answer of %d bytes ends in the middle of a record", f.Bytes),
				Next: "run again later; if it stays so, ask for fewer reporters at a time",
			}
		}
		r.MaxAge = 0 // the answer just judged is the one that the vault holds
	}
}

// ended reports whether an answer ends where a record does.
func ended(into *pipeline.Snapshot, f pipeline.File) (bool, error) {
	if f.Bytes == 0 {
		return false, nil
	}
	opened, err := into.OpenFile(f)
	if err != nil {
		return false, fmt.Errorf("source %s: %w", name, err)
	}
	defer opened.Close()
	at, ok := opened.(io.ReaderAt)
	if !ok {
		return false, fmt.Errorf("source %s: %s cannot be read at a position", name, f.Name)
	}
	last := make([]byte, 1)
	if _, err := at.ReadAt(last, f.Bytes-1); err != nil && !errors.Is(err, io.EOF) {
		return false, fmt.Errorf("source %s: %s: %w", name, f.Name, err)
	}
	return last[0] == '\n', nil
}

// inspect reports whether an answer has rows, and refuses one that is no table. It takes the reporters it
// meets off the list of those that are missing.
func inspect(into *pipeline.Snapshot, f pipeline.File, missing *[]string) (rows bool, err error) {
	opened, err := into.OpenFile(f)
	if err != nil {
		return false, fmt.Errorf("source %s: %w", name, err)
	}
	defer opened.Close()
	body := bufio.NewReader(opened)
	if first, err := body.Peek(64); err != nil && !errors.Is(err, io.EOF) {
		return false, fmt.Errorf("source %s: %s: %w", name, f.Name, err)
	} else if bytes.HasPrefix(bytes.TrimLeft(first, "\xef\xbb\xbf \t\r\n"), []byte("<")) {
		return false, &pipeline.UpstreamError{
			Source: name, Where: f.URL, Problem: "sent XML where CSV was asked for",
			Next: "a cache or proxy in between may drop the Accept header " + csvType + "; let it pass, or go without the proxy",
		}
	}
	r := delimited.NewReader(body, ',')
	header, err := r.Header()
	if err != nil {
		return false, layout(f.Name).Refuse(1, err.Error())
	}
	reporter := slices.Index(header, country)
	if reporter < 0 {
		return false, layout(f.Name).Refuse(1, fmt.Sprintf("column %q is missing; the first line is %.200s", country, strings.Join(header, ",")))
	}
	for n := 0; n == 0 || len(*missing) > 0; n++ {
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			return n > 0, nil
		}
		if err != nil {
			return false, fmt.Errorf("source %s: %s: %w", name, f.Name, err)
		}
		if rec.Problem == "" {
			*missing = slices.DeleteFunc(*missing, func(code string) bool { return code == string(rec.Cells[reporter]) })
		}
	}
	return true, nil
}

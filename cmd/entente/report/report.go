// Package report tells people, or programs, what a run did or would do, and how things stand.
package report

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"entente/cmd/entente/render"
	"entente/cmd/entente/work"
	"entente/pipeline"
	"entente/pipeline/ledger"
	"entente/pipeline/release"
)

// Printer writes reports.
type Printer struct {
	Out      io.Writer
	JSON     bool                        // for programs
	Quiet    bool                        // nothing but what was asked for
	Terminal bool                        // Out is one: bytes that it would obey are shown, not sent
	Data     string                      // folder of the data
	Again    func(command string) string // how to call the program
}

func (p Printer) printf(format string, args ...any) { fmt.Fprintf(p.Out, format, args...) }

func (p Printer) json(v any) error { return JSON(p.Out, v) }

// JSON writes an answer for programs.
func JSON(out io.Writer, v any) error {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// Plan says what a run would do.
func (p Printer) Plan(plan work.Plan) error {
	if p.JSON {
		return p.json(plan)
	}
	p.printf("Sources\n")
	var rows [][]string
	for _, h := range plan.Sources {
		what := "will be asked whether it changed"
		switch {
		case h.Skipped != "":
			what = "will be skipped: " + h.Skipped
		case h.Missing:
			what = "will be downloaded: the vault has nothing of it yet"
		case own(h.Files):
			what = "part of the program"
		case given(h.Files):
			what = "imported, not downloaded"
		}
		size := ""
		if n := bytesOf(h.Files); n > 0 {
			size = render.Bytes(n) + " in the vault"
		}
		rows = append(rows, []string{h.Job, what, size})
	}
	render.List(p.Out, "  ", nil, rows)
	if len(plan.Tables) == 0 {
		p.printf("\nIf no source changed, nothing will be made anew and nothing published.\n")
		return nil
	}
	p.printf("\nEven if no source changed since, these will be made anew (and more, if one did):\n  %s\n",
		strings.Join(plan.Tables, "\n  "))
	return nil
}

func own(files []pipeline.File) bool   { return all(files, pipeline.OutcomeEmbedded) }
func given(files []pipeline.File) bool { return all(files, pipeline.OutcomeImported) }

func all(files []pipeline.File, outcome string) bool {
	return len(files) > 0 && !slices.ContainsFunc(files, func(f pipeline.File) bool { return f.Outcome != outcome })
}

func bytesOf(files []pipeline.File) (n int64) {
	for _, f := range files {
		n += f.Bytes
	}
	return n
}

// Minute is a time as reports have it; nothing for none.
func Minute(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04")
}

// Plural counts things of one kind: "1 row", "2 rows".
func Plural(n int, one string) string {
	if n == 1 {
		return fmt.Sprintf("%d %s", n, one)
	}
	return fmt.Sprintf("%d %ss", n, one)
}

// Releases lists releases.
func (p Printer) Releases(infos []release.Info) {
	var rows [][]string
	for _, i := range infos {
		mark := ""
		if i.Current {
			mark = "current"
		}
		if i.Problem != "" {
			mark = "BROKEN: " + i.Problem
		}
		rows = append(rows, []string{
			i.ID, Minute(i.CreatedAt), strconv.Itoa(i.Tables), render.Count(i.Rows),
			render.Bytes(i.ExclusiveBytes), render.Bytes(i.SharedBytes), mark,
		})
	}
	render.List(p.Out, "", []string{"release", "published (UTC)", "tables", "rows", "own", "shared", ""}, rows)
}

// Quarantine counts rows in quarantine by run, table and reason.
func (p Printer) Quarantine(sums []ledger.Summary) error {
	if p.JSON {
		return p.json(sums)
	}
	if len(sums) == 0 {
		p.printf("No row is in quarantine.\n")
		return nil
	}
	id := ""
	var rows [][]string
	flush := func() {
		render.List(p.Out, "  ", []string{"table", "rows", "row", "line", "reason of that row"}, rows)
		rows = nil
	}
	for _, s := range sums {
		if s.RunID != id {
			flush()
			id = s.RunID
			p.printf("Run %s\n", id)
		}
		rows = append(rows, []string{
			s.Table, render.Count(s.Rows), strconv.FormatInt(s.FirstID, 10), strconv.FormatInt(s.FirstLine, 10), s.Reason,
		})
	}
	flush()
	p.printf("\nA row as published: %s\n", p.Again("quarantine show "+strconv.FormatInt(sums[0].FirstID, 10)))
	return nil
}

// Kept prints rows in quarantine as they were published.
func (p Printer) Kept(kept []ledger.Kept) error {
	if p.JSON {
		return p.json(kept)
	}
	if len(kept) == 0 {
		p.printf("No row is in quarantine.\n")
	}
	for _, k := range kept {
		p.printf("row %d, %s, run %s\n%s:%d (byte %d, SHA-256 %.16s…)\n%s\n", k.ID, k.Table, k.RunID, k.File, k.Line, k.Offset, k.SHA256, k.Reason)
		if utf8.Valid(k.Raw) && !p.Terminal {
			p.printf("%s\n\n", k.Raw)
		} else {
			p.printf("%s\n\n", render.Printable(string(k.Raw)))
		}
	}
	return nil
}

package cite

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"

	"entente/pipeline"
	"entente/sources"
)

var manifest = pipeline.Manifest{ID: "20261126T110000Z-0a1b2c3d", Program: "v1 & more", FinishedAt: time.Date(2026, 11, 26, 11, 0, 0, 0, time.UTC)}

var entries = []pipeline.SourceEntry{
	{Name: "a", Upstream: pipeline.Upstream{Title: "Votes_of {States}", Publisher: "A & B", Homepage: "https://example.org/a_b", Licence: "CC0 1.0", Citation: "A (2017), 50 %"},
		Files: []pipeline.File{
			{Version: "33.0", CheckedAt: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)},
			{Version: "38.0", CheckedAt: time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)},
			{Version: "33.0"},
		}},
	{Name: "b", Upstream: pipeline.Upstream{Title: "Texts", Publisher: "B", Licence: "CC BY-NC 4.0", Citation: "B"}},
}

func write(t *testing.T, format string) string {
	t.Helper()
	var b strings.Builder
	if err := Write(&b, format, References(manifest, entries)); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestPlain(t *testing.T) {
	want := `entente. entente, release 20261126T110000Z-0a1b2c3d. (made 26 November 2026).
  licence: the sources' own
  program: made by v1 & more

A & B. Votes_of {States}, edition 33.0, 38.0. https://example.org/a_b (accessed 2 November 2026).
  licence: CC0 1.0
  cite: A (2017), 50 %

B. Texts.
  licence: CC BY-NC 4.0
  cite: B

`
	if got := write(t, Plain); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestBibTeX demands entries with braces that balance and nothing that TeX would take for its own.
func TestBibTeX(t *testing.T) {
	got := write(t, BibTeX)
	if n := strings.Count(got, "@misc{"); n != 3 {
		t.Errorf("%d entries", n)
	}
	for _, want := range []string{`{Votes\_of \{States\}}`, `A \& B`, `50 \%`, `\url{https://example.org/a_b}`, "urldate      = {2026-11-02}", "Licence: CC BY-NC 4.0"} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is not in\n%s", want, got)
		}
	}
	depth := 0
	for _, r := range regexp.MustCompile(`\\[{}]`).ReplaceAllString(got, "") {
		switch r {
		case '{':
			depth++
		case '}':
			depth--
		}
		if depth < 0 {
			t.Fatal("a brace closes nothing")
		}
	}
	if depth != 0 {
		t.Errorf("%d braces are open", depth)
	}
}

func TestCSL(t *testing.T) {
	var items []map[string]any
	if err := json.Unmarshal([]byte(write(t, CSL)), &items); err != nil {
		t.Fatal(err)
	}
	if len(items) != 3 || items[1]["type"] != "dataset" || items[1]["version"] != "33.0, 38.0" || items[2]["URL"] != nil || items[0]["issued"] == nil {
		t.Errorf("got %v", items)
	}
}

func TestWarnings(t *testing.T) {
	got := strings.Join(Warnings(References(manifest, entries)), "\n")
	if !strings.Contains(got, "b: no commercial use") || !strings.Contains(got, "the terms differ") {
		t.Errorf("got %q", got)
	}
	if got := Warnings(References(manifest, entries[:1])); got != nil {
		t.Errorf("of free data: got %q", got)
	}
}

// TestEveryLicenceIsKnown demands that a reader is told what each source's licence lets them do.
func TestEveryLicenceIsKnown(t *testing.T) {
	for name, factory := range sources.All() {
		src, err := factory(func(any) error { return nil })
		if err != nil {
			t.Fatal(err)
		}
		if licence := src.About().Licence; ReuseOf(licence) == "" {
			t.Errorf("source %s: %q is not a licence that cite knows", name, licence)
		}
	}
}

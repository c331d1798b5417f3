package index

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"entente/pipeline"
)

// TestNewestAnswers appends records of the same file and looks each kind up, also as another process does.
func TestNewestAnswers(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "index")
	x := New(dir, slog.New(slog.DiscardHandler))
	day := func(n int) time.Time { return time.Date(2026, time.March, n, 0, 0, 0, 0, time.UTC) }
	record := func(name, url, outcome, sum string, at time.Time) pipeline.File {
		return pipeline.File{Name: name, URL: url, Outcome: outcome, SHA256: sum, FetchedAt: at, CheckedAt: at}
	}
	for _, f := range []pipeline.File{
		record("a", "https://example.org/1", pipeline.OutcomeDownloaded, "s1", day(2)),
		record("a", "https://example.org/1", pipeline.OutcomeDownloaded, "s2", day(3)),
		record("a", "https://example.org/2", pipeline.OutcomeDownloaded, "s1", day(1)),
		record("a", "", pipeline.OutcomeImported, "s3", day(4)),
	} {
		if err := x.Append("unga", f); err != nil {
			t.Fatal(err)
		}
	}
	for name, x := range map[string]*Index{"same": x, "other process": New(dir, slog.New(slog.DiscardHandler))} {
		newest, found, err := x.Newest("unga", "a", "https://example.org/1")
		if err != nil || !found || newest.SHA256 != "s2" {
			t.Errorf("%s: newest %+v, %v, %v", name, newest, found, err)
		}
		given, found, err := x.Given("unga", "a", pipeline.OutcomeImported)
		if err != nil || !found || given.SHA256 != "s3" {
			t.Errorf("%s: given %+v, %v, %v", name, given, found, err)
		}
		if at, err := x.FirstSeen("unga", "s1", day(9)); err != nil || !at.Equal(day(1)) {
			t.Errorf("%s: first seen %s, %v", name, at, err)
		}
		if at, err := x.FirstSeen("unga", "s9", day(9)); err != nil || !at.Equal(day(9)) {
			t.Errorf("%s: new bytes were first seen %s, %v", name, at, err)
		}
		if _, found, err := x.Newest("unsc", "a", "https://example.org/1"); found || err != nil {
			t.Errorf("%s: another source: %v, %v", name, found, err)
		}
	}
}

func FuzzTail(f *testing.F) {
	f.Add([]byte(`{"name":"votes.csv"`))
	f.Add([]byte("\n\n{}\n[1]\nnull"))
	f.Fuzz(func(t *testing.T, tail []byte) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "unga.jsonl"), tail, 0o644); err != nil {
			t.Fatal(err)
		}
		want := pipeline.File{Name: "b.csv", SHA256: strings.Repeat("ab", 32), Outcome: pipeline.OutcomeImported}
		if err := New(dir, slog.New(slog.DiscardHandler)).Append("unga", want); err != nil {
			t.Fatal(err)
		}
		got, found, err := New(dir, slog.New(slog.DiscardHandler)).Given("unga", "b.csv", pipeline.OutcomeImported)
		if err != nil || !found || !cmp.Equal(want, got) {
			t.Errorf("%+v, %v, %v", got, found, err)
		}
	})
}

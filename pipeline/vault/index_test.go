package vault

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entente/pipeline"
)

func TestIndexSurvivesATornLine(t *testing.T) {
	for _, torn := range []string{`{"name":"late.csv","sha2`, `x`, strings.Repeat("y", 10_000)} {
		b := newBench(t, testPolicy())
		data := ballots(1, 400)
		first, err := b.vault.Put("unga", "votes.csv", pipeline.OutcomeImported, bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		path := b.vault.index.Path("unga")
		appendTo(t, path, torn)
		b.reopen(Options{})
		got, err := b.vault.Imported("unga", "votes.csv")
		if err != nil || !cmp.Equal(first, got) {
			t.Fatalf("after the crash: %+v, %v", got, err)
		}
		if _, err := b.vault.Put("unga", "other.csv", pipeline.OutcomeImported, bytes.NewReader(data)); err != nil {
			t.Fatal(err)
		}
		contains(t, b.log.String(), "unfinished last line")
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(text, []byte(torn)) || bytes.Count(text, []byte("\n")) != 2 || !bytes.HasSuffix(text, []byte("\n")) {
			t.Errorf("index is now:\n%s", text)
		}
	}
}

func TestIndexSeesWhatAnotherProcessAdds(t *testing.T) {
	b := newBench(t, testPolicy())
	if _, err := b.vault.Put("unga", "votes.csv", pipeline.OutcomeImported, strings.NewReader("old")); err != nil {
		t.Fatal(err)
	}
	server := b.vault
	b.reopen(Options{})
	want, err := b.vault.Put("unga", "votes.csv", pipeline.OutcomeImported, strings.NewReader("new"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := server.Imported("unga", "votes.csv")
	if err != nil || !cmp.Equal(want, got) {
		t.Errorf("the first process sees %+v, %v", got, err)
	}
}

func TestIndexLeavesOutAnUnreadableLine(t *testing.T) {
	b := newBench(t, testPolicy())
	want, err := b.vault.Put("unga", "votes.csv", pipeline.OutcomeImported, strings.NewReader("old"))
	if err != nil {
		t.Fatal(err)
	}
	appendTo(t, b.vault.index.Path("unga"), "no record\n")
	b.reopen(Options{})
	got, err := b.vault.Imported("unga", "votes.csv")
	if err != nil || !cmp.Equal(want, got) {
		t.Errorf("%+v, %v", got, err)
	}
	contains(t, b.log.String(), "unreadable line", "line=2")
}

func appendTo(t *testing.T, path, text string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(text); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

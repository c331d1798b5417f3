package pipelinetest

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"entente/pipeline"
	"entente/pipeline/archive"
)

func TestLoaderInMemory(t *testing.T) {
	TestLoader(t, func(*testing.T) (pipeline.Loader, string) { return NewLoader(), "" })
}

// TestAccount shows what the account of a file's lines finds.
func TestAccount(t *testing.T) {
	const file = "a,b\r\n1,2\r\n\r\n3,\"4\n5\"\r\n6,7"
	first := pipeline.Reject{Line: 2, Offset: 5, Length: 3}
	third := pipeline.Reject{Line: 4, Offset: 12, Length: 7}
	last := pipeline.Reject{Line: 6, Offset: 21, Length: 3}
	for name, c := range map[string]struct {
		records []pipeline.Reject
		gaps    int64
		wrong   string
	}{
		"all but the blank line": {[]pipeline.Reject{first, third, last}, 1, ""},
		"several rows of a line": {[]pipeline.Reject{first, first, third, last}, 1, ""},
		"lost last line":         {[]pipeline.Reject{first, third}, 2, ""},
		"lost first line":        {[]pipeline.Reject{third, last}, 2, ""},
		"wrong line":             {[]pipeline.Reject{first, {Line: 3, Offset: 12, Length: 7}}, 0, "said to be on line 3 and is on 4"},
		"cut record":             {[]pipeline.Reject{{Line: 2, Offset: 5, Length: 2}}, 0, "not from a line's start to a line's end"},
		"in the middle":          {[]pipeline.Reject{{Line: 2, Offset: 6, Length: 2}}, 0, "not from a line's start"},
		"beyond the end":         {[]pipeline.Reject{{Line: 6, Offset: 21, Length: 4}}, 0, "outside of the file"},
		"overlapping":            {[]pipeline.Reject{{Line: 2, Offset: 5, Length: 14}, third}, 0, "over another record"},
	} {
		t.Run(name, func(t *testing.T) {
			gaps, err := account([]byte(file), c.records)
			if c.wrong == "" && (err != nil || gaps != c.gaps) {
				t.Errorf("got %d lines without a record, %v; want %d", gaps, err, c.gaps)
			}
			if c.wrong != "" && (err == nil || !strings.Contains(err.Error(), c.wrong)) {
				t.Errorf("got %v, want %q", err, c.wrong)
			}
		})
	}
}

func TestKeeper(t *testing.T) {
	client := Mirror(t, map[string]string{"example.org/list?page=2": "hello"})
	k := NewKeeper()
	snapshot := pipeline.NewSnapshot("example", true, k)
	request := pipeline.Request{Name: "list", URL: "https://example.org/list?page=2", Version: "v2", Listing: true}
	f, err := snapshot.Download(t.Context(), client, request)
	if err != nil || f.Version != "v2" || !f.Listing || f.Bytes != 5 {
		t.Fatalf("got %+v, %v", f, err)
	}
	if body, err := fs.ReadFile(snapshot, "list"); err != nil || string(body) != "hello" {
		t.Errorf("got %q, %v", body, err)
	}
	request.URL = "https://example.org/list"
	var upstream *pipeline.UpstreamError
	if _, err := snapshot.Download(t.Context(), client, request); !errors.As(err, &upstream) || !strings.Contains(err.Error(), "404") {
		t.Errorf("got %v, want an UpstreamError with 404", err)
	}
	if len(k.Requests) != 2 {
		t.Errorf("%d requests were written down, want 2", len(k.Requests))
	}
	if _, err := snapshot.UseImported("file"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v of a file that was not imported", err)
	}
	if _, err := k.Put("example", "file", pipeline.OutcomeImported, strings.NewReader("by hand")); err != nil {
		t.Fatal(err)
	}
	if _, err := snapshot.UseImported("file"); err != nil {
		t.Fatal(err)
	}
	opened, err := snapshot.Open("file")
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close()
	if body, err := io.ReadAll(opened); err != nil || string(body) != "by hand" {
		t.Errorf("got %q, %v", body, err)
	}
	at, ok := opened.(io.ReaderAt)
	if !ok {
		t.Fatal("the file cannot be read at a position")
	}
	raw := make([]byte, 4)
	if _, err := at.ReadAt(raw, 3); err != nil || string(raw) != "hand" {
		t.Errorf("got %q, %v", raw, err)
	}
}

// TestSnapshot packs a folder and reads it as a source does.
func TestSnapshot(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"list.csv": "plain", "trade.zip/COW/b.csv": "second", "trade.zip/COW/a.csv": "first",
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	packed := Snapshot(t, dir)
	members, err := archive.New("example", packed, archive.Limits{}).Members("trade.zip")
	if err != nil || len(members) != 2 || members[0].Path != "trade.zip/COW/a.csv" {
		t.Fatalf("got %+v, %v", members, err)
	}
	under := archive.New("example", packed, archive.Limits{})
	for name, want := range map[string]string{"list.csv": "plain", "trade.zip/COW/a.csv": "first", "trade.zip/COW/b.csv": "second"} {
		if got, err := fs.ReadFile(under, name); err != nil || string(got) != want {
			t.Errorf("%s: got %q, %v", name, got, err)
		}
		if got, err := fs.ReadFile(packed, name); err != nil || string(got) != want {
			t.Errorf("%s beside the archive: got %q, %v", name, got, err)
		}
	}
	if again := Snapshot(t, dir); !bytes.Equal(again["trade.zip"].Data, packed["trade.zip"].Data) {
		t.Error("the same files gave another archive")
	}
}

// TestKeeperRecalls asks for answers that are young, too old, and over the calls of a day.
func TestKeeperRecalls(t *testing.T) {
	client := Mirror(t, map[string]string{"example.org/a": "a", "example.org/b": "b"})
	now := time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)
	k := NewKeeper()
	k.Now = func() time.Time { return now }
	ask := func(name string) (pipeline.File, error) {
		return k.Fetch(t.Context(), client, "example", pipeline.Request{
			Name: name, URL: "https://example.org/" + name, DailyCalls: 2, MaxAge: time.Hour,
		})
	}
	for i, c := range []struct {
		name    string
		after   time.Duration
		outcome string
	}{
		{"a", 0, pipeline.OutcomeDownloaded},
		{"a", time.Minute, pipeline.OutcomeRecent},
		{"a", time.Hour, pipeline.OutcomeDownloaded},
		{"a", 2 * time.Hour, pipeline.OutcomeHeld},
		{"b", 2 * time.Hour, ""},
		{"b", 12 * time.Hour, pipeline.OutcomeDownloaded},
	} {
		now = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC).Add(c.after)
		f, err := ask(c.name)
		var quota *pipeline.QuotaError
		if f.Outcome != c.outcome || errors.As(err, &quota) != (c.outcome == "") {
			t.Errorf("request %d: outcome %q, %v; want %q", i, f.Outcome, err, c.outcome)
		}
	}
}

package texts

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"entente/pipeline"
	"entente/pipeline/pipelinetest"
)

var update = flag.Bool("update", false, "write the cases' wanted files")

func newSource(t testing.TB, fill func(*settings)) pipeline.Source {
	t.Helper()
	src, err := New(func(into any) error {
		fill(into.(*settings))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return src
}

func nothing(*settings) {}

func TestContract(t *testing.T) {
	pipelinetest.TestSource(t, newSource(t, nothing), pipelinetest.Snapshot(t, "testdata/texts/snapshot"))
}

func TestCases(t *testing.T) { pipelinetest.RunCases(t, newSource(t, nothing), "testdata", *update) }

func TestNewRefusesSettings(t *testing.T) {
	unknown := errors.New("line 3: no setting \"directory\"")
	if _, err := New(func(any) error { return unknown }); !errors.Is(err, unknown) {
		t.Errorf("got %v", err)
	}
	for _, urls := range [][]string{
		{"http://example.org/a.md"}, {"https://example.org/a.pdf"}, {"a.md"}, {"https://example.org/a.md", "https://example.net/b/a.md"},
	} {
		_, err := New(func(into any) error {
			into.(*settings).URLs = urls
			return nil
		})
		if err == nil || !strings.Contains(err.Error(), "urls") {
			t.Errorf("%v: got %v", urls, err)
		}
	}
}

func TestFetchOfNothing(t *testing.T) {
	snapshot := pipeline.NewSnapshot(name, true, pipelinetest.NewKeeper())
	if err := newSource(t, nothing).Fetch(t.Context(), nil, snapshot); err != nil || len(snapshot.Files) != 0 {
		t.Errorf("got %+v, %v", snapshot.Files, err)
	}
}

func TestFetch(t *testing.T) {
	dir := t.TempDir()
	for file, text := range map[string]string{"a.md": "one", "README.md": "left out", "b.pdf": "left out"} {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "sub.md"), 0o700); err != nil {
		t.Fatal(err)
	}
	client := pipelinetest.Mirror(t, map[string]string{"example.org/texts/c.html": "three"})
	src := newSource(t, func(s *settings) {
		s.Folder, s.URLs = dir, []string{"https://example.org/texts/c.html"}
	})
	snapshot := pipeline.NewSnapshot(name, true, pipelinetest.NewKeeper())
	if err := src.Fetch(t.Context(), client, snapshot); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{"a.md": "one", "c.html": "three"} {
		if got, err := fs.ReadFile(snapshot, file); err != nil || string(got) != want {
			t.Errorf("%s: got %q, %v", file, got, err)
		}
	}
	if len(snapshot.Files) != 2 {
		t.Errorf("got %+v", snapshot.Files)
	}
}

func TestFetchFails(t *testing.T) {
	src := newSource(t, func(s *settings) { s.Folder = filepath.Join(t.TempDir(), "absent") })
	err := src.Fetch(t.Context(), nil, pipeline.NewSnapshot(name, true, pipelinetest.NewKeeper()))
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "folder") {
		t.Errorf("got %v", err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "c.md"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	src = newSource(t, func(s *settings) { s.Folder, s.URLs = dir, []string{"https://example.org/c.md"} })
	err = src.Fetch(t.Context(), nil, pipeline.NewSnapshot(name, true, pipelinetest.NewKeeper()))
	if err == nil || !strings.Contains(err.Error(), "rename") {
		t.Errorf("two files of one name: got %v", err)
	}
}

func TestImported(t *testing.T) {
	keeper := pipelinetest.NewKeeper()
	if _, err := keeper.Put(name, archiveFile, pipeline.OutcomeImported, strings.NewReader("PK")); err != nil {
		t.Fatal(err)
	}
	snapshot := pipeline.NewSnapshot(name, true, keeper)
	if err := newSource(t, nothing).Fetch(t.Context(), nil, snapshot); err != nil || len(snapshot.Files) != 1 {
		t.Errorf("got %+v, %v", snapshot.Files, err)
	}
	takes := newSource(t, nothing).About().Files[0].Header
	if !takes("PK\x03\x04texts/\ntexts/pact.md\n") || takes("PK\x03\x04a.csv\n") || takes("pact.md") {
		t.Error("an archive of texts is not told from another file")
	}
}

func TestTooLong(t *testing.T) {
	src := newSource(t, nothing)
	snapshot := fstest.MapFS{"a.md": {Data: make([]byte, largest+1)}}
	_, err := pipelinetest.Parse(t.Context(), src, snapshot, src.Tables()[0])
	var upstream *pipeline.UpstreamError
	if !errors.As(err, &upstream) || upstream.Where != "a.md" {
		t.Errorf("got %v, want an UpstreamError about a.md", err)
	}
}

// FuzzParse feeds the parser texts that nobody writes: it sets them aside, or takes whole lines of them.
func FuzzParse(f *testing.F) {
	src := newSource(f, nothing)
	cases, err := filepath.Glob("testdata/*/snapshot/*.*")
	if err != nil || len(cases) == 0 {
		f.Fatalf("no case: %v", err)
	}
	for _, file := range cases {
		data, err := os.ReadFile(file)
		if err != nil {
			continue // an archive's folder
		}
		f.Add(data, strings.HasSuffix(file, ".html"))
	}
	f.Fuzz(func(t *testing.T, data []byte, isHTML bool) {
		file := "a.md"
		if isHTML {
			file = "a.html"
		}
		snapshot := fstest.MapFS{file: {Data: data}}
		for _, table := range src.Tables() {
			rows, err := pipelinetest.Parse(t.Context(), src, snapshot, table)
			if err != nil {
				t.Fatal(err)
			}
			pipelinetest.Account(t, snapshot, rows)
		}
	})
}

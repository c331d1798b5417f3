package tota

import (
	"archive/zip"
	"bytes"
	"errors"
	"flag"
	"io"
	"strings"
	"testing"
	"testing/fstest"

	"entente/pipeline"
	"entente/pipeline/pipelinetest"
)

var update = flag.Bool("update", false, "write the cases' wanted files")

func none(any) error { return nil }

func newSource(t testing.TB) pipeline.Source {
	t.Helper()
	src, err := New(none)
	if err != nil {
		t.Fatal(err)
	}
	return src
}

func TestContract(t *testing.T) {
	pipelinetest.TestSource(t, newSource(t), pipelinetest.Snapshot(t, "testdata/two_treaties/snapshot"))
}

func TestCases(t *testing.T) { pipelinetest.RunCases(t, newSource(t), "testdata", *update) }

func TestNewRefusesSettings(t *testing.T) {
	unknown := errors.New("line 3: no setting \"branch\"")
	if _, err := New(func(any) error { return unknown }); !errors.Is(err, unknown) {
		t.Errorf("got %v", err)
	}
	for _, revision := range []string{"", "../master", "refs//heads", "refs/heads/", "a b", "refs/../x"} {
		_, err := New(func(into any) error {
			into.(*settings).Revision = revision
			return nil
		})
		if err == nil || !strings.Contains(err.Error(), "revision") {
			t.Errorf("revision %q: got %v", revision, err)
		}
	}
}

// TestUnsafeArchives reads archives that are made to do harm: none of their members is read.
func TestUnsafeArchives(t *testing.T) {
	for problem, member := range map[string]struct{ name, text string }{
		"leave its folder":        {"../../pta_1.xml", "<treaty/>"},
		"more than a table would": {"xml/pta_1.xml", strings.Repeat(" ", 1<<20)},
	} {
		var body bytes.Buffer
		w := zip.NewWriter(&body)
		f, err := w.Create(member.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, member.text); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		src := newSource(t)
		snapshot := fstest.MapFS{archiveFile: {Data: body.Bytes()}}
		for _, table := range src.Tables() {
			_, err := pipelinetest.Parse(t.Context(), src, snapshot, table)
			var upstream *pipeline.UpstreamError
			if !errors.As(err, &upstream) || !strings.Contains(err.Error(), problem) {
				t.Errorf("%s: got %v, want an UpstreamError about %q", table.Name, err, problem)
			}
		}
	}
}

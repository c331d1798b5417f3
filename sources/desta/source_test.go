package desta

import (
	"errors"
	"flag"
	"strings"
	"testing"

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
	pipelinetest.TestSource(t, newSource(t), pipelinetest.Snapshot(t, "testdata/version_2/snapshot"))
}

func TestCases(t *testing.T) { pipelinetest.RunCases(t, newSource(t), "testdata", *update) }

func TestNewRefusesSettings(t *testing.T) {
	unknown := errors.New("line 3: no setting \"release\"")
	if _, err := New(func(any) error { return unknown }); !errors.Is(err, unknown) {
		t.Errorf("got %v", err)
	}
	for _, archive := range []string{"", "../list.csv", "list.zip", "a b.csv"} {
		_, err := New(func(into any) error {
			into.(*settings).File = archive
			return nil
		})
		if err == nil || !strings.Contains(err.Error(), "file") {
			t.Errorf("file %q: got %v", archive, err)
		}
	}
}

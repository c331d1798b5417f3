package comtrade

import (
	"flag"
	"os"
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
	pipelinetest.TestSource(t, newSource(t), os.DirFS("testdata/current/snapshot"))
}

func TestCases(t *testing.T) { pipelinetest.RunCases(t, newSource(t), "testdata", *update) }

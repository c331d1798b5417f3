package gibbs

import (
	"errors"
	"flag"
	"strings"
	"testing"
	"testing/fstest"

	"entente/pipeline"
	"entente/pipeline/pipelinetest"
)

var update = flag.Bool("update", false, "write the cases' wanted files")

func newSource(t testing.TB) pipeline.Source {
	t.Helper()
	src, err := New(func(any) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	return src
}

func TestContract(t *testing.T) {
	pipelinetest.TestSource(t, newSource(t), pipelinetest.Snapshot(t, "testdata/one_scope/snapshot"))
}

func TestCases(t *testing.T) { pipelinetest.RunCases(t, newSource(t), "testdata", *update) }

func TestNewRefusesSettings(t *testing.T) {
	unknown := errors.New("line 3: no setting \"sweeps\"")
	if _, err := New(func(any) error { return unknown }); !errors.Is(err, unknown) {
		t.Errorf("got %v", err)
	}
}

func TestFetch(t *testing.T) {
	keeper := pipelinetest.NewKeeper()
	snapshot := pipeline.NewSnapshot(name, true, keeper)
	src := newSource(t)
	if err := src.Fetch(t.Context(), nil, snapshot); !errors.Is(err, pipeline.ErrNotAutomated) || !strings.Contains(err.Error(), "entente estimate") {
		t.Errorf("got %v", err)
	}
	if _, err := keeper.Put(name, File, pipeline.OutcomeImported, strings.NewReader("scope\n")); err != nil {
		t.Fatal(err)
	}
	if err := src.Fetch(t.Context(), nil, snapshot); err != nil || len(snapshot.Files) != 1 {
		t.Errorf("got %+v, %v", snapshot.Files, err)
	}
}

func FuzzParse(f *testing.F) {
	pipelinetest.Fuzz(f, newSource(f), []string{"testdata/*/snapshot/" + File}, func(data []byte) fstest.MapFS {
		return fstest.MapFS{File: {Data: data}}
	})
}

package mid

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
	pipelinetest.TestSource(t, newSource(t), pipelinetest.Snapshot(t, "testdata/version_5/snapshot"))
}

func TestCases(t *testing.T) { pipelinetest.RunCases(t, newSource(t), "testdata", *update) }

func TestNewRefusesSettings(t *testing.T) {
	unknown := errors.New("line 3: no setting \"release\"")
	if _, err := New(func(any) error { return unknown }); !errors.Is(err, unknown) {
		t.Errorf("got %v", err)
	}
	for _, archive := range []string{"", "../mid.zip", "mid.csv", "a b.zip"} {
		for setting, set := range map[string]func(*settings){
			"disputes": func(s *settings) { s.Disputes = archive },
			"dyads":    func(s *settings) { s.Dyads = archive },
		} {
			_, err := New(func(into any) error {
				set(into.(*settings))
				return nil
			})
			if err == nil || !strings.Contains(err.Error(), setting) {
				t.Errorf("%s %q: got %v", setting, archive, err)
			}
		}
	}
}

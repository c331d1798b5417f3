package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"
)

// TestDocumentsAreCurrent compares two documents with what a release of the sample says: docs/dictionary.md is what
// the program prints, docs/questions.md is core.questions and core.measures. To renew them:
// go test ./cmd/entente -run TestDocumentsAreCurrent -update
func TestDocumentsAreCurrent(t *testing.T) {
	t.Parallel()
	data := sampled(t)
	testAnswers(t, data)
	for file, want := range map[string]string{
		"../../docs/dictionary.md": must(t, data, "dictionary", "--markdown"),
		"../../docs/questions.md":  questions(t, data),
	} {
		if *update {
			if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		committed, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(committed), want); diff != "" {
			t.Errorf("%s is not current (-committed +wanted):\n%s", file, diff)
		}
	}
}

// The commands, as typed. At $SILENT is an upstream that never answers, in $SAMPLE a data folder of the sample to copy.
func TestScripts(t *testing.T) {
	t.Parallel()
	data := sampled(t)
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
			env.Defer(silent.Close)
			env.Setenv("SILENT", silent.URL)
			env.Setenv("SAMPLE", data)
			return nil
		},
	})
}

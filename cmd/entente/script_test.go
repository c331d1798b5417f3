package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"os/signal"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"entente": func() {
			ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
		},
	})
}

// TestDocumentsAreCurrent compares two documents with what a release of the sample says: docs/dictionary.md is what
// the program prints, docs/questions.md is core.questions and core.measures. To renew them:
// go test ./cmd/entente -run TestDocumentsAreCurrent -update
func TestDocumentsAreCurrent(t *testing.T) {
	data := t.TempDir()
	must(t, data, "run", "--sample")
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

// The commands, as typed. At $SILENT is an upstream that never answers.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
			env.Defer(silent.Close)
			env.Setenv("SILENT", silent.URL)
			return nil
		},
	})
}

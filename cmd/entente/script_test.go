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

// docs/dictionary.md is what the program prints; to renew it:
// go run ./cmd/entente run --sample && go run ./cmd/entente dictionary --markdown > docs/dictionary.md
func TestDictionaryIsCurrent(t *testing.T) {
	data := t.TempDir()
	must(t, data, "run", "--sample")
	committed, err := os.ReadFile("../../docs/dictionary.md")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(committed), must(t, data, "dictionary", "--markdown")); diff != "" {
		t.Errorf("docs/dictionary.md is not current (-committed +printed):\n%s", diff)
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

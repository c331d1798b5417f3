package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"entente/pipeline"
	"entente/pipeline/pipelinetest"
)

// TestMain puts the program itself on the path as entente, for scripts and tests.
func TestMain(m *testing.M) {
	testscript.Main(fixtures{m}, map[string]func(){
		"entente": func() {
			ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
		},
	})
}

// fixture is a data folder that several tests read. A test that changes one takes a copy.
type fixture struct {
	once sync.Once
	dir  string
	made bool
}

// sample is the sample's, voeten that of the source's whole.
var sample, voeten fixture

// fixtures are the tests, after which the folders that they shared are removed.
type fixtures struct{ *testing.M }

func (f fixtures) Run() int {
	code := f.M.Run()
	for _, shared := range []*fixture{&sample, &voeten} {
		if err := os.RemoveAll(shared.dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
	return code
}

// folder is the fixture's, which a run with these words makes when it is first asked for.
func (f *fixture) folder(t testing.TB, run ...string) string {
	t.Helper()
	f.once.Do(func() {
		var err error
		if f.dir, err = os.MkdirTemp(os.Getenv("GOTMPDIR"), "entente-fixture"); err != nil {
			t.Fatal(err)
		}
		must(t, f.dir, append([]string{"run"}, run...)...)
		f.made = true
	})
	if !f.made {
		t.Fatalf("entente run %s made no folder, as another test says", strings.Join(run, " "))
	}
	return f.dir
}

// sampled is a data folder of the sample, to be read.
func sampled(t testing.TB) string {
	t.Helper()
	return sample.folder(t, "--sample")
}

// copied is a copy of a data folder, to be changed.
func copied(t testing.TB, folder string) string {
	t.Helper()
	data := t.TempDir()
	if err := os.CopyFS(data, os.DirFS(folder)); err != nil {
		t.Fatal(err)
	}
	return data
}

// shared is the folder of real data and of the upstreams' stand-in; a test that needs it is skipped
// where it is absent.
func shared(t testing.TB) string {
	dir, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "shared", "upstream", "serve.py")); err == nil {
			return filepath.Join(dir, "shared")
		}
	}
	t.Skip("../shared with real data and the upstreams' stand-in is not at hand")
	return ""
}

// unhurried skips a test over millions of rows where the race detector makes it take minutes; the same
// code runs under the detector on the smaller files.
func unhurried(t testing.TB) {
	if pipelinetest.RaceDetector {
		t.Skip("millions of rows: run without the race detector")
	}
}

// upstream starts the stand-in with faults and returns its address and cache folder.
func upstream(t testing.TB, faults ...string) (url, cache string) {
	t.Helper()
	root := shared(t)
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3, in which the upstreams' stand-in is written, is not installed")
	}
	args := []string{filepath.Join(root, "upstream", "serve.py"), "--port", "0"}
	if len(faults) > 0 {
		for _, f := range faults {
			args = append(args, "--fault", f)
		}
	}
	serve := exec.Command(python, args...)
	out, err := serve.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { serve.Process.Kill(); serve.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the stand-in did not start: %v", err)
	}
	caches, _ := filepath.Glob(filepath.Join(os.TempDir(), "entente-upstream*"))
	if len(caches) > 0 {
		cache = caches[len(caches)-1]
	}
	return strings.TrimSpace(strings.TrimPrefix(line, "listening ")), cache
}

// entente runs a command line on a data folder, in a process of its own: it bounds its memory, and tests run side by side.
func entente(t testing.TB, data string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	return ententeIn(t, nil, data, args...)
}

// ententeIn is entente with more in its environment.
func ententeIn(t testing.TB, environment []string, data string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	c := exec.Command("entente", append([]string{"--data", data}, args...)...)
	c.Stdout, c.Stderr, c.Env = &out, &errs, append(os.Environ(), environment...)
	var exit *exec.ExitError
	if err := c.Run(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return c.ProcessState.ExitCode(), out.String(), errs.String()
}

// must is entente, which has to succeed.
func must(t testing.TB, data string, args ...string) string {
	t.Helper()
	code, out, errs := entente(t, data, args...)
	if code != 0 {
		t.Fatalf("entente %s: exit %d\n%s", strings.Join(args, " "), code, errs)
	}
	return out
}

// rowsOf runs a query and returns its rows, without the header.
func rowsOf(t testing.TB, data, query string) [][]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(must(t, data, "query", "--format", "csv", query))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

func current(t testing.TB, data string) pipeline.Manifest {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(data, "current", "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	var m pipeline.Manifest
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

package ledger_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"testing"

	"entente/pipeline"
	"entente/pipeline/ledger"
)

// Environment of a child process: the ledger it writes and the step at which it dies.
const (
	childPath = "LEDGER_TEST_PATH"
	childStep = "LEDGER_TEST_STEP"
)

func TestMain(m *testing.M) {
	if path := os.Getenv(childPath); path != "" {
		var err error
		if limit, _ := strconv.Atoi(os.Getenv(childTakes)); limit > 0 {
			err = takes(path, limit)
		} else {
			err = child(path, os.Getenv(childStep))
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func child(path, step string) error {
	at, err := strconv.Atoi(step)
	if err != nil {
		return err
	}
	l, err := ledger.Open(path)
	if err != nil {
		return err
	}
	n := 0
	l.OnStep(func(string) {
		if n == at {
			die()
		}
		n++
	})
	return write(l)
}

// die ends this process as kill -9 does.
func die() {
	self, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = self.Kill()
	}
	if err != nil {
		panic(err)
	}
	select {}
}

// write begins a run, sets more bytes aside than SQLite keeps in memory, and ends the run.
func write(l *ledger.Ledger) error {
	ctx := context.Background()
	if err := l.Begin(ctx, run(2)); err != nil {
		return err
	}
	var rows []pipeline.QuarantinedRow
	for i := range 16 {
		r := row(int64(i), "unga_votes", "x")
		r.Raw = bytes.Repeat([]byte{byte(i)}, 1<<20)
		rows = append(rows, r)
	}
	if err := l.Quarantine(ctx, run(2).ID, rows); err != nil {
		return err
	}
	r := run(2)
	r.Outcome = pipeline.RunPublished
	return l.End(ctx, r)
}

// TestKilled kills a process at each step of its transactions: each is there whole, or not at all.
func TestKilled(t *testing.T) {
	var steps []string
	recorded := open(t, file(t))
	recorded.OnStep(func(name string) { steps = append(steps, name) })
	if err := write(recorded); err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(steps, "row") || !slices.Contains(steps, "commit") {
		t.Fatalf("steps are %q", steps)
	}
	hot := 0
	for i, step := range steps {
		t.Run(fmt.Sprintf("%02d %s", i, step), func(t *testing.T) {
			path := file(t)
			l := open(t, path)
			begin(t, l, 1)
			cmd := exec.CommandContext(t.Context(), os.Args[0])
			cmd.Env = append(os.Environ(), childPath+"="+path, childStep+"="+strconv.Itoa(i))
			out, err := cmd.CombinedOutput()
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.ExitCode() != -1 {
				t.Fatalf("child was not killed: %v\n%s", err, out)
			}
			if info, err := os.Stat(path + "-journal"); err == nil && info.Size() > 0 {
				hot++
			}
			commits := 0
			for _, s := range steps[:i] {
				if s == "commit" {
					commits++
				}
			}
			wantAfter(t, l, commits)
			begin(t, l, 3)
			runs, err := l.Runs(t.Context(), 10)
			if err != nil || runs[0].ID != "run-003" || slices.ContainsFunc(runs[1:], func(r pipeline.RunRecord) bool { return r.Outcome == pipeline.RunRunning }) {
				t.Errorf("runs after the next begin: %v, %v", runs, err)
			}
		})
	}
	if hot == 0 {
		t.Error("no child left a journal: the test does not test recovery")
	}
}

// wantAfter checks what a child left that got through so many of its three transactions.
func wantAfter(t *testing.T, l *ledger.Ledger, commits int) {
	t.Helper()
	ctx := t.Context()
	integrity, _, err := l.Check(ctx)
	if err != nil || integrity != "ok" {
		t.Errorf("integrity: %s, %v", integrity, err)
	}
	runs, err := l.Runs(ctx, 10)
	if err != nil {
		t.Fatal(err)
	}
	wantRuns, wantRows, first := 1, 0, pipeline.RunRunning
	if commits >= 1 {
		wantRuns, first = 2, pipeline.RunInterrupted
	}
	if commits >= 2 {
		wantRows = 16
	}
	if len(runs) != wantRuns || runs[len(runs)-1].Outcome != first {
		t.Errorf("after %d commits the runs are %v, want %d, the first %s", commits, runs, wantRuns, first)
	}
	kept, err := l.QuarantineRows(ctx, ledger.Filter{})
	if err != nil || len(kept) != wantRows {
		t.Errorf("after %d commits %d rows are in quarantine, %v, want %d", commits, len(kept), err, wantRows)
	}
}

package ledger_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"entente/pipeline"
	"entente/pipeline/ledger"
)

var start = time.Date(2026, 11, 23, 10, 30, 0, 123456000, time.UTC)

func open(t *testing.T, path string) *ledger.Ledger {
	t.Helper()
	l, err := ledger.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

func file(t *testing.T) string { return filepath.Join(t.TempDir(), "state 50%?#.sqlite") }

func run(n int) pipeline.RunRecord {
	return pipeline.RunRecord{
		ID: fmt.Sprintf("run-%03d", n), Command: "entente run", Jobs: []string{"unga", "unsc"}, Program: "entente test",
		StartedAt: start.Add(time.Duration(n) * time.Hour), Outcome: pipeline.RunRunning,
	}
}

func begin(t *testing.T, l *ledger.Ledger, ns ...int) {
	t.Helper()
	for _, n := range ns {
		if err := l.Begin(t.Context(), run(n)); err != nil {
			t.Fatal(err)
		}
	}
}

func row(line int64, table, reason string) pipeline.QuarantinedRow {
	return pipeline.QuarantinedRow{
		Source: strings.TrimSuffix(table, "_votes"), Table: "raw." + table, File: "votes.csv", SHA256: strings.Repeat("ab", 32),
		Line: line, Offset: 100 * line, Reason: reason, Raw: []byte("a,\xff\x00,b\r"),
	}
}

func TestRuns(t *testing.T) {
	ctx := t.Context()
	path := file(t)
	l := open(t, path)
	east := time.FixedZone("east", 3*3600)
	first := run(1)
	first.StartedAt = first.StartedAt.In(east)
	if err := l.Begin(ctx, first); err != nil {
		t.Fatal(err)
	}
	first.FinishedAt, first.Outcome, first.Release = first.StartedAt.Add(time.Minute), pipeline.RunPublished, "r1"
	if err := l.End(ctx, first); err != nil {
		t.Fatal(err)
	}
	second := run(2)
	second.Jobs = nil
	if err := l.Begin(ctx, second); err != nil {
		t.Fatal(err)
	}
	begin(t, l, 3)
	third := run(3)
	third.FinishedAt, third.Outcome, third.Error = third.StartedAt.Add(time.Second), pipeline.RunFailed, "source unga: no luck"
	if err := l.End(ctx, third); err != nil {
		t.Fatal(err)
	}
	begin(t, l, 4)

	first.StartedAt, first.FinishedAt = first.StartedAt.UTC(), first.FinishedAt.UTC()
	second.Jobs, second.Outcome, second.Error = []string{}, pipeline.RunInterrupted, "the process ended without recording an outcome"
	want := []pipeline.RunRecord{run(4), third, second, first}
	got, err := open(t, path).Runs(ctx, 10)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("runs (-want +got), %v:\n%s", err, diff)
	}
	if got, err := l.Runs(ctx, 2); err != nil || len(got) != 2 || got[0].ID != "run-004" {
		t.Errorf("two newest runs: %v, %v", got, err)
	}
	started, finished, err := l.Times(ctx, "run-001")
	if err != nil || started != "2026-11-23T11:30:00.123456Z" || finished == nil || *finished != "2026-11-23T11:31:00.123456Z" {
		t.Errorf("stored times are %q, %v, %v", started, finished, err)
	}
	if _, finished, err := l.Times(ctx, "run-002"); err != nil || finished != nil {
		t.Errorf("an interrupted run finished at %v, %v", finished, err)
	}
}

func TestRefused(t *testing.T) {
	ctx := t.Context()
	l := open(t, file(t))
	begin(t, l, 1)
	for name, err := range map[string]error{
		"begin twice":            l.Begin(ctx, run(1)),
		"end without begin":      l.End(ctx, run(2)),
		"rows without begin":     l.Quarantine(ctx, "run-002", []pipeline.QuarantinedRow{row(2, "unga_votes", "x")}),
		"begin after the ending": l.Begin(cancelled(ctx), run(3)),
	} {
		if err == nil || !strings.Contains(err.Error(), "run-00") {
			t.Errorf("%s: %v, want an error that names the run", name, err)
		}
	}
	runs, err := l.Runs(ctx, 10)
	if diff := cmp.Diff([]pipeline.RunRecord{run(1)}, runs); diff != "" || err != nil {
		t.Errorf("a refused Begin changed the ledger, %v:\n%s", err, diff)
	}
}

func cancelled(ctx context.Context) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	return ctx
}

func TestQuarantine(t *testing.T) {
	ctx := t.Context()
	l := open(t, file(t))
	begin(t, l, 1, 2)
	a := row(7, "unga_votes", `vote "Q" is none of Y, N, A, X`)
	b := row(9, "unga_votes", `vote "Z\"9" is none of Y, N, A, X`)
	c := row(8, "unsc_votes", "date 2011-13-01 is no day")
	d := row(5, "unga_votes", `vote "Q" is none of Y, N, A, X`)
	d.Raw = nil
	for runID, rows := range map[string][]pipeline.QuarantinedRow{"run-001": {d}, "run-002": {a, c, b}} {
		if err := l.Quarantine(ctx, runID, rows); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Quarantine(ctx, "run-001", nil); err != nil {
		t.Error(err)
	}
	for name, c := range map[string]struct {
		filter ledger.Filter
		want   []pipeline.QuarantinedRow
	}{
		"all":          {ledger.Filter{}, []pipeline.QuarantinedRow{a, c, b, d}},
		"run":          {ledger.Filter{RunID: "run-001"}, []pipeline.QuarantinedRow{d}},
		"source":       {ledger.Filter{Source: "unsc"}, []pipeline.QuarantinedRow{c}},
		"table":        {ledger.Filter{Table: "raw.unga_votes"}, []pipeline.QuarantinedRow{a, b, d}},
		"limit":        {ledger.Filter{Table: "raw.unga_votes", Limit: 2}, []pipeline.QuarantinedRow{a, b}},
		"unknown":      {ledger.Filter{RunID: "run-009"}, nil},
		"both":         {ledger.Filter{RunID: "run-002", Source: "unga", Limit: 1}, []pipeline.QuarantinedRow{a}},
		"hostile name": {ledger.Filter{Source: "' or 1=1 --"}, nil},
	} {
		rows, err := l.QuarantineRows(ctx, c.filter)
		if err != nil {
			t.Fatal(err)
		}
		var got []pipeline.QuarantinedRow
		for _, k := range rows {
			got = append(got, k.QuarantinedRow)
			one, err := l.QuarantineRows(ctx, ledger.Filter{ID: k.ID})
			if diff := cmp.Diff([]ledger.Kept{k}, one); diff != "" || err != nil {
				t.Errorf("row %d (-want +got), %v:\n%s", k.ID, err, diff)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}

	summary, err := l.QuarantineSummary(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	for i := range summary {
		summary[i].FirstID = 0
	}
	votes := `vote "…" is none of Y, N, A, X`
	want := []ledger.Summary{
		{RunID: "run-002", StartedAt: run(2).StartedAt, Source: "unga", Table: "raw.unga_votes", Class: votes, Rows: 2, FirstLine: 7, Reason: a.Reason},
		{RunID: "run-002", StartedAt: run(2).StartedAt, Source: "unsc", Table: "raw.unsc_votes", Class: "date # is no day", Rows: 1, FirstLine: 8, Reason: c.Reason},
		{RunID: "run-001", StartedAt: run(1).StartedAt, Source: "unga", Table: "raw.unga_votes", Class: votes, Rows: 1, FirstLine: 5, Reason: d.Reason},
	}
	if diff := cmp.Diff(want, summary); diff != "" {
		t.Errorf("summary (-want +got):\n%s", diff)
	}
	if one, err := l.QuarantineSummary(ctx, "run-001"); err != nil || len(one) != 1 || one[0].RunID != "run-001" {
		t.Errorf("summary of run-001: %v, %v", one, err)
	}
}

func TestClass(t *testing.T) {
	for reason, want := range map[string]string{
		"":                                    "",
		"key is empty":                        "key is empty",
		`iso3 "X1" and "" at line 12`:         `iso3 "…" and "…" at line #`,
		"year 1946.5, not 1,946":              "year #, not #",
		"value -3 of 'abc def' isn't a count": `value # of "…" isn't a count`,
		"iso3 and p95 stay":                   "iso3 and p95 stay",
		"the state's seat isn't the source's": "the state's seat isn't the source's",
		"time 12:30:00 on 2011/03/04":         "time # on #",
	} {
		if got := ledger.Class(reason); got != want {
			t.Errorf("Class(%q) = %q, want %q", reason, got, want)
		}
	}
}

// TestRetention checks that quiet runs do not push rows out, and that the twenty-first noisy run does.
func TestRetention(t *testing.T) {
	ctx := t.Context()
	l := open(t, file(t))
	for n := range 50 {
		begin(t, l, n)
		if n%2 == 1 {
			continue
		}
		if err := l.Quarantine(ctx, run(n).ID, []pipeline.QuarantinedRow{row(int64(n), "unga_votes", "x"), row(99, "unga_votes", "y")}); err != nil {
			t.Fatal(err)
		}
	}
	rows, err := l.QuarantineRows(ctx, ledger.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	oldest := rows[len(rows)-1].RunID
	if len(rows) != 2*20 || oldest != "run-010" {
		t.Errorf("%d rows kept, the oldest of %s; want 40, run-010", len(rows), oldest)
	}
	if runs, err := l.Runs(ctx, 100); err != nil || len(runs) != 50 {
		t.Errorf("%d runs kept, %v; want all 50", len(runs), err)
	}
}

func TestSchemaVersion(t *testing.T) {
	ctx := t.Context()
	path := file(t)
	l := open(t, path)
	begin(t, l, 1)
	_, version, err := l.Check(ctx)
	if err != nil || version < 1 {
		t.Fatalf("version %d, %v", version, err)
	}
	if err := l.Migrate(ctx, "create table a (b text) strict; create table no such syntax"); err == nil {
		t.Error("a broken migration passed")
	}
	if err := l.Migrate(ctx, "create table a (b text) strict", "alter table a add column c text"); err != nil {
		t.Errorf("two migrations after one that was undone: %v", err)
	}
	if _, after, err := l.Check(ctx); err != nil || after != version+2 {
		t.Errorf("version %d, %v, want %d", after, err, version+2)
	}
	if runs, err := l.Runs(ctx, 10); err != nil || len(runs) != 1 {
		t.Errorf("migration lost runs: %v, %v", runs, err)
	}
	if _, err := ledger.Open(path); err == nil || !strings.Contains(err.Error(), "newer than this program's") {
		t.Errorf("opening a newer ledger: %v", err)
	}
}

func TestOpenErrors(t *testing.T) {
	dir := t.TempDir()
	if _, err := ledger.Open(filepath.Join(dir, "none", "state.sqlite")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no folder: %v, want fs.ErrNotExist", err)
	}
	var at *fs.PathError
	if _, err := ledger.Open(dir); !errors.As(err, &at) || at.Path != dir {
		t.Errorf("a folder: %v, want a PathError", err)
	}
	text := filepath.Join(dir, "text")
	if err := os.WriteFile(text, bytes.Repeat([]byte("no database\n"), 100), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := ledger.Open(text); err == nil || !strings.Contains(err.Error(), text) {
		t.Errorf("a text file: %v, want an error that names it", err)
	}
}

// TestConcurrentReaders reads through connections of their own while a writer writes.
func TestConcurrentReaders(t *testing.T) {
	ctx := t.Context()
	path := file(t)
	writer := open(t, path)
	begin(t, writer, 0)
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for range 3 {
		reader := open(t, path)
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				runs, err := reader.Runs(ctx, 1)
				if err != nil || len(runs) != 1 {
					t.Errorf("runs: %v, %v", runs, err)
					return
				}
				kept, err := reader.QuarantineRows(ctx, ledger.Filter{})
				if err != nil || len(kept)%50 != 0 {
					t.Errorf("%d rows, %v; want whole batches of 50", len(kept), err)
					return
				}
			}
		})
	}
	for n := 1; n <= 10; n++ {
		begin(t, writer, n)
		var rows []pipeline.QuarantinedRow
		for i := range 50 {
			rows = append(rows, row(int64(i), "unga_votes", "x"))
		}
		if err := writer.Quarantine(ctx, run(n).ID, rows); err != nil {
			t.Error(err)
		}
		r := run(n)
		r.Outcome = pipeline.RunUnchanged
		if err := writer.End(ctx, r); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	readers.Wait()
	kept, err := writer.QuarantineRows(ctx, ledger.Filter{})
	if err != nil || len(kept) != 500 {
		t.Errorf("%d rows, %v, want 500", len(kept), err)
	}
}

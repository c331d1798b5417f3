package service_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"entente/cmd/entente/folder"
	"entente/cmd/entente/misuse"
	"entente/cmd/entente/service"
	"entente/pipeline"
	"entente/pipeline/ledger"
	"entente/pipeline/release"
	"entente/pipeline/runner"
	"entente/pipeline/scheduler"
)

// every comes again and again.
type every time.Duration

func (e every) Next(t time.Time) time.Time {
	return t.Truncate(time.Duration(e)).Add(time.Duration(e))
}

func job(name string, d time.Duration, p pipeline.SchedulePolicy) pipeline.Schedule {
	if p.Overlap == "" {
		p.Overlap = pipeline.OverlapSkip
	}
	if p.CatchUp == "" {
		p.CatchUp = pipeline.CatchUpNone
	}
	return pipeline.Schedule{Job: name, Sources: []string{name}, When: every(d), Timeout: time.Minute, Policy: p}
}

// worker does runs as told, with a ledger.
type worker struct {
	folder *folder.Folder
	do     func(ctx context.Context, r scheduler.Run) error
}

func (w worker) Work(ctx context.Context, r scheduler.Run, _ *slog.Logger) (report runner.Report, err error) {
	session, err := w.folder.Begin(ctx, "test")
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, session.End()) }()
	report.Run = pipeline.RunRecord{ID: r.ID(), Jobs: r.Sources, StartedAt: w.folder.Now(), Outcome: pipeline.RunRunning, Occasion: service.Occasion(r)}
	if err := session.Ledger.Begin(ctx, report.Run); err != nil {
		return report, err
	}
	err = w.do(ctx, r)
	report.Run.FinishedAt, report.Run.Outcome = w.folder.Now(), pipeline.RunUnchanged
	if err != nil {
		report.Run.Outcome, report.Run.Error = pipeline.RunFailed, err.Error()
	}
	if errors.Is(err, context.Canceled) {
		report.Run.Outcome = pipeline.RunInterrupted
	}
	return report, errors.Join(err, session.Ledger.End(context.WithoutCancel(ctx), report.Run))
}

// said is a log that may be read while it is written.
type said struct {
	mu  sync.Mutex
	log bytes.Buffer
}

func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.Write(p)
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.String()
}

func newFolder(t *testing.T, dir string) (*folder.Folder, *said) {
	t.Helper()
	log := &said{}
	return &folder.Folder{Dir: dir, Now: time.Now, Log: slog.New(slog.NewJSONHandler(log, nil))}, log
}

// freeAddress is one that nothing listens at.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func get(t *testing.T, address string) (int, string) {
	t.Helper()
	resp, err := http.Get("http://" + address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

// start runs a service until stop is called, which returns what Run did.
func start(t *testing.T, o service.Options) (stop func() error) {
	t.Helper()
	s, err := service.New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	return func() error {
		cancel()
		select {
		case err := <-done:
			return err
		case <-time.After(30 * time.Second):
			t.Fatal("the service did not stop within 30 s")
			return nil
		}
	}
}

func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within 20 s: %s", what)
		}
	}
}

func runs(t *testing.T, dir string) []pipeline.RunRecord {
	t.Helper()
	l, err := ledger.Open(dir + "/state.sqlite")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	all, err := l.Runs(t.Context(), 1000)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestServe(t *testing.T) {
	dir := t.TempDir()
	f, log := newFolder(t, dir)
	var mu sync.Mutex
	counts := map[string]int{}
	o := service.Options{
		Folder: f, Command: "entente serve", Listen: freeAddress(t), Grace: time.Second,
		Schedules: []pipeline.Schedule{
			job("votes", 50*time.Millisecond, pipeline.SchedulePolicy{}),
			job("trade", 70*time.Millisecond, pipeline.SchedulePolicy{Retries: 1, RetryAfter: time.Millisecond}),
			{Job: "hand"},
		},
		Worker: worker{f, func(_ context.Context, r scheduler.Run) error {
			mu.Lock()
			defer mu.Unlock()
			counts[r.Job]++
			switch {
			case r.Job == "trade" && counts[r.Job] == 1:
				return errors.New("the upstream is down")
			case r.Job == "votes" && counts[r.Job] == 2:
				panic("votes")
			}
			return nil
		}},
	}
	stop := start(t, o)
	eventually(t, "runs of both jobs", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return counts["votes"] > 3 && counts["trade"] > 3
	})
	if status, body := get(t, o.Listen+"/healthz"); status != http.StatusOK || body != "ok\n" {
		t.Errorf("healthz: %d %s", status, body)
	}
	if status, body := get(t, o.Listen+"/readyz"); status != http.StatusOK || body != "ready\n" {
		t.Errorf("readyz: %d %s", status, body)
	}
	if status, _ := get(t, o.Listen+"/nowhere"); status != http.StatusNotFound {
		t.Errorf("nowhere: %d", status)
	}
	_, page := get(t, o.Listen+"/metrics")
	for _, want := range []string{
		`entente_runs_total{job="trade",outcome="failed"} 1`, `entente_runs_total{job="votes",outcome="failed"} 1`,
		`entente_runs_total{job="votes",outcome="missed"} 0`, `entente_run_duration_seconds_count{job="votes",outcome="unchanged"} `,
		`entente_job_next_run_timestamp_seconds{job="votes"} `, `entente_job_last_success_timestamp_seconds{job="trade"} `,
		`entente_job_overdue{job="trade"} 0`, `entente_build_info{version="devel"} 1`, "go_goroutines ",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("metrics lack %s", want)
		}
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	seen := map[string]bool{}
	retried := false
	for _, r := range runs(t, dir) {
		if seen[r.ID] || r.Outcome == pipeline.RunRunning {
			t.Errorf("run %s is there twice, or still running: %s", r.ID, r.Outcome)
		}
		seen[r.ID] = true
		retried = retried || r.Schedule == "trade" && r.Trigger == scheduler.Retry && r.Attempt == 2 && r.Outcome == pipeline.RunUnchanged
	}
	if !retried {
		t.Error("the failure was not made up for")
	}
	for _, want := range []string{`"msg":"run begins","run_id":"votes-`, `"msg":"panic"`, `"sources":["votes"],"scheduled_at":"20`, `"error":"the upstream is down"`} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %s", want)
		}
	}
}

func TestSecondServiceIsRefusedByName(t *testing.T) {
	dir := t.TempDir()
	f, _ := newFolder(t, dir)
	o := service.Options{Folder: f, Command: "entente serve --listen first", Listen: freeAddress(t)}
	stop := start(t, o)
	o.Command = "entente serve --listen second"
	_, err := service.New(t.Context(), o)
	var locked *pipeline.LockedError
	if !errors.As(err, &locked) || locked.Command != "entente serve --listen first" || locked.PID == 0 {
		t.Errorf("got %v", err)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	start(t, o)()
}

// A run that another process is in the way of takes its turn.
func TestRunWaitsForAnotherProcess(t *testing.T) {
	dir := t.TempDir()
	f, log := newFolder(t, dir)
	held, err := release.Lock(dir, "entente import unga votes.csv", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	o := service.Options{
		Folder: f, Listen: freeAddress(t), Schedules: []pipeline.Schedule{job("votes", time.Second, pipeline.SchedulePolicy{})},
		Worker: worker{f, func(context.Context, scheduler.Run) error { return nil }},
	}
	stop := start(t, o)
	eventually(t, "a run that waits", func() bool {
		return strings.Contains(log.String(), `"msg":"run waits for another process"`)
	})
	if !strings.Contains(log.String(), `"holder":"entente import unga votes.csv"`) {
		t.Errorf("the holder is not named:\n%s", log)
	}
	if err := errors.Join(held.Close(), stop()); err != nil {
		t.Error(err)
	}
	for _, r := range runs(t, dir) {
		if r.Outcome != pipeline.RunSkipped {
			t.Errorf("run %s %s", r.ID, r.Outcome)
		}
	}
}

// When the service stops, a run may end within the grace; after it the run is interrupted, and taken up at the
// next start.
func TestStop(t *testing.T) {
	dir := t.TempDir()
	f, _ := newFolder(t, dir)
	begun := make(chan scheduler.Run, 10)
	schedules := []pipeline.Schedule{job("votes", time.Hour, pipeline.SchedulePolicy{CatchUp: pipeline.CatchUpLatest, Window: 2 * time.Hour, Retries: 2})}
	o := service.Options{
		Folder: f, Listen: freeAddress(t), Grace: time.Millisecond, Schedules: schedules,
		Worker: worker{f, func(ctx context.Context, r scheduler.Run) error {
			begun <- r
			<-ctx.Done()
			return fmt.Errorf("parse: %w", ctx.Err())
		}},
	}
	stop := start(t, o)
	first := <-begun
	if err := stop(); err != nil {
		t.Error(err)
	}
	if all := runs(t, dir); len(all) != 1 || all[0].Outcome != pipeline.RunInterrupted || all[0].ID != first.ID() {
		t.Errorf("after the first stop: %+v", all)
	}

	o.Grace = time.Minute
	o.Worker = worker{f, func(_ context.Context, r scheduler.Run) error {
		begun <- r
		time.Sleep(300 * time.Millisecond)
		return nil
	}}
	stop = start(t, o)
	if again := <-begun; again.ID() != first.ID()+".2" {
		t.Errorf("%s was taken up as %s", first.ID(), again.ID())
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	if all := runs(t, dir); len(all) != 2 || all[0].Outcome != pipeline.RunUnchanged || all[0].Attempt != 2 {
		t.Errorf("after the second stop: %+v", all)
	}
	start(t, o)()
	if all := runs(t, dir); len(all) != 2 {
		t.Errorf("what was done is done again: %+v", all)
	}
}

// A run that takes too long fails, and says so.
func TestTimeout(t *testing.T) {
	dir := t.TempDir()
	f, log := newFolder(t, dir)
	schedule := job("votes", 50*time.Millisecond, pipeline.SchedulePolicy{})
	schedule.Timeout = 20 * time.Millisecond
	stop := start(t, service.Options{
		Folder: f, Listen: freeAddress(t), Schedules: []pipeline.Schedule{schedule},
		Worker: worker{f, func(ctx context.Context, _ scheduler.Run) error { <-ctx.Done(); return ctx.Err() }},
	})
	eventually(t, "a timeout", func() bool { return strings.Contains(log.String(), "longer than its timeout of 20ms") })
	if err := stop(); err != nil {
		t.Error(err)
	}
}

func TestListenOnAnAddressThatOthersReach(t *testing.T) {
	for _, address := range []string{"0.0.0.0:0", ":8080", "192.0.2.1:8080", "nonsense"} {
		f, _ := newFolder(t, t.TempDir())
		s, err := service.New(t.Context(), service.Options{Folder: f, Listen: address})
		if err != nil {
			t.Fatal(err)
		}
		var misused *misuse.Error
		if err := s.Run(t.Context()); !errors.As(err, &misused) {
			t.Errorf("%s: %v", address, err)
		}
	}
}

package service_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"entente/cmd/entente/folder"
	"entente/cmd/entente/service"
	"entente/pipeline"
	"entente/pipeline/scheduler"
	"entente/schedules"
)

// A month of the loop itself, with its timers, its ledger and its locks, on a fake clock: over the start of
// summer time in Berlin (26 March 2000, 2:00), a run that overlaps the next, one that fails twice, and three
// days without a process.
func TestMonth(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		until := func(text string) {
			at, err := time.Parse(time.RFC3339, text)
			if err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Until(at))
		}
		until("2000-03-20T00:00:00Z")
		f := &folder.Folder{Dir: dir, Now: time.Now, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
		daily, err := schedules.Cron("30 2 * * *", "Europe/Berlin")
		if err != nil {
			t.Fatal(err)
		}
		weekly, err := schedules.Cron("0 12 * * 1", "UTC")
		if err != nil {
			t.Fatal(err)
		}
		policy := pipeline.SchedulePolicy{
			Overlap: pipeline.OverlapSkip, CatchUp: pipeline.CatchUpLatest, Window: 7 * 24 * time.Hour,
			Retries: 2, RetryAfter: 10 * time.Minute, Jitter: 5 * time.Minute,
		}
		queued := policy
		queued.Overlap, queued.CatchUp = pipeline.OverlapQueue, pipeline.CatchUpAll
		o := service.Options{
			Folder: f,
			Schedules: []pipeline.Schedule{
				{Job: "daily", Sources: []string{"daily"}, When: daily, Timeout: 48 * time.Hour, Policy: policy},
				{Job: "weekly", Sources: []string{"weekly"}, When: weekly, Timeout: time.Hour, Policy: queued},
			},
			Worker: worker{f, func(ctx context.Context, r scheduler.Run) error {
				switch r.ID() {
				case "daily-20000322T013000Z":
					time.Sleep(30 * time.Hour)
				case "weekly-20000327T120000Z", "weekly-20000327T120000Z.2":
					return errors.New("the upstream is down")
				}
				time.Sleep(5 * time.Minute)
				return nil
			}},
		}
		serve := func() (stop func()) {
			s, err := service.New(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan error)
			go func() { done <- errors.Join(s.Loop(ctx), s.Close()) }()
			return func() {
				cancel()
				if err := <-done; err != nil {
					t.Error(err)
				}
			}
		}
		stop := serve()
		until("2000-04-01T12:00:00Z")
		stop()
		until("2000-04-04T18:00:00Z")
		stop = serve()
		until("2000-04-20T00:00:00Z")
		stop()
	})
	byID := map[string]string{}
	var started []string
	for _, r := range runs(t, dir) {
		byID[r.ID] = strings.TrimSpace(r.Trigger + " " + r.Outcome)
		if late := r.StartedAt.Sub(r.ScheduledAt); r.Trigger == scheduler.OnTime && r.Outcome == pipeline.RunUnchanged && (late < 0 || late > 11*time.Minute) {
			started = append(started, r.ID+" "+late.String())
		}
	}
	if started != nil {
		t.Errorf("not on time: %v", started)
	}
	want := map[string]string{
		"daily-20000319T013000Z":    "catch-up unchanged", // new here: the latest comes first
		"daily-20000323T013000Z":    "schedule skipped",   // the run before takes 30 hours
		"daily-20000402T003000Z":    "catch-up missed",
		"daily-20000403T003000Z":    "catch-up missed",
		"daily-20000404T003000Z":    "catch-up unchanged",
		"weekly-20000313T120000Z":   "catch-up unchanged",
		"weekly-20000320T120000Z":   "schedule unchanged",
		"weekly-20000327T120000Z":   "schedule failed",
		"weekly-20000327T120000Z.2": "retry failed",
		"weekly-20000327T120000Z.3": "retry unchanged",
		"weekly-20000403T120000Z":   "catch-up unchanged",
		"weekly-20000410T120000Z":   "schedule unchanged",
		"weekly-20000417T120000Z":   "schedule unchanged",
	}
	for day := time.Date(2000, 3, 20, 0, 0, 0, 0, time.UTC); day.Before(time.Date(2000, 4, 20, 0, 0, 0, 0, time.UTC)); day = day.AddDate(0, 0, 1) {
		clock := "T003000Z" // 2:30 in summer
		switch d := day.Day(); {
		case day.Month() == time.March && d < 26:
			clock = "T013000Z"
		case day.Month() == time.March && d == 26:
			clock = "T010000Z" // 2:30 is left out: 3:00, the first moment after
		}
		id := "daily-" + day.Format("20060102") + clock
		if want[id] == "" {
			want[id] = "schedule unchanged"
		}
	}
	if diff := cmp.Diff(want, byID); diff != "" {
		t.Error(diff)
	}
}

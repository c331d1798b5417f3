package ledger_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"entente/pipeline"
	"entente/pipeline/ledger"
)

func scheduled(job, at string, attempt int, outcome string) pipeline.RunRecord {
	when, err := time.Parse(time.RFC3339, at)
	if err != nil {
		panic(err)
	}
	id := job + "-" + when.Format("20060102T150405Z")
	if attempt > 1 {
		id += ".2"
	}
	return pipeline.RunRecord{
		ID: id, Command: "entente serve", Jobs: []string{job}, StartedAt: when.Add(time.Second), Outcome: outcome, Program: "test",
		Occasion: pipeline.Occasion{Schedule: job, ScheduledAt: when, Attempt: attempt, Trigger: "schedule"},
	}
}

func TestScheduledRuns(t *testing.T) {
	ctx := t.Context()
	l, err := ledger.Open(t.TempDir() + "/state.sqlite")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	ran := scheduled("voeten", "2026-11-02T04:15:00Z", 1, pipeline.RunRunning)
	if err := l.Begin(ctx, ran); err != nil {
		t.Fatal(err)
	}
	if err := l.Begin(ctx, ran); err == nil {
		t.Error("one scheduled run began twice")
	}
	ran.Outcome = pipeline.RunFailed
	if err := l.End(ctx, ran); err != nil {
		t.Fatal(err)
	}
	again := scheduled("voeten", "2026-11-02T04:15:00Z", 2, pipeline.RunRunning)
	if err := l.Begin(ctx, again); err != nil {
		t.Fatal(err)
	}
	if n, err := l.Interrupt(ctx); n != 1 || err != nil {
		t.Errorf("%d runs cut off, %v", n, err)
	}
	if n, err := l.Interrupt(ctx); n != 0 || err != nil {
		t.Errorf("%d runs cut off the second time, %v", n, err)
	}
	not := []pipeline.RunRecord{
		scheduled("voeten", "2026-11-02T04:15:00Z", 1, pipeline.RunMissed), // ran
		scheduled("imts", "2026-11-01T05:00:00Z", 1, pipeline.RunMissed),
		scheduled("imts", "2026-11-02T05:00:00Z", 1, pipeline.RunSkipped),
	}
	for range 2 {
		if err := l.Note(ctx, not); err != nil {
			t.Fatal(err)
		}
	}
	byHand := pipeline.RunRecord{ID: "hand", StartedAt: ran.StartedAt, Outcome: pipeline.RunPublished}
	if err := l.Begin(ctx, byHand); err != nil {
		t.Fatal(err)
	}
	newest, err := l.Newest(ctx)
	if err != nil {
		t.Fatal(err)
	}
	again.Outcome, again.Error = pipeline.RunInterrupted, newest["voeten"].Error
	if diff := cmp.Diff(map[string]pipeline.RunRecord{"voeten": again, "imts": not[2]}, newest); diff != "" {
		t.Error(diff)
	}
	if newest, err = l.Newest(ctx, pipeline.RunFailed, pipeline.RunPublished); err != nil || len(newest) != 1 || newest["voeten"].ID != ran.ID {
		t.Errorf("newest that failed or published: %v, %v", newest, err)
	}
	all, err := l.Runs(ctx, 10)
	if err != nil || len(all) != 5 {
		t.Errorf("%d runs, %v", len(all), err)
	}
	if err := l.Note(ctx, nil); err != nil {
		t.Error(err)
	}
}

func TestQuotas(t *testing.T) {
	ctx := t.Context()
	l, err := ledger.Open(t.TempDir() + "/state.sqlite")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	now := time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)
	for range 3 {
		if err := l.Take(ctx, "comtrade", 500, now); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Take(ctx, "other", 10, now.AddDate(0, 0, -1)); err != nil {
		t.Fatal(err)
	}
	check := func(at time.Time, want ...ledger.Quota) {
		t.Helper()
		got, err := l.Quotas(ctx, at)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
	check(now, ledger.Quota{Source: "comtrade", Left: 497}, ledger.Quota{Source: "other", Left: 10})
	check(now.AddDate(0, 0, 1), ledger.Quota{Source: "comtrade", Left: 500}, ledger.Quota{Source: "other", Left: 10})
	if err := l.Exhaust(ctx, "comtrade", now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	check(now, ledger.Quota{Source: "comtrade", Left: 0}, ledger.Quota{Source: "other", Left: 10})
}

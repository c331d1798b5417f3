package scheduler_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"entente/pipeline"
	"entente/pipeline/scheduler"
	"entente/schedules"
)

// month runs timetables on a clock of its own. It takes down what happens, and forgets what a process forgets.
type month struct {
	t         *testing.T
	schedules []pipeline.Schedule
	now       time.Time
	table     *scheduler.Timetable
	ends      time.Time // of the run under way
	takes     func(r scheduler.Run) (time.Duration, string)
	records   map[string]pipeline.RunRecord
	story     []string
}

func (m *month) start() {
	newest := map[string]pipeline.RunRecord{}
	for _, id := range slices.Sorted(maps.Keys(m.records)) {
		r := m.records[id]
		if r.Outcome == pipeline.RunRunning {
			r.Outcome = pipeline.RunInterrupted
			m.records[id] = r
		}
		if last := newest[r.Schedule]; !r.ScheduledAt.Before(last.ScheduledAt) {
			newest[r.Schedule] = r
		}
	}
	m.table = scheduler.New(m.schedules, newest, m.now, "test")
}

// until lets time go by, with the process running if up.
func (m *month) until(to time.Time, up bool) {
	if !up {
		m.table, m.now = nil, to
		return
	}
	if m.table == nil {
		m.start()
	}
	for {
		for _, d := range m.table.Advance(m.now) {
			m.record(d.Run, d.Outcome)
		}
		if r, ok := m.table.Start(m.now); ok {
			took, _ := m.takes(r)
			m.ends = m.now.Add(took)
			m.record(r, pipeline.RunRunning)
		}
		next := m.table.Wake()
		if r, ok := m.table.Running(); ok && !m.ends.After(next) {
			if m.ends.After(to) {
				m.now = to
				return
			}
			m.now = m.ends
			_, outcome := m.takes(r)
			m.record(r, outcome)
			m.table.End(outcome, m.now)
			continue
		}
		if next.IsZero() || next.After(to) {
			m.now = to
			return
		}
		m.now = next
	}
}

func (m *month) record(r scheduler.Run, outcome string) {
	was, found := m.records[r.ID()]
	if found && (was.Outcome != pipeline.RunRunning || outcome == pipeline.RunRunning) {
		m.t.Fatalf("%s: run %s is there already (%s), now %s", m.now.Format(time.RFC3339), r.ID(), was.Outcome, outcome)
	}
	m.records[r.ID()] = pipeline.RunRecord{
		ID: r.ID(), Outcome: outcome, StartedAt: m.now,
		Occasion: pipeline.Occasion{Schedule: r.Job, ScheduledAt: r.ScheduledAt, Attempt: r.Attempt, Trigger: r.Trigger},
	}
	if outcome != pipeline.RunRunning {
		m.story = append(m.story, fmt.Sprintf("%s %s %s %s", m.now.UTC().Format("01-02T15:04"), r.ID(), r.Trigger, outcome))
	}
}

func schedule(t *testing.T, job, cron, zone string, p pipeline.SchedulePolicy) pipeline.Schedule {
	t.Helper()
	when, err := schedules.Cron(cron, zone)
	if err != nil {
		t.Fatal(err)
	}
	return pipeline.Schedule{Job: job, Sources: []string{job}, When: when, Cron: cron, Zone: zone, Timeout: 2 * time.Hour, Policy: p}
}

func at(text string) time.Time {
	t, err := time.Parse("2006-01-02T15:04Z", text)
	if err != nil {
		panic(err)
	}
	return t
}

// Thirty-one days around the end of summer time in Berlin (25 October 2026, 3:00): runs on time, one that
// takes too long, a failure with two more attempts, three days without a process, and one that is cut off.
func TestMonth(t *testing.T) {
	m := &month{t: t, now: at("2026-10-05T00:00Z"), records: map[string]pipeline.RunRecord{}}
	policy := func(o pipeline.Overlap, c pipeline.CatchUp) pipeline.SchedulePolicy {
		return pipeline.SchedulePolicy{Overlap: o, CatchUp: c, Window: 36 * time.Hour, Retries: 2, RetryAfter: 10 * time.Minute}
	}
	m.schedules = []pipeline.Schedule{
		schedule(t, "daily", "30 2 * * *", "Europe/Berlin", policy(pipeline.OverlapSkip, pipeline.CatchUpLatest)),
		schedule(t, "each", "0 6,18 * * *", "UTC", policy(pipeline.OverlapSkip, pipeline.CatchUpAll)),
		schedule(t, "never", "45 12 * * *", "UTC", policy(pipeline.OverlapQueue, pipeline.CatchUpNone)),
		schedule(t, "weekly", "15 4 * * 1", "UTC", policy(pipeline.OverlapQueue, pipeline.CatchUpNone)),
		{Job: "hand"},
	}
	m.takes = func(r scheduler.Run) (time.Duration, string) {
		switch {
		case r.ID() == "daily-20261012T003000Z":
			return 49 * time.Hour, pipeline.RunPublished // over two further times of its own
		case r.Job == "weekly" && r.ScheduledAt.Equal(at("2026-10-19T04:15Z")):
			return time.Minute, pipeline.RunFailed
		}
		return 5 * time.Minute, pipeline.RunUnchanged
	}
	m.until(at("2026-10-26T18:02Z"), true) // the run of 18:00 is cut off
	if r, ok := m.table.Running(); !ok || r.ID() != "each-20261026T180000Z" {
		t.Fatalf("under way: %v", r)
	}
	m.until(at("2026-10-29T20:00Z"), false)
	m.until(at("2026-11-02T06:02Z"), true)
	m.until(at("2026-11-02T06:30Z"), false)
	m.until(at("2026-11-05T00:00Z"), true)

	story := "\n" + strings.Join(m.story, "\n") + "\n"
	for name, want := range map[string]string{
		"of a job that is new the latest run within the window comes first": `
10-05T00:05 daily-20261004T003000Z catch-up unchanged
10-05T00:10 each-20261004T180000Z catch-up unchanged
10-05T00:35 daily-20261005T003000Z schedule unchanged
`,
		"what a long run overlaps is left out, what is queued waits, and one waits only": `
10-12T18:00 each-20261012T180000Z schedule skipped
10-13T00:30 daily-20261013T003000Z schedule skipped
10-13T06:00 each-20261013T060000Z schedule skipped
10-13T12:45 never-20261012T124500Z schedule skipped
10-13T18:00 each-20261013T180000Z schedule skipped
10-14T00:30 daily-20261014T003000Z schedule skipped
10-14T01:30 daily-20261012T003000Z schedule published
10-14T01:35 weekly-20261012T041500Z schedule unchanged
10-14T01:40 each-20261012T060000Z schedule unchanged
10-14T01:45 never-20261013T124500Z schedule unchanged
10-14T06:05 each-20261014T060000Z schedule unchanged
`,
		"a failure is tried again after 10 and 20 minutes": `
10-19T04:16 weekly-20261019T041500Z schedule failed
10-19T04:27 weekly-20261019T041500Z.2 retry failed
10-19T04:48 weekly-20261019T041500Z.3 retry failed
10-19T06:05 each-20261019T060000Z schedule unchanged
`,
		"2:30 in Berlin comes once on the day that has it twice": `
10-24T18:05 each-20261024T180000Z schedule unchanged
10-25T00:35 daily-20261025T003000Z schedule unchanged
10-25T06:05 each-20261025T060000Z schedule unchanged
10-25T12:50 never-20261025T124500Z schedule unchanged
10-25T18:05 each-20261025T180000Z schedule unchanged
10-26T01:35 daily-20261026T013000Z schedule unchanged
`,
		"after three days: none, the latest, and all within the window": `
10-26T12:50 never-20261026T124500Z schedule unchanged
10-29T20:00 daily-20261027T013000Z catch-up missed
10-29T20:00 daily-20261028T013000Z catch-up missed
10-29T20:00 each-20261027T060000Z catch-up missed
10-29T20:00 each-20261027T180000Z catch-up missed
10-29T20:00 each-20261028T060000Z catch-up missed
10-29T20:00 never-20261027T124500Z catch-up missed
10-29T20:00 never-20261028T124500Z catch-up missed
10-29T20:00 never-20261029T124500Z catch-up missed
10-29T20:05 daily-20261029T013000Z catch-up unchanged
10-29T20:10 each-20261028T180000Z catch-up unchanged
10-29T20:15 each-20261029T060000Z catch-up unchanged
10-29T20:20 each-20261029T180000Z catch-up unchanged
10-30T01:35 daily-20261030T013000Z schedule unchanged
`,
		"a run that was cut off is taken up": `
11-02T04:20 weekly-20261102T041500Z schedule unchanged
11-02T06:35 each-20261102T060000Z.2 catch-up unchanged
11-02T12:50 never-20261102T124500Z schedule unchanged
`,
	} {
		if !strings.Contains(story, want) {
			t.Errorf("%s: missing%s", name, want)
		}
	}
	for _, id := range []string{"each-20261026T180000Z", "each-20261102T060000Z"} {
		if got := m.records[id].Outcome; got != pipeline.RunInterrupted {
			t.Errorf("run %s, cut off, is recorded as %s", id, got)
		}
	}
	for _, s := range m.schedules {
		if s.When == nil {
			continue
		}
		for due := s.When.Next(at("2026-10-05T00:00Z")); due.Before(m.now); due = s.When.Next(due) {
			if _, found := m.records[scheduler.Run{Job: s.Job, ScheduledAt: due, Attempt: 1}.ID()]; !found {
				t.Errorf("%s of %s is not accounted for", s.Job, due)
			}
		}
	}
	if t.Failed() {
		t.Log(story)
	}
}

// Another process holds the folder: the run waits for it a minute at a time, as long as it may take.
func TestPostpone(t *testing.T) {
	s := schedule(t, "daily", "30 2 * * *", "UTC", pipeline.SchedulePolicy{Overlap: pipeline.OverlapSkip, CatchUp: pipeline.CatchUpNone})
	now := at("2026-11-01T02:30Z")
	table := scheduler.New([]pipeline.Schedule{s}, map[string]pipeline.RunRecord{"daily": {Occasion: pipeline.Occasion{ScheduledAt: now.AddDate(0, 0, -1)}}}, now, "")
	table.Advance(now)
	for n := 0; ; n++ {
		r, ok := table.Start(now)
		if !ok || r.ID() != "daily-20261101T023000Z" {
			t.Fatalf("after %d minutes: %v, %t", n, r, ok)
		}
		if !table.Postpone(now) {
			if n != 121 {
				t.Errorf("gave up after %d minutes, not 121", n)
			}
			break
		}
		if _, ok := table.Start(now); ok {
			t.Fatal("asked again at once")
		}
		if now = now.Add(time.Minute); !table.Wake().Equal(now) {
			t.Fatalf("wakes at %s, not at %s", table.Wake(), now)
		}
	}
	if next, again := table.End(pipeline.RunFailed, now); again {
		t.Errorf("an attempt more than allowed: %v", next)
	}
}

// A start is spread over the jitter: always the same in one installation, another in another.
func TestJitter(t *testing.T) {
	s := schedule(t, "daily", "30 2 * * *", "UTC", pipeline.SchedulePolicy{Jitter: time.Hour})
	now := at("2026-11-01T00:00Z")
	starts := map[time.Time]bool{}
	for _, spread := range []string{"a", "b", "c", "a"} {
		coming := scheduler.New([]pipeline.Schedule{s}, map[string]pipeline.RunRecord{"daily": {Occasion: pipeline.Occasion{ScheduledAt: now}}}, now, spread).Coming(1)
		late := coming[0].At.Sub(coming[0].ScheduledAt)
		if late < 0 || late >= time.Hour {
			t.Errorf("starts %s late", late)
		}
		starts[coming[0].At] = true
	}
	if len(starts) != 3 {
		t.Errorf("%d starts in three installations", len(starts))
	}
}

// Months without a process cost neither much time nor a row for every minute.
func TestLongAbsence(t *testing.T) {
	s := schedule(t, "minutely", "* * * * *", "UTC", pipeline.SchedulePolicy{CatchUp: pipeline.CatchUpLatest, Window: time.Hour})
	now := at("2026-11-01T00:00Z")
	table := scheduler.New([]pipeline.Schedule{s}, map[string]pipeline.RunRecord{"minutely": {Occasion: pipeline.Occasion{ScheduledAt: now.AddDate(0, -2, 0)}}}, now, "")
	missed := table.Advance(now)
	if len(missed) != 999 || !missed[998].Run.ScheduledAt.Equal(now.Add(-time.Minute)) {
		t.Errorf("%d missed, the last at %s", len(missed), missed[len(missed)-1].Run.ScheduledAt)
	}
	if r, ok := table.Start(now); !ok || !r.ScheduledAt.Equal(now) {
		t.Errorf("starts %v", r)
	}
}

func TestOverdue(t *testing.T) {
	s := schedule(t, "daily", "30 2 * * *", "UTC", pipeline.SchedulePolicy{Jitter: time.Hour})
	last := at("2026-11-01T02:30Z")
	for now, want := range map[string]bool{"2026-11-02T05:30Z": false, "2026-11-02T05:31Z": true} {
		if got := scheduler.Overdue(s, last, at(now)); got != want {
			t.Errorf("at %s: %t", now, got)
		}
	}
	if scheduler.Overdue(pipeline.Schedule{}, last, last.AddDate(1, 0, 0)) {
		t.Error("a job that runs by hand is overdue")
	}
}

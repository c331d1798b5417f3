package scheduler

import (
	"hash/fnv"
	"slices"
	"time"

	"entente/pipeline"
)

const (
	// punctual is how late a run may be noticed and still count as on time: the process was busy, or started
	// again.
	punctual = time.Minute
	// inTheWay is how long to wait for another process before asking again.
	inTheWay = time.Minute
	// mostMissed is how many of a job's missed runs are recorded at once, the newest.
	mostMissed = 1000
	// longAgo is how far back missed runs are looked for.
	longAgo = 366 * 24 * time.Hour
)

// Timetable is what the schedules ask for, and how far that is done. One run at a time is under way. It is
// not safe for concurrent use.
type Timetable struct {
	jobs    []*job // by name
	running *Run
	spread  string
}

// job is one schedule with its state.
type job struct {
	pipeline.Schedule
	seen    time.Time // what was scheduled up to here is decided; zero for a job that never was here
	waiting []Run     // in the order in which they run
}

// New returns the timetable of schedules, of which those without a Recurrence take no part. newest has the
// newest run of each job that ever was scheduled, however it ended. spread decides where within its jitter a
// run starts: the same for the same installation, another elsewhere.
func New(schedules []pipeline.Schedule, newest map[string]pipeline.RunRecord, now time.Time, spread string) *Timetable {
	t := &Timetable{spread: spread}
	for _, s := range schedules {
		if s.When == nil {
			continue
		}
		j := &job{Schedule: s}
		if last, found := newest[s.Job]; found {
			j.seen = last.ScheduledAt
			t.resume(j, last, now)
		}
		t.jobs = append(t.jobs, j)
	}
	return t
}

// resume takes a run up that was cut off, or that has attempts left, unless others were missed since.
func (t *Timetable) resume(j *job, last pipeline.RunRecord, now time.Time) {
	open := last.Outcome == pipeline.RunInterrupted || last.Outcome == pipeline.RunFailed
	if !open || last.Attempt > j.Policy.Retries || j.Policy.CatchUp == pipeline.CatchUpNone || now.Sub(last.ScheduledAt) > j.Policy.Window {
		return
	}
	next := j.When.Next(j.seen)
	if j.Policy.CatchUp == pipeline.CatchUpLatest && !next.IsZero() && !next.After(now) {
		return
	}
	r := j.run(last.ScheduledAt, CatchUp, now)
	r.Attempt = last.Attempt + 1
	j.waiting = append(j.waiting, r)
}

func (j *job) run(scheduled time.Time, trigger string, at time.Time) Run {
	return Run{
		Job: j.Job, Sources: j.Sources, ScheduledAt: scheduled.UTC(), Attempt: 1, Trigger: trigger, At: at, Due: at,
	}
}

// Advance decides what was scheduled up to now, and returns what does not take place, in order of time for
// each job.
func (t *Timetable) Advance(now time.Time) []Decision {
	var all []Decision
	for _, j := range t.jobs {
		if j.seen.IsZero() {
			t.first(j, now)
			continue
		}
		due := j.due(now)
		late := 0
		for late < len(due) && now.Sub(due[late]) > punctual {
			late++
		}
		all = append(all, t.catchUp(j, due[:late], late < len(due), now)...)
		for _, at := range due[late:] {
			all = append(all, t.add(j, j.run(at, OnTime, at.Add(t.jitter(j, at))), now)...)
		}
	}
	return all
}

// first lets a job that never ran begin with the latest run within its window.
func (t *Timetable) first(j *job, now time.Time) {
	j.seen = now
	if j.Policy.CatchUp == pipeline.CatchUpNone {
		return
	}
	last := time.Time{}
	for at := j.When.Next(now.Add(-j.Policy.Window)); !at.IsZero() && !at.After(now); at = j.When.Next(at) {
		last = at
	}
	if !last.IsZero() {
		j.waiting = append(j.waiting, j.run(last, CatchUp, now))
	}
}

// due lists the newest times after seen and up to now, and notes that they were seen.
func (j *job) due(now time.Time) []time.Time {
	var due []time.Time
	if oldest := now.Add(-longAgo); j.seen.Before(oldest) {
		j.seen = oldest
	}
	for at := j.When.Next(j.seen); !at.IsZero() && !at.After(now); at = j.When.Next(at) {
		if len(due) == 2*mostMissed {
			due = append(due[:0], due[mostMissed:]...)
		}
		due = append(due, at)
		j.seen = at
	}
	return due[max(0, len(due)-mostMissed):]
}

// catchUp decides about times that went by with nobody there. overtaken says that another run is due now.
func (t *Timetable) catchUp(j *job, late []time.Time, overtaken bool, now time.Time) []Decision {
	var missed []Decision
	for i, at := range late {
		reason := ""
		switch {
		case j.Policy.CatchUp == pipeline.CatchUpNone:
			reason = "nothing was there to run it; catch_up is none"
		case j.Policy.CatchUp == pipeline.CatchUpLatest && (overtaken || i < len(late)-1):
			reason = "nothing was there to run it; a later run makes up for it"
		case now.Sub(at) > j.Policy.Window:
			reason = "nothing was there to run it; it is older than the window of " + j.Policy.Window.String()
		}
		r := j.run(at, CatchUp, now)
		if reason != "" {
			missed = append(missed, Decision{r, pipeline.RunMissed, reason})
			continue
		}
		j.waiting = append(j.waiting, r)
	}
	return missed
}

// add lines a run up, or says why it or the one before it is left out.
func (t *Timetable) add(j *job, r Run, now time.Time) []Decision {
	under := t.running != nil && t.running.Job == j.Job
	switch {
	case !under && len(j.waiting) == 0:
	case slices.ContainsFunc(j.waiting, func(w Run) bool { return w.Trigger == CatchUp && j.Policy.CatchUp == pipeline.CatchUpAll }):
	case j.Policy.Overlap == pipeline.OverlapSkip && under:
		return []Decision{{r, pipeline.RunSkipped, "run " + t.running.ID() + " is not over"}}
	case j.Policy.Overlap == pipeline.OverlapSkip:
		return []Decision{{r, pipeline.RunSkipped, "run " + j.waiting[0].ID() + " waits for its turn"}}
	default:
		// The last in line gives way: what it would fetch, the later one fetches.
		if last := len(j.waiting) - 1; last >= 0 && j.waiting[last].Attempt == 1 {
			gone := j.waiting[last]
			j.waiting[last] = r
			return []Decision{{gone, pipeline.RunSkipped, "run " + r.ID() + " waits in its place"}}
		}
	}
	j.waiting = append(j.waiting, r)
	return nil
}

// jitter is how much later than scheduled a run starts.
func (t *Timetable) jitter(j *job, at time.Time) time.Duration {
	if j.Policy.Jitter <= 0 {
		return 0
	}
	h := fnv.New64a()
	h.Write([]byte(t.spread + "\x00" + j.run(at, OnTime, at).ID()))
	return time.Duration(h.Sum64() % uint64(j.Policy.Jitter)).Truncate(time.Second)
}

// Start returns the run that begins now, if one does. It is under way until End or Postpone is called.
func (t *Timetable) Start(now time.Time) (Run, bool) {
	if t.running != nil {
		return Run{}, false
	}
	var first *job
	for _, j := range t.jobs {
		if len(j.waiting) > 0 && !j.waiting[0].At.After(now) && (first == nil || j.waiting[0].At.Before(first.waiting[0].At)) {
			first = j
		}
	}
	if first == nil {
		return Run{}, false
	}
	r := first.waiting[0]
	first.waiting = slices.Delete(first.waiting, 0, 1)
	t.running = &r
	return r, true
}

// End says how the run under way ended. After a failure it returns the next attempt, if there is one.
func (t *Timetable) End(outcome string, now time.Time) (Run, bool) {
	r, j := t.ended()
	if outcome != pipeline.RunFailed || r.Attempt > j.Policy.Retries {
		return Run{}, false
	}
	wait := j.Policy.RetryAfter << (r.Attempt - 1)
	r.Attempt++
	r.Trigger, r.At, r.Due = Retry, now.Add(wait), now.Add(wait)
	j.waiting = slices.Insert(j.waiting, 0, r)
	return r, true
}

// Postpone puts the run under way, which could not begin because another process was in the way, back in
// line. It reports whether there is patience left: a run waits no longer than it may take.
func (t *Timetable) Postpone(now time.Time) bool {
	j := t.job(t.running.Job)
	if now.Sub(t.running.Due) > j.Timeout {
		return false
	}
	r, _ := t.ended()
	r.At = now.Add(inTheWay)
	j.waiting = slices.Insert(j.waiting, 0, r)
	return true
}

func (t *Timetable) ended() (Run, *job) {
	r := *t.running
	t.running = nil
	return r, t.job(r.Job)
}

func (t *Timetable) job(name string) *job {
	i := slices.IndexFunc(t.jobs, func(j *job) bool { return j.Job == name })
	return t.jobs[i]
}

// Wake is when there is something to decide or to start next; zero for never.
func (t *Timetable) Wake() time.Time {
	wake := time.Time{}
	sooner := func(at time.Time) {
		if !at.IsZero() && (wake.IsZero() || at.Before(wake)) {
			wake = at
		}
	}
	for _, j := range t.jobs {
		sooner(j.When.Next(j.seen))
		if t.running == nil && len(j.waiting) > 0 {
			sooner(j.waiting[0].At)
		}
	}
	return wake
}

// Running returns the run under way, if there is one.
func (t *Timetable) Running() (Run, bool) {
	if t.running == nil {
		return Run{}, false
	}
	return *t.running, true
}

// Coming lists what waits and, for each job, the next n times, in order of start.
func (t *Timetable) Coming(n int) []Run {
	var all []Run
	for _, j := range t.jobs {
		all = append(all, j.waiting...)
		at := j.seen
		for range n {
			if at = j.When.Next(at); at.IsZero() {
				break
			}
			all = append(all, j.run(at, OnTime, at.Add(t.jitter(j, at))))
		}
	}
	slices.SortStableFunc(all, func(a, b Run) int { return a.At.Compare(b.At) })
	return all
}

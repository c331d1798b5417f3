package pipeline

import "time"

// Recurrence says when something comes again: Next returns the first time after t, or the zero time if there
// is none.
type Recurrence interface {
	Next(t time.Time) time.Time
}

// Overlap says what becomes of a run that is due while the job's run before it is not over.
type Overlap string

// What becomes of a run that is due too early.
const (
	OverlapSkip  Overlap = "skip"  // it is left out
	OverlapQueue Overlap = "queue" // it waits; of several the first waits, the others are left out
)

// CatchUp says which of the runs that were missed, because nothing was there to run them, are made up for.
type CatchUp string

// Which missed runs are made up for.
const (
	CatchUpNone   CatchUp = "none"
	CatchUpLatest CatchUp = "latest" // the last one, for all of them
	CatchUpAll    CatchUp = "all"    // one by one, oldest first
)

// Schedule says when and how a job runs by itself.
type Schedule struct {
	Job     string
	Sources []string   // that a run of the job asks
	When    Recurrence // nil for a job that runs by hand only
	Cron    string     // When as written: "15 4 * * 1"
	Zone    string     // of Cron: "Europe/Berlin"
	Timeout time.Duration
	Policy  SchedulePolicy
	Alerts  []string // names of targets; nil for all that are configured
	Place   string   // "file:line" of the schedule, for messages
}

// SchedulePolicy says what a schedule does when things do not go as planned.
type SchedulePolicy struct {
	Overlap    Overlap
	CatchUp    CatchUp
	Window     time.Duration // how old a missed run may be and still be made up for
	Retries    int           // further attempts after a failure
	RetryAfter time.Duration // before the first of them; doubled before each next
	Jitter     time.Duration // a run starts up to so much later, so that not everybody asks at the full hour
}

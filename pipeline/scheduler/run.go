// Package scheduler decides which runs are due, late, missed, left out or tried again. It is a state machine:
// it is told the time and how runs ended, and reads no clock, file or network.
package scheduler

import (
	"fmt"
	"time"

	"entente/pipeline"
)

// Why a run starts.
const (
	OnTime  = "schedule"
	CatchUp = "catch-up"
	Retry   = "retry"
)

// Run is one attempt at what a schedule asks for.
type Run struct {
	Job         string    `json:"job"`
	Sources     []string  `json:"sources"`
	ScheduledAt time.Time `json:"scheduled_at"`
	Attempt     int       `json:"attempt"` // from 1
	Trigger     string    `json:"trigger"`
	At          time.Time `json:"at"` // when it starts, if nothing else runs
	Due         time.Time `json:"-"`  // At, before another process was in the way
}

// ID is the run's name, the same whenever and wherever it is made: job and scheduled time, and the attempt if
// it is not the first.
func (r Run) ID() string {
	id := r.Job + "-" + r.ScheduledAt.UTC().Format("20060102T150405.999Z")
	if r.Attempt > 1 {
		id = fmt.Sprintf("%s.%d", id, r.Attempt)
	}
	return id
}

// Decision is a run that does not take place, with the outcome to record: pipeline.RunMissed or
// pipeline.RunSkipped.
type Decision struct {
	Run     Run
	Outcome string
	Reason  string
}

// Overdue reports whether a job should have succeeded again since a success of the run scheduled for last.
func Overdue(s pipeline.Schedule, last, now time.Time) bool {
	if s.When == nil {
		return false
	}
	next := s.When.Next(last)
	return !next.IsZero() && next.Add(s.Policy.Jitter+s.Timeout).Before(now)
}

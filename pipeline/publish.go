package pipeline

import (
	"context"
	"time"
)

// Releases is the folder of releases.
type Releases interface {
	// Current returns the manifest of the release that readers see, or ErrNoRelease.
	Current() (Manifest, error)
	// Begin makes a folder for a new release beside the published ones.
	Begin(id string) (Stage, error)
}

// Stage is a release under construction, invisible to readers until Publish.
type Stage interface {
	// Dir is the folder to build in.
	Dir() string
	// Link takes over a file of the current release by hard link, or by copy where links fail.
	Link(path string) error
	// Publish writes the manifest, datapackage.json and croissant.json, flushes everything to disk,
	// renames the folder into place and makes it current. A crash at any point leaves the release before
	// it current.
	Publish(ctx context.Context, m Manifest) error
	// Discard removes the folder.
	Discard() error
}

// Ledger remembers what outlives a process: runs and the rows they set aside.
type Ledger interface {
	// Begin records that a run started.
	Begin(ctx context.Context, r RunRecord) error
	// End records how a run ended.
	End(ctx context.Context, r RunRecord) error
	// Quarantine keeps rows that a run set aside.
	Quarantine(ctx context.Context, runID string, rows []QuarantinedRow) error
	// Runs returns the newest runs first, at most n.
	Runs(ctx context.Context, n int) ([]RunRecord, error)
}

// Outcomes of a run.
const (
	RunRunning     = "running"
	RunPublished   = "published"
	RunUnchanged   = "unchanged"
	RunFailed      = "failed"
	RunInterrupted = "interrupted"
	RunMissed      = "missed"  // nothing was there to run it when it was due
	RunSkipped     = "skipped" // left out, because the job's run before it was not over
)

// RunRecord is one run in the ledger.
type RunRecord struct {
	ID         string    `json:"run_id"`
	Command    string    `json:"command"`
	Jobs       []string  `json:"jobs"`
	StartedAt  time.Time `json:"started_at"` // of one that did not take place: when that was noted
	FinishedAt time.Time `json:"finished_at,omitzero"`
	Outcome    string    `json:"outcome"`
	Release    string    `json:"release,omitempty"` // published by it
	Error      string    `json:"error,omitempty"`
	Program    string    `json:"program"`
	Occasion
}

// Occasion is what a run was started for. It is zero for a run by hand.
type Occasion struct {
	Schedule    string    `json:"schedule,omitempty"` // the job as scheduled
	ScheduledAt time.Time `json:"scheduled_at,omitzero"`
	Attempt     int       `json:"attempt,omitempty"` // from 1
	Trigger     string    `json:"trigger,omitempty"` // why it started: schedule, catch-up, retry
}

// QuarantinedRow is a rejected row with its bytes.
type QuarantinedRow struct {
	Source string `json:"source"`
	Table  string `json:"table"`
	File   string `json:"file"`
	SHA256 string `json:"sha256"` // of the file
	Line   int64  `json:"line"`
	Offset int64  `json:"offset"`
	Reason string `json:"reason"`
	Raw    []byte `json:"raw"`
}

package service

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"time"

	"entente/cmd/entente/folder"
	"entente/cmd/entente/progress"
	"entente/cmd/entente/work"
	"entente/pipeline"
	"entente/pipeline/runner"
	"entente/pipeline/scheduler"
	"entente/pipeline/vault"
	"entente/schedules"
)

// abandoned is how old an unfinished download must be to be given up.
const abandoned = 30 * 24 * time.Hour

// Crew does runs, each in a session of its own: between runs the folder is free for other processes.
type Crew struct {
	Folder  *folder.Folder
	Jobs    []pipeline.Job
	Keys    map[string]vault.Key
	Client  *http.Client
	Policy  vault.Policy
	Mirror  bool   // Client asks a mirror
	Memory  string // that DuckDB may use
	Command string
	Redact  func(text string) string // takes secrets out of what is recorded
}

// Work implements Worker.
func (c *Crew) Work(ctx context.Context, r scheduler.Run, log *slog.Logger) (report runner.Report, err error) {
	meter := progress.New(io.Discard, false, c.Folder.Now)
	meter.Log(log)
	mine := *c.Folder
	mine.Log, mine.Progress = log, meter.Download
	session, err := mine.Begin(ctx, c.Command)
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, session.End()) }()
	v, err := mine.Vault(vault.Options{Policy: c.Policy, Keys: c.Keys, Quota: session.Ledger})
	if err != nil {
		return report, err
	}
	if _, err := v.Clean(abandoned); err != nil {
		return report, err
	}
	pipe, err := work.Runner(&mine, session, v, c.Client, c.Memory)
	if err != nil {
		return report, err
	}
	pipe.Ledger = discreet{session.Ledger, c.Redact}
	only := map[string]bool{schedules.First: true} // every other source's rows name its states
	for _, source := range r.Sources {
		only[source] = true
	}
	return pipe.Run(ctx, runner.Order{
		Command: c.Command, Jobs: c.Jobs, Only: only, Mirror: c.Mirror, RunID: r.ID(), Occasion: Occasion(r),
		Observe: meter.Step,
	})
}

// discreet is a ledger that no secret gets into.
type discreet struct {
	pipeline.Ledger
	redact func(text string) string
}

func (d discreet) End(ctx context.Context, r pipeline.RunRecord) error {
	if d.redact != nil {
		r.Error = d.redact(r.Error)
	}
	return d.Ledger.End(ctx, r)
}

// Package runner takes jobs from fetch to a published release: what changed is parsed, stored and loaded, tables side by
// side, checked and published, or nothing is.
package runner

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"entente/pipeline"
)

// Runner takes jobs from fetch to a published release. Its fields are wired once; only the clock and
// the network are not files.
type Runner struct {
	Vault     pipeline.Keeper
	Client    *http.Client
	Releases  pipeline.Releases
	Warehouse pipeline.Warehouse
	Loader    func(release string) pipeline.Loader // writes below a release's folder
	Ledger    pipeline.Ledger
	Program   string // version and hash of the program
	Now       func() time.Time
	Log       *slog.Logger
}

// Order says what a run should do.
type Order struct {
	Command string          // as typed, for the ledger
	Jobs    []pipeline.Job  // every source there is
	Only    map[string]bool // jobs to fetch; nil for all
	Mirror  bool            // downloads go to a mirror, so no terms of the upstream forbid them
	Rebuild Rebuild         // what to make again although nothing changed
	Observe func(Progress)  // told how far the run is; may be nil
	RunID   string          // "" for one made of the time
	pipeline.Occasion
}

// Rebuild says what is made again although nothing changed.
type Rebuild int

// What a run makes again.
const (
	RebuildChanged   Rebuild = iota // only what its inputs demand
	RebuildWarehouse                // DuckDB, from the Parquet files of the current release
	RebuildAll                      // everything, from the vault
)

// Progress tells how far a run is. Total is 0 where it is not known.
type Progress struct {
	Stage       string // "parse", "load", "select", "check"
	Subject     string // table or view
	Done, Total int64  // bytes for parse, otherwise steps
}

// Report says what a run did.
type Report struct {
	Run     pipeline.RunRecord
	Sources []SourceReport
	Tables  []pipeline.TableEntry // as in the manifest; nil when nothing was built
	Checks  []pipeline.CheckResult
	Fresh   map[string]bool // full names of tables that were made anew
}

// SourceReport says what a run found at a source.
type SourceReport struct {
	Name    string
	Files   []pipeline.File
	Skipped string // why the source was not asked, or ""
}

// Run fetches, parses, loads, checks and publishes. A run in which nothing changed publishes nothing.
// On any error the release before it stays current, and the error says why.
func (r *Runner) Run(ctx context.Context, o Order) (Report, error) {
	report := Report{Fresh: map[string]bool{}}
	started := r.Now().UTC()
	report.Run = pipeline.RunRecord{
		ID: cmp.Or(o.RunID, started.Format("20060102T150405.000Z")), Command: o.Command, Jobs: jobNames(o),
		StartedAt: started, Outcome: pipeline.RunRunning, Program: r.Program, Occasion: o.Occasion,
	}
	if err := r.Ledger.Begin(ctx, report.Run); err != nil {
		fail(&report.Run, err)
		return report, fmt.Errorf("ledger: %w", err)
	}
	err := r.run(ctx, o, &report)
	report.Run.FinishedAt = r.Now().UTC()
	if err != nil {
		fail(&report.Run, err)
	}
	if lerr := r.Ledger.End(context.WithoutCancel(ctx), report.Run); lerr != nil {
		err = errors.Join(err, fmt.Errorf("ledger: %w", lerr))
	}
	return report, err
}

// fail sets how a run ended that did not succeed.
func fail(r *pipeline.RunRecord, err error) {
	r.Outcome, r.Error = pipeline.RunFailed, err.Error()
	if errors.Is(err, context.Canceled) {
		r.Outcome = pipeline.RunInterrupted
	}
}

func (r *Runner) run(ctx context.Context, o Order, report *Report) error {
	current, err := r.Releases.Current()
	if err != nil && !errors.Is(err, pipeline.ErrNoRelease) {
		return fmt.Errorf("current release: %w", err)
	}
	snapshots, err := r.fetch(ctx, o, report)
	if err != nil {
		return err
	}
	b := &build{Runner: r, order: o, report: report, current: current, snapshots: snapshots}
	b.plan()
	if len(b.stale) == 0 && o.Rebuild == RebuildChanged && current.ID != "" {
		report.Run.Outcome = pipeline.RunUnchanged
		report.Run.Release = current.ID
		return nil
	}
	if err := b.publish(ctx); err != nil {
		return err
	}
	report.Run.Outcome = pipeline.RunPublished
	return nil
}

// Plan says which tables a run over what the vault holds would make anew. It asks no upstream and
// writes nothing.
func (r *Runner) Plan(ctx context.Context, o Order) (Report, error) {
	report := Report{Fresh: map[string]bool{}}
	current, err := r.Releases.Current()
	if err != nil && !errors.Is(err, pipeline.ErrNoRelease) {
		return report, fmt.Errorf("current release: %w", err)
	}
	snapshots, err := r.fetch(ctx, o, &report)
	if err != nil {
		return report, err
	}
	b := &build{Runner: r, order: o, report: &report, current: current, snapshots: snapshots}
	b.plan()
	for _, name := range b.stale {
		report.Fresh[name] = true
	}
	return report, nil
}

// fetch asks every chosen source. It goes on after a failure, so that all problems are known at once.
func (r *Runner) fetch(ctx context.Context, o Order, report *Report) (map[string]*pipeline.Snapshot, error) {
	snapshots := map[string]*pipeline.Snapshot{}
	var failures []error
	for _, job := range o.Jobs {
		if o.Rebuild == RebuildWarehouse || o.Only != nil && !o.Only[job.Name] {
			continue
		}
		automated := job.Source.About().Automated || job.Approved || o.Mirror
		s := pipeline.NewSnapshot(job.Name, automated, r.Vault)
		s.Keyed, s.At = job.Keyed, r.Now().UTC()
		err := job.Source.Fetch(ctx, r.Client, s)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		var quota *pipeline.QuotaError
		if errors.Is(err, pipeline.ErrNotAutomated) || errors.As(err, &quota) {
			report.Sources = append(report.Sources, SourceReport{Name: job.Name, Skipped: err.Error()})
			continue
		}
		if err != nil {
			failures = append(failures, err)
			continue
		}
		report.Sources = append(report.Sources, SourceReport{Name: job.Name, Files: s.Files})
		snapshots[job.Name] = s
	}
	return snapshots, errors.Join(failures...)
}

func jobNames(o Order) []string {
	var names []string
	for _, j := range o.Jobs {
		if o.Only == nil || o.Only[j.Name] {
			names = append(names, j.Name)
		}
	}
	return names
}

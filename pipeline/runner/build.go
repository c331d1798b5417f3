package runner

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"entente/pipeline"
)

// publish builds a release aside, checks it and makes it current.
func (b *build) publish(ctx context.Context) (err error) {
	id := b.report.Run.StartedAt.Format("20060102T150405Z") + "-" + digest(b.viewsPrint(), b.report.Run.ID)[:8]
	stage, err := b.Releases.Begin(id)
	if err != nil {
		return fmt.Errorf("release %s: %w", id, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, stage.Discard())
		}
	}()
	b.manifest = pipeline.Manifest{
		ID: id, Previous: b.current.ID, RunID: b.report.Run.ID, Program: b.Program,
		StartedAt: b.report.Run.StartedAt, Sources: b.sources(), Views: b.viewsPrint(),
		Warehouse: pipeline.FileEntry{Path: pipeline.WarehouseFile},
	}
	if err := b.Warehouse.Build(ctx, filepath.Join(stage.Dir(), pipeline.WarehouseFile), func(db pipeline.Database) error {
		return b.fill(ctx, stage, db)
	}); err != nil {
		return err
	}
	b.manifest.FinishedAt = b.Now().UTC()
	if err := stage.Publish(ctx, b.manifest); err != nil {
		return fmt.Errorf("release %s: %w", id, err)
	}
	b.report.Run.Release = id
	b.report.Tables = b.manifest.Tables
	return nil
}

// atOnce is how many tables are made side by side: while DuckDB is busy with one, the rows of another go through
// parser, transform and lake. More would only take more memory.
const atOnce = 2

// fill makes every table and the views on them, then runs the checks.
func (b *build) fill(ctx context.Context, stage pipeline.Stage, db pipeline.Database) error {
	loader := b.Loader(stage.Dir())
	var steps []step
	for _, job := range b.order.Jobs {
		for _, t := range job.Source.Tables() {
			steps = append(steps, step{name: t.FullName(), do: func(ctx context.Context) error {
				entry, err := b.rawTable(ctx, stage, loader, job, t)
				if err != nil {
					return err
				}
				return b.load(ctx, stage, db, t, entry)
			}})
		}
	}
	for _, v := range b.Warehouse.Views() {
		steps = append(steps, step{name: v.FullName(), after: v.Reads, do: func(ctx context.Context) error {
			return b.define(ctx, stage, loader, db, v)
		}})
	}
	place := map[string]int{}
	for i, s := range steps {
		place[s.name] = i
	}
	if err := sideBySide(ctx, atOnce, steps); err != nil {
		return err
	}
	slices.SortFunc(b.manifest.Tables, func(x, y pipeline.TableEntry) int { return place[x.FullName()] - place[y.FullName()] })
	if err := b.remember(ctx); err != nil {
		return err
	}
	b.tell("check", "", 0, 0)
	checks, err := db.Finish(ctx, b.manifest)
	if err != nil {
		return err
	}
	b.manifest.Checks = checks
	b.report.Checks = b.manifest.Checks
	return refused(b.manifest.Checks)
}

// remembered is how many runs a release tells about.
const remembered = 1000

// remember puts the runs up to this one into the manifest. If a reader sees them, this one published.
func (b *build) remember(ctx context.Context) error {
	runs, err := b.Ledger.Runs(ctx, remembered)
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	for i := range runs {
		if runs[i].ID == b.report.Run.ID {
			runs[i].Outcome, runs[i].Release, runs[i].FinishedAt = pipeline.RunPublished, b.manifest.ID, b.Now().UTC()
		}
	}
	b.manifest.Runs = runs
	return nil
}

// define makes one view, or the rows of one that is materialized.
func (b *build) define(ctx context.Context, stage pipeline.Stage, loader pipeline.Loader, db pipeline.Database, v pipeline.View) error {
	if v.Kind != pipeline.KindTable {
		return db.Define(ctx, v)
	}
	if entry := b.entry(v.FullName()); entry != nil && b.reuses(v.FullName()) {
		t, err := entry.Table()
		if err != nil {
			return err
		}
		if err := link(stage, *entry); err != nil {
			return err
		}
		return b.load(ctx, stage, db, t, *entry)
	}
	b.tell("select", v.FullName(), 0, 0)
	t, fill, err := db.Select(ctx, v)
	if err != nil {
		return err
	}
	var c *counted
	loaded, err := loader.Load(ctx, t, func(out pipeline.Sink) error {
		c = &counted{next: out}
		return fill(c)
	})
	if err != nil {
		return err
	}
	account := pipeline.Account{Read: c.read, Loaded: loaded.Rows, Duplicate: loaded.Duplicate}
	if !account.Balanced() || loaded.Duplicate > 0 {
		return fmt.Errorf("table %s: %d rows selected, %d stored, %d of them twice: its key is not unique",
			v.FullName(), account.Read, account.Loaded, account.Duplicate)
	}
	b.fresh(v.FullName())
	return b.load(ctx, stage, db, t, b.describe(t, "", loaded.Files, account))
}

// load puts a table's files into the warehouse and its entry into the manifest.
func (b *build) load(ctx context.Context, stage pipeline.Stage, db pipeline.Database, t pipeline.Table, e pipeline.TableEntry) error {
	b.tell("load", t.FullName(), 0, e.Rows)
	var files []string
	for _, f := range e.Files {
		files = append(files, filepath.Join(stage.Dir(), filepath.FromSlash(f.Path)))
	}
	rows, err := db.Load(ctx, t, files)
	if err != nil {
		return err
	}
	if rows != e.Rows {
		return fmt.Errorf("table %s: DuckDB holds %d rows where the Parquet files hold %d", t.FullName(), rows, e.Rows)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.manifest.Tables = append(b.manifest.Tables, e)
	return nil
}

// fresh notes that a table is made anew.
func (b *build) fresh(table string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.report.Fresh[table] = true
}

func (b *build) describe(t pipeline.Table, source string, files []pipeline.DataFile, account pipeline.Account) pipeline.TableEntry {
	return pipeline.TableEntry{
		Schema: t.Schema, Name: t.Name, Description: t.Description, Source: source, Key: t.Key,
		Columns: pipeline.ColumnEntries(t.Columns), Fingerprint: b.prints[t.FullName()],
		Rows: account.Loaded, Files: files, Account: account,
	}
}

// reuses reports whether the table's files of the current release serve the new one, too.
func (b *build) reuses(table string) bool {
	return b.order.Rebuild == RebuildWarehouse || !b.isStale(table)
}

func link(stage pipeline.Stage, e pipeline.TableEntry) error {
	for _, f := range slices.Concat(e.Files, e.Quarantine) {
		if err := stage.Link(f.Path); err != nil {
			return fmt.Errorf("table %s: %w", e.FullName(), err)
		}
	}
	return nil
}

// sources lists what the release is made from: this run's snapshots, and what the current release has
// of sources that were not asked.
func (b *build) sources() []pipeline.SourceEntry {
	var entries []pipeline.SourceEntry
	for _, job := range b.order.Jobs {
		e := pipeline.SourceEntry{Name: job.Name, Upstream: job.Source.About()}
		if s := b.snapshots[job.Name]; s != nil {
			e.Files = s.Files
		} else {
			for _, old := range b.current.Sources {
				if old.Name == job.Name {
					e.Files = old.Files
				}
			}
		}
		entries = append(entries, e)
	}
	return entries
}

func (b *build) tell(stage, subject string, done, total int64) {
	if b.order.Observe != nil {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.order.Observe(Progress{stage, subject, done, total})
	}
}

// refused makes an error of the checks that stop publication.
func refused(checks []pipeline.CheckResult) error {
	var broken []string
	for _, c := range checks {
		if c.Level == "error" && c.Offending > 0 {
			broken = append(broken, fmt.Sprintf("%s (%d rows): %s", c.Name, c.Offending, c.Description))
		}
	}
	if broken == nil {
		return nil
	}
	return &ChecksError{Broken: broken}
}

// ChecksError says that checks found rows that must not be published.
type ChecksError struct{ Broken []string }

func (e *ChecksError) Error() string {
	return "nothing was published, because checks found offending rows: " + strings.Join(e.Broken, "; ")
}

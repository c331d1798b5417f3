package runner

import (
	"context"
	"errors"
	"fmt"

	"entente/pipeline"
)

// rawTable takes a source's table over from the current release, or parses it: whole, or those of its
// parts that changed.
func (b *build) rawTable(ctx context.Context, stage pipeline.Stage, loader pipeline.Loader, job pipeline.Job, t pipeline.Table) (pipeline.TableEntry, error) {
	current := b.entry(t.FullName())
	if current != nil && b.reuses(t.FullName()) {
		return *current, link(stage, *current)
	}
	b.fresh(t.FullName())
	in := &intake{job: job, table: t, snapshot: b.snapshot(job), tell: b.tell}
	parts, err := in.parts(ctx)
	if err != nil {
		return pipeline.TableEntry{}, err
	}
	if len(parts) == 0 {
		made, err := b.take(ctx, loader, in)
		entry := b.describe(t, job.Name, made.Files, made.Account)
		entry.Quarantine = made.Quarantine
		return entry, err
	}
	entry := b.describe(t, job.Name, nil, pipeline.Account{})
	for _, p := range parts {
		made, err := b.rawPart(ctx, stage, loader, in, p, current)
		if err != nil {
			return pipeline.TableEntry{}, err
		}
		entry.Parts = append(entry.Parts, made)
		entry.Files = append(entry.Files, made.Files...)
		entry.Quarantine = append(entry.Quarantine, made.Quarantine...)
		entry.Account.Add(made.Account)
	}
	entry.Rows = entry.Account.Loaded
	return entry, nil
}

// rawPart takes one part of a table over from the current release, or parses it.
func (b *build) rawPart(ctx context.Context, stage pipeline.Stage, loader pipeline.Loader, whole *intake, p pipeline.Part, current *pipeline.TableEntry) (pipeline.PartEntry, error) {
	table := whole.table
	table.Selection = "" // a part is what it is, whichever others are asked for
	print := b.rawPrint(whole.job, table, []pipeline.File{{Name: p.Value, SHA256: p.Fingerprint}})
	if current != nil && b.order.Rebuild != RebuildAll {
		for _, old := range current.Parts {
			if old.Value == p.Value && old.Fingerprint == print {
				return old, link(stage, pipeline.TableEntry{Schema: current.Schema, Name: current.Name, Files: old.Files, Quarantine: old.Quarantine})
			}
		}
	}
	in := &intake{job: whole.job, table: table, snapshot: whole.snapshot, tell: whole.tell, part: &p}
	in.table.Partition = p.Value
	made, err := b.take(ctx, loader, in)
	made.Value, made.Fingerprint = p.Value, print
	return made, err
}

// take has a table, or a part of one, parsed and stored, and closes its account.
func (b *build) take(ctx context.Context, loader pipeline.Loader, in *intake) (pipeline.PartEntry, error) {
	name := in.table.FullName()
	loaded, err := loader.Load(ctx, in.table, func(out pipeline.Sink) error { return in.parse(ctx, out) })
	in.rejects = append(in.rejects, loaded.Conflicts...)
	rows, qerr := in.quarantined()
	if len(rows) > 0 {
		qerr = errors.Join(qerr, b.Ledger.Quarantine(context.WithoutCancel(ctx), b.report.Run.ID, rows))
	}
	if err != nil || qerr != nil {
		return pipeline.PartEntry{}, errors.Join(err, qerr)
	}
	account := in.account(loaded)
	if !account.Balanced() {
		return pipeline.PartEntry{}, fmt.Errorf("table %s: the account does not add up: %d rows read, %d loaded + %d quarantined + %d duplicate + %d filtered",
			name, account.Read, account.Loaded, account.Quarantined, account.Duplicate, account.Filtered)
	}
	if err := in.tolerable(account); err != nil {
		return pipeline.PartEntry{}, err
	}
	for rule, n := range account.Filters {
		if n == 0 {
			b.Log.Warn("left out", "source", in.job.Name, "table", name, "what", rule)
		}
	}
	made := pipeline.PartEntry{Files: loaded.Files, Account: account}
	if len(rows) > 0 {
		made.Quarantine, err = storeQuarantine(ctx, loader, in.table, rows)
	}
	return made, err
}

// parts lists what the table is made of where it changes part by part.
func (in *intake) parts(ctx context.Context) ([]pipeline.Part, error) {
	source, ok := in.job.Source.(pipeline.Parted)
	if !ok || len(in.snapshot.Files) == 0 {
		return nil, nil
	}
	parts, err := source.Parts(ctx, in.snapshot, in.table.Name)
	if err != nil {
		return nil, err
	}
	for i := 1; i < len(parts); i++ {
		if parts[i].Value <= parts[i-1].Value {
			return nil, fmt.Errorf("table %s: part %s comes after part %s", in.table.FullName(), parts[i].Value, parts[i-1].Value)
		}
	}
	return parts, nil
}

package report

import (
	"context"
	"errors"
	"time"

	"entente/cmd/entente/folder"
	"entente/cmd/entente/render"
	"entente/pipeline"
	"entente/pipeline/ledger"
	"entente/pipeline/scheduler"
)

// Due says how a job that runs by itself stands.
type Due struct {
	Job         string    `json:"job"`
	LastOutcome string    `json:"last_outcome,omitempty"` // of its newest scheduled run
	LastSuccess time.Time `json:"last_success,omitzero"`  // when a scheduled run last published or found nothing new
	Next        time.Time `json:"next,omitzero"`          // before jitter
	Overdue     bool      `json:"is_overdue"`
}

// Jobs says how the jobs stand that run by themselves, as far as the ledger remembers a run of them: none of
// them if the folder has never been served.
func Jobs(ctx context.Context, f *folder.Folder, schedules []pipeline.Schedule) (list []Due, err error) {
	l, err := f.Ledger()
	if err != nil || l == nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	newest, succeeded, err := histories(ctx, l)
	if err != nil || len(newest) == 0 {
		return nil, err
	}
	now := f.Now()
	for _, s := range schedules {
		last, ran := newest[s.Job]
		if s.When == nil || !ran {
			continue
		}
		d := Due{Job: s.Job, LastOutcome: last.Outcome, Next: s.When.Next(now)}
		since := last.ScheduledAt
		if good, found := succeeded[s.Job]; found {
			d.LastSuccess, since = good.FinishedAt, good.ScheduledAt
		}
		d.Overdue = scheduler.Overdue(s, since, now)
		list = append(list, d)
	}
	return list, nil
}

func histories(ctx context.Context, l *ledger.Ledger) (newest, succeeded map[string]pipeline.RunRecord, err error) {
	if newest, err = l.Newest(ctx); err != nil {
		return nil, nil, err
	}
	succeeded, err = l.Newest(ctx, pipeline.RunPublished, pipeline.RunUnchanged)
	return newest, succeeded, err
}

// jobs lists what is due.
func (p Printer) jobs(list []Due) {
	if len(list) == 0 {
		return
	}
	p.printf("\nScheduled jobs\n")
	var rows [][]string
	for _, d := range list {
		late := ""
		if d.Overdue {
			late = "overdue: is entente serve running?"
		}
		rows = append(rows, []string{"  " + d.Job, d.LastOutcome, Minute(d.LastSuccess), Minute(d.Next.UTC()), late})
	}
	render.List(p.Out, "", []string{"", "last run", "last success", "next", ""}, rows)
}

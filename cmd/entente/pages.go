package main

import (
	"time"

	"entente/cmd/entente/confine"
	"entente/cmd/entente/misuse"
	"entente/cmd/entente/service"
	"entente/cmd/entente/site"
	"entente/cmd/entente/site/guard"
	"entente/pipeline/scheduler"
	"entente/schedules"
)

// What a reader's query may use up, and how many run at once.
var readersLimits = confine.Limits{Time: 10 * time.Second, Memory: 512, Rows: 10_000, Bytes: 16 << 20}

const readersQueries = 2

// pages makes what browsers see of the service.
func (a *app) pages(listen string, plan schedules.Plan) (func(service.View) (service.Pages, error), error) {
	token, err := a.secrets.Get("ENTENTE_TOKEN")
	if err != nil {
		return nil, err
	}
	g, err := guard.New(listen, token)
	if err != nil {
		return nil, misuse.Of("%w", err)
	}
	queries, err := confine.New(readersLimits, readersQueries)
	if err != nil {
		return nil, err
	}
	return func(v service.View) (service.Pages, error) {
		o := site.Options{Folder: a.folder, Jobs: plan.Jobs, Guard: g, Queries: queries}
		if !a.folder.IsSample() { // on which no schedule runs
			o.Timetable = timetable{v}
		}
		return site.New(o)
	}, nil
}

// timetable is what the pages know of the schedules.
type timetable struct{ view service.View }

// Jobs implements site.Timetable: first what runs, then by time, last what runs by hand only.
func (t timetable) Jobs() []site.Job {
	running, busy := t.view.Running()
	coming := t.view.Coming(1)
	var all []site.Job
	listed := map[string]bool{}
	add := func(job string, next time.Time) {
		for _, s := range t.view.Schedules() {
			if s.Job == job && !listed[job] {
				listed[job] = true
				all = append(all, site.Job{
					Name: job, Sources: s.Sources, Cron: s.Cron, Zone: s.Zone, Next: next, Running: busy && running.Job == job,
				})
			}
		}
	}
	if busy {
		add(running.Job, at(coming, running.Job))
	}
	for _, r := range coming {
		add(r.Job, r.At)
	}
	for _, s := range t.view.Schedules() {
		add(s.Job, time.Time{})
	}
	return all
}

func at(coming []scheduler.Run, job string) time.Time {
	for _, r := range coming {
		if r.Job == job {
			return r.At
		}
	}
	return time.Time{}
}

// Due implements site.Timetable: the first time after another at which a schedule asks the source.
func (t timetable) Due(source string, after time.Time) (due time.Time) {
	for _, s := range t.view.Schedules() {
		for _, name := range s.Sources {
			if name != source || s.When == nil {
				continue
			}
			if next := s.When.Next(after); due.IsZero() || next.Before(due) {
				due = next
			}
		}
	}
	return due
}

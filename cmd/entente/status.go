package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"entente/cmd/entente/render"
	"entente/pipeline"
	"entente/pipeline/ledger"
	"entente/pipeline/release"
)

const statusRuns = 5

// status is what status --json answers.
type status struct {
	Data        string               `json:"data"`
	Sample      bool                 `json:"is_sample"`
	Releases    []release.Info       `json:"releases"`
	Sources     []freshness          `json:"sources"`
	Runs        []pipeline.RunRecord `json:"runs"`
	Quarantined []ledger.Summary     `json:"quarantined"`
	Warnings    []string             `json:"warnings"`
}

// freshness is how new a source's data are.
type freshness struct {
	Source      string    `json:"source"`
	Title       string    `json:"title"`
	Editions    string    `json:"editions,omitempty"`
	Rows        int64     `json:"row_count"` // in the current release
	Bytes       int64     `json:"bytes"`     // in the vault
	LastChecked time.Time `json:"last_checked,omitzero"`
	LastChanged time.Time `json:"last_changed,omitzero"`
	State       string    `json:"state"`
}

func (a *app) statusCommand() *cobra.Command {
	dir := ""
	c := &cobra.Command{
		Use:   "status",
		Short: "What is here, how fresh it is, and what to know before using it",
		Args:  usage(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			s, err := a.collectStatus(c.Context(), dir)
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(s)
			}
			a.tellStatus(s)
			return nil
		},
	}
	c.Flags().StringVar(&dir, "schedules", "", "`DIR` of schedules that replace the built-in ones")
	return c
}

func (a *app) collectStatus(ctx context.Context, dir string) (s status, err error) {
	s = status{
		Data: a.data, Sample: a.isSample(), Releases: []release.Info{}, Sources: []freshness{},
		Runs: []pipeline.RunRecord{}, Quarantined: []ledger.Summary{}, Warnings: []string{},
	}
	store, err := a.releases()
	if err != nil {
		return s, err
	}
	infos, err := store.List()
	if err != nil {
		return s, err
	}
	s.Releases = append(s.Releases, infos...)
	current, err := store.Current()
	if err != nil && !errors.Is(err, pipeline.ErrNoRelease) {
		return s, err
	}
	jobs, err := a.jobs(dir)
	if err != nil {
		return s, err
	}
	holdings, err := a.holdings(ctx, pipeline.Order{Jobs: jobs})
	if err != nil {
		return s, err
	}
	for i, job := range jobs {
		s.Sources = append(s.Sources, fresh(job, holdings[i], current, s.Sample))
	}
	if err := a.history(ctx, &s, current); err != nil {
		return s, err
	}
	s.Warnings = append(s.Warnings, warnings(s, current)...)
	return s, nil
}

func fresh(job pipeline.Job, h held, current pipeline.Manifest, sample bool) freshness {
	f := freshness{Source: job.Name, Title: job.Source.About().Title, Editions: strings.TrimPrefix(editions(h.Files), "edition "), State: "loaded"}
	for _, t := range current.Tables {
		if t.Source == job.Name {
			f.Rows += t.Rows
		}
	}
	switch {
	case own(h.Files):
		f.State = "part of the program"
		return f
	case f.Rows > 0:
	case h.Skipped != "" && sample:
		f.State = "not in the sample"
	case h.Skipped != "":
		f.State = "skipped: terms of use; give the file with: entente import " + job.Name + " FILE"
	case len(h.Files) > 0:
		f.State = "in the vault, not loaded yet"
	default:
		f.State = "not fetched yet"
	}
	f.Bytes = bytesOf(h.Files)
	for _, file := range h.Files {
		if file.CheckedAt.After(f.LastChecked) {
			f.LastChecked = file.CheckedAt
		}
		if file.FetchedAt.After(f.LastChanged) {
			f.LastChanged = file.FetchedAt
		}
	}
	return f
}

// history adds what the ledger remembers.
func (a *app) history(ctx context.Context, s *status, current pipeline.Manifest) (err error) {
	l, err := a.ledger()
	if err != nil || l == nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	runs, err := l.Runs(ctx, statusRuns)
	if err != nil {
		return err
	}
	s.Runs = append(s.Runs, runs...)
	for _, id := range []string{current.RunID, lastRun(runs)} {
		if id == "" || len(s.Quarantined) > 0 {
			continue
		}
		found, err := l.QuarantineSummary(ctx, id)
		if err != nil {
			return err
		}
		s.Quarantined = append(s.Quarantined, found...)
	}
	return nil
}

func lastRun(runs []pipeline.RunRecord) string {
	if len(runs) == 0 {
		return ""
	}
	return runs[0].ID
}

// warnings are what a reader of the data must know.
func warnings(s status, current pipeline.Manifest) []string {
	var list []string
	rows := map[string]int64{}
	for _, f := range s.Sources {
		rows[f.Source] = f.Rows
	}
	if s.Sample {
		list = append(list, "this is the sample, a choice of contested votes: levels of agreement are not those of the full record")
	}
	if rows["unsc"] > 0 && rows["sciencespo"] == 0 {
		list = append(list, "only adopted Council texts are loaded; agreement between permanent members is overstated; load vetoed and failed drafts, too: entente run sciencespo")
	}
	if len(s.Runs) > 0 && s.Runs[0].Outcome != pipeline.RunPublished && s.Runs[0].Outcome != pipeline.RunUnchanged && s.Runs[0].Outcome != pipeline.RunRunning {
		list = append(list, "the last run "+s.Runs[0].Outcome+": "+s.Runs[0].Error)
	}
	for _, c := range current.Checks {
		if c.Offending > 0 {
			list = append(list, "check "+c.Name+": "+plural(int(c.Offending), "row")+"; "+c.Description)
		}
	}
	return list
}

func (a *app) tellStatus(s status) {
	if len(s.Releases) == 0 && len(s.Runs) == 0 {
		a.printf("%s holds nothing yet.\n\nA first look, in seconds and without a network: %s\nThe full record: %s\n",
			s.Data, a.again("run --sample"), a.again("run"))
		return
	}
	a.printf("Releases in %s\n", s.Data)
	if len(s.Releases) == 0 {
		a.printf("  none yet\n")
	}
	shown := s.Releases[:min(len(s.Releases), statusRuns)]
	a.tellReleases(shown)
	a.printf("\nSources\n")
	var rows [][]string
	for _, f := range s.Sources {
		rows = append(rows, []string{"  " + f.Source, render.Count(f.Rows), f.Editions, day(f.LastChecked), day(f.LastChanged), f.State})
	}
	render.List(a.stdout, "", []string{"", "rows", "edition", "last checked", "last changed", ""}, rows)
	if len(s.Runs) > 0 {
		a.printf("\nLast runs\n")
		rows = nil
		for _, r := range s.Runs {
			took := ""
			if !r.FinishedAt.IsZero() {
				took = r.FinishedAt.Sub(r.StartedAt).Round(100 * time.Millisecond).String()
			}
			rows = append(rows, []string{day(r.StartedAt), r.Outcome, took, r.Command})
		}
		render.List(a.stdout, "  ", nil, rows)
	}
	if len(s.Quarantined) > 0 {
		n := int64(0)
		for _, q := range s.Quarantined {
			n += q.Rows
		}
		a.printf("\nIn quarantine: %s that could not be read; see: %s\n", plural(int(n), "row"), a.again("quarantine list"))
	}
	if len(s.Warnings) > 0 {
		a.printf("\nKnow before use\n")
		for _, w := range s.Warnings {
			a.printf("  - %s\n", w)
		}
	}
}

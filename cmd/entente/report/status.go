package report

import (
	"context"
	"errors"
	"strings"
	"time"

	"entente/cmd/entente/folder"
	"entente/cmd/entente/render"
	"entente/cmd/entente/work"
	"entente/pipeline"
	"entente/pipeline/ledger"
	"entente/pipeline/release"
	"entente/pipeline/runner"
)

const statusRuns = 5

// Status is what status --json answers.
type Status struct {
	Data        string               `json:"data"`
	Sample      bool                 `json:"is_sample"`
	Releases    []release.Info       `json:"releases"`
	Sources     []Freshness          `json:"sources"`
	Runs        []pipeline.RunRecord `json:"runs"`
	Quarantined []ledger.Summary     `json:"quarantined"`
	Warnings    []string             `json:"warnings"`
	Jobs        []Due                `json:"jobs,omitempty"` // that run by themselves
}

// Freshness is how new a source's data are.
type Freshness struct {
	Source      string    `json:"source"`
	Title       string    `json:"title"`
	Editions    string    `json:"editions,omitempty"`
	Rows        int64     `json:"row_count"` // in the current release
	Bytes       int64     `json:"bytes"`     // in the vault
	LastChecked time.Time `json:"last_checked,omitzero"`
	LastChanged time.Time `json:"last_changed,omitzero"`
	State       string    `json:"state"`
}

// Collect looks at everything in a folder, without asking any upstream. It writes nothing.
func Collect(ctx context.Context, f *folder.Folder, jobs []pipeline.Job) (s Status, err error) {
	s = Status{
		Data: f.Dir, Sample: f.IsSample(), Releases: []release.Info{}, Sources: []Freshness{},
		Runs: []pipeline.RunRecord{}, Quarantined: []ledger.Summary{}, Warnings: []string{},
	}
	store, err := f.Releases()
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
	holdings, err := work.Holdings(ctx, f, runner.Order{Jobs: jobs})
	if err != nil {
		return s, err
	}
	for i, job := range jobs {
		s.Sources = append(s.Sources, fresh(job, holdings[i], current, s.Sample))
	}
	if err := history(ctx, f, &s, current); err != nil {
		return s, err
	}
	s.Warnings = append(s.Warnings, warnings(s, current)...)
	return s, nil
}

func fresh(job pipeline.Job, h work.Held, current pipeline.Manifest, sample bool) Freshness {
	f := Freshness{Source: job.Name, Title: job.Source.About().Title, Editions: strings.TrimPrefix(editions(h.Files), "edition "), State: "loaded"}
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
	case sample && (h.Skipped != "" || len(h.Files) == 0):
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
func history(ctx context.Context, f *folder.Folder, s *Status, current pipeline.Manifest) (err error) {
	l, err := f.Ledger()
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
func warnings(s Status, current pipeline.Manifest) []string {
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
	for _, r := range s.Runs {
		if r.Outcome == pipeline.RunFailed || r.Outcome == pipeline.RunInterrupted || r.Outcome == pipeline.RunMissed {
			list = append(list, "the last run "+r.Outcome+": "+r.Error)
		}
		if r.Outcome != pipeline.RunSkipped {
			break
		}
	}
	for _, c := range current.Checks {
		if c.Offending > 0 {
			list = append(list, "check "+c.Name+": "+Plural(int(c.Offending), "row")+"; "+c.Description)
		}
	}
	return list
}

// Status says how things stand.
func (p Printer) Status(s Status) error {
	if p.JSON {
		return p.json(s)
	}
	if len(s.Releases) == 0 && len(s.Runs) == 0 {
		p.printf("%s holds nothing yet.\n\nA first look, in seconds and without a network: %s\nThe full record: %s\n",
			s.Data, p.Again("run --sample"), p.Again("run"))
		return nil
	}
	p.printf("Releases in %s\n", s.Data)
	if len(s.Releases) == 0 {
		p.printf("  none yet\n")
	}
	shown := s.Releases[:min(len(s.Releases), statusRuns)]
	p.Releases(shown)
	p.printf("\nSources\n")
	var rows [][]string
	for _, f := range s.Sources {
		rows = append(rows, []string{"  " + f.Source, render.Count(f.Rows), f.Editions, Minute(f.LastChecked), Minute(f.LastChanged), f.State})
	}
	render.List(p.Out, "", []string{"", "rows", "edition", "last checked", "last changed", ""}, rows)
	if len(s.Runs) > 0 {
		p.printf("\nLast runs\n")
		rows = nil
		for _, r := range s.Runs {
			took := ""
			if !r.FinishedAt.IsZero() {
				took = r.FinishedAt.Sub(r.StartedAt).Round(100 * time.Millisecond).String()
			}
			rows = append(rows, []string{Minute(r.StartedAt), r.Outcome, took, r.Command})
		}
		render.List(p.Out, "  ", nil, rows)
	}
	p.jobs(s.Jobs)
	if len(s.Quarantined) > 0 {
		n := int64(0)
		for _, q := range s.Quarantined {
			n += q.Rows
		}
		p.printf("\nIn quarantine: %s that could not be read; see: %s\n", Plural(int(n), "row"), p.Again("quarantine list"))
	}
	if len(s.Warnings) > 0 {
		p.printf("\nKnow before use\n")
		for _, w := range s.Warnings {
			p.printf("  - %s\n", w)
		}
	}
	return nil
}

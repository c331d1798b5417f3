package site

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"strings"
	"time"

	"entente/cmd/entente/report"
	"entente/pipeline"
	"entente/pipeline/release"
)

const (
	remembered = 3 * time.Second // for so long the state of the folder is not looked at again
	lateAfter  = time.Hour       // behind its schedule a source counts as late
	shownLast  = 12              // releases on the page
)

// sourceRow is a source with what its schedule says.
type sourceRow struct {
	report.Freshness
	Due  time.Time
	Late bool
}

// runRow is a run with the rows it accounts for, if it published.
type runRow struct {
	pipeline.RunRecord
	Account *pipeline.Account // of the tables read from sources
}

// releaseRow is a release with what is new in it.
type releaseRow struct {
	release.Info
	Change change
}

// statusPage is the page at /.
func (s *Site) statusPage(w http.ResponseWriter, r *http.Request) {
	status, err := s.collect(r.Context())
	if err != nil {
		s.broken(w, r, err)
		return
	}
	page := struct {
		frame
		Status    report.Status
		Sources   []sourceRow
		Late      int
		Jobs      []Job
		Timetable bool
		Runs      []runRow
		Releases  []releaseRow
		More      int
		Now       time.Time
	}{frame: s.frame("Status", "status", ""), Status: status, Timetable: s.options.Timetable != nil, Now: s.options.Folder.Now()}
	for _, f := range status.Sources {
		row := sourceRow{Freshness: f}
		if t := s.options.Timetable; t != nil && !f.LastChecked.IsZero() {
			row.Due = t.Due(f.Source, f.LastChecked)
			row.Late = !row.Due.IsZero() && page.Now.After(row.Due.Add(lateAfter))
		}
		if row.Late {
			page.Late++
		}
		page.Sources = append(page.Sources, row)
	}
	if s.options.Timetable != nil {
		page.Jobs = s.options.Timetable.Jobs()
	}
	manifests := map[string]pipeline.Manifest{}
	for _, run := range status.Runs {
		row := runRow{RunRecord: run}
		if m, ok := s.known(manifests, run.Release); ok {
			a := total(m)
			row.Account = &a
		}
		page.Runs = append(page.Runs, row)
	}
	for i, info := range status.Releases {
		if info.Current {
			page.Release = info.ID
		}
		if i >= shownLast {
			page.More++
			continue
		}
		row := releaseRow{Info: info}
		if m, ok := s.known(manifests, info.ID); ok {
			before, ok := s.known(manifests, m.Previous)
			row.Change = compare(before, m, ok)
		}
		page.Releases = append(page.Releases, row)
	}
	s.render(w, http.StatusOK, "status", page)
}

// collect looks at the folder, or remembers what it just saw.
func (s *Site) collect(ctx context.Context) (report.Status, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.options.Folder.Now()
	if !s.seen.IsZero() && now.Sub(s.seen) < remembered && !now.Before(s.seen) {
		return s.status, nil
	}
	status, err := report.Collect(ctx, s.options.Folder, s.options.Jobs)
	if err != nil {
		return status, err
	}
	s.status, s.seen = status, now
	return status, nil
}

// known reads a manifest once for a page.
func (s *Site) known(read map[string]pipeline.Manifest, id string) (pipeline.Manifest, bool) {
	if id == "" {
		return pipeline.Manifest{}, false
	}
	m, ok := read[id]
	if !ok {
		var err error
		if m, err = s.manifest(id); err != nil {
			return m, false // pruned, or broken, which the list of releases says
		}
		read[id] = m
	}
	return m, true
}

// total adds the accounts of the tables that are read from sources.
func total(m pipeline.Manifest) (a pipeline.Account) {
	for _, t := range m.Tables {
		if t.Source != "" {
			a.Read += t.Account.Read
			a.Loaded += t.Account.Loaded
			a.Quarantined += t.Account.Quarantined
			a.Duplicate += t.Account.Duplicate
			a.Filtered += t.Account.Filtered
		}
	}
	return a
}

// releasePage is what one release is made of, and what is new in it.
func (s *Site) releasePage(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	m, err := s.manifest(id)
	if errors.Is(err, fs.ErrNotExist) {
		s.fail(w, http.StatusNotFound, "There is no release of this name. It may have been pruned.")
		return
	}
	if err != nil {
		s.broken(w, r, err)
		return
	}
	before, known := pipeline.Manifest{}, false
	if m.Previous != "" {
		before, err = s.manifest(m.Previous)
		known = err == nil
	}
	page := struct {
		frame
		M      pipeline.Manifest
		Change change
		Total  pipeline.Account
		Checks []pipeline.CheckResult
		Passed int
	}{frame: s.frame("Release "+id, "", ""), M: m, Change: compare(before, m, known), Total: total(m)}
	for _, c := range m.Checks {
		if c.Offending == 0 {
			page.Passed++
			continue
		}
		c.Description, _, _ = strings.Cut(c.Description, "\n")
		page.Checks = append(page.Checks, c)
	}
	s.render(w, http.StatusOK, "release", page)
}

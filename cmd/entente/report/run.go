package report

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"entente/cmd/entente/render"
	"entente/pipeline"
	"entente/pipeline/runner"
)

// runSummary is what run --json answers.
type runSummary struct {
	Run     pipeline.RunRecord     `json:"run"`
	Sources []sourceSummary        `json:"sources"`
	Tables  []tableSummary         `json:"tables"`
	Checks  []pipeline.CheckResult `json:"checks"`
}

type sourceSummary struct {
	Name    string          `json:"name"`
	Files   []pipeline.File `json:"files"`
	Skipped string          `json:"skipped,omitempty"`
}

type tableSummary struct {
	Name    string           `json:"name"`
	Fresh   bool             `json:"is_fresh"`
	Account pipeline.Account `json:"account"`
}

// Run says what a run did.
func (p Printer) Run(r runner.Report) error {
	if p.JSON {
		s := runSummary{Run: r.Run, Checks: r.Checks}
		for _, source := range r.Sources {
			s.Sources = append(s.Sources, sourceSummary(source))
		}
		for _, t := range r.Tables {
			s.Tables = append(s.Tables, tableSummary{t.FullName(), r.Fresh[t.FullName()], t.Account})
		}
		return p.json(s)
	}
	if p.Quiet {
		return nil
	}
	if len(r.Sources) > 0 {
		p.printf("Sources\n")
		var rows [][]string
		for _, s := range r.Sources {
			rows = append(rows, []string{s.Name, outcome(s), editions(s.Files)})
		}
		render.List(p.Out, "  ", nil, rows)
		p.printf("\n")
	}
	p.tables(r)
	p.checks(r.Checks)
	took := r.Run.FinishedAt.Sub(r.Run.StartedAt).Round(10 * time.Millisecond)
	if r.Run.Outcome == pipeline.RunUnchanged {
		p.printf("Nothing changed, so nothing was published. Release %s stays current (%s).\n", r.Run.Release, took)
		return nil
	}
	p.printf("Release %s is published in %s (%s).\n", r.Run.Release, p.Data, took)
	p.printf("\nTry:\n  %s\n  %s\n",
		p.Again(`query "from indicators.pair_alignment('GA', 'CHN', 'RUS', date '2006-01-01', date '2012-12-31')"`),
		p.Again(`dictionary`))
	return nil
}

// outcome says in a few words what a run found at a source.
func outcome(s runner.SourceReport) string {
	if s.Skipped != "" {
		return "skipped: " + strings.TrimPrefix(s.Skipped, "source "+s.Name+": ")
	}
	var fresh []pipeline.File
	counts := map[string]int{}
	for _, f := range s.Files {
		if f.Listing {
			continue
		}
		counts[f.Outcome]++
		if f.Outcome == pipeline.OutcomeDownloaded {
			fresh = append(fresh, f)
		}
	}
	switch {
	case len(fresh) > 0:
		return "downloaded " + render.Bytes(bytesOf(fresh))
	case counts[pipeline.OutcomeUnchanged] > 0:
		return "unchanged"
	case counts[pipeline.OutcomeOffline] > 0:
		return "not asked; from the vault"
	case counts[pipeline.OutcomeImported] > 0:
		return "imported, not downloaded"
	case counts[pipeline.OutcomeEmbedded] > 0:
		return "part of the program"
	}
	return "no files"
}

// editions lists the upstream's names of what was found.
func editions(files []pipeline.File) string {
	var versions []string
	for _, f := range files {
		if f.Version != "" && !f.Listing && !slices.Contains(versions, f.Version) {
			versions = append(versions, f.Version)
		}
	}
	if versions == nil {
		return ""
	}
	return "edition " + strings.Join(versions, ", ")
}

func (p Printer) tables(r runner.Report) {
	if r.Tables == nil {
		return
	}
	var rows [][]string
	var filters [][]string
	empty := 0
	for _, t := range r.Tables {
		if t.Account.Read == 0 {
			empty++
			continue
		}
		how := "kept"
		if r.Fresh[t.FullName()] {
			how = "new"
		}
		rows = append(rows, []string{
			t.FullName(), how, render.Count(t.Account.Read), render.Count(t.Account.Loaded),
			render.Count(t.Account.Quarantined), render.Count(t.Account.Duplicate), render.Count(t.Account.Filtered),
		})
		for rule, n := range t.Account.Filters {
			if n > 0 {
				filters = append(filters, []string{t.FullName(), render.Count(n), rule})
			}
		}
	}
	header := []string{"Tables", "", "rows read", "loaded", "quarantined", "duplicate", "filtered"}
	render.List(p.Out, "", header, indented(rows))
	if len(filters) > 0 {
		slices.SortFunc(filters, slices.Compare)
		p.printf("\nFiltered on purpose\n")
		render.List(p.Out, "  ", nil, filters)
	}
	if empty > 0 {
		p.printf("  (%s without rows: their sources were skipped or not asked for)\n", Plural(empty, "table"))
	}
	if slices.ContainsFunc(r.Tables, func(t pipeline.TableEntry) bool { return t.Account.Quarantined > 0 }) {
		p.printf("\nQuarantined rows could not be read; see them: %s\n", p.Again("quarantine list"))
	}
	p.printf("\n")
}

// indented indents the first column under a heading.
func indented(rows [][]string) [][]string {
	for _, row := range rows {
		row[0] = "  " + row[0]
	}
	return rows
}

func (p Printer) checks(checks []pipeline.CheckResult) {
	if len(checks) == 0 {
		return
	}
	var warnings []pipeline.CheckResult
	for _, c := range checks {
		if c.Offending > 0 {
			warnings = append(warnings, c)
		}
	}
	p.printf("Checks: %d passed", len(checks)-len(warnings))
	if len(warnings) == 0 {
		p.printf("\n\n")
		return
	}
	p.printf(", %s (they do not stop publication)\n", Plural(len(warnings), "warning"))
	slices.SortFunc(warnings, func(a, b pipeline.CheckResult) int { return cmp.Compare(a.Name, b.Name) })
	for _, c := range warnings {
		p.printf("  %s: %s\n    %s\n", c.Name, Plural(int(c.Offending), "row"), c.Description)
	}
	p.printf("  see them: %s\n\n", p.Again(`query "from checks.`+warnings[0].Name+`"`))
}

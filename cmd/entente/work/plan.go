package work

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"

	"entente/cmd/entente/folder"
	"entente/cmd/entente/misuse"
	"entente/pipeline"
	"entente/pipeline/runner"
	"entente/schedules"
)

// Held is what the vault holds of a source.
type Held struct {
	Job     string          `json:"job"`
	Files   []pipeline.File `json:"files"`
	Skipped string          `json:"skipped,omitempty"` // why it will not be asked
	Missing bool            `json:"is_missing"`        // something has yet to be downloaded
}

// Holdings looks up what the vault holds of the sources of an order, without asking anybody.
func Holdings(ctx context.Context, f *folder.Folder, o runner.Order) ([]Held, error) {
	keeper, err := f.Reader()
	if err != nil {
		return nil, err
	}
	var list []Held
	for _, job := range o.Jobs {
		if o.Only != nil && !o.Only[job.Name] {
			continue
		}
		automated := job.Source.About().Automated || job.Approved || o.Mirror
		s := pipeline.NewSnapshot(job.Name, automated, keeper)
		s.Keyed, s.At = job.Keyed, f.Now().UTC()
		err := job.Source.Fetch(ctx, &http.Client{}, s)
		var missing *pipeline.UpstreamError
		h := Held{Job: job.Name, Files: s.Data()}
		switch {
		case errors.Is(err, pipeline.ErrNotAutomated):
			h.Skipped = err.Error()
		case errors.As(err, &missing):
			h.Missing = true
		case err != nil:
			return nil, err
		}
		list = append(list, h)
	}
	return list, nil
}

// Plan is what a run would do.
type Plan struct {
	Sources []Held   `json:"sources"`
	Tables  []string `json:"tables"` // that would be made anew, as far as the vault's contents tell
}

// MakePlan says what a run would do. It asks nobody and writes nothing.
func MakePlan(ctx context.Context, f *folder.Folder, o runner.Order) (Plan, error) {
	none := Plan{}
	holdings, err := Holdings(ctx, f, o)
	if err != nil {
		return none, err
	}
	keeper, err := f.Reader()
	if err != nil {
		return none, err
	}
	pipe, err := Runner(f, nil, keeper, &http.Client{}, "")
	if err != nil {
		return none, err
	}
	stale := map[string]bool{}
	known := o
	known.Only = map[string]bool{}
	for _, h := range holdings {
		if !h.Missing && h.Skipped == "" {
			known.Only[h.Job] = true
		}
		for _, job := range o.Jobs {
			if job.Name == h.Job && h.Missing {
				for _, t := range job.Source.Tables() {
					stale[t.FullName()] = true
				}
			}
		}
	}
	report, err := pipe.Plan(ctx, known)
	if err != nil {
		return none, err
	}
	maps.Copy(stale, report.Fresh)
	for _, v := range pipe.Warehouse.Views() { // each after all that it reads
		if slices.ContainsFunc(v.Reads, func(name string) bool { return stale[name] }) {
			stale[v.FullName()] = true
		}
	}
	p := Plan{Sources: holdings, Tables: []string{}}
	for _, name := range slices.Sorted(maps.Keys(stale)) {
		if made(pipe.Warehouse.Views(), name) {
			p.Tables = append(p.Tables, name)
		}
	}
	return p, nil
}

// made reports whether a name stands for rows that are stored, unlike a view's.
func made(views []pipeline.View, name string) bool {
	for _, v := range views {
		if v.FullName() == name {
			return v.Kind == pipeline.KindTable
		}
	}
	return true
}

// Admit lets a source that may not be downloaded take part offline if the vault has its files, because
// nothing is downloaded then. It fails when all that was named would be skipped.
func Admit(ctx context.Context, f *folder.Folder, o *runner.Order, offline, named bool) error {
	if offline {
		asked := *o
		asked.Mirror = true
		holdings, err := Holdings(ctx, f, asked)
		if err != nil {
			return err
		}
		for i := range o.Jobs {
			for _, h := range holdings {
				if h.Job == o.Jobs[i].Name && !h.Missing {
					o.Jobs[i].Approved = true
				}
			}
		}
	}
	if !named {
		return nil
	}
	holdings, err := Holdings(ctx, f, *o)
	if err != nil {
		return err
	}
	skipped := ""
	for _, h := range holdings {
		switch {
		case h.Job == schedules.First:
		case h.Skipped == "":
			return nil
		default:
			skipped = h.Skipped
		}
	}
	if skipped != "" {
		return misuse.Of("nothing to do: %s", skipped)
	}
	return nil
}

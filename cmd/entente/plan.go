package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"entente/cmd/entente/render"
	"entente/pipeline"
	"entente/pipeline/vault"
)

// reader is the vault for those who must not write: it asks nobody and keeps nothing.
type reader struct {
	*vault.Vault
	now time.Time
}

// Put says what the vault would have recorded.
func (r reader) Put(_, name, outcome string, from io.Reader) (pipeline.File, error) {
	h := sha256.New()
	n, err := io.Copy(h, from)
	return pipeline.File{
		Name: name, SHA256: hex.EncodeToString(h.Sum(nil)), Bytes: n, Outcome: outcome, FetchedAt: r.now, CheckedAt: r.now,
	}, err
}

func (a *app) reader() (reader, error) {
	v, err := a.vault(vault.Options{Offline: true})
	return reader{v, a.now().UTC()}, err
}

// held is what the vault holds of a source.
type held struct {
	Job     string          `json:"job"`
	Files   []pipeline.File `json:"files"`
	Skipped string          `json:"skipped,omitempty"` // why it will not be asked
	Missing bool            `json:"is_missing"`        // something has yet to be downloaded
}

// holdings looks up what the vault holds of the sources of an order, without asking anybody.
func (a *app) holdings(ctx context.Context, o pipeline.Order) ([]held, error) {
	keeper, err := a.reader()
	if err != nil {
		return nil, err
	}
	var list []held
	for _, job := range o.Jobs {
		if o.Only != nil && !o.Only[job.Name] {
			continue
		}
		automated := job.Source.About().Automated || job.Approved || o.Mirror
		s := pipeline.NewSnapshot(job.Name, automated, keeper)
		err := job.Source.Fetch(ctx, &http.Client{}, s)
		var missing *pipeline.UpstreamError
		h := held{Job: job.Name, Files: s.Data()}
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

// planned is what run --plan says.
type planned struct {
	Sources []held   `json:"sources"`
	Tables  []string `json:"tables"` // that would be made anew, as far as the vault's contents tell
}

// plan says what a run would do.
func (a *app) plan(ctx context.Context, o pipeline.Order) error {
	holdings, err := a.holdings(ctx, o)
	if err != nil {
		return err
	}
	keeper, err := a.reader()
	if err != nil {
		return err
	}
	runner, err := a.runner(nil, keeper, &http.Client{}, "")
	if err != nil {
		return err
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
	report, err := runner.Plan(ctx, known)
	if err != nil {
		return err
	}
	maps.Copy(stale, report.Fresh)
	for _, v := range runner.Warehouse.Views() { // each after all that it reads
		if slices.ContainsFunc(v.Reads, func(name string) bool { return stale[name] }) {
			stale[v.FullName()] = true
		}
	}
	p := planned{Sources: holdings, Tables: []string{}}
	for _, name := range slices.Sorted(maps.Keys(stale)) {
		if made(runner.Warehouse.Views(), name) {
			p.Tables = append(p.Tables, name)
		}
	}
	if a.json {
		return a.printJSON(p)
	}
	a.tellPlan(p)
	return nil
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

func (a *app) tellPlan(p planned) {
	a.printf("Sources\n")
	var rows [][]string
	for _, h := range p.Sources {
		what := "will be asked whether it changed"
		switch {
		case h.Skipped != "":
			what = "will be skipped: " + h.Skipped
		case h.Missing:
			what = "will be downloaded: the vault has nothing of it yet"
		case own(h.Files):
			what = "part of the program"
		case given(h.Files):
			what = "imported by hand"
		}
		size := ""
		if n := bytesOf(h.Files); n > 0 {
			size = render.Bytes(n) + " in the vault"
		}
		rows = append(rows, []string{h.Job, what, size})
	}
	render.List(a.stdout, "  ", nil, rows)
	if len(p.Tables) == 0 {
		a.printf("\nIf no source changed, nothing will be made anew and nothing published.\n")
		return
	}
	a.printf("\nEven if no source changed since, these will be made anew (and more, if one did):\n  %s\n",
		strings.Join(p.Tables, "\n  "))
}

func own(files []pipeline.File) bool   { return all(files, pipeline.OutcomeEmbedded) }
func given(files []pipeline.File) bool { return all(files, pipeline.OutcomeImported) }

func all(files []pipeline.File, outcome string) bool {
	return len(files) > 0 && !slices.ContainsFunc(files, func(f pipeline.File) bool { return f.Outcome != outcome })
}

func bytesOf(files []pipeline.File) (n int64) {
	for _, f := range files {
		n += f.Bytes
	}
	return n
}

// day is a time as reports have it; nothing for none.
func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04")
}

func plural(n int, one string) string {
	if n == 1 {
		return fmt.Sprintf("%d %s", n, one)
	}
	return fmt.Sprintf("%d %ss", n, one)
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"entente/cmd/entente/render"
	"entente/pipeline"
	"entente/pipeline/release"
	"entente/pipeline/vault"
)

// Verdicts of an examination.
const (
	fine = "ok"
	odd  = "warn"
	ill  = "FAIL"
)

const (
	scarceBytes = 2 << 30 // free space below which a full run may not fit
	earliest    = 2024    // a clock before this year is wrong
)

// finding is what doctor found in one respect.
type finding struct {
	Verdict string `json:"verdict"`
	What    string `json:"what"`
	Detail  string `json:"detail"`
	Advice  string `json:"advice,omitempty"`
}

func (a *app) doctorCommand() *cobra.Command {
	quick := false
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Examine the machine and the data folder, and say what to do",
		Long: `doctor looks at what usually goes wrong. It changes nothing. With --quick it only looks whether the data
can be read and written, which suits a container's health check. It ends with 1 if anything failed.`,
		Args: usage(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error { return a.examine(c.Context(), quick) },
	}
	c.Flags().BoolVar(&quick, "quick", false, "only what a health check needs")
	return c
}

func (a *app) examine(ctx context.Context, quick bool) error {
	findings := []finding{a.examineFolder(), a.examineRelease(ctx)}
	if !quick {
		findings = append(findings, a.examineSpace(), a.examineLock(), a.examineDuckDB(ctx), a.examineVault(),
			a.examineClock(), a.examineRuns(ctx), a.examineTerminal())
	}
	failed := 0
	var rows [][]string
	for _, f := range findings {
		if f.Verdict == ill {
			failed++
		}
		text := f.Detail
		if f.Advice != "" {
			text += "; " + f.Advice
		}
		rows = append(rows, []string{f.Verdict, f.What, text})
	}
	if a.json {
		if err := a.printJSON(findings); err != nil {
			return err
		}
	} else if !a.quiet || failed > 0 {
		render.List(a.stdout, "", nil, rows)
	}
	if failed > 0 {
		return fmt.Errorf("doctor: %s failed", plural(failed, "examination"))
	}
	return nil
}

func (a *app) examineFolder() finding {
	f := finding{Verdict: fine, What: "data folder", Detail: a.data + " can be written"}
	info, err := os.Stat(a.data)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		f.Detail = a.data + " is not there yet; entente run makes it"
		return f
	case err == nil && !info.IsDir():
		return finding{ill, f.What, a.data + " is a file", "name a folder with --data"}
	}
	probe, err := os.CreateTemp(a.data, ".doctor-")
	if err == nil {
		err = errors.Join(probe.Close(), os.Remove(probe.Name()))
	}
	if err != nil {
		return finding{ill, f.What, err.Error(), "give the program's user the right to write there, or choose another folder"}
	}
	return f
}

func (a *app) examineRelease(ctx context.Context) finding {
	f := finding{Verdict: fine, What: "release"}
	db, m, err := a.open("")
	if errors.Is(err, pipeline.ErrNoRelease) {
		return finding{odd, f.What, "none yet", "make one: " + a.again("run --sample")}
	}
	advice := "go back: " + a.again("rollback") + ", or see: " + a.again("verify")
	if err != nil {
		return finding{ill, f.What, err.Error(), advice}
	}
	defer db.Close()
	var id string
	if err := db.QueryRowContext(ctx, "select id from meta.release").Scan(&id); err != nil {
		return finding{ill, f.What, err.Error(), advice}
	}
	store, err := a.releases()
	if err != nil {
		return finding{ill, f.What, err.Error(), advice}
	}
	files := 0
	for _, t := range m.Tables {
		for _, d := range t.Files {
			info, err := os.Stat(filepath.Join(store.Dir(m.ID), filepath.FromSlash(d.Path)))
			if err != nil || info.Size() != d.Bytes {
				return finding{ill, f.What, fmt.Sprintf("%s: %s is missing or has another size", m.ID, d.Path), advice}
			}
			files++
		}
	}
	if id != m.ID {
		return finding{ill, f.What, fmt.Sprintf("the DuckDB file of %s says it belongs to %s", m.ID, id), advice}
	}
	f.Detail = fmt.Sprintf("%s opens; %d files are there", m.ID, files)
	return f
}

func (a *app) examineSpace() finding {
	dir := a.data
	for _, err := os.Stat(dir); err != nil && dir != filepath.Dir(dir); _, err = os.Stat(dir) {
		dir = filepath.Dir(dir)
	}
	free, err := freeBytes(dir)
	f := finding{Verdict: fine, What: "disk", Detail: render.Bytes(free) + " free"}
	if err != nil {
		return finding{odd, f.What, err.Error(), ""}
	}
	if free < scarceBytes {
		f.Verdict, f.Advice = odd, "all sources need about "+render.Bytes(scarceBytes)+"; free space, or remove old releases: "+a.again("releases prune --keep 2")
	}
	return f
}

func (a *app) examineLock() finding {
	f := finding{Verdict: fine, What: "lock", Detail: "free"}
	if _, err := os.Stat(a.data); err != nil {
		return f
	}
	lock, err := release.Lock(a.data, a.command(), a.now)
	var taken *pipeline.LockedError
	switch {
	case errors.As(err, &taken):
		return finding{odd, f.What, fmt.Sprintf("%q, process %d on %s, has been writing since %s", taken.Command, taken.PID, taken.Host, day(taken.Since)), ""}
	case err != nil:
		return finding{ill, f.What, err.Error(), "file locks must work in the data folder; some network file systems lack them"}
	}
	if err := lock.Close(); err != nil {
		return finding{ill, f.What, err.Error(), ""}
	}
	return f
}

func (a *app) examineDuckDB(ctx context.Context) finding {
	version, err := duckVersion(ctx)
	if err != nil {
		return finding{ill, "DuckDB", err.Error(), "the program is damaged; install it again"}
	}
	return finding{fine, "DuckDB", version + " answers", ""}
}

func (a *app) examineVault() finding {
	v, err := a.vault(vault.Options{Offline: true})
	if err != nil {
		return finding{ill, "vault", err.Error(), ""}
	}
	stats, err := v.Stats()
	if err != nil {
		return finding{ill, "vault", err.Error(), ""}
	}
	f := finding{Verdict: fine, What: "vault", Detail: fmt.Sprintf("%s, %s", plural(stats.Objects, "file"), render.Bytes(stats.Bytes))}
	if stats.Partials > 0 {
		f.Detail += fmt.Sprintf(", %s to be taken up", plural(stats.Partials, "download"))
	}
	store, err := a.releases()
	if err != nil {
		return finding{ill, "vault", err.Error(), ""}
	}
	m, err := store.Current()
	if err != nil {
		return f
	}
	for _, s := range m.Sources {
		for _, file := range s.Files {
			object, err := v.Open(file.SHA256)
			if err != nil {
				return finding{odd, "vault", fmt.Sprintf("%s of %s, on which the release rests, is missing", file.Name, s.Name), "fetch it again: " + a.again("run "+s.Name)}
			}
			object.Close()
		}
	}
	return f
}

func (a *app) examineClock() finding {
	now := a.now().UTC()
	f := finding{Verdict: fine, What: "clock", Detail: now.Format("2006-01-02 15:04:05") + " UTC"}
	newest := time.Date(earliest, 1, 1, 0, 0, 0, 0, time.UTC)
	if store, err := a.releases(); err == nil {
		if m, err := store.Current(); err == nil && m.FinishedAt.After(newest) {
			newest = m.FinishedAt
		}
	}
	if now.Before(newest) {
		f.Verdict, f.Advice = odd, "that is before "+day(newest)+", when the release was made: set the clock, or releases will be out of order"
	}
	return f
}

func (a *app) examineRuns(ctx context.Context) finding {
	f := finding{Verdict: fine, What: "last run", Detail: "none"}
	l, err := a.ledger()
	if err != nil {
		return finding{ill, f.What, err.Error(), "the ledger holds the history only: move state.sqlite away, and runs start a new one"}
	}
	if l == nil {
		return f
	}
	defer l.Close()
	runs, err := l.Runs(ctx, 1)
	if err != nil {
		return finding{ill, f.What, err.Error(), "the ledger holds the history only: move state.sqlite away, and runs start a new one"}
	}
	if len(runs) == 0 {
		return f
	}
	f.Detail = runs[0].Outcome + ", " + day(runs[0].StartedAt)
	if runs[0].Outcome == pipeline.RunFailed || runs[0].Outcome == pipeline.RunInterrupted {
		f.Verdict = odd
		f.Detail += ": " + strings.TrimSpace(runs[0].Error)
		f.Advice = "the release before is still current; try again: " + a.again("run")
	}
	return f
}

func (a *app) examineTerminal() finding {
	if w := a.width(); w > 0 {
		return finding{fine, "terminal", fmt.Sprintf("%d columns wide", w), ""}
	}
	return finding{fine, "terminal", "none: progress is told in log lines, and queries answer in CSV", ""}
}

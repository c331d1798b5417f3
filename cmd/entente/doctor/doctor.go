// Package doctor examines the machine and a data folder for what usually goes wrong.
package doctor

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"entente/cmd/entente/folder"
	"entente/cmd/entente/render"
	"entente/cmd/entente/report"
	"entente/pipeline"
	"entente/pipeline/release"
)

// Verdicts of an examination.
const (
	OK   = "ok"
	Warn = "warn"
	Fail = "FAIL"
)

const (
	scarceBytes = 2 << 30 // free space below which a full run may not fit
	earliest    = 2024    // a clock before this year is wrong
)

// Finding is what was found in one respect.
type Finding struct {
	Verdict string `json:"verdict"`
	What    string `json:"what"`
	Detail  string `json:"detail"`
	Advice  string `json:"advice,omitempty"`
}

// Doctor examines one folder.
type Doctor struct {
	Folder  *folder.Folder
	Command string                      // under which the lock is tried
	Again   func(command string) string // how to call the program
	Width   int                         // of the terminal, 0 for none
	Service string                      // address of the service to ask, or ""
}

// Examine looks at everything, or, if quick, at what a health check needs. It leaves everything as it is.
func (d *Doctor) Examine(ctx context.Context, quick bool) []Finding {
	findings := []Finding{d.examineFolder(), d.examineRelease(ctx)}
	if d.Service != "" {
		findings = append(findings, d.examineService(ctx))
	}
	if quick {
		return findings
	}
	return append(findings, d.examineSpace(), d.examineLock(), d.examineDuckDB(ctx), d.examineVault(),
		d.examineClock(), d.examineRuns(ctx), d.examineTerminal())
}

func (d *Doctor) examineFolder() Finding {
	f := Finding{Verdict: OK, What: "data folder", Detail: d.Folder.Dir + " can be written"}
	info, err := os.Stat(d.Folder.Dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		f.Detail = d.Folder.Dir + " is not there yet; entente run makes it"
		return f
	case err == nil && !info.IsDir():
		return Finding{Fail, f.What, d.Folder.Dir + " is a file", "name a folder with --data"}
	}
	probe, err := os.CreateTemp(d.Folder.Dir, ".doctor-")
	if err == nil {
		err = errors.Join(probe.Close(), os.Remove(probe.Name()))
	}
	if err != nil {
		return Finding{Fail, f.What, err.Error(), "give the program's user the right to write there, or choose another folder"}
	}
	return f
}

func (d *Doctor) examineRelease(ctx context.Context) Finding {
	f := Finding{Verdict: OK, What: "release"}
	db, m, err := d.Folder.Open("")
	if errors.Is(err, pipeline.ErrNoRelease) {
		return Finding{Warn, f.What, "none yet", "make one: " + d.Again("run --sample")}
	}
	advice := "go back: " + d.Again("rollback") + ", or see: " + d.Again("verify")
	if err != nil {
		return Finding{Fail, f.What, err.Error(), advice}
	}
	defer db.Close()
	var id string
	if err := db.QueryRowContext(ctx, "select id from meta.release").Scan(&id); err != nil {
		return Finding{Fail, f.What, err.Error(), advice}
	}
	store, err := d.Folder.Releases()
	if err != nil {
		return Finding{Fail, f.What, err.Error(), advice}
	}
	files := 0
	for _, t := range m.Tables {
		for _, file := range t.Files {
			info, err := os.Stat(filepath.Join(store.Dir(m.ID), filepath.FromSlash(file.Path)))
			if err != nil || info.Size() != file.Bytes {
				return Finding{Fail, f.What, fmt.Sprintf("%s: %s is missing or has another size", m.ID, file.Path), advice}
			}
			files++
		}
	}
	if id != m.ID {
		return Finding{Fail, f.What, fmt.Sprintf("the DuckDB file of %s says it belongs to %s", m.ID, id), advice}
	}
	f.Detail = fmt.Sprintf("%s opens; %d files are there", m.ID, files)
	return f
}

func (d *Doctor) examineSpace() Finding {
	dir := d.Folder.Dir
	for _, err := os.Stat(dir); err != nil && dir != filepath.Dir(dir); _, err = os.Stat(dir) {
		dir = filepath.Dir(dir)
	}
	free, err := freeBytes(dir)
	f := Finding{Verdict: OK, What: "disk", Detail: render.Bytes(free) + " free"}
	if err != nil {
		return Finding{Warn, f.What, err.Error(), ""}
	}
	if free < scarceBytes {
		f.Verdict, f.Advice = Warn, "all sources need about "+render.Bytes(scarceBytes)+"; free space, or remove old releases: "+d.Again("releases prune --keep 2")
	}
	return f
}

func (d *Doctor) examineLock() Finding {
	f := Finding{Verdict: OK, What: "lock", Detail: "free"}
	if _, err := os.Stat(d.Folder.Dir); err != nil {
		return f
	}
	lock, err := release.Lock(d.Folder.Dir, d.Command, d.Folder.Now)
	var taken *pipeline.LockedError
	switch {
	case errors.As(err, &taken):
		return Finding{Warn, f.What, fmt.Sprintf("%q, process %d on %s, has been writing since %s", taken.Command, taken.PID, taken.Host, report.Minute(taken.Since)), ""}
	case err != nil:
		return Finding{Fail, f.What, err.Error(), "file locks must work in the data folder; some network file systems lack them"}
	}
	if err := lock.Close(); err != nil {
		return Finding{Fail, f.What, err.Error(), ""}
	}
	return f
}

func (d *Doctor) examineDuckDB(ctx context.Context) Finding {
	version, err := DuckDB(ctx)
	if err != nil {
		return Finding{Fail, "DuckDB", err.Error(), "the program is damaged; install it again"}
	}
	return Finding{OK, "DuckDB", version + " answers", ""}
}

func (d *Doctor) examineVault() Finding {
	v, err := d.Folder.Reader()
	if err != nil {
		return Finding{Fail, "vault", err.Error(), ""}
	}
	stats, err := v.Stats()
	if err != nil {
		return Finding{Fail, "vault", err.Error(), ""}
	}
	f := Finding{Verdict: OK, What: "vault", Detail: fmt.Sprintf("%s, %s", report.Plural(stats.Objects, "file"), render.Bytes(stats.Bytes))}
	if stats.Partials > 0 {
		f.Detail += fmt.Sprintf(", %s to be taken up", report.Plural(stats.Partials, "download"))
	}
	store, err := d.Folder.Releases()
	if err != nil {
		return Finding{Fail, "vault", err.Error(), ""}
	}
	m, err := store.Current()
	if err != nil {
		return f
	}
	for _, s := range m.Sources {
		for _, file := range s.Files {
			object, err := v.Open(file.SHA256)
			if err != nil {
				return Finding{Warn, "vault", fmt.Sprintf("%s of %s, on which the release rests, is missing", file.Name, s.Name), "fetch it again: " + d.Again("run "+s.Name)}
			}
			object.Close()
		}
	}
	return f
}

func (d *Doctor) examineClock() Finding {
	now := d.Folder.Now().UTC()
	f := Finding{Verdict: OK, What: "clock", Detail: now.Format("2006-01-02 15:04:05") + " UTC"}
	newest := time.Date(earliest, 1, 1, 0, 0, 0, 0, time.UTC)
	if store, err := d.Folder.Releases(); err == nil {
		if m, err := store.Current(); err == nil && m.FinishedAt.After(newest) {
			newest = m.FinishedAt
		}
	}
	if now.Before(newest) {
		f.Verdict, f.Advice = Warn, "that is before "+report.Minute(newest)+", when the release was made: set the clock, or releases will be out of order"
	}
	return f
}

func (d *Doctor) examineRuns(ctx context.Context) Finding {
	f := Finding{Verdict: OK, What: "last run", Detail: "none"}
	l, err := d.Folder.Ledger()
	if err != nil {
		return Finding{Fail, f.What, err.Error(), "the ledger holds the history only: move state.sqlite away, and runs start a new one"}
	}
	if l == nil {
		return f
	}
	defer l.Close()
	runs, err := l.Runs(ctx, 1)
	if err != nil {
		return Finding{Fail, f.What, err.Error(), "the ledger holds the history only: move state.sqlite away, and runs start a new one"}
	}
	if len(runs) == 0 {
		return f
	}
	f.Detail = runs[0].Outcome + ", " + report.Minute(runs[0].StartedAt)
	if runs[0].Outcome == pipeline.RunFailed || runs[0].Outcome == pipeline.RunInterrupted {
		f.Verdict = Warn
		f.Detail += ": " + strings.TrimSpace(runs[0].Error)
		f.Advice = "the release before is still current; try again: " + d.Again("run")
	}
	return f
}

func (d *Doctor) examineTerminal() Finding {
	if w := d.Width; w > 0 {
		return Finding{OK, "terminal", fmt.Sprintf("%d columns wide", w), ""}
	}
	return Finding{OK, "terminal", "none: progress is told in log lines, and queries answer in CSV", ""}
}

// DuckDB asks DuckDB for its version, which is a test of it, too.
func DuckDB(ctx context.Context) (version string, err error) {
	db, err := sql.Open("duckdb", "")
	if err != nil {
		return "", fmt.Errorf("DuckDB: %w", err)
	}
	defer db.Close()
	if err := db.QueryRowContext(ctx, "select version()").Scan(&version); err != nil {
		return "", fmt.Errorf("DuckDB: %w", err)
	}
	return version, nil
}

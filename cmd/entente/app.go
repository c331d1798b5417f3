package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/term"

	"entente/cmd/entente/progress"
	"entente/pipeline"
	"entente/pipeline/ledger"
	"entente/pipeline/release"
	"entente/pipeline/vault"
	"entente/pipeline/vault/polite"
	"entente/pipeline/warehouse"
	"entente/schedules"
	"entente/sources"
)

const defaultData = "entente-data"

// app is one execution of the program: what it was given, and what all commands share.
type app struct {
	args           []string
	stdin          io.Reader
	stdout, stderr io.Writer
	env            func(string) string
	now            func() time.Time

	data      string
	json      bool
	quiet     bool
	logFormat string

	log   *slog.Logger
	meter *progress.Meter
}

// settle completes what the global flags leave open.
func (a *app) settle() error {
	if a.data == "" {
		a.data = a.env("ENTENTE_DATA")
	}
	if a.data == "" {
		a.data = defaultData
	}
	a.meter = progress.New(a.stderr, !a.quiet && !a.json && isTerminal(a.stderr), a.now)
	options := &slog.HandlerOptions{Level: slog.LevelInfo}
	if a.quiet || isTerminal(a.stderr) {
		options.Level = slog.LevelWarn // on a terminal the bar tells what goes on
	}
	switch a.logFormat {
	case "text":
		a.log = slog.New(slog.NewTextHandler(a.meter, options))
	case "json":
		a.log = slog.New(slog.NewJSONHandler(a.meter, options))
	default:
		return misuse("--log-format %q: it is text or json", a.logFormat)
	}
	a.meter.Log(a.log)
	return nil
}

// command is the command line as typed, without secrets, for the ledger and the lock.
func (a *app) command() string {
	words := []string{"entente"}
	for _, arg := range a.args {
		if strings.Contains(arg, "://") {
			arg = polite.Redact(arg)
		}
		if arg == "" || strings.ContainsAny(arg, " '\"") {
			arg = "'" + arg + "'"
		}
		words = append(words, arg)
	}
	return strings.Join(words, " ")
}

// again is how to call the program the way it was called now, for the examples it prints.
func (a *app) again(command string) string {
	name := "entente"
	if exe, err := os.Executable(); err == nil && strings.Contains(filepath.ToSlash(exe), "/go-build") {
		name = "go run ./cmd/entente"
	}
	if a.data != defaultData && a.env("ENTENTE_DATA") != a.data {
		name += " --data " + a.data
	}
	return name + " " + command
}

func (a *app) path(name string) string { return filepath.Join(a.data, name) }

func (a *app) releases() (*release.Store, error) { return release.Open(a.data) }

func (a *app) vault(o vault.Options) (*vault.Vault, error) {
	o.Now, o.Log, o.Progress = a.now, a.log, a.meter.Download
	return vault.Open(a.path("vault"), o)
}

// ledger opens the ledger for reading, or returns nil if there is none yet.
func (a *app) ledger() (*ledger.Ledger, error) {
	path := a.path(ledgerFile)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return ledger.Open(path)
}

const ledgerFile = "state.sqlite"

// jobs are all sources with their settings. A wrong schedule is a wrong configuration.
func (a *app) jobs(dir string) ([]pipeline.Job, error) {
	jobs, err := schedules.Load(sources.All(), dir)
	if err != nil {
		return nil, misuse("%w", err)
	}
	return jobs, nil
}

// open opens a release for queries; "" stands for the current one.
func (a *app) open(id string) (*sql.DB, pipeline.Manifest, error) {
	store, err := a.releases()
	if err != nil {
		return nil, pipeline.Manifest{}, err
	}
	m, err := manifest(store, id)
	if err != nil {
		return nil, m, err
	}
	db, err := warehouse.OpenReadOnly(filepath.Join(store.Dir(m.ID), release.WarehouseFile), warehouse.Options{TempDir: os.TempDir()})
	return db, m, err
}

// manifest returns a release's manifest; "" stands for the current one.
func manifest(store *release.Store, id string) (pipeline.Manifest, error) {
	if id == "" {
		return store.Current()
	}
	m, err := store.Manifest(id)
	if errors.Is(err, fs.ErrNotExist) {
		return m, misuse("there is no release %q; see: entente releases", id)
	}
	return m, err
}

// session is the right to change the data folder, with what is in it.
type session struct {
	held     *release.Held
	releases *release.Store
	ledger   *ledger.Ledger
	temp     string // for DuckDB; gone with the session
}

// begin takes the data folder over: it locks it and removes what a crash left behind.
func (a *app) begin(ctx context.Context) (*session, error) {
	held, err := release.Lock(a.data, a.command(), a.now)
	if err != nil {
		return nil, err
	}
	s := &session{held: held, temp: a.path("tmp")}
	if err := s.fill(ctx, a); err != nil {
		return nil, errors.Join(err, s.end())
	}
	return s, nil
}

func (s *session) fill(ctx context.Context, a *app) (err error) {
	if s.temp, err = filepath.Abs(s.temp); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	if err := errors.Join(os.RemoveAll(s.temp), os.Mkdir(s.temp, 0o755)); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	if s.releases, err = a.releases(); err != nil {
		return err
	}
	removed, err := s.releases.Clean(ctx)
	if err != nil {
		return err
	}
	for _, name := range removed {
		a.log.Warn("removed what an interrupted run left behind", "name", name)
	}
	s.ledger, err = ledger.Open(a.path(ledgerFile))
	return err
}

// end gives the data folder back.
func (s *session) end() error {
	err := os.RemoveAll(s.temp)
	if s.ledger != nil {
		err = errors.Join(err, s.ledger.Close())
	}
	return errors.Join(err, s.held.Close())
}

// printJSON writes an answer for programs.
func (a *app) printJSON(v any) error {
	e := json.NewEncoder(a.stdout)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

func (a *app) printf(format string, args ...any) { fmt.Fprintf(a.stdout, format, args...) }

func isTerminal(w any) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// width is the width of the terminal, or 0 when standard output is none.
func (a *app) width() int {
	f, ok := a.stdout.(*os.File)
	if !ok {
		return 0
	}
	w, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return w
}

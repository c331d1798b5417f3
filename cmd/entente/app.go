package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/term"

	"entente/cmd/entente/folder"
	"entente/cmd/entente/misuse"
	"entente/cmd/entente/progress"
	"entente/cmd/entente/report"
	"entente/cmd/entente/secret"
	"entente/pipeline/vault/polite"
)

const defaultData = "entente-data"

// app is one execution of the program: what it was given, and what all commands share.
type app struct {
	args           []string
	stdin          io.Reader
	stdout, stderr io.Writer
	env            func(string) string
	now            func() time.Time
	secrets        *secret.Store

	data      string
	json      bool
	quiet     bool
	logFormat string

	log    *slog.Logger
	meter  *progress.Meter
	folder *folder.Folder
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
		a.log = slog.New(slog.NewTextHandler(a.secrets.Writer(a.meter), options))
	case "json":
		a.log = slog.New(slog.NewJSONHandler(a.secrets.Writer(a.meter), options))
	default:
		return misuse.Of("--log-format %q: it is text or json", a.logFormat)
	}
	a.meter.Log(a.log)
	a.folder = &folder.Folder{Dir: a.data, Now: a.now, Log: a.log, Progress: a.meter.Download}
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

// printer writes reports the way the flags ask for.
func (a *app) printer() report.Printer {
	return report.Printer{
		Out: a.stdout, JSON: a.json, Quiet: a.quiet, Terminal: isTerminal(a.stdout), Data: a.data, Again: a.again,
	}
}

// printJSON writes an answer for programs.
func (a *app) printJSON(v any) error { return report.JSON(a.stdout, v) }

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

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"entente/cmd/entente/misuse"
	"entente/pipeline"
)

// Exit codes, as scripts and schedulers rely on them.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2 // wrong command line or configuration
	exitUpstream    = 3 // an upstream or the disk failed
	exitInterrupted = 130
)

// usage makes what a check of arguments says a misuse.
func usage(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		var already *misuse.Error
		err := check(c, args)
		if err == nil || errors.As(err, &already) {
			return err
		}
		return misuse.Of("%w; usage: %s", err, c.UseLine())
	}
}

// exitCode says which code an error ends the program with.
func exitCode(ctx context.Context, err error) int {
	var misused *misuse.Error
	var upstream *pipeline.UpstreamError
	var rejects *pipeline.RejectsError
	switch {
	case ctx.Err() != nil:
		return exitInterrupted
	case errors.As(err, &misused):
		return exitUsage
	case errors.As(err, &upstream), errors.As(err, &rejects), isDiskError(err):
		return exitUpstream
	}
	return exitFailed
}

// isDiskError reports whether the disk, its rights or its space are to blame.
func isDiskError(err error) bool {
	for _, no := range []syscall.Errno{syscall.ENOSPC, syscall.EDQUOT, syscall.EIO, syscall.EROFS, syscall.EMFILE} {
		if errors.Is(err, no) {
			return true
		}
	}
	var path *fs.PathError
	var link *os.LinkError
	if (errors.As(err, &path) || errors.As(err, &link)) && !errors.Is(err, fs.ErrNotExist) {
		return true
	}
	// DuckDB hands on the system's words only.
	text := err.Error()
	return strings.Contains(text, "No space left on device") || strings.Contains(text, "Read-only file system") ||
		strings.Contains(text, "Disk quota exceeded") || strings.Contains(text, "Input/output error")
}

// complain prints an error, once.
func (a *app) complain(err error, code int) {
	text := a.secrets.Redact(err.Error())
	if code == exitInterrupted {
		text = "interrupted; what was published before stays as it was"
	}
	if !a.json {
		fmt.Fprintf(a.stderr, "entente: %s\n", text)
		return
	}
	line, _ := json.Marshal(struct {
		Error    string `json:"error"`
		ExitCode int    `json:"exit_code"`
	}{text, code})
	fmt.Fprintf(a.stderr, "%s\n", line)
}

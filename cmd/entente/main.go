// Command entente turns public records of how states vote, treat and trade into a warehouse that an analyst can open and
// trust. See entente help.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"entente/cmd/entente/misuse"
	"entente/cmd/entente/secret"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run executes one command line and returns the exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	a := &app{args: args, stdin: stdin, stdout: stdout, stderr: stderr, env: os.Getenv, now: time.Now, secrets: secret.New(os.Getenv)}
	root := a.root()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	code := exitCode(ctx, err)
	a.complain(err, code)
	return code
}

// root is the command that has all others below it.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "entente",
		Short: "How states vote, treat and trade: from the public records to a warehouse of indicators",
		Long: `entente fetches the public records of how states vote in the United Nations, what treaties bind them and how
they trade, keeps them as published, turns them into tables, and publishes those as one DuckDB file with
indicators of alignment, of alliances and of interdependence.

A first look, in seconds and without a network:

  entente run --sample
  entente query "from core.resolutions limit 5"
  entente dictionary`,
		Args:                       usage(a.noSuchCommand),
		RunE:                       func(c *cobra.Command, _ []string) error { return c.Help() },
		SilenceErrors:              true,
		SilenceUsage:               true,
		SuggestionsMinimumDistance: 2,
		PersistentPreRunE:          func(*cobra.Command, []string) error { return a.settle() },
	}
	flags := root.PersistentFlags()
	flags.StringVar(&a.data, "data", "", "folder of the data (default $ENTENTE_DATA, or ./entente-data)")
	flags.BoolVar(&a.json, "json", false, "answer in JSON, for programs")
	flags.BoolVar(&a.quiet, "quiet", false, "say nothing but results, warnings and errors")
	flags.StringVar(&a.logFormat, "log-format", "text", "text or json: how log lines are written to standard error")
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return misuse.Of("%w; see: %s --help", err, c.CommandPath())
	})
	root.AddGroup(
		&cobra.Group{ID: "data", Title: "Get data:"},
		&cobra.Group{ID: "use", Title: "Use data:"},
		&cobra.Group{ID: "keep", Title: "Look after data:"},
	)
	grouped(root, "data",
		a.runCommand(),
		a.serveCommand(),
		a.schedulesCommand(),
		a.alertCommand(),
		a.importCommand(),
		a.estimateCommand(),
		a.statusCommand(),
	)
	grouped(root, "use",
		a.queryCommand(),
		a.exportCommand(),
		a.dictionaryCommand(),
		a.reportCommand(),
		a.citeCommand(),
		a.whyCommand(),
		a.diffCommand(),
	)
	grouped(root, "keep", a.releasesCommand(), a.rollbackCommand(), a.verifyCommand(), a.rebuildCommand(),
		a.quarantineCommand(), a.doctorCommand())
	root.AddCommand(a.versionCommand(), a.confinedCommand())
	return root
}

func grouped(root *cobra.Command, group string, commands ...*cobra.Command) {
	for _, c := range commands {
		c.GroupID = group
		root.AddCommand(c)
	}
}

func (a *app) noSuchCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if near := c.SuggestionsFor(args[0]); len(near) > 0 {
		return misuse.Of("there is no command %q; did you mean %q?", args[0], near[0])
	}
	return misuse.Of("there is no command %q; see: entente --help", args[0])
}

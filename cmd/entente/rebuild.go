package main

import (
	"context"
	"errors"
	"net/http"

	"github.com/spf13/cobra"

	"entente/cmd/entente/misuse"
	"entente/cmd/entente/work"
	"entente/pipeline/runner"
	"entente/pipeline/vault"
)

func (a *app) rebuildCommand() *cobra.Command {
	var from, memory string
	c := &cobra.Command{
		Use:   "rebuild",
		Short: "Make the current release again, without asking any upstream",
		Long: `rebuild publishes a new release of the same inputs as the current one: the DuckDB file from the Parquet
files (--from lake), or everything from the files as the sources published them (--from vault).`,
		Args: usage(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			what, ok := map[string]runner.Rebuild{"lake": runner.RebuildWarehouse, "vault": runner.RebuildAll}[from]
			if !ok {
				return misuse.Of("--from %q: it is lake or vault", from)
			}
			return a.rebuild(c.Context(), what, memory)
		},
	}
	c.Flags().StringVar(&from, "from", "lake", "lake (Parquet files) or vault (files as published)")
	c.Flags().StringVar(&memory, "memory", work.DuckMemory, "memory that DuckDB may use")
	complete(c, "from", func(*app) []string { return []string{"lake", "vault"} }, a)
	return c
}

func (a *app) rebuild(ctx context.Context, what runner.Rebuild, memory string) (err error) {
	jobs, err := work.Jobs("")
	if err != nil {
		return err
	}
	store, err := a.folder.Releases()
	if err != nil {
		return err
	}
	if _, err := store.Current(); err != nil {
		return err
	}
	work.Bound()
	s, err := a.folder.Begin(ctx, a.command())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.End()) }()
	v, err := a.folder.Vault(vault.Options{Offline: true})
	if err != nil {
		return err
	}
	pipe, err := work.Runner(a.folder, s, v, &http.Client{}, memory)
	if err != nil {
		return err
	}
	done, err := pipe.Run(ctx, runner.Order{
		Command: a.command(), Jobs: jobs, Rebuild: what, Observe: a.meter.Step,
		Only: map[string]bool{}, // nobody is asked: the inputs are the current release's
	})
	a.meter.Done()
	if err != nil {
		return err
	}
	return a.printer().Run(done)
}

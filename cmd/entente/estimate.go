package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"runtime"
	"time"

	"github.com/spf13/cobra"

	"entente/cmd/entente/estimate"
	"entente/cmd/entente/misuse"
	"entente/pipeline"
	"entente/pipeline/vault"
	"entente/sources/gibbs"
)

const (
	estimates       = "gibbs"         // the source that reads what estimate writes
	checkpointEvery = 1 * time.Minute // at most so much work is lost to a crash
)

// estimateFlags are what estimate can be told.
type estimateFlags struct {
	scope                      string
	seed                       int64
	chains, burn, sweeps, thin int
}

func (a *app) estimateCommand() *cobra.Command {
	var f estimateFlags
	c := &cobra.Command{
		Use:   "estimate ideal-points",
		Short: "Estimate ideal points by Gibbs sampling, as the published ones are",
		Long: `estimate draws from the posterior of the model of ideal points with the ballots of the current release. Every
run has a variational estimate; this one is exact, has honest intervals, and takes from minutes to hours. It
can be interrupted: called again with the same flags, it goes on where it stopped and comes to the same end.
The same seed gives the same numbers on any number of processors.

The result enters the vault; the next run puts it into a release, as method gibbs of
indicators.ideal_points.`,
		Example: `  entente estimate ideal-points
  entente estimate ideal-points --scope me --sweeps 4000 --burn 1000 --thin 10`,
		Args: usage(cobra.MatchAll(cobra.ExactArgs(1), func(_ *cobra.Command, args []string) error {
			if args[0] != "ideal-points" {
				return misuse.Of("%q cannot be estimated; there is ideal-points", args[0])
			}
			return nil
		})),
		ValidArgs: []string{"ideal-points"},
		RunE:      func(c *cobra.Command, _ []string) error { return a.estimate(c.Context(), f) },
	}
	flags := c.Flags()
	flags.StringVar(&f.scope, "scope", "all", "which votes, as in core.ideal_point_ballots: all, me, nu, di, hr, co, ec, important")
	flags.Int64Var(&f.seed, "seed", 1, "seed of the first chain; each further one has the next number")
	flags.IntVar(&f.chains, "chains", 2, "chains to compare with one another")
	flags.IntVar(&f.burn, "burn", 4000, "sweeps of each chain to throw away")
	flags.IntVar(&f.sweeps, "sweeps", 20000, "sweeps of each chain to keep")
	flags.IntVar(&f.thin, "thin", 50, "store each so many-th sweep as a draw")
	return c
}

func (a *app) estimate(ctx context.Context, f estimateFlags) error {
	o := estimate.Order{
		Scope: f.scope, Chains: f.chains, Dir: a.folder.Path("estimates"), Every: checkpointEvery, Now: a.now,
		Observe: func(chain, done, total int) {
			a.meter.Count(fmt.Sprintf("sample %s, chain %d of %d", f.scope, chain+1, f.chains), int64(done), int64(total))
		},
	}
	o.Plan.Seed, o.Plan.Burn, o.Plan.Sweeps, o.Plan.Thin = uint64(f.seed), f.burn, f.sweeps, f.thin
	o.Plan.Threads = runtime.GOMAXPROCS(0)
	if f.seed < 0 {
		return misuse.Of("--seed %d: it is at least 0", f.seed)
	}
	if err := o.Check(); err != nil {
		return err
	}
	if err := a.folder.Claim(false); err != nil {
		return err
	}
	db, _, err := a.folder.Open("")
	if err != nil {
		return err
	}
	record, err := estimate.Record(ctx, db, f.scope)
	if err := errors.Join(err, db.Close()); err != nil {
		return err
	}
	chains, err := estimate.Run(ctx, record, o)
	a.meter.Done()
	if err != nil {
		return err
	}
	result, err := estimate.Judge(record, chains, o)
	if err != nil {
		return err
	}
	if err := a.keepEstimate(ctx, result); err != nil {
		return err
	}
	if err := estimate.Forget(record, o); err != nil {
		return err
	}
	if a.json {
		return a.printJSON(result)
	}
	if !a.quiet {
		result.Print(a.stdout)
		a.printf("\nIt is in the vault. Put it into a release: %s\n", a.again("run "+estimates+" --offline"))
	}
	return nil
}

// keepEstimate puts the result into the vault, beside those of other scopes.
func (a *app) keepEstimate(ctx context.Context, result estimate.Result) (err error) {
	s, err := a.folder.Begin(ctx, a.command())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.End()) }()
	v, err := a.folder.Vault(vault.Options{})
	if err != nil {
		return err
	}
	var before io.Reader
	held, err := v.Imported(estimates, gibbs.File)
	switch {
	case err == nil:
		file, err := v.Open(held.SHA256)
		if err != nil {
			return err
		}
		defer file.Close()
		before = file
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	data, err := result.File(before)
	if err != nil {
		return err
	}
	_, err = v.Put(estimates, gibbs.File, pipeline.OutcomeImported, bytes.NewReader(data))
	return err
}

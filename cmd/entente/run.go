package main

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"entente/cmd/entente/misuse"
	"entente/cmd/entente/work"
	"entente/pipeline/runner"
	"entente/pipeline/vault"
	"entente/schedules"
)

// abandoned is how old an unfinished download must be to be given up.
const abandoned = 30 * 24 * time.Hour

// runFlags are what run can be told.
type runFlags struct {
	sample, offline, plan bool
	mirror, schedules     string
	memory                string
	patience              time.Duration
	attempts              int
}

func (a *app) runCommand() *cobra.Command {
	var f runFlags
	policy := vault.Policy{}.Filled()
	c := &cobra.Command{
		Use:   "run [JOB…]",
		Short: "Fetch, load, check and publish; with no job, all of them",
		Long: `run asks every source whether it has something new, loads what changed, checks it, and publishes a new
release. If nothing changed it publishes nothing. If anything fails, the release before stays as it was.

With --sample it runs on a small selection of landmark votes that is part of the program: no network, no
key. The sample and real data are never mixed: a folder holds one or the other, so give real data a
folder of their own (--data) or remove the sample's first.

Upstreams want to know whom to write to when something goes wrong. Put your e-mail or web address
into the environment variable ENTENTE_CONTACT before you download from them.`,
		Example: `  entente run --sample
  ENTENTE_CONTACT=you@example.org entente run
  entente run voeten sciencespo --plan`,
		ValidArgsFunction: a.completeJobs,
		RunE: func(c *cobra.Command, args []string) error {
			return a.run(c.Context(), f, args)
		},
	}
	flags := c.Flags()
	flags.BoolVar(&f.sample, "sample", false, "run on the embedded sample, without a network")
	flags.BoolVar(&f.offline, "offline", false, "ask nobody: use what was fetched or imported before")
	flags.StringVar(&f.mirror, "mirror", "", "ask `URL`/<host>/<path> in place of https://<host>/<path>")
	flags.BoolVar(&f.plan, "plan", false, "say what would be fetched and made anew, and do nothing")
	flags.StringVar(&f.schedules, "schedules", "", "`DIR` of schedules (<job>.yaml) that replace the built-in ones")
	flags.DurationVar(&f.patience, "patience", policy.StallWindow, "give a download up when it crawls for so long")
	flags.IntVar(&f.attempts, "attempts", policy.Attempts, "how often to ask an upstream that does not answer")
	flags.StringVar(&f.memory, "memory", work.DuckMemory, "memory that DuckDB may use")
	return c
}

func (a *app) run(ctx context.Context, f runFlags, args []string) (err error) {
	if err := f.check(); err != nil {
		return err
	}
	order, err := a.order(f, args)
	if err != nil {
		return err
	}
	keys, err := work.Keys(order.Jobs, a.secrets)
	if err != nil {
		return err
	}
	if err := a.folder.Claim(f.sample); err != nil {
		return err
	}
	if err := work.Admit(ctx, a.folder, &order, f.offline, len(args) > 0); err != nil {
		return err
	}
	if f.plan {
		plan, err := work.MakePlan(ctx, a.folder, order)
		if err != nil {
			return err
		}
		return a.printer().Plan(plan)
	}
	client, stop, err := a.client(ctx, f)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	work.Bound()
	s, err := a.folder.Begin(ctx, a.command())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.End()) }()
	if f.sample {
		if err := a.folder.MarkSample(); err != nil {
			return err
		}
	}
	v, err := a.folder.Vault(vault.Options{Offline: f.offline, Policy: f.policy(), Keys: keys, Quota: s.Ledger})
	if err != nil {
		return err
	}
	if _, err := v.Clean(abandoned); err != nil {
		return err
	}
	if f.sample {
		if err := work.GiveSample(v); err != nil {
			return err
		}
	}
	pipe, err := work.Runner(a.folder, s, v, client, f.memory)
	if err != nil {
		return err
	}
	done, err := pipe.Run(ctx, order)
	a.meter.Done()
	if err != nil {
		return err
	}
	return a.printer().Run(done)
}

func (f runFlags) check() error {
	switch {
	case f.sample && f.mirror != "":
		return misuse.Of("--sample and --mirror: the sample is a mirror of its own; leave one of them out")
	case f.attempts < 1:
		return misuse.Of("--attempts %d: it is at least 1", f.attempts)
	case f.patience < time.Second:
		return misuse.Of("--patience %s: it is at least 1s", f.patience)
	}
	return nil
}

func (f runFlags) policy() vault.Policy {
	return vault.Policy{Attempts: f.attempts, StallWindow: f.patience}
}

// order puts the command line into the runner's words.
func (a *app) order(f runFlags, args []string) (runner.Order, error) {
	plan, err := work.Schedules(f.schedules)
	if err != nil {
		return runner.Order{}, err
	}
	order := runner.Order{
		Command: a.command(), Jobs: plan.Jobs, Mirror: f.sample || f.mirror != "", Observe: a.meter.Step,
	}
	sources := map[string][]string{} // of each job
	for _, s := range plan.Schedules {
		sources[s.Job] = s.Sources
	}
	names := slices.Collect(maps.Keys(sources))
	if f.sample {
		names = work.SampleJobs()
		if len(args) == 0 {
			args = names
		}
	}
	for _, arg := range args {
		if !slices.Contains(names, arg) {
			slices.Sort(names)
			return order, misuse.Of("there is no job %q; there are %s", arg, strings.Join(names, ", "))
		}
		if order.Only == nil {
			order.Only = map[string]bool{}
		}
		for _, source := range sources[arg] {
			order.Only[source] = true
		}
	}
	if order.Only != nil {
		order.Only[schedules.First] = true // every other job's rows name its states
	}
	return order, nil
}

// client is what upstreams, or what stands in for them, are asked with; stop ends what it started.
func (a *app) client(ctx context.Context, f runFlags) (c *http.Client, stop func() error, err error) {
	stop = func() error { return nil }
	mirror := f.mirror
	if f.sample {
		if mirror, stop, err = work.ServeSample(ctx); err != nil {
			return nil, stop, err
		}
	}
	c, err = work.Client(f.policy(), a.env("ENTENTE_CONTACT"), mirror, f.offline)
	if err != nil {
		return nil, nil, errors.Join(err, stop())
	}
	return c, stop, nil
}

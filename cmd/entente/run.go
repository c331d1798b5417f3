package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/spf13/cobra"

	"entente/pipeline"
	"entente/pipeline/lake"
	"entente/pipeline/vault"
	"entente/pipeline/warehouse"
	"entente/schedules"
	"entente/sql"
	"entente/transforms/dyads"
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
	flags.StringVar(&f.memory, "memory", duckMemory, "memory that DuckDB may use")
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
	if err := a.claim(f.sample); err != nil {
		return err
	}
	if err := a.admit(ctx, &order, f.offline, len(args) > 0); err != nil {
		return err
	}
	if f.plan {
		return a.plan(ctx, order)
	}
	client, stop, err := a.client(ctx, f)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	bound()
	s, err := a.begin(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.end()) }()
	if f.sample && !a.isSample() {
		if err := os.WriteFile(a.path(sampleMarker), []byte(sampleNotice), 0o644); err != nil {
			return fmt.Errorf("sample: %w", err)
		}
	}
	v, err := a.vault(vault.Options{Offline: f.offline, Policy: f.policy()})
	if err != nil {
		return err
	}
	if _, err := v.Clean(abandoned); err != nil {
		return err
	}
	runner, err := a.runner(s, v, client, f.memory)
	if err != nil {
		return err
	}
	report, err := runner.Run(ctx, order)
	a.meter.Done()
	if err != nil {
		return err
	}
	return a.summarize(report)
}

func (f runFlags) check() error {
	switch {
	case f.sample && f.mirror != "":
		return misuse("--sample and --mirror: the sample is a mirror of its own; leave one of them out")
	case f.attempts < 1:
		return misuse("--attempts %d: it is at least 1", f.attempts)
	case f.patience < time.Second:
		return misuse("--patience %s: it is at least 1s", f.patience)
	}
	return nil
}

func (f runFlags) policy() vault.Policy {
	return vault.Policy{Attempts: f.attempts, StallWindow: f.patience}
}

// order puts the command line into the runner's words.
func (a *app) order(f runFlags, args []string) (pipeline.Order, error) {
	jobs, err := a.jobs(f.schedules)
	if err != nil {
		return pipeline.Order{}, err
	}
	order := pipeline.Order{
		Command: a.command(), Jobs: jobs, Mirror: f.sample || f.mirror != "", Observe: a.meter.Step,
	}
	var names []string
	for _, j := range jobs {
		names = append(names, j.Name)
	}
	if f.sample {
		names = sampleJobs
		if len(args) == 0 {
			args = sampleJobs
		}
	}
	for _, arg := range args {
		if !slices.Contains(names, arg) {
			return order, misuse("there is no job %q; there are %s", arg, strings.Join(names, ", "))
		}
		if order.Only == nil {
			order.Only = map[string]bool{}
		}
		order.Only[arg] = true
	}
	if order.Only != nil {
		order.Only[schedules.First] = true // every other job's rows name its states
	}
	return order, nil
}

// admit lets a source that may not be downloaded take part offline if the vault has its files, because
// nothing is downloaded then. It fails when all that was named would be skipped.
func (a *app) admit(ctx context.Context, o *pipeline.Order, offline, named bool) error {
	if offline {
		asked := *o
		asked.Mirror = true
		holdings, err := a.holdings(ctx, asked)
		if err != nil {
			return err
		}
		for i := range o.Jobs {
			for _, h := range holdings {
				if h.Job == o.Jobs[i].Name && !h.Missing {
					o.Jobs[i].Approved = true
				}
			}
		}
	}
	if !named {
		return nil
	}
	holdings, err := a.holdings(ctx, *o)
	if err != nil {
		return err
	}
	skipped := ""
	for _, h := range holdings {
		switch {
		case h.Job == schedules.First:
		case h.Skipped == "":
			return nil
		default:
			skipped = h.Skipped
		}
	}
	if skipped != "" {
		return misuse("nothing to do: %s", skipped)
	}
	return nil
}

// client is what upstreams, or what stands in for them, are asked with; stop ends what it started.
func (a *app) client(ctx context.Context, f runFlags) (c *http.Client, stop func() error, err error) {
	stop = func() error { return nil }
	mirror := f.mirror
	if f.sample {
		if mirror, stop, err = serveSample(ctx); err != nil {
			return nil, stop, err
		}
	}
	contact := a.env("ENTENTE_CONTACT")
	if contact == "" && mirror == "" && !f.offline {
		return nil, stop, misuse("upstreams want to know whom to write to: set ENTENTE_CONTACT to your e-mail or web address; for a first look without a network: entente run --sample")
	}
	if contact == "" {
		host, err := os.Hostname()
		if err != nil {
			host = "localhost"
		}
		contact = "operator@" + host // reaches whoever runs the mirror
	}
	c, err = vault.NewClient(f.policy(), fmt.Sprintf("entente/%s (%s)", version(), contact), mirror)
	if err != nil {
		return nil, nil, errors.Join(misuse("%w", err), stop())
	}
	return c, stop, nil
}

// runner wires the pipeline. s is nil for a plan, which builds nothing.
func (a *app) runner(s *session, keeper pipeline.Keeper, client *http.Client, duck string) (*pipeline.Runner, error) {
	program, err := a.program()
	if err != nil {
		return nil, err
	}
	store, err := a.releases()
	if err != nil {
		return nil, err
	}
	options := warehouse.Options{Threads: runtime.GOMAXPROCS(0), MemoryLimit: duck, Now: a.now}
	r := &pipeline.Runner{
		Vault: keeper, Client: client, Releases: store, Program: program, Now: a.now, Log: a.log,
		Loader: func(root string) pipeline.Loader { return lake.New(root, lake.Options{MemoryBytes: lakeMemoryBytes}) },
	}
	if s != nil {
		options.TempDir, r.Ledger = s.temp, s.ledger
	}
	count := dyads.New(memory.DefaultAllocator)
	r.Warehouse, err = warehouse.New(sql.Files, map[string]pipeline.Transform{count.Name(): count}, options)
	return r, err
}

package main

import (
	"errors"
	"time"

	"github.com/spf13/cobra"

	"entente/cmd/entente/misuse"
	"entente/cmd/entente/notice"
	"entente/cmd/entente/service"
	"entente/cmd/entente/work"
	"entente/pipeline/alert"
	"entente/pipeline/vault"
)

// lastWords is how long alerts have that wait when the service stops.
const lastWords = 5 * time.Second

// serveFlags are what serve can be told.
type serveFlags struct {
	listen, mirror, schedules string
	memory                    string
	grace, patience           time.Duration
	attempts                  int
}

func (a *app) serveCommand() *cobra.Command {
	var f serveFlags
	policy := vault.Policy{}.Filled()
	c := &cobra.Command{
		Use:   "serve",
		Short: "Run the schedules for as long as the process lives, and answer over HTTP",
		Long: `serve runs every job when its schedule says so, makes up for runs that were missed, tells when one fails, and
answers at /healthz, /readyz and /metrics. What runs when: entente schedules. At / is a page for browsers: what is
fresh and late, the last runs, the releases, an explorer with charts, and a page for SQL.

It answers to this machine alone. To let others reach it, --listen 0.0.0.0:8080 and a token of 16 characters or
more in ENTENTE_TOKEN, or in the file that ENTENTE_TOKEN_FILE names: browsers ask for it as the password of any
user name, programs send it as Authorization: Bearer. The two probes need none. Put TLS before it.

A job that never ran in this folder runs at once. A folder of the sample is shown, and no job runs on it. One run at a time is under way; other commands may change
the folder between runs. On SIGTERM the run under way gets --grace to end, and is interrupted after it; what
was published stays, and the run is taken up at the next start.

Log lines are JSON unless --log-format says text.`,
		Example: `  ENTENTE_CONTACT=you@example.org entente serve
  entente serve --schedules ./schedules --listen 127.0.0.1:9090`,
		Args: usage(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			if !c.Flags().Changed("log-format") {
				a.logFormat = "json"
				if err := a.settle(); err != nil {
					return err
				}
			}
			return a.serve(c, f)
		},
	}
	flags := c.Flags()
	flags.StringVar(&f.listen, "listen", "127.0.0.1:8080", "`HOST:PORT` to answer at")
	flags.StringVar(&f.schedules, "schedules", "", "`DIR` of schedules (<job>.yaml) that replace the built-in ones")
	flags.DurationVar(&f.grace, "grace", 25*time.Second, "how long a run may go on after SIGTERM")
	flags.StringVar(&f.mirror, "mirror", "", "ask `URL`/<host>/<path> in place of https://<host>/<path>")
	flags.DurationVar(&f.patience, "patience", policy.StallWindow, "give a download up when it crawls for so long")
	flags.IntVar(&f.attempts, "attempts", policy.Attempts, "how often to ask an upstream that does not answer")
	flags.StringVar(&f.memory, "memory", work.DuckMemory, "memory that DuckDB may use")
	return c
}

func (a *app) serve(c *cobra.Command, f serveFlags) (err error) {
	switch {
	case f.attempts < 1:
		return misuse.Of("--attempts %d: it is at least 1", f.attempts)
	case f.patience < time.Second:
		return misuse.Of("--patience %s: it is at least 1s", f.patience)
	case f.grace < 0:
		return misuse.Of("--grace %s: it is not negative", f.grace)
	}
	plan, err := work.Schedules(f.schedules)
	if err != nil {
		return err
	}
	onShow := a.folder.IsSample() // which is never mixed with what schedules fetch
	if onShow {
		a.log.Warn("the folder holds the sample: it is shown, and no schedule runs")
		for i := range plan.Schedules {
			plan.Schedules[i].When = nil
		}
	}
	policy := vault.Policy{Attempts: f.attempts, StallWindow: f.patience}
	client, err := work.Client(policy, a.env("ENTENTE_CONTACT"), f.mirror, onShow)
	if err != nil {
		return err
	}
	keys, err := work.Keys(plan.Jobs, a.secrets)
	if err != nil {
		return err
	}
	book, err := a.book(plan.Schedules)
	if err != nil {
		return err
	}
	work.Bound()
	pages, err := a.pages(f.listen, plan)
	if err != nil {
		return err
	}
	crew := &service.Crew{
		Folder: a.folder, Jobs: plan.Jobs, Keys: keys, Client: client, Policy: policy,
		Mirror: f.mirror != "", Memory: f.memory, Command: a.command(), Redact: a.secrets.Redact,
	}
	desk := alert.NewDesk(book.Targets, a.log)
	defer func() { err = errors.Join(err, desk.Close(lastWords)) }()
	teller := &notice.Teller{Book: book, Desk: desk, Where: a.where(), Now: a.now, Redact: a.secrets.Redact}
	s, err := service.New(c.Context(), service.Options{
		Folder: a.folder, Schedules: plan.Schedules, Worker: crew, Teller: teller, Redact: a.secrets.Redact,
		Command: a.command(), Listen: f.listen, Grace: f.grace, Pages: pages,
	})
	if err != nil {
		return err
	}
	return s.Run(c.Context())
}

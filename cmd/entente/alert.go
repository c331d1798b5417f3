package main

import (
	"errors"
	"os"

	"github.com/spf13/cobra"

	"entente/cmd/entente/folder"
	"entente/cmd/entente/misuse"
	"entente/cmd/entente/notice"
	"entente/cmd/entente/render"
	"entente/cmd/entente/work"
	"entente/pipeline"
)

func (a *app) alertCommand() *cobra.Command {
	alert := &cobra.Command{
		Use:   "alert",
		Short: "Whom entente serve tells when runs fail, recover or are missed",
		Long: `Targets are configured in the environment; each variable may be given as VARIABLE_FILE, the path of a file.

  webhook   ENTENTE_ALERT_WEBHOOK            an address that takes Slack's messages
  email     ENTENTE_ALERT_EMAIL              recipients, separated by commas
            ENTENTE_ALERT_FROM               the sender
            ENTENTE_SMTP_URL                 smtp://user:password@host:587 or smtps://user:password@host:465
  ping      ENTENTE_PING_START, _SUCCESS, _FAIL
                                             a dead man's switch, asked when a run starts, succeeds or fails

A schedule may name its own, such as alerts: [email, ping:votes]; the variables of ping:votes end in _VOTES.`,
		Args: usage(a.noSuchCommand),
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	dir := ""
	test := &cobra.Command{
		Use:   "test",
		Short: "Send a test to every target that is configured",
		Args:  usage(cobra.NoArgs),
		RunE:  func(c *cobra.Command, _ []string) error { return a.testAlerts(c, dir) },
	}
	test.Flags().StringVar(&dir, "schedules", "", "`DIR` of schedules that replace the built-in ones")
	alert.AddCommand(test)
	return alert
}

func (a *app) testAlerts(c *cobra.Command, dir string) error {
	plan, err := work.Schedules(dir)
	if err != nil {
		return err
	}
	book, err := a.book(plan.Schedules)
	if err != nil {
		return err
	}
	if len(book.Targets) == 0 {
		return misuse.Of("no target is configured; see: entente alert --help")
	}
	results := book.Try(c.Context(), a.where(), a.now(), a.log)
	failed := false
	var lines [][]string
	for i, r := range results {
		results[i].Error = a.secrets.Redact(r.Error)
		verdict := "ok"
		if r.Error != "" {
			verdict, failed = "FAILED: "+results[i].Error, true
		}
		lines = append(lines, []string{r.Target, verdict})
	}
	if a.json {
		err = a.printJSON(results)
	} else {
		render.List(a.stdout, "", nil, lines)
	}
	if failed {
		err = errors.Join(err, errors.New("not every target could be reached"))
	}
	return err
}

func (a *app) book(schedules []pipeline.Schedule) (*notice.Book, error) {
	return notice.Read(a.secrets, schedules, "entente/"+folder.Version())
}

// where names this installation, for those who have several.
func (a *app) where() string {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown host"
	}
	return host + " " + a.data
}

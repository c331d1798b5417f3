package main

import (
	"cmp"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"entente/cmd/entente/render"
	"entente/cmd/entente/report"
	"entente/cmd/entente/work"
	"entente/pipeline"
)

// shownTimes is how many of a schedule's next times are listed.
const shownTimes = 5

// coming is what schedules --json answers for a job.
type coming struct {
	Job      string      `json:"job"`
	Sources  []string    `json:"sources"`
	Place    string      `json:"place"`
	Cron     string      `json:"cron,omitempty"`
	TimeZone string      `json:"time_zone,omitempty"`
	Overlap  string      `json:"overlap,omitempty"`
	CatchUp  string      `json:"catch_up,omitempty"`
	Next     []time.Time `json:"next"` // before jitter
}

func (a *app) schedulesCommand() *cobra.Command {
	dir := ""
	c := &cobra.Command{
		Use:   "schedules",
		Short: "Which jobs run when: each with its next five times, and what is wrong with a file",
		Long: `schedules reads the schedules as entente serve does, lists each job with the next five times in its own time
zone, and ends with 2 if a file is wrong, with every problem as file:line: what.`,
		Args: usage(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			plan, err := work.Schedules(dir)
			if err != nil {
				return err
			}
			return a.listSchedules(plan.Schedules)
		},
	}
	c.Flags().StringVar(&dir, "schedules", "", "`DIR` of schedules (<job>.yaml) that replace the built-in ones")
	return c
}

func (a *app) listSchedules(schedules []pipeline.Schedule) error {
	list := []coming{}
	var lines [][]string
	for _, s := range schedules {
		c := coming{
			Job: s.Job, Sources: s.Sources, Place: s.Place, Cron: s.Cron, TimeZone: s.Zone,
			Overlap: string(s.Policy.Overlap), CatchUp: string(s.Policy.CatchUp), Next: []time.Time{},
		}
		at := a.now()
		for s.When != nil && len(c.Next) < shownTimes {
			if at = s.When.Next(at); at.IsZero() {
				break
			}
			c.Next = append(c.Next, at)
		}
		list = append(list, c)
		line := []string{"  " + s.Job, cmp.Or(s.Cron, "by hand"), s.Zone, strings.Join(s.Sources, ", ")}
		for i := range shownTimes {
			cell := ""
			if i < len(c.Next) {
				cell = c.Next[i].Format("Mon 2 Jan 2006 15:04")
			}
			line = append(line, cell)
		}
		lines = append(lines, line)
	}
	if a.json {
		return report.JSON(a.stdout, list)
	}
	render.List(a.stdout, "", []string{"Jobs", "when", "time zone", "sources", "next", "", "", "", ""}, lines)
	return nil
}

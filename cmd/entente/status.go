package main

import (
	"github.com/spf13/cobra"

	"entente/cmd/entente/report"
	"entente/cmd/entente/work"
)

func (a *app) statusCommand() *cobra.Command {
	dir := ""
	c := &cobra.Command{
		Use:   "status",
		Short: "What is here, how fresh it is, and what to know before using it",
		Args:  usage(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			plan, err := work.Schedules(dir)
			if err != nil {
				return err
			}
			s, err := report.Collect(c.Context(), a.folder, plan.Jobs)
			if err != nil {
				return err
			}
			if s.Jobs, err = report.Jobs(c.Context(), a.folder, plan.Schedules); err != nil {
				return err
			}
			return a.printer().Status(s)
		},
	}
	c.Flags().StringVar(&dir, "schedules", "", "`DIR` of schedules that replace the built-in ones")
	return c
}

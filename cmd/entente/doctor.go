package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"entente/cmd/entente/doctor"
	"entente/cmd/entente/render"
	"entente/cmd/entente/report"
)

func (a *app) doctorCommand() *cobra.Command {
	quick, service := false, ""
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Examine the machine and the data folder, and say what to do",
		Long: `doctor looks at what usually goes wrong. It changes nothing. With --quick it only looks whether the data
can be read and written, which suits a container's health check; with --service it asks a running entente
serve, too. It ends with 1 if anything failed.`,
		Args: usage(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error { return a.examine(c.Context(), quick, service) },
	}
	c.Flags().BoolVar(&quick, "quick", false, "only what a health check needs")
	c.Flags().StringVar(&service, "service", "", "ask the service at `URL`, such as http://127.0.0.1:8080, whether it is alive")
	return c
}

func (a *app) examine(ctx context.Context, quick bool, service string) error {
	d := doctor.Doctor{Folder: a.folder, Command: a.command(), Again: a.again, Width: a.width(), Service: service}
	findings := d.Examine(ctx, quick)
	failed := 0
	var rows [][]string
	for _, f := range findings {
		if f.Verdict == doctor.Fail {
			failed++
		}
		text := f.Detail
		if f.Advice != "" {
			text += "; " + f.Advice
		}
		rows = append(rows, []string{f.Verdict, f.What, text})
	}
	if a.json {
		if err := a.printJSON(findings); err != nil {
			return err
		}
	} else if !a.quiet || failed > 0 {
		render.List(a.stdout, "", nil, rows)
	}
	if failed > 0 {
		return fmt.Errorf("doctor: %s failed", report.Plural(failed, "examination"))
	}
	return nil
}

package main

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"entente/cmd/entente/export"
	"entente/cmd/entente/misuse"
	"entente/cmd/entente/render"
	"entente/pipeline/runner"
)

func (a *app) exportCommand() *cobra.Command {
	var to, format, id string
	var force bool
	c := &cobra.Command{
		Use:   "export [TABLE…] --to DIR",
		Short: "Write tables as files, with a datapackage.json and a croissant.json that describe them",
		Long: `export writes tables and views of the current release to a folder, one file each, and beside them a
Frictionless data package and MLCommons Croissant: types, units, meaning, licences, hashes. With no
TABLE it writes all of the schemas core and indicators. TABLE may be a schema.`,
		Example: `  entente export --to ./votes
  entente export core.votes core.resolutions --to ./votes --format csv`,
		ValidArgsFunction: a.completeTables,
		RunE: func(c *cobra.Command, args []string) error {
			if to == "" {
				return misuse.Of("--to DIR: say where to write")
			}
			if !slices.Contains(export.Formats(), format) {
				return misuse.Of("--format %s: it is one of %s", format, strings.Join(export.Formats(), ", "))
			}
			return a.export(c.Context(), export.Order{To: to, Format: format, Release: id, Names: args, Force: force})
		},
	}
	flags := c.Flags()
	flags.StringVar(&to, "to", "", "`DIR` to write to; it is made if it is not there")
	flags.StringVar(&format, "format", export.Parquet, strings.Join(export.Formats(), ", "))
	flags.StringVar(&id, "release", "", "export this release rather than the current one")
	flags.BoolVar(&force, "force", false, "write into a folder that is not empty, over what is there")
	complete(c, "format", func(*app) []string { return export.Formats() }, a)
	complete(c, "release", (*app).releaseNames, a)
	return c
}

func (a *app) export(ctx context.Context, o export.Order) error {
	release, tables, err := export.Run(ctx, a.folder, o, func(table string) {
		a.meter.Step(runner.Progress{Stage: "export", Subject: table})
	})
	a.meter.Done()
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(map[string]any{"release": release, "folder": o.To, "tables": tables})
	}
	if a.quiet {
		return nil
	}
	var rows [][]string
	for _, t := range tables {
		size := int64(0)
		for _, f := range t.Files {
			size += f.Bytes
		}
		rows = append(rows, []string{t.FullName(), render.Count(t.Rows), render.Bytes(size)})
	}
	render.List(a.stdout, "", []string{"table", "rows", "size"}, rows)
	a.printf("Release %s is in %s; datapackage.json and croissant.json there say what everything means.\n", release, o.To)
	return nil
}

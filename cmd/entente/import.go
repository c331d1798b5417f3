package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"entente/cmd/entente/intake"
	"entente/cmd/entente/render"
	"entente/cmd/entente/work"
	"entente/pipeline"
	"entente/pipeline/vault"
)

func (a *app) importCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "import SOURCE FILE…",
		Short: "Put files that you downloaded by hand into the vault",
		Long: `import takes files that a source publishes but that may not be downloaded by a program, such as those of
the UN Digital Library. Which of the source's files each is, it sees from the header line. The files must
be as published: not unpacked, edited or saved again by a spreadsheet program.`,
		Example: "  entente import unga 2025_7_21_ga_voting.csv",
		Args:    usage(cobra.MinimumNArgs(2)),
		ValidArgsFunction: func(c *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveDefault
			}
			return a.completeJobs(c, args, word)
		},
		RunE: func(c *cobra.Command, args []string) error { return a.importFiles(c.Context(), args[0], args[1:]) },
	}
}

func (a *app) importFiles(ctx context.Context, source string, paths []string) (err error) {
	jobs, err := work.Jobs("")
	if err != nil {
		return err
	}
	kinds, err := intake.Kinds(jobs, source)
	if err != nil {
		return err
	}
	if err := a.folder.Claim(false); err != nil {
		return err
	}
	names := make([]string, len(paths))
	for i, path := range paths { // all are known before the first is stored
		if names[i], err = intake.Recognize(source, path, kinds); err != nil {
			return err
		}
	}
	s, err := a.folder.Begin(ctx, a.command())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.End()) }()
	v, err := a.folder.Vault(vault.Options{})
	if err != nil {
		return err
	}
	var files []pipeline.File
	for i, path := range paths {
		f, err := intake.Keep(v, source, names[i], path)
		if err != nil {
			return err
		}
		files = append(files, f)
	}
	if a.json {
		return a.printJSON(files)
	}
	if !a.quiet {
		for i, f := range files {
			a.printf("%s is in the vault as %s of %s (%s, SHA-256 %s).\n", paths[i], f.Name, source, render.Bytes(f.Bytes), f.SHA256)
		}
		a.printf("Load it: %s\n", a.again("run "+source))
		for _, j := range jobs {
			if j.Name == source && j.Source.About().Automated {
				a.printf("Where the publisher may be asked, run asks it; with --offline it uses what you gave.\n")
			}
		}
	}
	return nil
}

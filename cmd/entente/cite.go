package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"entente/cmd/entente/cite"
	"entente/cmd/entente/lineage"
	"entente/cmd/entente/misuse"
	"entente/pipeline/warehouse/definition"
	"entente/sql"
)

func (a *app) citeCommand() *cobra.Command {
	var query, format, release string
	c := &cobra.Command{
		Use:   "cite [TABLE…]",
		Short: "How to cite a release, its tables or an answer, and on what terms to use them",
		Long: `cite prints the release and every source whose rows may be in the tables named, in the tables of a query, or in the
release as a whole: publisher, edition, day, licence, and the citation that the publisher asks for. What to mind when
the data are passed on is said on standard error.`,
		Example: `  entente cite core.votes
  entente cite --query "from indicators.trade_dependence where year = 2014" --format bibtex
  entente cite --format csl-json > entente.json`,
		ValidArgsFunction: a.completeTables,
		RunE: func(c *cobra.Command, args []string) error {
			if a.json {
				format = cite.CSL
			}
			if !slices.Contains(cite.Formats(), format) {
				return misuse.Of("--format %s: it is one of %s", format, strings.Join(cite.Formats(), ", "))
			}
			if query != "" && len(args) > 0 {
				return misuse.Of("TABLE and --query: give one of them")
			}
			return a.cite(c.Context(), release, query, format, args)
		},
	}
	flags := c.Flags()
	flags.StringVar(&query, "query", "", "cite what this SQL reads")
	flags.StringVar(&format, "format", cite.Plain, strings.Join(cite.Formats(), ", "))
	flags.StringVar(&release, "release", "", "cite this release rather than the current one")
	complete(c, "format", func(*app) []string { return cite.Formats() }, a)
	complete(c, "release", (*app).releaseNames, a)
	return c
}

func (a *app) cite(ctx context.Context, release, query, format string, names []string) (err error) {
	db, m, err := a.folder.Open(release)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	l, err := lineage.New(sql.Files, m)
	if err != nil {
		return err
	}
	for i, name := range names {
		if names[i], err = l.Named(name); err != nil {
			return err
		}
	}
	if query != "" {
		if names, err = definition.Reads(ctx, db, query); err != nil {
			return a.explainSQL(err)
		}
		if len(names) == 0 {
			return misuse.Of("--query: it reads no table of the release; name tables with their schema, such as core.votes")
		}
	}
	list := cite.References(m, l.Sources(names...))
	if err := cite.Write(a.stdout, format, list); err != nil {
		return err
	}
	if a.quiet {
		return nil
	}
	for _, warning := range cite.Warnings(list) {
		fmt.Fprintf(a.stderr, "mind: %s\n", warning)
	}
	return nil
}

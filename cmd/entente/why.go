package main

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"entente/cmd/entente/lineage"
	"entente/cmd/entente/misuse"
	"entente/cmd/entente/why"
	"entente/sql"
)

func (a *app) whyCommand() *cobra.Command {
	var release string
	var sample int
	c := &cobra.Command{
		Use:   "why TABLE COLUMN=VALUE…",
		Short: "Follow a row back to the lines that it was made from",
		Long: `why finds one row of a table or view, by the values of as many of its columns as it takes, and follows it through every
table that it was made from, to the raw tables: file, line, and the bytes as published, from the vault.`,
		Example: `  entente why indicators.vote_alignment_by_session iso3_a=CHN iso3_b=RUS source=voeten session=67 scope=contested
  entente why indicators.trade_dependence iso3_a=CHN iso3_b=USA year=2014 source=cowtrade`,
		ValidArgsFunction: a.completeTables,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return misuse.Of("say which table; for example: %s", a.again("why core.votes source=voeten iso3=USA resolution_id=9147"))
			}
			where := map[string]string{}
			for _, arg := range args[1:] {
				column, value, found := strings.Cut(arg, "=")
				if !found {
					return misuse.Of("%q: a row is named by COLUMN=VALUE", arg)
				}
				where[column] = value
			}
			return a.why(c.Context(), release, why.Question{Table: args[0], Where: where, Sample: sample})
		},
	}
	c.Flags().StringVar(&release, "release", "", "ask this release rather than the current one")
	c.Flags().IntVar(&sample, "show", 3, "rows and lines to show of each table")
	complete(c, "release", (*app).releaseNames, a)
	return c
}

func (a *app) why(ctx context.Context, release string, q why.Question) (err error) {
	db, m, err := a.folder.Open(release)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	l, err := lineage.New(sql.Files, m)
	if err != nil {
		return err
	}
	if q.Table, err = l.Named(q.Table); err != nil {
		return err
	}
	vault, err := a.folder.Reader()
	if err != nil {
		return err
	}
	answer, err := why.Ask(ctx, db, l, vault, q)
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(answer)
	}
	return why.Write(a.stdout, answer)
}

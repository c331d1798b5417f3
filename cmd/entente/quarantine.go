package main

import (
	"context"
	"errors"
	"strconv"

	"github.com/spf13/cobra"

	"entente/cmd/entente/misuse"
	"entente/pipeline/ledger"
)

func (a *app) quarantineCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "quarantine",
		Short: "Rows that could not be read: list counts them, show prints them as published",
		Args:  usage(cobra.NoArgs),
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	run, every := "", false
	list := &cobra.Command{
		Use:   "list",
		Short: "Count quarantined rows by table and reason",
		Long: `list counts the rows that the newest run with any set aside, whether it published or failed. Rows of the
current release are in its table meta.quarantine, too.`,
		Args: usage(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error { return a.listQuarantine(c.Context(), run, every) },
	}
	list.Flags().StringVar(&run, "run", "", "of this run")
	list.Flags().BoolVar(&every, "all", false, "of all runs that are remembered")
	f := ledger.Filter{}
	show := &cobra.Command{
		Use:   "show [ID]",
		Short: "Print quarantined rows: file, line, reason and bytes as published",
		Args:  usage(cobra.MaximumNArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				id, err := strconv.ParseInt(args[0], 10, 64)
				if err != nil || id < 1 {
					return misuse.Of("row %q: it is a number from: entente quarantine list", args[0])
				}
				f.ID = id
			}
			return a.showQuarantine(c.Context(), f)
		},
	}
	show.Flags().StringVar(&f.RunID, "run", "", "of this run")
	show.Flags().StringVar(&f.Source, "source", "", "of this source")
	show.Flags().StringVar(&f.Table, "table", "", "of this table, such as raw.unga_votes")
	show.Flags().IntVar(&f.Limit, "limit", 20, "at most so many rows, 0 for all")
	c.AddCommand(list, show)
	return c
}

func (a *app) listQuarantine(ctx context.Context, run string, every bool) (err error) {
	l, err := a.folder.Ledger()
	if err != nil {
		return err
	}
	sums := []ledger.Summary{}
	if l != nil {
		defer func() { err = errors.Join(err, l.Close()) }()
		found, err := l.QuarantineSummary(ctx, run)
		if err != nil {
			return err
		}
		for _, s := range found {
			if every || run != "" || s.RunID == found[0].RunID {
				sums = append(sums, s)
			}
		}
	}
	return a.printer().Quarantine(sums)
}

func (a *app) showQuarantine(ctx context.Context, f ledger.Filter) (err error) {
	l, err := a.folder.Ledger()
	if err != nil {
		return err
	}
	kept := []ledger.Kept{}
	if l != nil {
		defer func() { err = errors.Join(err, l.Close()) }()
		found, err := l.QuarantineRows(ctx, f)
		if err != nil {
			return err
		}
		kept = append(kept, found...)
	}
	if len(kept) == 0 && f.ID != 0 {
		return misuse.Of("no row %d is in quarantine; see: entente quarantine list --all", f.ID)
	}
	return a.printer().Kept(kept)
}

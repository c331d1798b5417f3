package main

import (
	"context"
	"errors"
	"strconv"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"entente/cmd/entente/render"
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
					return misuse("row %q: it is a number from: entente quarantine list", args[0])
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
	l, err := a.ledger()
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
	if a.json {
		return a.printJSON(sums)
	}
	if len(sums) == 0 {
		a.printf("No row is in quarantine.\n")
		return nil
	}
	id := ""
	var rows [][]string
	flush := func() {
		render.List(a.stdout, "  ", []string{"table", "rows", "row", "line", "reason of that row"}, rows)
		rows = nil
	}
	for _, s := range sums {
		if s.RunID != id {
			flush()
			id = s.RunID
			a.printf("Run %s\n", id)
		}
		rows = append(rows, []string{
			s.Table, render.Count(s.Rows), strconv.FormatInt(s.FirstID, 10), strconv.FormatInt(s.FirstLine, 10), s.Reason,
		})
	}
	flush()
	a.printf("\nA row as published: %s\n", a.again("quarantine show "+strconv.FormatInt(sums[0].FirstID, 10)))
	return nil
}

func (a *app) showQuarantine(ctx context.Context, f ledger.Filter) (err error) {
	l, err := a.ledger()
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
		return misuse("no row %d is in quarantine; see: entente quarantine list --all", f.ID)
	}
	if a.json {
		return a.printJSON(kept)
	}
	if len(kept) == 0 {
		a.printf("No row is in quarantine.\n")
	}
	for _, k := range kept {
		a.printf("row %d, %s, run %s\n%s:%d (byte %d, SHA-256 %.16s…)\n%s\n", k.ID, k.Table, k.RunID, k.File, k.Line, k.Offset, k.SHA256, k.Reason)
		if utf8.Valid(k.Raw) && !isTerminal(a.stdout) {
			a.printf("%s\n\n", k.Raw)
		} else {
			a.printf("%s\n\n", render.Printable(string(k.Raw)))
		}
	}
	return nil
}

package main

import (
	"context"

	"github.com/spf13/cobra"

	"entente/cmd/entente/diff"
	"entente/cmd/entente/folder"
	"entente/cmd/entente/misuse"
	"entente/pipeline/warehouse"
	"entente/sql"
)

func (a *app) diffCommand() *cobra.Command {
	most := 0
	c := &cobra.Command{
		Use:   "diff [A [B]]",
		Short: "What changed between two releases: files, rows, and how far indicators moved",
		Long: `diff compares release A with release B: which files the upstreams changed, which rows of the core tables came, went or
have other values, and which indicators moved because of it, and by how much. Without B it is the current release; without A
the one before B. Sums that differ in their last digits alone are the same.`,
		Example: `  entente diff
  entente diff 20261123T103000Z-1a2b3c4d --json`,
		Args:              usage(cobra.MaximumNArgs(2)),
		ValidArgsFunction: a.completeReleases,
		RunE:              func(c *cobra.Command, args []string) error { return a.diff(c.Context(), args, most) },
	}
	c.Flags().IntVar(&most, "show", 5, "examples to show of each change")
	return c
}

func (a *app) diff(ctx context.Context, args []string, most int) error {
	store, err := a.folder.Releases()
	if err != nil {
		return err
	}
	var ids [2]string
	copy(ids[:], args)
	to, err := folder.Manifest(store, ids[1])
	if err != nil {
		return err
	}
	if ids[0] == "" {
		if ids[0] = to.Previous; ids[0] == "" {
			return misuse.Of("release %s is the first one; there is nothing to compare it with", to.ID)
		}
	}
	from, err := folder.Manifest(store, ids[0])
	if err != nil {
		return err
	}
	w, err := warehouse.New(sql.Files, nil, warehouse.Options{})
	if err != nil {
		return err
	}
	r, err := diff.Compare(ctx, diff.Release{Manifest: from, Dir: store.Dir(from.ID)}, diff.Release{Manifest: to, Dir: store.Dir(to.ID)}, w.Views(), most)
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(r)
	}
	return diff.Write(a.stdout, r)
}

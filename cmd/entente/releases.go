package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"entente/cmd/entente/folder"
	"entente/cmd/entente/misuse"
	"entente/cmd/entente/report"
	"entente/pipeline"
	"entente/pipeline/release"
)

func (a *app) releasesCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "releases",
		Short: "List the releases; releases prune removes old ones",
		Long: `releases lists what was published, newest first. Releases share the files that did not change between
them: "own" is what removing one would free.`,
		Args: usage(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error { return a.listReleases() },
	}
	keep := 0
	prune := &cobra.Command{
		Use:   "prune --keep N",
		Short: "Remove all but the newest N releases; the current one and the one before always stay",
		Args:  usage(cobra.NoArgs),
		RunE:  func(c *cobra.Command, _ []string) error { return a.prune(c.Context(), keep) },
	}
	prune.Flags().IntVar(&keep, "keep", 0, "releases to keep")
	c.AddCommand(prune)
	return c
}

func (a *app) listReleases() error {
	store, err := a.folder.Releases()
	if err != nil {
		return err
	}
	infos, err := store.List()
	if err != nil {
		return err
	}
	if a.json {
		if infos == nil {
			infos = []release.Info{}
		}
		return a.printJSON(infos)
	}
	if len(infos) == 0 {
		return pipeline.ErrNoRelease
	}
	a.printer().Releases(infos)
	return nil
}

func (a *app) prune(ctx context.Context, keep int) (err error) {
	if keep < 1 {
		return misuse.Of("--keep N: say how many releases to keep, at least 1")
	}
	s, err := a.folder.Begin(ctx, a.command())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.End()) }()
	gone, err := s.Releases.Prune(ctx, keep)
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(map[string][]string{"removed": append([]string{}, gone...)})
	}
	for _, id := range gone {
		a.printf("removed %s\n", id)
	}
	a.printf("%s removed.\n", report.Plural(len(gone), "release"))
	return nil
}

func (a *app) rollbackCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "rollback [RELEASE]",
		Short: "Make the release before, or the one named, current again",
		Long: `rollback checks an older release, every file of it, and makes it the one that readers see. The newer one
stays; the next run builds on the one that is current then.`,
		Args:              usage(cobra.MaximumNArgs(1)),
		ValidArgsFunction: a.completeReleases,
		RunE: func(c *cobra.Command, args []string) (err error) {
			s, err := a.folder.Begin(c.Context(), a.command())
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, s.End()) }()
			id := ""
			if len(args) > 0 {
				if _, err := folder.Manifest(s.Releases, args[0]); err != nil {
					return err
				}
				id = args[0]
			}
			m, err := s.Releases.Rollback(c.Context(), id)
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(map[string]string{"release": m.ID})
			}
			a.printf("Release %s of %s is current.\n", m.ID, report.Minute(m.FinishedAt))
			return nil
		},
	}
}

func (a *app) verifyCommand() *cobra.Command {
	only := false
	c := &cobra.Command{
		Use:   "verify [RELEASE]",
		Short: "Read every file again and compare it with what was published",
		Long: `verify reads every file of a release, and every file in the vault, and compares them with the hashes that
were recorded when they were written. It changes nothing.`,
		Args:              usage(cobra.MaximumNArgs(1)),
		ValidArgsFunction: a.completeReleases,
		RunE: func(c *cobra.Command, args []string) error {
			id := ""
			if len(args) > 0 {
				id = args[0]
			}
			return a.verify(c.Context(), id, only)
		},
	}
	c.Flags().BoolVar(&only, "release-only", false, "leave the vault out")
	return c
}

func (a *app) verify(ctx context.Context, id string, only bool) error {
	v, err := report.Verify(ctx, a.folder, id, !only, a.meter.Read("verify release"))
	a.meter.Done()
	if err != nil {
		return err
	}
	if err := a.printer().Verified(v); err != nil {
		return err
	}
	return v.Verdict()
}

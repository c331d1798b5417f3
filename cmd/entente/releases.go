package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"entente/cmd/entente/render"
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
	store, err := a.releases()
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
	a.tellReleases(infos)
	return nil
}

func (a *app) tellReleases(infos []release.Info) {
	var rows [][]string
	for _, i := range infos {
		mark := ""
		if i.Current {
			mark = "current"
		}
		if i.Problem != "" {
			mark = "BROKEN: " + i.Problem
		}
		rows = append(rows, []string{
			i.ID, day(i.CreatedAt), strconv.Itoa(i.Tables), render.Count(i.Rows),
			render.Bytes(i.ExclusiveBytes), render.Bytes(i.SharedBytes), mark,
		})
	}
	render.List(a.stdout, "", []string{"release", "published (UTC)", "tables", "rows", "own", "shared", ""}, rows)
}

func (a *app) prune(ctx context.Context, keep int) (err error) {
	if keep < 1 {
		return misuse("--keep N: say how many releases to keep, at least 1")
	}
	s, err := a.begin(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.end()) }()
	gone, err := s.releases.Prune(ctx, keep)
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(map[string][]string{"removed": append([]string{}, gone...)})
	}
	for _, id := range gone {
		a.printf("removed %s\n", id)
	}
	a.printf("%s removed.\n", plural(len(gone), "release"))
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
			s, err := a.begin(c.Context())
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, s.end()) }()
			id := ""
			if len(args) > 0 {
				if _, err := manifest(s.releases, args[0]); err != nil {
					return err
				}
				id = args[0]
			}
			m, err := s.releases.Rollback(c.Context(), id)
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(map[string]string{"release": m.ID})
			}
			a.printf("Release %s of %s is current.\n", m.ID, day(m.FinishedAt))
			return nil
		},
	}
}

// verified is what verify --json answers.
type verified struct {
	Release  string            `json:"release"`
	Problems []release.Problem `json:"problems"`
	Vault    []release.Problem `json:"vault_problems"`
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
	store, err := a.releases()
	if err != nil {
		return err
	}
	m, err := manifest(store, id)
	if err != nil {
		return err
	}
	v := verified{Release: m.ID, Vault: []release.Problem{}}
	v.Problems, err = store.Verify(ctx, m.ID, a.meter.Read("verify release"))
	a.meter.Done()
	if err != nil {
		return err
	}
	if !only {
		if v.Vault, err = a.verifyVault(ctx); err != nil {
			return err
		}
	}
	found := len(v.Problems) + len(v.Vault)
	if a.json {
		if v.Problems == nil {
			v.Problems = []release.Problem{}
		}
		if err := a.printJSON(v); err != nil {
			return err
		}
	} else {
		for _, p := range v.Problems {
			a.printf("release %s: %s: %s\n", m.ID, p.Path, p.Problem)
		}
		for _, p := range v.Vault {
			a.printf("vault: %s: %s\n", p.Path, p.Problem)
		}
		if found == 0 && !a.quiet {
			a.printf("Release %s is as it was published", m.ID)
			if !only {
				a.printf(", and the vault as it was fetched")
			}
			a.printf(".\n")
		}
	}
	switch {
	case len(v.Problems) > 0:
		return fmt.Errorf("verify: %s in release %s; go back with: entente rollback, or make it again from the vault with: entente rebuild --from vault",
			plural(len(v.Problems), "problem"), m.ID)
	case found > 0:
		return fmt.Errorf("verify: %s in the vault; the release itself is whole; what is damaged is fetched again by: entente run", plural(found, "problem"))
	}
	return nil
}

func (a *app) verifyVault(ctx context.Context) ([]release.Problem, error) {
	keeper, err := a.reader()
	if err != nil {
		return nil, err
	}
	found, err := keeper.Verify(ctx)
	problems := []release.Problem{}
	for _, p := range found {
		problems = append(problems, release.Problem{Path: p.Path, Problem: p.Detail})
	}
	return problems, err
}

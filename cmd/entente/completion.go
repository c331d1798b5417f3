package main

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"entente/cmd/entente/work"
	"entente/pipeline/warehouse"
)

// complete offers values for a flag.
func complete(c *cobra.Command, flag string, list func(*app) []string, a *app) {
	// The only error is a flag that does not exist.
	_ = c.RegisterFlagCompletionFunc(flag, a.offer(list))
}

// offer makes a completion of a list. Shells run it without the commands' own preparation.
func (a *app) offer(list func(*app) []string) cobra.CompletionFunc {
	return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		if err := a.settle(); err != nil {
			return nil, cobra.ShellCompDirectiveError
		}
		return list(a), cobra.ShellCompDirectiveNoFileComp
	}
}

func (a *app) completeJobs(c *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
	return a.offer((*app).jobNames)(c, args, word)
}

func (a *app) completeTables(c *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
	return a.offer((*app).tableNames)(c, args, word)
}

func (a *app) completeReleases(c *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
	return a.offer((*app).releaseNames)(c, args, word)
}

func (a *app) jobNames() []string {
	jobs, err := work.Jobs("")
	if err != nil {
		return nil
	}
	var names []string
	for _, j := range jobs {
		names = append(names, j.Name)
	}
	return names
}

func (a *app) releaseNames() []string {
	store, err := a.folder.Releases()
	if err != nil {
		return nil
	}
	infos, err := store.List()
	if err != nil {
		return nil
	}
	var names []string
	for _, i := range infos {
		names = append(names, i.ID)
	}
	return names
}

func (a *app) tableNames() []string {
	db, _, err := a.folder.Open("")
	if err != nil {
		return nil
	}
	defer db.Close()
	entries, err := warehouse.Dictionary(context.Background(), db)
	if err != nil {
		return nil
	}
	var names []string
	for _, e := range entries {
		if name := e.Schema + "." + e.Table; !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

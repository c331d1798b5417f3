package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"entente/cmd/entente/confine"
)

// confinedCommand is the process in which serve runs SQL that readers send.
func (a *app) confinedCommand() *cobra.Command {
	return &cobra.Command{
		Use:    confine.Command,
		Short:  "Answer one query of a reader of entente serve, without rights; serve calls it",
		Hidden: true,
		Args:   usage(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			if code := confine.Main(a.stdin, a.stdout); code != 0 {
				return fmt.Errorf("confined query: no question could be read, or no answer written")
			}
			return nil
		},
	}
}

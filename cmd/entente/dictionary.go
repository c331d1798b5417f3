package main

import (
	"errors"

	"github.com/spf13/cobra"

	"entente/cmd/entente/dictionary"
)

func (a *app) dictionaryCommand() *cobra.Command {
	var markdown bool
	c := &cobra.Command{
		Use:   "dictionary [TABLE…]",
		Short: "What the tables are, and what their columns mean",
		Long: `dictionary lists the tables, views, macros and checks of the current release; with TABLE, or the name of
a schema, their columns with types, units and meaning.`,
		Example: `  entente dictionary
  entente dictionary core.votes
  entente dictionary --markdown > docs/dictionary.md`,
		ValidArgsFunction: a.completeTables,
		RunE: func(c *cobra.Command, args []string) (err error) {
			db, m, err := a.folder.Open("")
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, db.Close()) }()
			tables, err := dictionary.Read(c.Context(), db)
			if err != nil {
				return err
			}
			tables, err = dictionary.Chosen(tables, args)
			if err != nil {
				return err
			}
			switch {
			case a.json:
				return a.printJSON(tables)
			case markdown:
				return dictionary.Markdown(a.stdout, tables)
			case len(args) > 0:
				dictionary.Describe(a.stdout, tables)
			default:
				a.printf("Release %s\n", m.ID)
				dictionary.Overview(a.stdout, tables, a.width())
				a.printf("\nThe columns of one: %s\n", a.again("dictionary core.votes"))
			}
			return nil
		},
	}
	c.Flags().BoolVar(&markdown, "markdown", false, "everything, in Markdown")
	return c
}

package main

import (
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"entente/cmd/entente/doctor"
	"entente/cmd/entente/folder"
)

// versions are those of the program and of what its results depend on.
type versions struct {
	Entente  string `json:"entente"`
	Revision string `json:"revision,omitempty"`
	Go       string `json:"go"`
	DuckDB   string `json:"duckdb"`
	Arrow    string `json:"arrow"`
	Platform string `json:"platform"`
}

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Versions of the program and of its engines",
		Args:  usage(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			v := versions{
				Entente: folder.Version(), Go: runtime.Version(), Arrow: "unknown", Platform: runtime.GOOS + "/" + runtime.GOARCH,
			}
			if info, ok := debug.ReadBuildInfo(); ok {
				for _, d := range info.Deps {
					if d.Path == "github.com/apache/arrow-go/v18" {
						v.Arrow = d.Version
					}
				}
				for _, s := range info.Settings {
					if s.Key == "vcs.revision" {
						v.Revision = s.Value
					}
				}
			}
			var err error
			if v.DuckDB, err = doctor.DuckDB(c.Context()); err != nil {
				return err
			}
			if a.json {
				return a.printJSON(v)
			}
			a.printf("entente %s (%s)\nGo      %s\nDuckDB  %s\nArrow   %s\n", v.Entente, v.Platform, v.Go, v.DuckDB, v.Arrow)
			if v.Revision != "" {
				a.printf("commit  %s\n", v.Revision)
			}
			return nil
		},
	}
}

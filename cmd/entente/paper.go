package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"entente/cmd/entente/folder"
	"entente/cmd/entente/lineage"
	"entente/cmd/entente/misuse"
	"entente/cmd/entente/paper"
	"entente/sql"
)

func (a *app) reportCommand() *cobra.Command {
	var to, release string
	c := &cobra.Command{
		Use:   "report --out FILE",
		Short: "The five questions of the founding paper, answered for a release",
		Long: `report writes one file that answers the questions that entente was built for: a sentence, a chart, the table, the SQL, the
caveat and the sources of each. report.html stands alone and asks no network; report.md has its charts as SVG files in a
folder beside it. Every number is computed by the query that stands beside it.`,
		Example: `  entente report --out report.html
  entente report --out report.md`,
		Args: usage(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			switch filepath.Ext(to) {
			case ".html", ".md":
				return a.report(c.Context(), to, release)
			case "":
				return misuse.Of("--out FILE: say where to write, such as report.html or report.md")
			}
			return misuse.Of("--out %s: a report is .html or .md", to)
		},
	}
	c.Flags().StringVarP(&to, "out", "o", "", "`FILE` to write: .html or .md")
	c.Flags().StringVar(&release, "release", "", "report on this release rather than the current one")
	complete(c, "release", (*app).releaseNames, a)
	return c
}

func (a *app) report(ctx context.Context, to, release string) (err error) {
	db, m, err := a.folder.Open(release)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	l, err := lineage.New(sql.Files, m)
	if err != nil {
		return err
	}
	made, err := paper.Write(ctx, db, l)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if filepath.Ext(to) == ".html" {
		err = made.HTML(&b)
	} else {
		charts := strings.TrimSuffix(to, ".md") + "_charts"
		err = made.Markdown(&b, func(name string, svg []byte) (string, error) {
			if err := os.MkdirAll(charts, 0o755); err != nil {
				return "", fmt.Errorf("report: %w", err)
			}
			return filepath.Base(charts) + "/" + name, folder.Replace(filepath.Join(charts, name), svg)
		})
	}
	if err != nil {
		return err
	}
	if err := folder.Replace(to, b.Bytes()); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	if a.json {
		return a.printJSON(map[string]string{"report": to, "release": m.ID})
	}
	if !a.quiet {
		a.printf("The report on release %s is in %s.\n", m.ID, to)
	}
	return nil
}

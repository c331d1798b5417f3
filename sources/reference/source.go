// Package reference publishes the tables that are part of the program: states and their names in other
// systems, their capitals, regions, groups and their members. README.md says where the facts come from.
package reference

import (
	"context"
	"fmt"
	"io/fs"
	"net/http"

	"entente/pipeline"
	"entente/pipeline/delimited"
	"entente/transforms/states"
)

const name = "reference"

// part is one table and the embedded file that it is read from.
type part struct {
	table  pipeline.Table
	layout delimited.Layout
}

type source struct{ parts []part }

// New is the pipeline.Factory of the source, which has no settings.
func New(decode func(any) error) (pipeline.Source, error) {
	if err := decode(&struct{}{}); err != nil {
		return nil, fmt.Errorf("source %s: settings: %w", name, err)
	}
	s := &source{}
	for _, t := range tables() {
		t.layout.Source = name
		t.table.Schema = "raw"
		t.table.Columns = delimited.Schema(t.layout.Columns)
		s.parts = append(s.parts, t)
	}
	return s, nil
}

// About implements pipeline.Source.
func (s *source) About() pipeline.Upstream {
	return pipeline.Upstream{
		Title:      "States, their names and geography, regions, groups and their members",
		Publisher:  "entente",
		Homepage:   "https://unstats.un.org/unsd/methodology/m49",
		Licence:    "Apache License 2.0; facts restated from the sources cited",
		LicenceURL: "https://www.apache.org/licenses/LICENSE-2.0",
		Citation: "Correlates of War Project, State System Membership, version 2016; " +
			"Gleditsch, Kristian S. and Michael D. Ward, 1999, \"A Revised List of Independent States since the Congress of Vienna\", " +
			"International Interactions 25 (4): 393-413; United Nations, Member States; " +
			"United Nations Statistics Division, Standard Country or Area Codes for Statistical Use (M49); " +
			"Miller, Steven V., 2022, \"{peacesciencer}: An R Package for Quantitative Peace Science Research\", " +
			"Conflict Management and Peace Science 39 (6): 755-779, for capitals; " +
			"treaties and declarations as each row of raw.reference_group_members cites them",
		Automated: true,
	}
}

// Tables implements pipeline.Source.
func (s *source) Tables() []pipeline.Table {
	all := make([]pipeline.Table, len(s.parts))
	for i, p := range s.parts {
		all[i] = p.table
	}
	return all
}

// Fetch implements pipeline.Source: it embeds the files and asks nobody.
func (s *source) Fetch(_ context.Context, _ *http.Client, into *pipeline.Snapshot) error {
	for _, p := range s.parts {
		data, err := fs.ReadFile(states.Files(), p.layout.File)
		if err != nil {
			return fmt.Errorf("source %s: %w", name, err)
		}
		if err := into.Embed(p.layout.File, data); err != nil {
			return fmt.Errorf("source %s: %w", name, err)
		}
	}
	return nil
}

// Parse implements pipeline.Source.
func (s *source) Parse(ctx context.Context, snapshot fs.FS, table string, out pipeline.Sink) error {
	for _, p := range s.parts {
		if p.table.Name == table {
			return p.layout.Parse(ctx, snapshot, out)
		}
	}
	return fmt.Errorf("source %s: no table %q", name, table)
}

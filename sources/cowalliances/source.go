// Package cowalliances reads which states were allied in which year, and how closely, 1816 to 2012, from the Formal
// Alliances of the Correlates of War project. README.md says what the file is and where it bites.
package cowalliances

import (
	"fmt"
	"strings"

	"entente/pipeline"
	"entente/pipeline/archive"
	"entente/pipeline/delimited"
	"entente/transforms/states"
)

const (
	name          = "cowalliances"
	alliancesFile = "alliances.zip"
	dyadsTable    = "cow_alliance_dyads"
	page          = "https://correlatesofwar.org/data-sets/formal-alliances/"
	folder        = "https://correlatesofwar.org/wp-content/uploads/"
)

// settings are what a schedule may say about the source.
type settings struct {
	Archive  string `yaml:"archive"`  // the release, by its name at the publisher's
	Imported bool   `yaml:"imported"` // use the archive given by hand, download nothing
}

type source struct {
	settings settings
	table    pipeline.Table
}

// New is the pipeline.Factory of the source.
func New(decode func(any) error) (pipeline.Source, error) {
	s := &source{settings: settings{Archive: "version4.1_csv.zip"}}
	if err := decode(&s.settings); err != nil {
		return nil, fmt.Errorf("source %s: settings: %w", name, err)
	}
	if !archive.IsName(s.settings.Archive) {
		return nil, fmt.Errorf("source %s: settings: archive: %q is not the name of a zip archive", name, s.settings.Archive)
	}
	resolver, err := states.Load()
	if err != nil {
		return nil, fmt.Errorf("source %s: %w", name, err)
	}
	resolve := func(code, as string) pipeline.Transform {
		return states.ResolveColumns(resolver, states.Columns{
			Code: code, CodeScheme: states.COW, Year: "year", After: code, As: as,
		})
	}
	s.table = pipeline.Table{
		Schema: "raw", Name: dyadsTable,
		Key:         []string{"version4id", "ccode1", "ccode2", "year", "dyad_st_year", "dyad_st_month"},
		Description: "Two states allied by one agreement in one year, as the Correlates of War project published it.",
		Transforms:  []pipeline.Transform{resolve("ccode1", "iso3_1"), resolve("ccode2", "iso3_2")},
	}
	if err := s.table.Complete(delimited.Schema(columns())); err != nil {
		return nil, fmt.Errorf("source %s: %w", name, err)
	}
	return s, nil
}

// About implements pipeline.Source.
func (s *source) About() pipeline.Upstream {
	return pipeline.Upstream{
		Title:      "Correlates of War Formal Alliances, version 4.1",
		Publisher:  "Correlates of War project",
		Homepage:   page,
		Licence:    "free of charge, with citation",
		LicenceURL: page,
		Citation: "Gibler, Douglas M., 2009, International Military Alliances, 1648-2008, CQ Press; " +
			"Correlates of War Project, Formal Alliances, version 4.1",
		Automated:      true,
		MaxRejectShare: 0.005,
		Files: []pipeline.FileKind{{Name: alliancesFile, Header: func(h string) bool {
			return strings.HasPrefix(h, "PK\x03\x04") && strings.Contains(strings.ToLower(h), "alliance")
		}}},
	}
}

// Tables implements pipeline.Source.
func (s *source) Tables() []pipeline.Table { return []pipeline.Table{s.table} }

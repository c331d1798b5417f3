// Package cownmc reads the material capabilities of states, the composite index of them among these, from the
// Correlates of War project. README.md says what the file is and where it bites.
package cownmc

import (
	"fmt"
	"strings"

	"entente/pipeline"
	"entente/pipeline/archive"
	"entente/pipeline/delimited"
	"entente/transforms/states"
)

const (
	name              = "cownmc"
	capabilitiesFile  = "capabilities.zip"
	capabilitiesTable = "cow_capabilities"
	page              = "https://correlatesofwar.org/data-sets/national-material-capabilities/"
	folder            = "https://correlatesofwar.org/wp-content/uploads/"
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
	s := &source{settings: settings{Archive: "NMCv7.zip"}}
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
	s.table = pipeline.Table{
		Schema: "raw", Name: capabilitiesTable, Key: []string{"ccode", "year"},
		Description: "One state's material capabilities in one year, as the Correlates of War project published them.",
		Transforms: []pipeline.Transform{states.ResolveColumns(resolver, states.Columns{
			Code: "ccode", CodeScheme: states.COW, Year: "year", After: "ccode",
		})},
	}
	if err := s.table.Complete(delimited.Schema(columns())); err != nil {
		return nil, fmt.Errorf("source %s: %w", name, err)
	}
	return s, nil
}

// About implements pipeline.Source.
func (s *source) About() pipeline.Upstream {
	return pipeline.Upstream{
		Title:      "Correlates of War National Material Capabilities, version 7.0",
		Publisher:  "Correlates of War project",
		Homepage:   page,
		Licence:    "free of charge, with citation",
		LicenceURL: page,
		Citation: "Correlates of War Project, National Material Capabilities, Version 7.0; " +
			"Singer, J. David, Stuart Bremer and John Stuckey, 1972, \"Capability Distribution, Uncertainty, and Major Power War, 1820-1965\", " +
			"in Bruce Russett (ed.), Peace, War, and Numbers, Beverly Hills: Sage, 19-48; " +
			"Singer, J. David, 1987, \"Reconstructing the Correlates of War Dataset on Material Capabilities of States, 1816-1985\", International Interactions 14: 115-132",
		Automated:      true,
		MaxRejectShare: 0.005,
		Files: []pipeline.FileKind{{Name: capabilitiesFile, Header: func(h string) bool {
			return strings.HasPrefix(h, "PK\x03\x04") && strings.Contains(h, "NMC")
		}}},
	}
}

// Tables implements pipeline.Source.
func (s *source) Tables() []pipeline.Table { return []pipeline.Table{s.table} }

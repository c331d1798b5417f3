// Package contiguity reads which states lie beside which, by land or across up to 400 miles of water, from the
// Correlates of War project. README.md says what the file is and where it bites.
package contiguity

import (
	"fmt"
	"strings"
	"time"

	"entente/pipeline"
	"entente/pipeline/archive"
	"entente/pipeline/delimited"
	"entente/transforms/states"
)

const (
	name           = "contiguity"
	contiguityFile = "contiguity.zip"
	spellsTable    = "contiguity_spells"
	page           = "https://correlatesofwar.org/data-sets/direct-contiguity/"
	folder         = "https://correlatesofwar.org/wp-content/uploads/"
)

// month is how the file writes one.
const month = "200601"

// settings are what a schedule may say about the source.
type settings struct {
	Archive   string `yaml:"archive"`    // the release, by its name at the publisher's
	LastMonth string `yaml:"last_month"` // of the release: a spell that reaches it had not ended
	Imported  bool   `yaml:"imported"`   // use the archive given by hand, download nothing
}

type source struct {
	settings settings
	resolver *states.Resolver
	table    pipeline.Table
}

// New is the pipeline.Factory of the source.
func New(decode func(any) error) (pipeline.Source, error) {
	s := &source{settings: settings{Archive: "DirectContiguity320.zip", LastMonth: "201612"}}
	if err := decode(&s.settings); err != nil {
		return nil, fmt.Errorf("source %s: settings: %w", name, err)
	}
	if !archive.IsName(s.settings.Archive) {
		return nil, fmt.Errorf("source %s: settings: archive: %q is not the name of a zip archive", name, s.settings.Archive)
	}
	if _, err := time.Parse(month, s.settings.LastMonth); err != nil {
		return nil, fmt.Errorf("source %s: settings: last_month: %q is not a month such as 201612", name, s.settings.LastMonth)
	}
	var err error
	if s.resolver, err = states.Load(); err != nil {
		return nil, fmt.Errorf("source %s: %w", name, err)
	}
	resolve := func(code, as string) pipeline.Transform {
		return states.ResolveColumns(s.resolver, states.Columns{
			Code: code, CodeScheme: states.COW, Date: "valid_from", After: code, As: as,
		})
	}
	s.table = pipeline.Table{
		Schema: "raw", Name: spellsTable, Key: []string{"ccode1", "ccode2", "valid_from"},
		Description: "One spell in which two states were contiguous in one way, as the Correlates of War project published it.",
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
		Title:      "Correlates of War Direct Contiguity Data, version 3.2",
		Publisher:  "Correlates of War project",
		Homepage:   page,
		Licence:    "free of charge, with citation",
		LicenceURL: page,
		Citation: "Correlates of War Project, Direct Contiguity Data, 1816-2016, Version 3.2; " +
			"Stinnett, Douglas M., Jaroslav Tir, Philip Schafer, Paul F. Diehl and Charles Gochman, 2002, " +
			"\"The Correlates of War Project Direct Contiguity Data, Version 3\", Conflict Management and Peace Science 19 (2): 58-66",
		Automated:      true,
		MaxRejectShare: 0.02,
		Files: []pipeline.FileKind{{Name: contiguityFile, Header: func(h string) bool {
			return strings.HasPrefix(h, "PK\x03\x04") && strings.Contains(strings.ToLower(h), "cont")
		}}},
	}
}

// Tables implements pipeline.Source.
func (s *source) Tables() []pipeline.Table { return []pipeline.Table{s.table} }

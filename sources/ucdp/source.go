// Package ucdp reads armed conflicts since 1946, and the states that took part in them, from the Uppsala
// Conflict Data Program and the Peace Research Institute Oslo. README.md says what the file is and where it
// bites.
package ucdp

import (
	"fmt"
	"strings"

	"entente/pipeline"
	"entente/pipeline/archive"
	"entente/pipeline/delimited"
	"entente/transforms/states"
)

const (
	name           = "ucdp"
	conflictsFile  = "conflicts.zip"
	conflictsTable = "ucdp_conflicts"
	partiesTable   = "ucdp_parties"
	page           = "https://ucdp.uu.se/downloads/"
	folder         = "https://ucdp.uu.se/downloads/ucdpprio/"
)

// settings are what a schedule may say about the source.
type settings struct {
	Archive  string `yaml:"archive"`  // the release, by its name at the publisher's
	Imported bool   `yaml:"imported"` // use the archive given by hand, download nothing
}

type source struct {
	settings settings
	tables   []pipeline.Table
}

// New is the pipeline.Factory of the source.
func New(decode func(any) error) (pipeline.Source, error) {
	s := &source{settings: settings{Archive: "ucdp-prio-acd-251-csv.zip"}}
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
	conflicts := pipeline.Table{
		Schema: "raw", Name: conflictsTable, Key: []string{"conflict_id", "year"},
		Description: "One armed conflict in one year in which it cost 25 lives or more, as UCDP and PRIO published it.",
	}
	parties := pipeline.Table{
		Schema: "raw", Name: partiesTable, Key: []string{"conflict_id", "year", "side", "role", "gwno"},
		Description: "One state that took part in an armed conflict in one year, on one side, by UCDP and PRIO.",
		Transforms: []pipeline.Transform{states.ResolveColumns(resolver, states.Columns{
			Code: "gwno", CodeScheme: states.GW, Year: "year", After: "gwno",
		})},
	}
	if err := conflicts.Complete(delimited.Schema(conflictColumns())); err != nil {
		return nil, fmt.Errorf("source %s: %w", name, err)
	}
	if err := parties.Complete(delimited.Schema(partyColumns())); err != nil {
		return nil, fmt.Errorf("source %s: %w", name, err)
	}
	s.tables = []pipeline.Table{conflicts, parties}
	return s, nil
}

// About implements pipeline.Source.
func (s *source) About() pipeline.Upstream {
	return pipeline.Upstream{
		Title:      "UCDP/PRIO Armed Conflict Dataset, version 25.1",
		Publisher:  "Uppsala Conflict Data Program and Peace Research Institute Oslo",
		Homepage:   page,
		Licence:    "CC BY 4.0",
		LicenceURL: "https://creativecommons.org/licenses/by/4.0/",
		Citation: "Gleditsch, Nils Petter, Peter Wallensteen, Mikael Eriksson, Margareta Sollenberg and Havard Strand, 2002, " +
			"\"Armed Conflict 1946-2001: A New Dataset\", Journal of Peace Research 39 (5): 615-637; " +
			"Uppsala Conflict Data Program, UCDP/PRIO Armed Conflict Dataset, version 25.1, https://ucdp.uu.se",
		Automated:      true,
		MaxRejectShare: 0.01,
		Files: []pipeline.FileKind{{Name: conflictsFile, Header: func(h string) bool {
			return strings.HasPrefix(h, "PK\x03\x04") && strings.Contains(strings.ToLower(h), "prio")
		}}},
	}
}

// Tables implements pipeline.Source.
func (s *source) Tables() []pipeline.Table { return s.tables }

// Package desta reads the list of trade agreements, and of their members, of the Design of Trade Agreements
// project. README.md says what the file is and where it bites.
package desta

import (
	"fmt"
	"regexp"
	"strings"

	"entente/pipeline"
	"entente/pipeline/delimited"
	"entente/transforms/states"
)

const (
	name          = "desta"
	listFile      = "list_of_treaties.csv"
	treatiesTable = "desta_treaties"
	partiesTable  = "desta_parties"
	page          = "https://www.designoftradeagreements.org/downloads/"
	folder        = "https://www.designoftradeagreements.org/media/filer_public/"
)

var filePath = regexp.MustCompile(`^([A-Za-z0-9_-]+/)*[A-Za-z0-9_.-]+\.csv$`)

// settings are what a schedule may say about the source.
type settings struct {
	File     string `yaml:"file"`     // the list, by its path at the publisher's: it changes with each release
	Imported bool   `yaml:"imported"` // use the list given by hand, download nothing
}

type source struct {
	settings settings
	tables   []pipeline.Table
}

// New is the pipeline.Factory of the source.
func New(decode func(any) error) (pipeline.Source, error) {
	s := &source{settings: settings{File: "list_of_treaties.csv"}}
	if err := decode(&s.settings); err != nil {
		return nil, fmt.Errorf("source %s: settings: %w", name, err)
	}
	if !filePath.MatchString(s.settings.File) {
		return nil, fmt.Errorf("source %s: settings: file: %q is not the path of a CSV file", name, s.settings.File)
	}
	resolver, err := states.Load()
	if err != nil {
		return nil, fmt.Errorf("source %s: %w", name, err)
	}
	treaties := pipeline.Table{
		Schema: "raw", Name: treatiesTable, Key: []string{"number"},
		Description: "One entry in the list of trade agreements: an agreement, a protocol to one, an accession, a withdrawal or a negotiation, as DESTA published it.",
	}
	parties := pipeline.Table{
		Schema: "raw", Name: partiesTable, Key: []string{"number", "place"},
		Description: "One member in one entry of the list of trade agreements, as DESTA published it.",
		Transforms: []pipeline.Transform{states.ResolveColumns(resolver, states.Columns{
			Code: "iso_numeric", CodeScheme: states.M49, Year: "year", After: "iso_numeric",
		})},
	}
	if err := treaties.Complete(delimited.Schema(treatyColumns())); err != nil {
		return nil, fmt.Errorf("source %s: %w", name, err)
	}
	if err := parties.Complete(delimited.Schema(partyColumns())); err != nil {
		return nil, fmt.Errorf("source %s: %w", name, err)
	}
	s.tables = []pipeline.Table{treaties, parties}
	return s, nil
}

// About implements pipeline.Source.
func (s *source) About() pipeline.Upstream {
	return pipeline.Upstream{
		Title:      "Design of Trade Agreements (DESTA), list of treaties, version 2.0",
		Publisher:  "DESTA project, World Trade Institute, University of Bern",
		Homepage:   page,
		Licence:    "free of charge, with citation",
		LicenceURL: page,
		Citation: "Dür, Andreas, Leonardo Baccini and Manfred Elsig, 2014, \"The Design of International Trade Agreements: " +
			"Introducing a New Dataset\", The Review of International Organizations 9 (3): 353-375",
		Automated:      true,
		MaxRejectShare: 0.01,
		Files: []pipeline.FileKind{{Name: listFile, Header: func(h string) bool {
			return strings.Contains(h, ";") && strings.Contains(h, "base_treaty") && strings.Contains(h, "entryforceyear")
		}}},
	}
}

// Tables implements pipeline.Source.
func (s *source) Tables() []pipeline.Table { return s.tables }

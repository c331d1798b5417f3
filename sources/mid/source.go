// Package mid reads militarized interstate disputes, and who was in them with whom year by year, from the
// Correlates of War project. README.md says what the files are and where they bite.
package mid

import (
	"fmt"
	"strings"

	"entente/pipeline"
	"entente/pipeline/archive"
	"entente/pipeline/delimited"
	"entente/transforms/states"
)

const (
	name          = "mid"
	disputesFile  = "disputes.zip"
	dyadsFile     = "dyads.zip"
	disputesTable = "mid_disputes"
	dyadsTable    = "mid_dyads"
	page          = "https://correlatesofwar.org/data-sets/mids/"
	folder        = "https://correlatesofwar.org/wp-content/uploads/"
)

// settings are what a schedule may say about the source.
type settings struct {
	Disputes string `yaml:"disputes"` // archive of the disputes, by its name at the publisher's
	Dyads    string `yaml:"dyads"`    // archive of the dyad-years; one given by hand comes before it
	Imported bool   `yaml:"imported"` // use the archives given by hand, download nothing
}

type source struct {
	settings settings
	tables   []pipeline.Table
}

// New is the pipeline.Factory of the source.
func New(decode func(any) error) (pipeline.Source, error) {
	s := &source{settings: settings{Disputes: "MID-5-Data-and-Supporting-Materials.zip", Dyads: "cow_mid_ddydisps.zip"}}
	if err := decode(&s.settings); err != nil {
		return nil, fmt.Errorf("source %s: settings: %w", name, err)
	}
	for setting, given := range map[string]string{"disputes": s.settings.Disputes, "dyads": s.settings.Dyads} {
		if !archive.IsName(given) {
			return nil, fmt.Errorf("source %s: settings: %s: %q is not the name of a zip archive", name, setting, given)
		}
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
	disputes := pipeline.Table{
		Schema: "raw", Name: disputesTable, Key: []string{"dispnum"},
		Description: "One militarized interstate dispute, as the Correlates of War project published it.",
	}
	dyads := pipeline.Table{
		Schema: "raw", Name: dyadsTable, Key: []string{"dispnum", "ccode1", "ccode2", "year"},
		Description: "Two states on opposite sides of a dispute in one year, once from each side, by the Correlates of War project.",
		Transforms:  []pipeline.Transform{resolve("ccode1", "iso3_1"), resolve("ccode2", "iso3_2")},
	}
	if err := disputes.Complete(delimited.Schema(disputeColumns())); err != nil {
		return nil, fmt.Errorf("source %s: %w", name, err)
	}
	if err := dyads.Complete(delimited.Schema(dyadColumns())); err != nil {
		return nil, fmt.Errorf("source %s: %w", name, err)
	}
	s.tables = []pipeline.Table{disputes, dyads}
	return s, nil
}

// About implements pipeline.Source.
func (s *source) About() pipeline.Upstream {
	return pipeline.Upstream{
		Title:      "Correlates of War Militarized Interstate Disputes, version 5.0",
		Publisher:  "Correlates of War project",
		Homepage:   page,
		Licence:    "free of charge, with citation",
		LicenceURL: page,
		Citation: "Palmer, Glenn, Roseanne W. McManus, Vito D'Orazio, Michael R. Kenwick, Mikaela Karstens, Chase Bloch, Nick Dietrich, " +
			"Kayla Kahn, Kellan Ritter and Michael J. Soules, 2022, \"The MID5 Dataset, 2011-2014: Procedures, Coding Rules, and Description\", " +
			"Conflict Management and Peace Science 39 (4): 470-482; dyad-years: Miller, Steven V., 2022, \"{peacesciencer}: An R Package for " +
			"Quantitative Peace Science Research\", Conflict Management and Peace Science 39 (6): 755-779",
		Automated:      true,
		MaxRejectShare: 0.01,
		Files: []pipeline.FileKind{
			{Name: disputesFile, Header: func(h string) bool {
				return strings.HasPrefix(h, "PK\x03\x04") && strings.Contains(h, "MID")
			}},
			{Name: dyadsFile, Header: func(h string) bool {
				return strings.HasPrefix(h, "PK\x03\x04") && strings.Contains(h, "ddydisps")
			}},
		},
	}
}

// Tables implements pipeline.Source.
func (s *source) Tables() []pipeline.Table { return s.tables }

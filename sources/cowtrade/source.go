// Package cowtrade reads the bilateral and national trade of the Correlates of War project, 1870 to 2014.
// README.md says what the files are and where they bite.
package cowtrade

import (
	"fmt"
	"strings"

	"entente/pipeline"
	"entente/pipeline/archive"
	"entente/pipeline/delimited"
	"entente/transforms/states"
)

const (
	name        = "cowtrade"
	tradeFile   = "trade.zip"
	dyadsTable  = "cow_trade_dyads"
	statesTable = "cow_trade_states"
	page        = "https://correlatesofwar.org/data-sets/bilateral-trade/"
	folder      = "https://correlatesofwar.org/wp-content/uploads/"
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
	s := &source{settings: settings{Archive: "COW_Trade_4.0.zip"}}
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
	dyads := pipeline.Table{
		Schema: "raw", Name: dyadsTable, Key: []string{"ccode1", "ccode2", "year"},
		Description: "Two states' imports from each other in one year, as the Correlates of War project published them.",
		Transforms:  []pipeline.Transform{resolve("ccode1", "iso3_1"), resolve("ccode2", "iso3_2")},
	}
	national := pipeline.Table{
		Schema: "raw", Name: statesTable, Key: []string{"ccode", "year"},
		Description: "One state's trade with all the world in one year, as the Correlates of War project published it.",
		Transforms:  []pipeline.Transform{resolve("ccode", "iso3")},
	}
	if err := dyads.Complete(delimited.Schema(dyadColumns())); err != nil {
		return nil, fmt.Errorf("source %s: %w", name, err)
	}
	if err := national.Complete(delimited.Schema(nationalColumns())); err != nil {
		return nil, fmt.Errorf("source %s: %w", name, err)
	}
	s.tables = []pipeline.Table{dyads, national}
	return s, nil
}

// About implements pipeline.Source.
func (s *source) About() pipeline.Upstream {
	return pipeline.Upstream{
		Title:      "Correlates of War Trade Data Set, version 4.0",
		Publisher:  "Katherine Barbieri and Omar M. G. Keshk, through the Correlates of War project",
		Homepage:   page,
		Licence:    "free of charge, with citation",
		LicenceURL: page,
		Citation: "Barbieri, Katherine, and Omar M. G. Keshk, 2016, Correlates of War Project Trade Data Set Codebook, Version 4.0, " +
			"https://correlatesofwar.org; Barbieri, Katherine, Omar M. G. Keshk and Brian M. Pollins, 2009, " +
			"\"Trading Data: Evaluating our Assumptions and Coding Rules\", Conflict Management and Peace Science 26 (5): 471-491",
		Automated:      true,
		MaxRejectShare: 0.005,
		Files: []pipeline.FileKind{{Name: tradeFile, Header: func(h string) bool {
			return strings.HasPrefix(h, "PK\x03\x04") && strings.Contains(h, "COW")
		}}},
	}
}

// Tables implements pipeline.Source.
func (s *source) Tables() []pipeline.Table { return s.tables }

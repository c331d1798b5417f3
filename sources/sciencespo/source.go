// Package sciencespo reads every vote of the Security Council since 1946, vetoed and failed drafts
// included, from Sciences Po's deposit. README.md says what the file is and where it bites.
package sciencespo

import (
	"fmt"

	"entente/pipeline"
	"entente/pipeline/dataverse"
	"entente/pipeline/delimited"
	"entente/transforms/states"
)

const (
	name        = "sciencespo"
	councilFile = "council.csv"
	draftsTable = "sciencespo_drafts"
	votesTable  = "sciencespo_votes"
)

// settings are what a schedule may say about the source.
type settings struct {
	Version string `yaml:"version"`
	File    string `yaml:"file"`
}

type source struct {
	settings settings
	resolver *states.Resolver
}

// New is the pipeline.Factory of the source.
func New(decode func(any) error) (pipeline.Source, error) {
	s := &source{settings: settings{Version: dataverse.Latest}}
	if err := decode(&s.settings); err != nil {
		return nil, fmt.Errorf("source %s: settings: %w", name, err)
	}
	var err error
	if s.resolver, err = states.Load(); err != nil {
		return nil, fmt.Errorf("source %s: %w", name, err)
	}
	return s, nil
}

// About implements pipeline.Source.
func (s *source) About() pipeline.Upstream {
	return pipeline.Upstream{
		Title:      "UNSC votes since 1946 Database",
		Publisher:  "Atelier de cartographie de Sciences Po, through data.sciencespo",
		Homepage:   "https://doi.org/10.21410/7E4/Z0KECE",
		Licence:    "CC BY 4.0",
		LicenceURL: "https://creativecommons.org/licenses/by/4.0/",
		Citation: "Martin, Benoît, 2026, \"UNSC votes since 1946 Database\", https://doi.org/10.21410/7E4/Z0KECE, " +
			"data.sciencespo, Atelier de cartographie de Sciences Po",
		Automated:      true,
		MaxRejectShare: 0.01,
		Files: []pipeline.FileKind{{Name: councilFile, Header: func(h string) bool {
			return delimited.HeaderHas(h, "Vote in the DB", "UN classification", "Vote outcome")
		}}},
	}
}

// Tables implements pipeline.Source.
func (s *source) Tables() []pipeline.Table {
	return []pipeline.Table{
		{
			Schema: "raw", Name: draftsTable, Key: []string{"vote_number"},
			Description: "One text put to a vote in the Security Council: adopted, vetoed or failed.",
			Columns:     delimited.Schema(draftColumns()),
		},
		{
			Schema: "raw", Name: votesTable, Key: []string{"vote_number", "iso3"},
			Description: "One member's vote on one text put to a vote in the Security Council.",
			Columns:     delimited.Schema(voteColumns()),
		},
	}
}

// Package voeten reads the General Assembly's roll calls and published ideal points from Voeten's deposit
// in Harvard Dataverse. README.md says what the files are and where they bite.
package voeten

import (
	"fmt"
	"strings"

	"entente/pipeline"
	"entente/pipeline/dataverse"
	"entente/pipeline/delimited"
	"entente/transforms/states"
)

const (
	name            = "voeten"
	rollCallsFile   = "roll_calls.csv"
	idealPointsFile = "ideal_points.csv"
	votesTable      = "voeten_votes"
	pointsTable     = "voeten_ideal_points"
)

// settings are what a schedule may say about the source.
type settings struct {
	RollCallsVersion   string `yaml:"roll_calls_version"`
	RollCallsFile      string `yaml:"roll_calls_file"`
	IdealPointsVersion string `yaml:"ideal_points_version"`
	IdealPointsFile    string `yaml:"ideal_points_file"`
}

type source struct {
	settings settings
	tables   []pipeline.Table
}

// New is the pipeline.Factory of the source.
func New(decode func(any) error) (pipeline.Source, error) {
	s := &source{settings: settings{RollCallsVersion: "33.0", IdealPointsVersion: dataverse.Latest}}
	if err := decode(&s.settings); err != nil {
		return nil, fmt.Errorf("source %s: settings: %w", name, err)
	}
	resolver, err := states.Load()
	if err != nil {
		return nil, fmt.Errorf("source %s: %w", name, err)
	}
	votes := pipeline.Table{
		Schema: "raw", Name: votesTable, Key: []string{"rcid", "ccode"},
		Description: "One state's ballot in one roll call of the General Assembly, as Voeten's deposit records it.",
		Transforms: []pipeline.Transform{states.ResolveColumns(resolver, states.Columns{
			Code: "ccode", CodeScheme: states.COW, Date: "date", Year: "year", After: "ccode",
		})},
	}
	points := pipeline.Table{
		Schema: "raw", Name: pointsTable, Key: []string{"ccode", "year"},
		Description: "One state's published ideal point in one session or year of the General Assembly.",
		Transforms: []pipeline.Transform{states.ResolveColumns(resolver, states.Columns{
			Code: "ccode", CodeScheme: states.COW, Year: "year", After: "ccode",
		})},
	}
	if err := votes.Complete(delimited.Schema(voteColumns())); err != nil {
		return nil, fmt.Errorf("source %s: %w", name, err)
	}
	if err := points.Complete(delimited.Schema(pointColumns(unmarked))); err != nil {
		return nil, fmt.Errorf("source %s: %w", name, err)
	}
	s.tables = []pipeline.Table{votes, points}
	return s, nil
}

// About implements pipeline.Source.
func (s *source) About() pipeline.Upstream {
	return pipeline.Upstream{
		Title:      "United Nations General Assembly Voting Data",
		Publisher:  "Michael Bailey, Anton Strezhnev and Erik Voeten, through Harvard Dataverse",
		Homepage:   "https://doi.org/10.7910/DVN/LEJUQZ",
		Licence:    "CC0 1.0",
		LicenceURL: "https://creativecommons.org/publicdomain/zero/1.0/",
		Citation: "Voeten, Erik; Strezhnev, Anton; Bailey, Michael, 2009, \"United Nations General Assembly Voting Data\", " +
			"https://doi.org/10.7910/DVN/LEJUQZ, Harvard Dataverse; " +
			"Bailey, Michael A., Anton Strezhnev and Erik Voeten, 2017, \"Estimating Dynamic State Preferences from United Nations Voting Data\", " +
			"Journal of Conflict Resolution 61 (2): 430-456",
		Automated:      true,
		MaxRejectShare: 0.005,
		Files: []pipeline.FileKind{
			{Name: rollCallsFile, Header: func(h string) bool {
				return delimited.HeaderHas(h, "rcid", "ccode", "vote", "unres")
			}},
			{Name: idealPointsFile, Header: func(h string) bool {
				return delimited.HeaderHas(h, "ccode", "iso3c", "Countryname") && strings.Contains(h, "IdealPoint")
			}},
		},
	}
}

// Tables implements pipeline.Source.
func (s *source) Tables() []pipeline.Table { return s.tables }

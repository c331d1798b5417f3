// Package cowstates reads which states belonged to the international system, and when, from the Correlates of War
// project. README.md says what the file is and where it bites.
package cowstates

import (
	"fmt"
	"regexp"
	"time"

	"entente/pipeline"
	"entente/pipeline/delimited"
	"entente/transforms/states"
)

const (
	name        = "cowstates"
	statesFile  = "states.csv"
	statesTable = "cow_states"
	page        = "https://correlatesofwar.org/data-sets/state-system-membership/"
	folder      = "https://correlatesofwar.org/wp-content/uploads/"
)

var fileName = regexp.MustCompile(`^[A-Za-z0-9_.-]+\.csv$`)

// settings are what a schedule may say about the source.
type settings struct {
	File     string `yaml:"file"`     // the release, by its name at the publisher's
	LastDay  string `yaml:"last_day"` // of the release: a spell that reaches it had not ended
	Imported bool   `yaml:"imported"` // use the file given by hand, download nothing
}

type source struct {
	settings settings
	table    pipeline.Table
}

// New is the pipeline.Factory of the source.
func New(decode func(any) error) (pipeline.Source, error) {
	s := &source{settings: settings{File: "states2016.csv", LastDay: "2016-12-31"}}
	if err := decode(&s.settings); err != nil {
		return nil, fmt.Errorf("source %s: settings: %w", name, err)
	}
	if !fileName.MatchString(s.settings.File) {
		return nil, fmt.Errorf("source %s: settings: file: %q is not the name of a CSV file", name, s.settings.File)
	}
	if _, err := time.Parse(time.DateOnly, s.settings.LastDay); err != nil {
		return nil, fmt.Errorf("source %s: settings: last_day: %q is not a day such as 2016-12-31", name, s.settings.LastDay)
	}
	resolver, err := states.Load()
	if err != nil {
		return nil, fmt.Errorf("source %s: %w", name, err)
	}
	s.table = pipeline.Table{
		Schema: "raw", Name: statesTable, Key: []string{"ccode", "valid_from"},
		Description: "One spell of one state in the international system, as the Correlates of War project published it.",
		Transforms: []pipeline.Transform{states.ResolveColumns(resolver, states.Columns{
			Code: "ccode", CodeScheme: states.COW, Date: "valid_from", After: "ccode",
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
		Title:      "Correlates of War State System Membership List, version 2016",
		Publisher:  "Correlates of War project",
		Homepage:   page,
		Licence:    "free of charge, with citation",
		LicenceURL: page,
		Citation:   "Correlates of War Project, 2017, State System Membership List, v2016, https://correlatesofwar.org",
		Automated:  true,
		// The file is small: a few bad rows are a large share.
		MaxRejectShare: 0.05,
		Files: []pipeline.FileKind{{Name: statesFile, Header: func(h string) bool {
			return delimited.HeaderHas(h, "stateabb", "ccode", "styear", "endyear")
		}}},
	}
}

// Tables implements pipeline.Source.
func (s *source) Tables() []pipeline.Table { return []pipeline.Table{s.table} }

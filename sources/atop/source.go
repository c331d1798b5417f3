// Package atop reads the coded obligations of military alliances, 1815 to 2018, from the Alliance Treaty
// Obligations and Provisions project. README.md says what the files are and where they bite.
package atop

import (
	"fmt"
	"strings"

	"entente/pipeline"
	"entente/pipeline/archive"
	"entente/pipeline/delimited"
	"entente/transforms/states"
)

const (
	name           = "atop"
	atopFile       = "atop.zip"
	alliancesTable = "atop_alliances"
	membersTable   = "atop_members"
	page           = "http://www.atopdata.org/data.html"
	folder         = "http://www.atopdata.org/uploads/6/9/1/3/69134503/"
)

// settings are what a schedule may say about the source.
type settings struct {
	Archive  string `yaml:"archive"`  // the release, by its name at the publisher's
	Imported bool   `yaml:"imported"` // use the archive given by hand, download nothing
}

type source struct {
	settings settings
	resolver *states.Resolver
	tables   []pipeline.Table
}

// New is the pipeline.Factory of the source.
func New(decode func(any) error) (pipeline.Source, error) {
	s := &source{settings: settings{Archive: "atop_5.0__.csv_.zip"}}
	if err := decode(&s.settings); err != nil {
		return nil, fmt.Errorf("source %s: settings: %w", name, err)
	}
	if !archive.IsName(s.settings.Archive) {
		return nil, fmt.Errorf("source %s: settings: archive: %q is not the name of a zip archive", name, s.settings.Archive)
	}
	var err error
	if s.resolver, err = states.Load(); err != nil {
		return nil, fmt.Errorf("source %s: %w", name, err)
	}
	alliances := pipeline.Table{
		Schema: "raw", Name: alliancesTable, Key: []string{"atopid"},
		Description: "One alliance as first signed, with the codes of its obligations and institutions.",
	}
	members := pipeline.Table{
		Schema: "raw", Name: membersTable, Key: []string{"atopid", "member", "phase", "yrent", "moent"},
		Description: "One state's membership in one phase of one alliance, with what it owes.",
		Transforms: []pipeline.Transform{states.ResolveColumns(s.resolver, states.Columns{
			Code: "member", CodeScheme: states.COW, Date: "entry_date", Year: "yrent", After: "member",
		})},
	}
	for _, t := range []struct {
		table   *pipeline.Table
		columns []delimited.Column
	}{{&alliances, allianceColumns()}, {&members, memberColumns()}} {
		if err := t.table.Complete(delimited.Schema(t.columns)); err != nil {
			return nil, fmt.Errorf("source %s: %w", name, err)
		}
		s.tables = append(s.tables, *t.table)
	}
	return s, nil
}

// About implements pipeline.Source.
func (s *source) About() pipeline.Upstream {
	return pipeline.Upstream{
		Title:      "Alliance Treaty Obligations and Provisions (ATOP), version 5",
		Publisher:  "ATOP project, Rice University and partners",
		Homepage:   page,
		Licence:    "free for research, with citation",
		LicenceURL: page,
		Citation: "Leeds, Brett Ashley, Jeffrey M. Ritter, Sara McLaughlin Mitchell and Andrew G. Long, 2002, " +
			"\"Alliance Treaty Obligations and Provisions, 1815-1944\", International Interactions 28 (3): 237-260; " +
			"codebook for version 5 by Brett Ashley Leeds",
		Automated:      true,
		MaxRejectShare: 0.02,
		Files: []pipeline.FileKind{{Name: atopFile, Header: func(h string) bool {
			return strings.HasPrefix(h, "PK\x03\x04") && strings.Contains(strings.ToLower(h), "atop")
		}}},
	}
}

// Tables implements pipeline.Source.
func (s *source) Tables() []pipeline.Table { return s.tables }

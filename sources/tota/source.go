// Package tota reads the Texts of Trade Agreements: the full texts of 450 agreements, article by article, with
// what the World Trade Organization lists about each. README.md says what the files are and where they bite.
package tota

import (
	"fmt"
	"strings"

	"entente/pipeline"
	"entente/pipeline/delimited"
	"entente/transforms/states"
)

const (
	name          = "tota"
	archiveFile   = "tota.zip"
	treatiesTable = "tota_treaties"
	partiesTable  = "tota_parties"
	articlesTable = "tota_articles"
	page          = "https://github.com/mappingtreaties/tota"
	address       = "https://codeload.github.com/mappingtreaties/tota/zip/"
)

// settings are what a schedule may say about the source.
type settings struct {
	Revision string `yaml:"revision"` // of the repository: refs/heads/master, a tag or a commit
	Imported bool   `yaml:"imported"` // use the archive given by hand, download nothing
}

type source struct {
	settings settings
	tables   []pipeline.Table
}

// New is the pipeline.Factory of the source.
func New(decode func(any) error) (pipeline.Source, error) {
	s := &source{settings: settings{Revision: "refs/heads/master"}}
	if err := decode(&s.settings); err != nil {
		return nil, fmt.Errorf("source %s: settings: %w", name, err)
	}
	if !revision.MatchString(s.settings.Revision) || strings.Contains(s.settings.Revision, "..") {
		return nil, fmt.Errorf("source %s: settings: revision: %q is no branch, tag or commit of the repository, such as refs/heads/master", name, s.settings.Revision)
	}
	resolver, err := states.Load()
	if err != nil {
		return nil, fmt.Errorf("source %s: %w", name, err)
	}
	resolve := states.ResolveColumns(resolver, states.Columns{
		Code: "party_code", CodeScheme: states.ISO3, After: "party_code",
	})
	schema := func(columns []delimited.Column) *pipeline.Table {
		return &pipeline.Table{Schema: "raw", Columns: delimited.Schema(columns)}
	}
	treaties, parties, articles := schema(treatyColumns()), schema(partyColumns()), schema(articleColumns())
	treaties.Name, treaties.Key = treatiesTable, []string{"treaty_identifier"}
	treaties.Description = "One trade agreement, with what the World Trade Organization's database lists about it."
	parties.Name, parties.Key = partiesTable, []string{"treaty_identifier", "party_list", "party_seq"}
	parties.Description = "One state in one of an agreement's two lists of parties, the original and the current one."
	parties.Transforms = []pipeline.Transform{resolve}
	articles.Name, articles.Key = articlesTable, []string{"treaty_identifier", "article_seq"}
	articles.Description = "One article of an agreement, its preamble, its conclusion, or a chapter without articles."
	if parties.Columns, err = resolve.Columns(parties.Columns); err != nil {
		return nil, fmt.Errorf("source %s: table %s: %w", name, partiesTable, err)
	}
	s.tables = []pipeline.Table{*treaties, *parties, *articles}
	return s, nil
}

// About implements pipeline.Source.
func (s *source) About() pipeline.Upstream {
	return pipeline.Upstream{
		Title:      "Texts of Trade Agreements (ToTA)",
		Publisher:  "Wolfgang Alschner, Julia Seiermann and Dmitriy Skougarevskiy",
		Homepage:   page,
		Licence:    "CC BY-NC 4.0",
		LicenceURL: "https://creativecommons.org/licenses/by-nc/4.0/",
		Citation: "Alschner, Wolfgang, Julia Seiermann and Dmitriy Skougarevskiy, 2017, Text-as-data Analysis of Preferential " +
			"Trade Agreements: Mapping the PTA Landscape, UNCTAD Research Paper 5, " + page,
		Automated:      true,
		MaxRejectShare: 0.02,
		Files: []pipeline.FileKind{{Name: archiveFile, Header: func(h string) bool {
			return strings.HasPrefix(h, "PK\x03\x04") && strings.Contains(h, "xml/pta_")
		}}},
	}
}

// Tables implements pipeline.Source.
func (s *source) Tables() []pipeline.Table { return s.tables }

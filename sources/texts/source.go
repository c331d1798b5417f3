// Package texts reads treaty texts that the operator has: Markdown, HTML or plain text, each with a small header of
// metadata, from a folder, a list of addresses or an archive given by hand. README.md says how to write them.
package texts

import (
	"fmt"
	"net/url"
	"path"
	"regexp"
	"strings"

	"entente/pipeline"
	"entente/pipeline/delimited"
	"entente/transforms/states"
)

const (
	name          = "texts"
	archiveFile   = "texts.zip"
	treatiesTable = "text_treaties"
	partiesTable  = "text_parties"
	articlesTable = "text_articles"
)

// settings are what a schedule may say about the source.
type settings struct {
	Folder string   `yaml:"folder"` // whose files are read, those of folders in it left out
	URLs   []string `yaml:"urls"`   // of single texts
}

type source struct {
	settings settings
	tables   []pipeline.Table
}

var textFile = regexp.MustCompile(`(?i)\.(md|html?|txt)$`)

// New is the pipeline.Factory of the source.
func New(decode func(any) error) (pipeline.Source, error) {
	s := &source{}
	if err := decode(&s.settings); err != nil {
		return nil, fmt.Errorf("source %s: settings: %w", name, err)
	}
	if err := s.settings.check(); err != nil {
		return nil, fmt.Errorf("source %s: settings: %w", name, err)
	}
	resolver, err := states.Load()
	if err != nil {
		return nil, fmt.Errorf("source %s: %w", name, err)
	}
	resolve := states.ResolveColumns(resolver, states.Columns{
		Code: "party_code", CodeScheme: states.ISO3, Name: "party_name", NameScheme: states.EnglishName,
		Date: "signed_date", After: "party_name",
	})
	schema := func(columns []delimited.Column) pipeline.Table {
		return pipeline.Table{Schema: "raw", Columns: delimited.Schema(columns)}
	}
	treaties, parties, articles := schema(treatyColumns()), schema(partyColumns()), schema(articleColumns())
	treaties.Name, treaties.Key = treatiesTable, []string{"text_id"}
	treaties.Description = "One treaty text of the operator's, with the metadata of its header."
	parties.Name, parties.Key = partiesTable, []string{"text_id", "party_seq"}
	parties.Description = "One party that the header of a treaty text lists."
	parties.Transforms = []pipeline.Transform{resolve}
	articles.Name, articles.Key = articlesTable, []string{"text_id", "article_seq"}
	articles.Description = "One article of a treaty text, its preamble, conclusion or an annex, in one of its languages."
	if parties.Columns, err = resolve.Columns(parties.Columns); err != nil {
		return nil, fmt.Errorf("source %s: table %s: %w", name, partiesTable, err)
	}
	s.tables = []pipeline.Table{treaties, parties, articles}
	return s, nil
}

// check says which setting cannot be meant, or returns nil.
func (s settings) check() error {
	names := map[string]string{}
	for _, address := range s.URLs {
		u, err := url.Parse(address)
		if err != nil || u.Scheme != "https" || u.Host == "" || !textFile.MatchString(u.Path) {
			return fmt.Errorf("urls: %q is no https address of a .md, .html or .txt file", address)
		}
		file := path.Base(u.Path)
		if other := names[file]; other != "" {
			return fmt.Errorf("urls: %s and %s are both of a file %s", other, address, file)
		}
		names[file] = address
	}
	return nil
}

// About implements pipeline.Source.
func (s *source) About() pipeline.Upstream {
	return pipeline.Upstream{
		Title:          "Treaty texts of the operator's",
		Publisher:      "as each text declares",
		Homepage:       "https://treaties.un.org",
		Licence:        "as each text declares, in raw.text_treaties",
		LicenceURL:     "https://treaties.un.org",
		Citation:       "the address in source_url of each text",
		Automated:      true,
		MaxRejectShare: 0.1,
		Files: []pipeline.FileKind{{Name: archiveFile, Header: func(h string) bool {
			members, ok := strings.CutPrefix(h, "PK\x03\x04")
			for member := range strings.SplitSeq(members, "\n") {
				if ok && textFile.MatchString(strings.TrimSpace(member)) {
					return true
				}
			}
			return false
		}}},
	}
}

// Tables implements pipeline.Source.
func (s *source) Tables() []pipeline.Table { return s.tables }

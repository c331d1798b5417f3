// Package mtdsg reads the status of the multilateral treaties that are deposited with the Secretary-General of
// the United Nations: who signed, who is bound and by which act. README.md says what the files are and where they
// bite.
package mtdsg

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"entente/pipeline"
	"entente/pipeline/delimited"
	"entente/transforms/states"
)

const (
	name              = "mtdsg"
	archiveFile       = "mtdsg.zip"
	treatiesTable     = "mtdsg_treaties"
	participantsTable = "mtdsg_participants"
	declarationsTable = "mtdsg_declarations"
	page              = "https://treaties.un.org/Pages/ParticipationStatus.aspx?clang=_en"
	address           = "https://treaties.un.org/doc/Publication/MTDSG/"
)

// treatyNumber is a number as the collection has it: XXVI-1, XI-B-16-10, XXVII-7-d.
var treatyNumber = regexp.MustCompile(`^[IVX]+(-[A-Z])?(-[0-9]+)+(-[a-z0-9]+)*$`)

// settings are what a schedule may say about the source.
type settings struct {
	Imported bool     `yaml:"imported"` // use the archive given by hand, download nothing
	Treaties []string `yaml:"treaties"` // numbers of the treaties to download
}

type source struct {
	settings settings
	tables   []pipeline.Table
}

// New is the pipeline.Factory of the source.
func New(decode func(any) error) (pipeline.Source, error) {
	s := &source{settings: settings{Imported: true}}
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
		Name: "participant", NameScheme: states.UNTCName, Date: "act_date", After: "participant",
	})
	table := func(columns []delimited.Column) pipeline.Table {
		return pipeline.Table{Schema: "raw", Columns: delimited.Schema(columns)}
	}
	treaties, participants, declarations := table(treatyColumns()), table(participantColumns()), table(declarationColumns())
	treaties.Name, treaties.Key = treatiesTable, []string{"treaty_number"}
	treaties.Description = "One multilateral treaty deposited with the Secretary-General of the United Nations."
	participants.Name, participants.Key = participantsTable, []string{"treaty_number", "participant_seq", "act_seq"}
	participants.Description = "One act of one participant in a treaty, such as its signature or its accession, as the depositary lists it."
	participants.Transforms = []pipeline.Transform{resolve}
	declarations.Name, declarations.Key = declarationsTable, []string{"treaty_number", "section", "section_seq"}
	declarations.Description = "One section of what participants declared about a treaty, notified or objected to, as text."
	if participants.Columns, err = resolve.Columns(participants.Columns); err != nil {
		return nil, fmt.Errorf("source %s: table %s: %w", name, participantsTable, err)
	}
	s.tables = []pipeline.Table{treaties, participants, declarations}
	return s, nil
}

// check says which setting cannot be meant, or returns nil.
func (s settings) check() error {
	if !s.Imported && len(s.Treaties) == 0 {
		return fmt.Errorf("treaties: none is listed, and imported is false; XXVI-1 is a treaty's number")
	}
	for i, number := range s.Treaties {
		if !treatyNumber.MatchString(number) {
			return fmt.Errorf("treaties: %q is no number of the collection, such as XXVI-1 or XXVII-7-d", number)
		}
		if slices.Contains(s.Treaties[:i], number) {
			return fmt.Errorf("treaties: %s is listed twice", number)
		}
	}
	return nil
}

// About implements pipeline.Source.
func (s *source) About() pipeline.Upstream {
	return pipeline.Upstream{
		Title:      "Multilateral Treaties Deposited with the Secretary-General, status",
		Publisher:  "United Nations, Office of Legal Affairs, Treaty Section",
		Homepage:   page,
		Licence:    "Copyright, United Nations; personal, non-commercial use",
		LicenceURL: "https://www.un.org/en/about-us/terms-of-use",
		Citation: "United Nations, Multilateral Treaties Deposited with the Secretary-General, United Nations Treaty " +
			"Collection, " + page + " (add the day of the status)",
		Automated:      false,
		MaxRejectShare: 0.05,
		Files: []pipeline.FileKind{{Name: archiveFile, Header: func(h string) bool {
			magic, names, _ := strings.Cut(h, "\x04")
			return magic == "PK\x03" && slices.ContainsFunc(strings.Split(names, "\n"), func(member string) bool {
				_, err := numberOf(member)
				return err == nil
			})
		}}},
	}
}

// Tables implements pipeline.Source.
func (s *source) Tables() []pipeline.Table { return s.tables }

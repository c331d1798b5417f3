// Package scvetoes reads who vetoed which draft of the Security Council as the UN Peace and Security Data
// Hub publishes it. README.md says what the file is and where it bites.
package scvetoes

import (
	"fmt"

	"entente/pipeline"
	"entente/pipeline/delimited"
)

const (
	name        = "scvetoes"
	vetoesFile  = "vetoes.csv"
	vetoesTable = "sc_vetoes"
	page        = "https://psdata.un.org/dataset/DPPA-SCVETOES"
	address     = "https://api.psdata.un.org/public/data/DPPA-SCVETOES/CSV"
)

// settings are what a schedule may say about the source.
type settings struct {
	Imported bool `yaml:"imported"` // use the file given by hand, download nothing
}

type source struct{ settings settings }

// New is the pipeline.Factory of the source.
func New(decode func(any) error) (pipeline.Source, error) {
	s := &source{}
	if err := decode(&s.settings); err != nil {
		return nil, fmt.Errorf("source %s: settings: %w", name, err)
	}
	return s, nil
}

// About implements pipeline.Source.
func (s *source) About() pipeline.Upstream {
	return pipeline.Upstream{
		Title:      "Security Council Vetoes (DPPA-SCVETOES)",
		Publisher:  "United Nations Department of Political and Peacebuilding Affairs",
		Homepage:   page,
		Licence:    "United Nations; see the hub's terms of use, attribution",
		LicenceURL: "https://psdata.un.org",
		Citation: "United Nations Department of Political and Peacebuilding Affairs, Security Council Vetoes, " +
			"UN Peace and Security Data Hub, dataset DPPA-SCVETOES, " + page,
		Automated:      true,
		MaxRejectShare: 0.03,
		Files: []pipeline.FileKind{{Name: vetoesFile, Header: func(h string) bool {
			return delimited.HeaderHas(h, "draft_res#", "#_of_pms", "china", "france")
		}}},
	}
}

// Tables implements pipeline.Source.
func (s *source) Tables() []pipeline.Table {
	return []pipeline.Table{{
		Schema: "raw", Name: vetoesTable, Key: []string{"id"},
		Description: "One draft of the Security Council that permanent members vetoed, and which of them did.",
		Columns:     delimited.Schema(layout().Columns),
	}}
}

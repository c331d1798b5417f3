// Package unsc reads the Security Council's votes on the resolutions it adopted as the UN Digital Library
// publishes them. README.md says what the files are and where they bite.
package unsc

import (
	"context"
	"fmt"
	"io/fs"

	"entente/pipeline"
	"entente/pipeline/delimited"
	"entente/transforms/states"
)

const (
	name       = "unsc"
	votesFile  = "sc_voting.csv"
	votesTable = "unsc_votes"
)

type source struct{ table pipeline.Table }

// New is the pipeline.Factory of the source, which has no settings.
func New(decode func(any) error) (pipeline.Source, error) {
	if err := decode(&struct{}{}); err != nil {
		return nil, fmt.Errorf("source %s: settings: %w", name, err)
	}
	resolver, err := states.Load()
	if err != nil {
		return nil, fmt.Errorf("source %s: %w", name, err)
	}
	t := pipeline.Table{
		Schema: "raw", Name: votesTable, Key: []string{"resolution", "iso3"},
		Description: "One member's vote on one resolution adopted by the Security Council, as the UN Digital Library has it.",
		Transforms: []pipeline.Transform{states.ResolveColumns(resolver, states.Columns{
			Code: "ms_code", CodeScheme: states.UNDLCode, Name: "ms_name", NameScheme: states.UNDLName,
			Date: "date", Year: "year", After: "undl_id",
		})},
	}
	if err := t.Complete(delimited.Schema(layout().Columns)); err != nil {
		return nil, fmt.Errorf("source %s: %w", name, err)
	}
	return &source{table: t}, nil
}

// About implements pipeline.Source.
func (s *source) About() pipeline.Upstream {
	return pipeline.Upstream{
		Title:      "Security Council Voting Data",
		Publisher:  "United Nations Dag Hammarskjöld Library",
		Homepage:   record.Page(),
		Licence:    "Copyright, United Nations; non-commercial use, with attribution",
		LicenceURL: "https://digitallibrary.un.org/pages/?ln=en&page=tos",
		Citation: "United Nations Dag Hammarskjöld Library, Security Council Voting Data, United Nations, " +
			"downloaded from " + record.Page() + " (add version and download date)",
		Automated:      false,
		MaxRejectShare: 0.005,
		Files: []pipeline.FileKind{{Name: votesFile, Header: func(h string) bool {
			return delimited.HeaderHas(h, "undl_id", "ms_code", "ms_vote", "permanent_member")
		}}},
	}
}

// Tables implements pipeline.Source.
func (s *source) Tables() []pipeline.Table { return []pipeline.Table{s.table} }

// Parse implements pipeline.Source.
func (s *source) Parse(ctx context.Context, snapshot fs.FS, table string, out pipeline.Sink) error {
	if table != votesTable {
		return fmt.Errorf("source %s: no table %q", name, table)
	}
	return layout().Parse(ctx, snapshot, out)
}

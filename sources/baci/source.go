// Package baci reads CEPII's reconciled trade flows by product, a file a year in one archive. README.md says what
// the files are and where they bite.
package baci

import (
	"context"
	"fmt"
	"io/fs"
	"regexp"
	"strings"

	"entente/pipeline"
	"entente/pipeline/archive"
	"entente/pipeline/delimited"
	"entente/transforms/states"
)

const (
	name        = "baci"
	archiveFile = "baci.zip"
	flowsTable  = "baci_flows"
	page        = "https://www.cepii.fr/CEPII/en/bdd_modele/bdd_modele_item.asp?id=37"
	folder      = "https://www.cepii.fr/DATA_DOWNLOAD/baci/data/"
)

var (
	nomenclatures = regexp.MustCompile(`^HS[0-9]{2}$`)
	releases      = regexp.MustCompile(`^V[0-9]{6}[a-z]?$`)
)

// settings are what a schedule may say about the source.
type settings struct {
	Nomenclature string `yaml:"nomenclature"` // edition of the Harmonized System: HS92 to HS22
	Release      string `yaml:"release"`      // of BACI
	FromYear     int    `yaml:"from_year"`    // first to load, 0 for all
	ToYear       int    `yaml:"to_year"`      // last to load, 0 for all
	Imported     bool   `yaml:"imported"`     // use the archive given by hand, download nothing
}

type source struct {
	settings settings
	table    pipeline.Table
}

// New is the pipeline.Factory of the source.
func New(decode func(any) error) (pipeline.Source, error) {
	s := &source{settings: settings{Nomenclature: "HS17", Release: "V202301"}}
	if err := decode(&s.settings); err != nil {
		return nil, fmt.Errorf("source %s: settings: %w", name, err)
	}
	switch {
	case !nomenclatures.MatchString(s.settings.Nomenclature):
		return nil, fmt.Errorf("source %s: settings: nomenclature: %q is not one such as HS17", name, s.settings.Nomenclature)
	case !releases.MatchString(s.settings.Release):
		return nil, fmt.Errorf("source %s: settings: release: %q is not one such as V202301", name, s.settings.Release)
	}
	resolver, err := states.Load()
	if err != nil {
		return nil, fmt.Errorf("source %s: %w", name, err)
	}
	resolve := func(code, as string) pipeline.Transform {
		return states.ResolveColumns(resolver, states.Columns{
			Code: code, CodeScheme: states.Comtrade, Year: "year", After: code, As: as,
		})
	}
	s.table = pipeline.Table{
		Schema: "raw", Name: flowsTable, PartitionBy: "year",
		Selection:   fmt.Sprintf("%s from %d to %d", s.settings.Nomenclature, s.settings.FromYear, s.settings.ToYear),
		Key:         []string{"year", "exporter_code", "importer_code", "product"},
		Description: "What one economy exported to another in one year of one product, as BACI reconciles both reports.",
		Transforms:  []pipeline.Transform{resolve("exporter_code", "exporter_iso3"), resolve("importer_code", "importer_iso3")},
	}
	if err := s.table.Complete(delimited.Schema(columns(year{}))); err != nil {
		return nil, fmt.Errorf("source %s: %w", name, err)
	}
	return s, nil
}

// About implements pipeline.Source.
func (s *source) About() pipeline.Upstream {
	return pipeline.Upstream{
		Title:      "BACI: International Trade Database at the Product-Level",
		Publisher:  "CEPII, Centre d'Études Prospectives et d'Informations Internationales",
		Homepage:   page,
		Licence:    "Etalab Open Licence 2.0",
		LicenceURL: "https://www.etalab.gouv.fr/wp-content/uploads/2018/11/open-licence.pdf",
		Citation: "Gaulier, G. and Zignago, S. (2010), BACI: International Trade Database at the Product-Level. " +
			"The 1994-2007 Version, CEPII Working Paper 2010-23",
		Automated:      true,
		MaxRejectShare: 0.005,
		Files: []pipeline.FileKind{{Name: archiveFile, Header: func(h string) bool {
			return strings.HasPrefix(h, "PK\x03\x04") && (strings.Contains(h, "BACI_HS") || strings.Contains(h, "country_codes_V"))
		}}},
	}
}

// Tables implements pipeline.Source.
func (s *source) Tables() []pipeline.Table { return []pipeline.Table{s.table} }

var _ pipeline.Parted = (*source)(nil)

// Parts implements pipeline.Parted: a part is a year.
func (s *source) Parts(_ context.Context, snapshot fs.FS, table string) ([]pipeline.Part, error) {
	if table != flowsTable {
		return nil, fmt.Errorf("source %s: no table %q", name, table)
	}
	members := open(snapshot)
	years, err := s.years(members)
	if err != nil {
		return nil, err
	}
	parts := make([]pipeline.Part, len(years))
	for i, y := range years {
		sum, err := members.Fingerprint(y.path)
		if err != nil {
			return nil, err
		}
		// the rows name the member that they were read from
		parts[i] = pipeline.Part{Value: y.text, Fingerprint: sum + " " + y.path}
	}
	return parts, nil
}

// largest bounds a member: a year has some 450 MB.
const largest = 4 << 30

func open(snapshot fs.FS) *archive.FS {
	return archive.New(name, snapshot, archive.Limits{Bytes: largest})
}

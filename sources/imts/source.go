// Package imts reads who exports how much to whom, as both sides report it, from the International Monetary
// Fund's International Trade in Goods by partner country. README.md says what the answers are and where
// they bite.
package imts

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
	name      = "imts"
	flows     = "imts_flows"
	page      = "https://data.imf.org/en/datasets/IMF.STA:IMTS"
	address   = "https://api.imf.org/external/sdmx/2.1/data/IMF.STA,IMTS/"
	firstYear = 1948 // of the statistics
	lastYear  = 2199 // that is taken to be meant
)

// indicators are the codes that the source can read: goods exported, and imported at either valuation.
var indicators = []string{"XG_FOB_USD", "MG_CIF_USD", "MG_FOB_USD"}

var reporterCode = regexp.MustCompile(`^[A-Z][A-Z0-9]{2,5}$`)

// settings are what a schedule may say about the source.
type settings struct {
	Indicators   []string `yaml:"indicators"`
	Reporters    []string `yaml:"reporters"` // none for all
	FromYear     int      `yaml:"from_year"`
	ToYear       int      `yaml:"to_year"`       // 0 for the newest there is
	RefreshHours int      `yaml:"refresh_hours"` // an answer this young is not asked for again
}

type source struct {
	settings settings
	table    pipeline.Table
}

// New is the pipeline.Factory of the source.
func New(decode func(any) error) (pipeline.Source, error) {
	s := &source{settings: settings{
		Indicators: []string{"XG_FOB_USD", "MG_CIF_USD"}, FromYear: firstYear, RefreshHours: 12,
	}}
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
	s.table = pipeline.Table{
		Schema: "raw", Name: flows, Key: []string{"year", "reporter_code", "partner_code", "indicator"},
		Description: "What one economy reports to have exported to or imported from another in one year, as the IMF publishes it.",
		Columns:     delimited.Schema(columns()),
	}
	for _, side := range []string{"reporter", "partner"} {
		transform := states.ResolveColumns(resolver, states.Columns{
			Code: side + "_code", CodeScheme: states.IMF, Year: "year", After: side + "_code", As: side + "_iso3",
		})
		if s.table.Columns, err = transform.Columns(s.table.Columns); err != nil {
			return nil, fmt.Errorf("source %s: table %s: %w", name, flows, err)
		}
		s.table.Transforms = append(s.table.Transforms, transform)
	}
	return s, nil
}

// check says which setting cannot be meant, or returns nil.
func (s settings) check() error {
	if len(s.Indicators) == 0 {
		return fmt.Errorf("indicators: none is listed; there are %s", strings.Join(indicators, ", "))
	}
	for i, code := range s.Indicators {
		if !slices.Contains(indicators, code) {
			return fmt.Errorf("indicators: %q is not one of %s", code, strings.Join(indicators, ", "))
		}
		if slices.Contains(s.Indicators[:i], code) {
			return fmt.Errorf("indicators: %s is listed twice", code)
		}
	}
	for i, code := range s.Reporters {
		if !reporterCode.MatchString(code) {
			return fmt.Errorf("reporters: %q is not a code of the IMF, which are like DEU or G001", code)
		}
		if slices.Contains(s.Reporters[:i], code) {
			return fmt.Errorf("reporters: %s is listed twice", code)
		}
	}
	if s.FromYear < firstYear || s.FromYear > lastYear {
		return fmt.Errorf("from_year: %d is not between %d and %d", s.FromYear, firstYear, lastYear)
	}
	if s.ToYear != 0 && (s.ToYear < s.FromYear || s.ToYear > lastYear) {
		return fmt.Errorf("to_year: %d is neither 0 nor between %d and %d", s.ToYear, s.FromYear, lastYear)
	}
	if s.RefreshHours < 0 {
		return fmt.Errorf("refresh_hours: %d is less than 0", s.RefreshHours)
	}
	return nil
}

// About implements pipeline.Source.
func (s *source) About() pipeline.Upstream {
	return pipeline.Upstream{
		Title:      "International Trade in Goods (by partner country), formerly Direction of Trade Statistics",
		Publisher:  "International Monetary Fund",
		Homepage:   page,
		Licence:    "International Monetary Fund; copyright and usage terms, attribution",
		LicenceURL: "https://www.imf.org/external/terms.htm",
		Citation: "International Monetary Fund, International Trade in Goods (by partner country), " + page +
			", with the day of access",
		Automated:      true,
		MaxRejectShare: 0.005,
	}
}

// Tables implements pipeline.Source.
func (s *source) Tables() []pipeline.Table { return []pipeline.Table{s.table} }

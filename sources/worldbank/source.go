// Package worldbank reads the World Bank's World Development Indicators: gross domestic product, population and
// others, by economy and year. README.md says what the answers are and where they bite.
package worldbank

import (
	"fmt"
	"regexp"
	"slices"

	"entente/pipeline"
	"entente/pipeline/delimited"
	"entente/transforms/states"
)

const (
	name       = "worldbank"
	indicators = "wdi_indicators"
	page       = "https://datacatalog.worldbank.org/search/dataset/0037712/world-development-indicators"
	address    = "https://api.worldbank.org/v2/country/all/indicator/"
)

var indicatorCode = regexp.MustCompile(`^[A-Z0-9]+(\.[A-Z0-9]+)+$`)

// settings are what a schedule may say about the source.
type settings struct {
	Indicators         []string `yaml:"indicators"`          // without which there is no release
	OptionalIndicators []string `yaml:"optional_indicators"` // left out where the service does not have them
}

type source struct {
	settings settings
	table    pipeline.Table
}

// New is the pipeline.Factory of the source.
func New(decode func(any) error) (pipeline.Source, error) {
	s := &source{settings: settings{
		Indicators: []string{"NY.GDP.MKTP.CD"}, OptionalIndicators: []string{"SP.POP.TOTL"},
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
	resolve := states.ResolveColumns(resolver, states.Columns{
		Code: "economy_code", CodeScheme: states.WorldBank, Year: "year", After: "economy_code",
	})
	s.table = pipeline.Table{
		Schema: "raw", Name: indicators, Key: []string{"indicator", "economy_code", "year"},
		Description: "The value of one World Development Indicator for one economy in one year.",
		Transforms:  []pipeline.Transform{resolve},
	}
	if s.table.Columns, err = resolve.Columns(delimited.Schema(columns())); err != nil {
		return nil, fmt.Errorf("source %s: table %s: %w", name, indicators, err)
	}
	return s, nil
}

// check says which setting cannot be meant, or returns nil.
func (s settings) check() error {
	if len(s.Indicators) == 0 {
		return fmt.Errorf("indicators: none is listed; NY.GDP.MKTP.CD is gross domestic product in current dollars")
	}
	all := s.all()
	for i, code := range all {
		if !indicatorCode.MatchString(code) {
			return fmt.Errorf("indicators: %q is not a code of the World Bank, which are like NY.GDP.MKTP.CD", code)
		}
		if slices.Contains(all[:i], code) {
			return fmt.Errorf("indicators: %s is listed twice", code)
		}
	}
	return nil
}

// all returns the required indicators and then the optional ones.
func (s settings) all() []string { return slices.Concat(s.Indicators, s.OptionalIndicators) }

func (s settings) optional(code string) bool { return slices.Contains(s.OptionalIndicators, code) }

// About implements pipeline.Source.
func (s *source) About() pipeline.Upstream {
	return pipeline.Upstream{
		Title:          "World Development Indicators",
		Publisher:      "World Bank",
		Homepage:       page,
		Licence:        "CC BY 4.0",
		LicenceURL:     "https://creativecommons.org/licenses/by/4.0/",
		Citation:       "World Bank, World Development Indicators, " + page + ", with the day of the last update",
		Automated:      true,
		MaxRejectShare: 0.005,
	}
}

// Tables implements pipeline.Source.
func (s *source) Tables() []pipeline.Table { return []pipeline.Table{s.table} }

// Package comtrade reads bilateral trade from UN Comtrade: what each reporter says of its imports and exports,
// partner by partner, year by year. README.md says what the service is and where it bites.
package comtrade

import (
	"fmt"
	"regexp"
	"slices"
	"time"

	"entente/pipeline"
	"entente/pipeline/delimited"
	"entente/transforms/states"
)

const (
	name       = "comtrade"
	flowsTable = "comtrade_flows"
)

// settings are what a schedule may say about the source.
type settings struct {
	Classification string   `yaml:"classification"`
	Products       []string `yaml:"products"`
	Flows          []string `yaml:"flows"`
	Reporters      []int    `yaml:"reporters"` // Comtrade's codes; none for all
	FromYear       int      `yaml:"from_year"`
	ToYear         int      `yaml:"to_year"` // 0 for the year before the run
	Limits         limits   `yaml:",inline"`
	Preview        preview  `yaml:"preview"`
}

// limits are what a key allows, and how often an answer is asked for again.
type limits struct {
	DailyCalls  int `yaml:"daily_calls"`
	RowCap      int `yaml:"row_cap"`
	RefreshDays int `yaml:"refresh_days"`
}

// preview is what is asked for without a key.
type preview struct {
	Reporters []int `yaml:"reporters"`
	FromYear  int   `yaml:"from_year"`
	ToYear    int   `yaml:"to_year"`
}

func defaults() settings {
	return settings{
		Classification: "HS", Products: []string{"TOTAL"}, Flows: []string{"M", "X"}, FromYear: 1988,
		Limits: limits{DailyCalls: 500, RowCap: freeRows, RefreshDays: 30},
		Preview: preview{
			Reporters: []int{76, 156, 251, 276, 392, 699, 826, 842}, // Brazil, China, France, Germany, Japan, India, United Kingdom, USA
			FromYear:  2018, ToYear: 2020,
		},
	}
}

type source struct {
	settings settings
	flows    pipeline.Table
	pause    time.Duration // before a broken answer is asked for again; doubles each time
}

// New is the pipeline.Factory of the source.
func New(decode func(any) error) (pipeline.Source, error) {
	s := &source{settings: defaults(), pause: time.Second}
	if err := decode(&s.settings); err != nil {
		return nil, fmt.Errorf("source %s: settings: %w", name, err)
	}
	if err := s.settings.check(); err != nil {
		return nil, fmt.Errorf("source %s: settings: %w", name, err)
	}
	resolver, err := states.Load()
	if err == nil {
		s.flows, err = newFlows(resolver)
	}
	if err != nil {
		return nil, fmt.Errorf("source %s: %w", name, err)
	}
	return s, nil
}

var (
	productCode = regexp.MustCompile(`^(TOTAL|AG[2-6]|[0-9]{2,6})$`)
	schemeCode  = regexp.MustCompile(`^(HS|H[0-9]|S[1-4]|SS|BE|B[45])$`)
	flowCodes   = []string{"M", "X", "RM", "RX", "DX", "FM", "MIP", "MOP", "XIP", "XOP"}
)

// check puts lists in order and says what cannot be asked for.
func (s *settings) check() error {
	if !schemeCode.MatchString(s.Classification) {
		return fmt.Errorf("classification %q is not one such as HS, H5 or S1", s.Classification)
	}
	for _, p := range s.Products {
		if !productCode.MatchString(p) {
			return fmt.Errorf("products: %q is neither TOTAL nor a code such as 0306 or AG2", p)
		}
	}
	for _, f := range s.Flows {
		if !slices.Contains(flowCodes, f) {
			return fmt.Errorf("flows: %q is not one of %v", f, flowCodes)
		}
	}
	if len(s.Products) == 0 || len(s.Flows) == 0 || len(s.Preview.Reporters) == 0 {
		return fmt.Errorf("products, flows and preview.reporters may not be empty")
	}
	for _, l := range [][]int{s.Reporters, s.Preview.Reporters} {
		for _, code := range l {
			if code <= 0 || code > 999 {
				return fmt.Errorf("reporters: %d is not a code of Comtrade, such as 842", code)
			}
		}
	}
	for _, n := range []int{s.FromYear, s.Preview.FromYear, s.Preview.ToYear} {
		if n < 1900 || n > 2200 {
			return fmt.Errorf("%d is not a year", n)
		}
	}
	if s.ToYear != 0 && s.ToYear < s.FromYear || s.Preview.ToYear < s.Preview.FromYear {
		return fmt.Errorf("to_year is before from_year")
	}
	if s.Limits.DailyCalls < 1 || s.Limits.RowCap < 1 || s.Limits.RefreshDays < 0 {
		return fmt.Errorf("daily_calls and row_cap must be at least 1, refresh_days at least 0")
	}
	s.Products, s.Flows = unique(s.Products), unique(s.Flows)
	s.Reporters, s.Preview.Reporters = sorted(s.Reporters), sorted(s.Preview.Reporters)
	return nil
}

// unique returns a list without what occurred before, in its order.
func unique(list []string) []string {
	var kept []string
	for _, v := range list {
		if !slices.Contains(kept, v) {
			kept = append(kept, v)
		}
	}
	return kept
}

func sorted(list []int) []int {
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}

// About implements pipeline.Source.
func (s *source) About() pipeline.Upstream {
	return pipeline.Upstream{
		Title:          "UN Comtrade",
		Publisher:      "United Nations Statistics Division",
		Homepage:       "https://comtradeplus.un.org",
		Licence:        "UN Comtrade Policy on use and re-dissemination: free use with citation; re-dissemination in volume needs permission",
		LicenceURL:     "https://uncomtrade.org/docs/policy-on-use-and-re-dissemination/",
		Citation:       "United Nations Statistics Division, UN Comtrade database, https://comtradeplus.un.org",
		Automated:      true,
		MaxRejectShare: 0.01,
		Key:            pipeline.Key{Variable: "ENTENTE_COMTRADE_KEY", Header: "Ocp-Apim-Subscription-Key"},
	}
}

// Tables implements pipeline.Source.
func (s *source) Tables() []pipeline.Table { return []pipeline.Table{s.flows} }

// newFlows declares the table, with the states of both sides resolved.
func newFlows(resolver *states.Resolver) (pipeline.Table, error) {
	resolve := func(role string) pipeline.Transform {
		return states.ResolveColumns(resolver, states.Columns{
			Code: role + "_code", CodeScheme: states.Comtrade, Year: "year", After: role + "_code", As: role + "_iso3",
		})
	}
	t := pipeline.Table{
		Schema: "raw", Name: flowsTable, Key: []string{"year", "reporter_code", "partner_code", "flow", "product"},
		Description: "What one reporter says of one flow of trade with one partner in one year.",
		Transforms:  []pipeline.Transform{resolve("reporter"), resolve("partner")},
	}
	return t, t.Complete(delimited.Schema(columns()))
}

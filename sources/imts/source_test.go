package imts

import (
	"errors"
	"flag"
	"os"
	"strings"
	"testing"

	"entente/pipeline"
	"entente/pipeline/pipelinetest"

	"go.yaml.in/yaml/v4"
)

var update = flag.Bool("update", false, "write the cases' wanted files")

// configured decodes settings strictly, as a schedule does.
func configured(text string) func(any) error {
	return func(into any) error { return yaml.Load([]byte(text), into, yaml.WithKnownFields()) }
}

func newSource(t testing.TB, settings string) pipeline.Source {
	t.Helper()
	src, err := New(configured(settings))
	if err != nil {
		t.Fatal(err)
	}
	return src
}

func TestContract(t *testing.T) {
	pipelinetest.TestSource(t, newSource(t, "{}"), os.DirFS("testdata/plain/snapshot"))
}

func TestCases(t *testing.T) { pipelinetest.RunCases(t, newSource(t, "{}"), "testdata", *update) }

func TestNewRefusesSettings(t *testing.T) {
	unknown := errors.New("line 3: no setting \"countries\"")
	if _, err := New(func(any) error { return unknown }); !errors.Is(err, unknown) {
		t.Errorf("got %v", err)
	}
	for settings, want := range map[string]string{
		"reporter: [FRA]":                           "reporter",
		"indicators: []":                            "none is listed",
		"indicators: [TBG_USD]":                     `"TBG_USD" is not one of XG_FOB_USD`,
		"indicators: [XG_FOB_USD, XG_FOB_USD]":      "XG_FOB_USD is listed twice",
		"reporters: [FR]":                           `"FR" is not a code of the IMF`,
		"reporters: [FRA, FRA]":                     "FRA is listed twice",
		"reporters: [\"FRA..A?x=\"]":                "is not a code of the IMF",
		"from_year: 1900":                           "from_year: 1900 is not between",
		"{from_year: 1980, to_year: 1979}":          "to_year: 1979 is neither 0 nor between 1980",
		"{from_year: 1980, to_year: 19800}":         "to_year: 19800",
		"refresh_hours: -1":                         "refresh_hours: -1",
		"{from_year: 1980, to_year: 1990, of: [1]}": "of",
	} {
		if _, err := New(configured(settings)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", settings, err, want)
		}
	}
}

// TestParseNeedsEveryPart loses a part between two others, and the last one.
func TestParseNeedsEveryPart(t *testing.T) {
	for settings, file := range map[string]string{
		"{from_year: 1948, to_year: 1965, indicators: [XG_FOB_USD]}": "XG_FOB_USD_1960_1965.csv",
		"{from_year: 1950, indicators: [XG_FOB_USD, MG_FOB_USD]}":    "MG_FOB_USD_from_1950.csv",
	} {
		src := newSource(t, settings)
		_, err := pipelinetest.Parse(t.Context(), src, os.DirFS("testdata/by_decade/snapshot"), src.Tables()[0])
		if !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), file) {
			t.Errorf("%s: got %v, want that %s is missing", settings, err, file)
		}
	}
}

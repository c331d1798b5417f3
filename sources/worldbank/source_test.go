package worldbank

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
	unknown := errors.New("line 3: no setting \"years\"")
	if _, err := New(func(any) error { return unknown }); !errors.Is(err, unknown) {
		t.Errorf("got %v", err)
	}
	for settings, want := range map[string]string{
		"indicator: [NY.GDP.MKTP.CD]":                        "indicator",
		"indicators: []":                                     "none is listed",
		"indicators: [GDP]":                                  `"GDP" is not a code`,
		"indicators: [NY.GDP.MKTP.CD/../x]":                  "is not a code",
		"indicators: [SP.POP.TOTL]":                          "SP.POP.TOTL is listed twice",
		"optional_indicators: [SP.POP.TOTL, NY.GDP.MKTP.CD]": "NY.GDP.MKTP.CD is listed twice",
	} {
		if _, err := New(configured(settings)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", settings, err, want)
		}
	}
}

// TestParseNeedsEveryPage reads a snapshot that lacks the second page.
func TestParseNeedsEveryPage(t *testing.T) {
	src := newSource(t, "optional_indicators: []")
	only := pipeline.NewSnapshot(name, true, pipelinetest.NewKeeper())
	first, err := os.ReadFile("testdata/pages/snapshot/" + fileName("NY.GDP.MKTP.CD", 1))
	if err != nil {
		t.Fatal(err)
	}
	if err := only.Embed(fileName("NY.GDP.MKTP.CD", 1), first); err != nil {
		t.Fatal(err)
	}
	if _, err := pipelinetest.Parse(t.Context(), src, only, src.Tables()[0]); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v, want that the second page is missing", err)
	}
}

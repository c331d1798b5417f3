package mtdsg

import (
	"errors"
	"flag"
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
	pipelinetest.TestSource(t, newSource(t, "{}"), pipelinetest.Snapshot(t, "testdata/plain/snapshot"))
}

func TestCases(t *testing.T) { pipelinetest.RunCases(t, newSource(t, "{}"), "testdata", *update) }

func TestNewRefusesSettings(t *testing.T) {
	unknown := errors.New("line 3: no setting \"volume\"")
	if _, err := New(func(any) error { return unknown }); !errors.Is(err, unknown) {
		t.Errorf("got %v", err)
	}
	for settings, want := range map[string]string{
		"volume: I":                          "volume",
		"imported: false":                    "none is listed",
		"treaties: [XXVI]":                   `"XXVI" is no number`,
		"treaties: [XXVI-1/../..]":           "is no number",
		"treaties: [XXVI-1, IV-11, XXVI-1]":  "XXVI-1 is listed twice",
		"treaties: [xxvi-1]":                 "is no number",
		"{imported: false, treaties: [XI-]}": "is no number",
	} {
		if _, err := New(configured(settings)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", settings, err, want)
		}
	}
	if _, err := New(configured("{imported: false, treaties: [XXVI-1, XXVII-7-d, XI-B-16-10]}")); err != nil {
		t.Error(err)
	}
}

func TestNumberOf(t *testing.T) {
	for file, want := range map[string]string{
		"XXVI-1.en.xml": "XXVI-1", "mtdsg.zip/a/xxvii-7-d.en.xml": "XXVII-7-d", "xi-b-16-10.XML": "XI-B-16-10", "X-1-a.xml": "X-1-a",
		"IV-1.fr.xml": "", "treaty.xml": "", "IV-1.pdf": "", "": "", "..xml": "", "iv.en.xml": "",
	} {
		if got, err := numberOf(file); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: got %q, %v; want %q", file, got, err, want)
		}
	}
}

package baci

import (
	"errors"
	"flag"
	"strings"
	"testing"

	"entente/pipeline"
	"entente/pipeline/pipelinetest"
)

var update = flag.Bool("update", false, "write the cases' wanted files")

func newSource(t testing.TB, change func(*settings)) pipeline.Source {
	t.Helper()
	src, err := New(func(into any) error {
		if change != nil {
			change(into.(*settings))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return src
}

func TestContract(t *testing.T) {
	pipelinetest.TestSource(t, newSource(t, nil), pipelinetest.Snapshot(t, "testdata/two_years/snapshot"))
}

func TestCases(t *testing.T) { pipelinetest.RunCases(t, newSource(t, nil), "testdata", *update) }

func TestNewRefusesSettings(t *testing.T) {
	unknown := errors.New("line 3: no setting \"edition\"")
	if _, err := New(func(any) error { return unknown }); !errors.Is(err, unknown) {
		t.Errorf("got %v", err)
	}
	for want, change := range map[string]func(*settings){
		"nomenclature": func(s *settings) { s.Nomenclature = "SITC" },
		"release":      func(s *settings) { s.Release = "../V202301" },
	} {
		_, err := New(func(into any) error {
			change(into.(*settings))
			return nil
		})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", want, err)
		}
	}
}

// TestParts demands a part a year, within the settings, whose fingerprint is that of its bytes alone.
func TestParts(t *testing.T) {
	snapshot := pipelinetest.Snapshot(t, "testdata/two_years/snapshot")
	parts := func(change func(*settings)) map[string]string {
		t.Helper()
		list, err := newSource(t, change).(pipeline.Parted).Parts(t.Context(), snapshot, flowsTable)
		if err != nil {
			t.Fatal(err)
		}
		of := map[string]string{}
		for _, p := range list {
			of[p.Value] = p.Fingerprint
		}
		return of
	}
	all := parts(nil)
	if len(all) != 2 || all["2019"] == "" || all["2019"] == all["2020"] {
		t.Fatalf("got %v", all)
	}
	late := parts(func(s *settings) { s.FromYear = 2020 })
	if len(late) != 1 || late["2020"] != all["2020"] {
		t.Errorf("from 2020: got %v", late)
	}
	early := parts(func(s *settings) { s.ToYear = 2019 })
	if len(early) != 1 || early["2019"] != all["2019"] {
		t.Errorf("to 2019: got %v", early)
	}
	_, err := newSource(t, func(s *settings) { s.FromYear = 2021 }).(pipeline.Parted).Parts(t.Context(), snapshot, flowsTable)
	var upstream *pipeline.UpstreamError
	if !errors.As(err, &upstream) || !strings.Contains(err.Error(), "from_year") {
		t.Errorf("no year left: got %v", err)
	}
}

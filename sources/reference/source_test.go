package reference

import (
	"errors"
	"flag"
	"io/fs"
	"strings"
	"testing"

	"entente/pipeline"
	"entente/pipeline/pipelinetest"
	"entente/transforms/states"
)

var update = flag.Bool("update", false, "write the cases' wanted files")

func none(any) error { return nil }

func newSource(t testing.TB) pipeline.Source {
	t.Helper()
	src, err := New(none)
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// fetched is a snapshot as a run makes it.
func fetched(t testing.TB, src pipeline.Source) *pipeline.Snapshot {
	t.Helper()
	snapshot := pipeline.NewSnapshot(name, false, pipelinetest.NewKeeper())
	if err := src.Fetch(t.Context(), nil, snapshot); err != nil {
		t.Fatal(err)
	}
	return snapshot
}

func TestContract(t *testing.T) {
	src := newSource(t)
	pipelinetest.TestSource(t, src, fetched(t, src))
}

func TestCases(t *testing.T) { pipelinetest.RunCases(t, newSource(t), "testdata", *update) }

// TestEveryRowIsLoaded parses the tables of the program: each line is a row, and none is set aside.
func TestEveryRowIsLoaded(t *testing.T) {
	src := newSource(t)
	snapshot := fetched(t, src)
	if len(snapshot.Files) != 10 {
		t.Errorf("%d files", len(snapshot.Files))
	}
	for _, f := range snapshot.Files {
		if f.Outcome != pipeline.OutcomeEmbedded {
			t.Errorf("%s is %s", f.Name, f.Outcome)
		}
	}
	for table, file := range map[string]string{
		"reference_states": states.StatesFile, "reference_state_names": states.NamesFile,
		"reference_groups": states.GroupsFile, "reference_group_members": states.GroupMembersFile,
		"reference_state_geography": states.GeographyFile, "reference_import_valuation": states.ImportValuationFile,
		"reference_regions": states.RegionsFile, "reference_region_members": states.RegionMembersFile,
		"reference_alliance_terms": states.AllianceTermsFile, "reference_informal_commitments": states.InformalCommitmentsFile,
	} {
		data, err := fs.ReadFile(snapshot, file)
		if err != nil {
			t.Fatal(err)
		}
		var got pipelinetest.Recorder
		if err := src.Parse(t.Context(), snapshot, table, &got); err != nil {
			t.Fatal(err)
		}
		if want := strings.Count(string(data), "\n") - 1; len(got.Rows) != want || len(got.Rejects) > 0 || len(got.Filtered) > 0 {
			t.Errorf("%s: %d rows of %d, rejects %v, filtered %v", table, len(got.Rows), want, got.Rejects, got.Filtered)
		}
	}
}

func TestNewRefusesSettings(t *testing.T) {
	unknown := errors.New("line 3: no setting \"version\"")
	if _, err := New(func(any) error { return unknown }); !errors.Is(err, unknown) {
		t.Errorf("got %v", err)
	}
}

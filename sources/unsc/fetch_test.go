package unsc

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"entente/pipeline"
	"entente/pipeline/pipelinetest"
)

func TestFetch(t *testing.T) {
	const library = "digitallibrary.un.org/"
	client := pipelinetest.Mirror(t, map[string]string{
		library + "api/v1/file?recid=4055387": `[
			{"name":"2025_7_23_sc_voting","format":".csv","url":"https://digitallibrary.un.org/old.csv"},
			{"name":"2026_02_06_sc_voting","format":".csv","url":"https://digitallibrary.un.org/new.csv"}]`,
		library + "new.csv": "undl_id",
	})
	snapshot := pipeline.NewSnapshot(name, true, pipelinetest.NewKeeper())
	if err := newSource(t).Fetch(t.Context(), client, snapshot); err != nil {
		t.Fatal(err)
	}
	if got, err := fs.ReadFile(snapshot, votesFile); err != nil || string(got) != "undl_id" {
		t.Errorf("got %q, %v", got, err)
	}
	if data := snapshot.Data(); len(data) != 1 || data[0].Version != "2026_02_06_sc_voting" {
		t.Errorf("got %+v", data)
	}
}

// TestFetchWithoutApproval asks nobody: there is no client.
func TestFetchWithoutApproval(t *testing.T) {
	src := newSource(t)
	if src.About().Automated {
		t.Error("the Library's terms do not allow automated download")
	}
	err := src.Fetch(t.Context(), nil, pipeline.NewSnapshot(name, false, pipelinetest.NewKeeper()))
	if !errors.Is(err, pipeline.ErrNotAutomated) || !strings.Contains(err.Error(), "entente import unsc FILE") {
		t.Errorf("got %v", err)
	}
}

// TestPublishedRows parses a hundred published rows, which are beside the repository where it is developed.
func TestPublishedRows(t *testing.T) {
	data, err := os.ReadFile("../../../shared/data/un/undl_sc_voting_2025_07_21_sample.csv")
	if err != nil {
		t.Skipf("the published rows are not here: %v", err)
	}
	src := newSource(t)
	snapshot := fstest.MapFS{votesFile: {Data: data}}
	got, err := pipelinetest.Parse(t.Context(), src, snapshot, src.Tables()[0])
	if err != nil {
		t.Fatal(err)
	}
	pipelinetest.Account(t, snapshot, got)
	if len(got.Rows) != 100 || len(got.Rejects) > 0 {
		t.Errorf("%d rows, rejects %v; want 100 and none", len(got.Rows), got.Rejects)
	}
}

func TestHeader(t *testing.T) {
	takes := newSource(t).About().Files[0].Header
	for header, want := range map[string]bool{
		"undl_id,ms_code,ms_name,permanent_member,ms_vote,date,resolution,draft,meeting,description": true,
		"undl_id,ms_code,ms_name,ms_vote,date,session,resolution,draft,committee_report":             false,
	} {
		if takes(header) != want {
			t.Errorf("takes %q: %v", header, !want)
		}
	}
}

package sciencespo

import (
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"entente/pipeline"
	"entente/pipeline/pipelinetest"
)

func TestFetch(t *testing.T) {
	const api = "data.sciencespo.fr/api/"
	client := pipelinetest.Mirror(t, map[string]string{
		api + "datasets/:persistentId/versions/:latest?persistentId=doi:10.21410/7E4/Z0KECE": `{"status":"OK","data":{"versionNumber":1,"versionMinorNumber":0,"files":[
			{"dataFile":{"id":1,"filename":"Codebook.pdf"}},
			{"dataFile":{"id":2,"filename":"UNSC_votes_1946-2025.tab","tabularData":true,"originalFileName":"UNSC_votes_1946-2025.csv"}}]}}`,
		api + "access/datafile/2?format=original": "as uploaded",
	})
	snapshot := pipeline.NewSnapshot(name, true, pipelinetest.NewKeeper())
	if err := newSource(t).Fetch(t.Context(), client, snapshot); err != nil {
		t.Fatal(err)
	}
	if got, err := fs.ReadFile(snapshot, councilFile); err != nil || string(got) != "as uploaded" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestHeader(t *testing.T) {
	takes := newSource(t).About().Files[0].Header
	if !takes("Vote in the DB,UN classification,Vote outcome,CHINA") || takes("id,draft_res#,date") {
		t.Error("the header of the Council's votes is not told from another")
	}
}

// TestPublishedFile parses the whole file of 2026, which is beside the repository where it is developed.
func TestPublishedFile(t *testing.T) {
	data, err := os.ReadFile("../../../shared/data/un/unsc_votes_sciencespo_1946_2025.csv")
	if err != nil {
		t.Skipf("the published file is not here: %v", err)
	}
	src := newSource(t)
	for i, want := range []int{3203, 46393} {
		table := src.Tables()[i]
		got, err := pipelinetest.Parse(t.Context(), src, fstest.MapFS{councilFile: {Data: data}}, table)
		if err != nil {
			t.Fatal(err)
		}
		pipelinetest.Account(t, fstest.MapFS{councilFile: {Data: data}}, got)
		if len(got.Rows) != want || len(got.Rejects) > 0 || len(got.Filtered) > 0 {
			t.Errorf("%s: %d rows, rejects %v, filtered %v; want %d", table.Name, len(got.Rows), got.Rejects, got.Filtered, want)
		}
	}
}

// TestEveryLineOrNone damages one cell; neither table may keep anything of its line.
func TestEveryLineOrNone(t *testing.T) {
	good, err := os.ReadFile("testdata/current/snapshot/" + councilFile)
	if err != nil {
		t.Fatal(err)
	}
	src := newSource(t)
	for _, damage := range []struct{ from, to string }{
		{"A,Y,A,Y,Y,,A,,,", "A,Y,A,Y,Y,,B,,,"},
		{"2011-03-17", "2011-03-32"},
		{"10,0,5,0,15,0", "10,0,five,0,15,0"},
	} {
		bad := strings.Replace(string(good), damage.from, damage.to, 1)
		if bad == string(good) {
			t.Fatalf("%q is not in the case", damage.from)
		}
		for _, table := range src.Tables() {
			got, err := pipelinetest.Parse(t.Context(), src, fstest.MapFS{councilFile: {Data: []byte(bad)}}, table)
			if err != nil {
				t.Fatal(err)
			}
			if len(got.Rejects) != 1 || got.Rejects[0].Line != 3 {
				t.Errorf("%s with %q: rejects %+v, want line 3 once", table.Name, damage.to, got.Rejects)
			}
			for _, origin := range got.Origins {
				if origin.Line == 3 {
					t.Errorf("%s with %q keeps a row of line 3", table.Name, damage.to)
				}
			}
		}
	}
}

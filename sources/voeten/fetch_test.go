package voeten

import (
	"io/fs"
	"strings"
	"testing"

	"entente/pipeline"
	"entente/pipeline/pipelinetest"

	"go.yaml.in/yaml/v4"
)

const api = "dataverse.harvard.edu/api/"

func harvard() map[string]string {
	const doi = "?persistentId=doi:10.7910/DVN/LEJUQZ"
	latest := `{"status":"OK","data":{"versionNumber":38,"versionMinorNumber":0,"files":[
		{"dataFile":{"id":30,"filename":"Idealpointestimates1946-2025.tab","tabularData":true,"originalFileFormat":"text/csv"}},
		{"dataFile":{"id":31,"filename":"IdealpointestimatesHumanRights_Jun2024.csv"}},
		{"dataFile":{"id":32,"filename":"AgreementScoresAll_Jun2024.csv"}}]}}`
	return map[string]string{
		api + "datasets/:persistentId/versions/:latest" + doi: latest,
		api + "datasets/:persistentId/versions/38.0" + doi:    latest,
		api + "datasets/:persistentId/versions/33.0" + doi: `{"status":"OK","data":{"versionNumber":33,"versionMinorNumber":0,"files":[
			{"dataFile":{"id":20,"filename":"UNVotes.RData"}},
			{"dataFile":{"id":21,"filename":"unvotes-1.csv"}},
			{"dataFile":{"id":22,"filename":"IdealpointestimatesAll_Jun2024.csv"}}]}}`,
		api + "access/datafile/21":                 "votes of 33.0",
		api + "access/datafile/22":                 "points of 33.0",
		api + "access/datafile/30?format=original": "points of 38.0",
	}
}

// configured decodes settings strictly, as a schedule does.
func configured(text string) func(any) error {
	return func(into any) error { return yaml.Load([]byte(text), into, yaml.WithKnownFields()) }
}

func TestFetch(t *testing.T) {
	for name, c := range map[string]struct{ settings, votes, points string }{
		"default":     {"{}", "votes of 33.0", "points of 38.0"},
		"one version": {"ideal_points_version: 33.0", "votes of 33.0", "points of 33.0"},
		"file named":  {"roll_calls_file: IdealpointestimatesAll_Jun2024.csv", "points of 33.0", "points of 38.0"},
	} {
		t.Run(name, func(t *testing.T) {
			src, err := New(configured(c.settings))
			if err != nil {
				t.Fatal(err)
			}
			snapshot := pipeline.NewSnapshot("voeten", true, pipelinetest.NewKeeper())
			if err := src.Fetch(t.Context(), pipelinetest.Mirror(t, harvard()), snapshot); err != nil {
				t.Fatal(err)
			}
			for file, want := range map[string]string{rollCallsFile: c.votes, idealPointsFile: c.points} {
				if got, err := fs.ReadFile(snapshot, file); err != nil || string(got) != want {
					t.Errorf("%s: got %q, %v; want %q", file, got, err, want)
				}
			}
			if data := snapshot.Data(); len(data) != 2 || data[0].Version != "33.0" {
				t.Errorf("got %+v", data)
			}
		})
	}
}

// TestFetchWithoutRollCalls pins a version that has ideal points alone.
func TestFetchWithoutRollCalls(t *testing.T) {
	src, err := New(configured(`roll_calls_version: "38.0"`))
	if err != nil {
		t.Fatal(err)
	}
	err = src.Fetch(t.Context(), pipelinetest.Mirror(t, harvard()), pipeline.NewSnapshot("voeten", true, pipelinetest.NewKeeper()))
	if err == nil {
		t.Fatal("the fetch succeeded")
	}
	for _, word := range []string{"version 38.0 has no CSV file of the roll calls", "only up to version 33.0", "roll_calls_version", ".RData"} {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%q is not in: %v", word, err)
		}
	}
}

func TestSettingsAreStrict(t *testing.T) {
	if _, err := New(configured("roll_call_version: 33.0")); err == nil || !strings.Contains(err.Error(), "roll_call_version") {
		t.Errorf("got %v, want the key that is not known", err)
	}
}

func TestHeaders(t *testing.T) {
	kinds := newSource(t).About().Files
	for header, want := range map[string]string{
		"rcid,session,vote,ccode,member,importantvote,date,unres,me,nu,di,hr,co,ec,year":               rollCallsFile,
		"Row,ccode,session,NVotes,IdealPoint,QO%,iso3c,Countryname":                                    idealPointsFile,
		`"",ccode,iso3c,Countryname,year,session,NVotesFP,IdealPointFP`:                                idealPointsFile,
		"session.x,ccode1,ccode2,agree,year,IdealPointAll.x,NVotesAll.x,IdealPointDistance":            "",
		"undl_id,ms_code,ms_name,ms_vote,date,session,resolution,draft,committee_report,meeting,title": "",
	} {
		for _, kind := range kinds {
			if got := kind.Header(header); got != (kind.Name == want) {
				t.Errorf("%s takes %q: %v", kind.Name, header, got)
			}
		}
	}
}

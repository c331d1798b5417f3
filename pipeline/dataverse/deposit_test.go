package dataverse

import (
	"errors"
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"entente/pipeline"
	"entente/pipeline/pipelinetest"

	"github.com/google/go-cmp/cmp"
)

const versions = "dataverse.example.org/api/datasets/:persistentId/versions/"

var deposit = Deposit{Source: "voeten", Host: "dataverse.example.org", DOI: "doi:10.1/AB"}

func wanted(version, file string) Want {
	return Want{
		Name: "roll_calls.csv", What: "roll calls", Match: regexp.MustCompile(`^UNVotes.*\.csv$`),
		Version: version, VersionSetting: "roll_calls_version", File: file, FileSetting: "roll_calls_file",
		Hint: "roll calls end with 33.0",
	}
}

// answers has three versions: an upload, a converted table, and one with neither.
func answers() map[string]string {
	const query = "?persistentId=doi:10.1/AB"
	latest := `{"status":"OK","data":{"versionNumber":38,"versionMinorNumber":1,"files":[
		{"dataFile":{"id":9,"filename":"Idealpoints.tab","tabularData":true,"originalFileName":"Idealpoints.csv"}},
		{"dataFile":{"id":8,"filename":"UNVotes.RData"}}]}}`
	return map[string]string{
		versions + "38.1" + query:    latest,
		versions + ":latest" + query: latest,
		versions + "33.0" + query: `{"status":"OK","data":{"versionNumber":33,"versionMinorNumber":0,"files":[
			{"dataFile":{"id":1,"filename":"Codebook.pdf","filesize":2}},
			{"dataFile":{"id":2,"filename":"UNVotes-1.csv","filesize":4,"md5":"old","checksum":{"type":"MD5","value":"abcd"}}}]}}`,
		versions + "31.0" + query: `{"status":"OK","data":{"versionNumber":31,"files":[
			{"dataFile":{"id":3,"filename":"UNVotes.tab","filesize":9,"md5":"abcd","tabularData":true,"originalFileFormat":"text/csv","originalFileSize":5}}]}}`,
		versions + "30.0" + query: `{"status":"OK","data":{"versionNumber":30,"files":[
			{"dataFile":{"id":4,"filename":"UNVotes.csv"}},{"dataFile":{"id":5,"filename":"UNVotes-2.csv","checksum":{"type":"SHA-1","value":"x"},"md5":"m"}}]}}`,
		versions + "29.0" + query:                                     `{"status":"OK","data":{"versionNumber":29,"files":[{"dataFileV2":{"id":4}}]}}`,
		versions + "28.0" + query:                                     `{"status":"ERROR","message":"deaccessioned"}`,
		versions + "27.0" + query:                                     `[]`,
		"dataverse.example.org/api/access/datafile/2":                 "rcid",
		"dataverse.example.org/api/access/datafile/3?format=original": "ccode",
		"dataverse.example.org/api/access/datafile/5":                 "vote",
	}
}

func TestFetch(t *testing.T) {
	for name, c := range map[string]struct {
		want    Want
		request pipeline.Request
		body    string
	}{
		"upload":    {wanted("33.0", ""), pipeline.Request{URL: "https://dataverse.example.org/api/access/datafile/2", Version: "33.0", Bytes: 4, MD5: "abcd"}, "rcid"},
		"converted": {wanted("31.0", ""), pipeline.Request{URL: "https://dataverse.example.org/api/access/datafile/3?format=original", Version: "31.0", Bytes: 5}, "ccode"},
		"named":     {wanted("30.0", "UNVotes-2.csv"), pipeline.Request{URL: "https://dataverse.example.org/api/access/datafile/5", Version: "30.0", MD5: "m"}, "vote"},
	} {
		t.Run(name, func(t *testing.T) {
			client := pipelinetest.Mirror(t, answers())
			keeper := pipelinetest.NewKeeper()
			snapshot := pipeline.NewSnapshot("voeten", true, keeper)
			if err := deposit.Fetch(t.Context(), client, snapshot, c.want); err != nil {
				t.Fatal(err)
			}
			c.request.Name = "roll_calls.csv"
			list := pipeline.Request{
				Name: "dataset-" + c.want.Version + ".json", Accept: "application/json", Listing: true,
				URL: "https://" + versions + c.want.Version + "?persistentId=doi:10.1/AB",
			}
			if diff := cmp.Diff([]pipeline.Request{list, c.request}, keeper.Requests); diff != "" {
				t.Error(diff)
			}
			if body, err := fs.ReadFile(snapshot, "roll_calls.csv"); err != nil || string(body) != c.body {
				t.Errorf("got %q, %v", body, err)
			}
		})
	}
}

func TestFetchRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		want  Want
		words []string
	}{
		"no such version": {wanted("99.0", ""), []string{"version 99.0 of doi:10.1/AB", "the newest version is 38.1", "roll_calls_version", "roll calls end with 33.0", "404"}},
		"no such file":    {wanted(Latest, ""), []string{"version 38.1 has no CSV file of the roll calls", "Idealpoints.csv, UNVotes.RData", "roll_calls_version", "roll calls end with 33.0"}},
		"several files":   {wanted("30.0", ""), []string{"several files", "UNVotes.csv, UNVotes-2.csv", "set roll_calls_file"}},
		"misnamed file":   {wanted("33.0", "UNVotes.csv"), []string{`no file "UNVotes.csv"`, "Codebook.pdf, UNVotes-1.csv", "roll_calls_file"}},
		"drift":           {wanted("29.0", ""), []string{`"dataFile" with "id"`}},
		"refused":         {wanted("28.0", ""), []string{"deaccessioned", "the newest version is 38.1"}},
		"not metadata":    {wanted("27.0", ""), []string{"is not what Dataverse publishes"}},
	} {
		t.Run(name, func(t *testing.T) {
			client := pipelinetest.Mirror(t, answers())
			err := deposit.Fetch(t.Context(), client, pipeline.NewSnapshot("voeten", true, pipelinetest.NewKeeper()), c.want)
			var upstream *pipeline.UpstreamError
			if !errors.As(err, &upstream) {
				t.Fatalf("got %v, want an UpstreamError", err)
			}
			for _, word := range c.words {
				if !strings.Contains(err.Error(), word) {
					t.Errorf("%q is not in: %v", word, err)
				}
			}
		})
	}
}

// TestFetchFails gets no list at all; the cause stays as it is.
func TestFetchFails(t *testing.T) {
	client := pipelinetest.Mirror(t, nil)
	err := deposit.Fetch(t.Context(), client, pipeline.NewSnapshot("voeten", true, pipelinetest.NewKeeper()), wanted("33.0", ""))
	var upstream *pipeline.UpstreamError
	if !errors.As(err, &upstream) || strings.Contains(err.Error(), "newest") {
		t.Errorf("got %v", err)
	}
}

func TestImported(t *testing.T) {
	keeper := pipelinetest.NewKeeper()
	snapshot := pipeline.NewSnapshot("voeten", true, keeper)
	err := deposit.Fetch(t.Context(), nil, snapshot, wanted(Imported, ""))
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "https://doi.org/10.1/AB") {
		t.Errorf("got %v", err)
	}
	if _, err := keeper.Put("voeten", "roll_calls.csv", pipeline.OutcomeImported, strings.NewReader("rcid")); err != nil {
		t.Fatal(err)
	}
	if err := deposit.Fetch(t.Context(), nil, snapshot, wanted(Imported, "")); err != nil {
		t.Fatal(err)
	}
	if len(keeper.Requests) != 0 || len(snapshot.Files) != 1 {
		t.Errorf("requests %+v, files %+v", keeper.Requests, snapshot.Files)
	}
}

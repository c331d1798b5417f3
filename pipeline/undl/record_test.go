package undl

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	"entente/pipeline"
	"entente/pipeline/pipelinetest"

	"github.com/google/go-cmp/cmp"
)

var assembly = Record{Source: "unga", ID: "4060887", Body: "ga", Name: "votes.csv"}

const listed = "digitallibrary.un.org/api/v1/file?recid=4060887"

func TestNewest(t *testing.T) {
	for name, c := range map[string]struct {
		files []string // name and format
		want  string
	}{
		"padded after unpadded": {[]string{"2026_02_06_ga_voting.csv", "2025_7_23_ga_voting.csv", "2025_9_19_ga_voting.csv"}, "2026_02_06_ga_voting"},
		"unpadded month":        {[]string{"2025_9_19_ga_voting.csv", "2025_10_01_ga_voting.csv"}, "2025_10_01_ga_voting"},
		"corrected":             {[]string{"2025_7_23_ga_voting_corr.csv", "2025_07_23_ga_voting.csv"}, "2025_7_23_ga_voting_corr"},
		"later than corrected":  {[]string{"2025_7_23_ga_voting_corr.csv", "2025_7_24_ga_voting.csv"}, "2025_7_24_ga_voting"},
		"first release":         {[]string{"2024_09_12_ga_resolutions_voting.csv"}, "2024_09_12_ga_resolutions_voting"},
		"not data":              {[]string{"2026_02_06_ga_voting_md.md", "2027_02_06_ga_voting.md", "2027_02_06_sc_voting.csv", "2025_7_23_ga_voting.csv"}, "2025_7_23_ga_voting"},
	} {
		t.Run(name, func(t *testing.T) {
			var files []file
			for _, f := range c.files {
				stem, format, _ := strings.Cut(f, ".")
				files = append(files, file{Name: stem, Format: "." + format, URL: "https://example.org/" + f})
			}
			got, err := assembly.newest(files)
			if err != nil || got.Name != c.want {
				t.Errorf("got %q, %v; want %q", got.Name, err, c.want)
			}
		})
	}
}

func TestFetch(t *testing.T) {
	client := pipelinetest.Mirror(t, map[string]string{
		listed: `[{"name":"2025_7_23_ga_voting","format":".csv","url":"https://digitallibrary.un.org/old.csv","size":3},
			{"name":"2026_02_06_ga_voting","format":".csv","url":"https://digitallibrary.un.org/new.csv","size":7,"later":true}]`,
		"digitallibrary.un.org/new.csv": "undl_id",
	})
	keeper := pipelinetest.NewKeeper()
	snapshot := pipeline.NewSnapshot("unga", true, keeper)
	if err := assembly.Fetch(t.Context(), client, snapshot); err != nil {
		t.Fatal(err)
	}
	want := []pipeline.Request{
		{Name: "files.json", URL: "https://" + listed, Accept: "application/json", Listing: true},
		{Name: "votes.csv", URL: "https://digitallibrary.un.org/new.csv", Version: "2026_02_06_ga_voting", Bytes: 7},
	}
	if diff := cmp.Diff(want, keeper.Requests); diff != "" {
		t.Error(diff)
	}
	if body, err := fs.ReadFile(snapshot, "votes.csv"); err != nil || string(body) != "undl_id" {
		t.Errorf("got %q, %v", body, err)
	}
}

func TestFetchRefuses(t *testing.T) {
	for name, c := range map[string]struct{ list, want string }{
		"no file":        {`[{"name":"2026_02_06_ga_voting_md","format":".md","url":"u"}]`, "none of its files is a CSV file named like 2026_02_06_ga_voting: 2026_02_06_ga_voting_md.md"},
		"no url":         {`[{"name":"2026_02_06_ga_voting","format":".csv","link":"u"}]`, "the entry of 2026_02_06_ga_voting has no url"},
		"not a list":     {`{"message":"moved"}`, "the list of files is not what the Library publishes"},
		"number damaged": {`[{"name":"2026_02_06_ga_voting","format":".csv","url":"u","size":"7?"}]`, "the list of files is not what the Library publishes"},
	} {
		t.Run(name, func(t *testing.T) {
			client := pipelinetest.Mirror(t, map[string]string{listed: c.list})
			err := assembly.Fetch(t.Context(), client, pipeline.NewSnapshot("unga", true, pipelinetest.NewKeeper()))
			var upstream *pipeline.UpstreamError
			if !errors.As(err, &upstream) || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "entente import unga FILE") {
				t.Errorf("got %v, want %q and how to import", err, c.want)
			}
		})
	}
}

// TestNotAutomated asks nobody: there is no client.
func TestNotAutomated(t *testing.T) {
	keeper := pipelinetest.NewKeeper()
	snapshot := pipeline.NewSnapshot("unga", false, keeper)
	err := assembly.Fetch(t.Context(), nil, snapshot)
	if !errors.Is(err, pipeline.ErrNotAutomated) || !strings.Contains(err.Error(), "entente import unga FILE") || !strings.Contains(err.Error(), assembly.Page()) {
		t.Errorf("got %v", err)
	}
	if _, err := keeper.Put("unga", "votes.csv", pipeline.OutcomeImported, strings.NewReader("by hand")); err != nil {
		t.Fatal(err)
	}
	if err := assembly.Fetch(t.Context(), nil, snapshot); err != nil {
		t.Fatal(err)
	}
	if len(snapshot.Files) != 1 || snapshot.Files[0].Outcome != pipeline.OutcomeImported || len(keeper.Requests) != 0 {
		t.Errorf("files %+v, requests %+v", snapshot.Files, keeper.Requests)
	}
}

package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var allianceJobs = []string{"reference", "atop", "cowstates", "cownmc"}

// TestUpstreamAlliances loads what the stand-in has of alliances, and asks the README's questions.
func TestUpstreamAlliances(t *testing.T) {
	t.Parallel()
	url, _ := upstream(t)
	data := t.TempDir()
	must(t, data, append([]string{"run", "--mirror", url}, allianceJobs...)...)
	for query, want := range map[string]string{
		"select count(*) from raw.atop_alliances":                               "765",
		"select count(*) from raw.atop_members":                                 "2445", // of 2,446: Annam is no state
		"select count(*) from raw.cow_states":                                   "243",
		"select count(*) from indicators.members_on('NATO', date '2020-12-31')": "30",
		"select dominant_iso3 || ' ' || is_extra_regional || ' ' || structure from indicators.alliance_structure where coding = 'atop' and year = 2018 and iso3 = 'JPN'":       "USA true bilateral",
		"select count(*) from indicators.alliance_structure where coding = 'atop' and year = 2018":                                                                             "195",
		"select max(level) || ' ' || min(level) from indicators.alliance_commitment where year = 2018 and provider_iso3 in ('USA', 'JPN') and receiver_iso3 in ('USA', 'JPN')": "3 2",
		"select count(*) from indicators.alliance_similarity where year = 2018 and coding = 'atop'":                                                                            "18915",
	} {
		if rows := rowsOf(t, data, query); len(rows) != 1 || rows[0][0] != want {
			t.Errorf("%s: %v, want %s", query, rows, want)
		}
	}
	code, _, errs := entente(t, data, "run", "cowalliances", "--mirror", url)
	if code != 2 || !strings.Contains(errs, "entente import cowalliances") {
		t.Errorf("without an import: exit %d\n%s", code, errs)
	}
}

// TestUpstreamAllianceFaults has each fault end as it should, with nothing published.
func TestUpstreamAllianceFaults(t *testing.T) {
	for fault, says := range map[string]string{
		"drift:atop":       `column "defense" is missing`,
		"slip:atop":        "would leave its folder",
		"bomb:atop":        "more than a table would",
		"html:states2016":  "web page",
		"drift:states2016": "is missing",
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			url, _ := upstream(t, fault)
			data := t.TempDir()
			code, _, errs := entente(t, data, "run", "reference", "atop", "cowstates", "--mirror", url)
			if code != 3 || !strings.Contains(errs, says) {
				t.Errorf("exit %d, want 3, saying %q\n%s", code, says, errs)
			}
			if _, err := os.Stat(filepath.Join(data, "current")); err == nil {
				t.Error("a release was published")
			}
		})
	}
}

// TestUpstreamAllianceBadRows has every damaged row in quarantine with its line, and no other but Annam's.
func TestUpstreamAllianceBadRows(t *testing.T) {
	t.Parallel()
	url, cache := upstream(t, "badrows:atop", "badrows:states2016")
	data := t.TempDir()
	must(t, data, "run", "reference", "atop", "cowstates", "--mirror", url)
	var listed struct {
		Rows []struct {
			File string `json:"file"`
			Line int64  `json:"line"`
		} `json:"rows"`
	}
	text := must(t, data, "--json", "quarantine", "show", "--limit", "0")
	if err := json.Unmarshal([]byte(text), &listed); err != nil {
		if err := json.Unmarshal([]byte(text), &listed.Rows); err != nil {
			t.Fatalf("%v in %.300s", err, text)
		}
	}
	for report, file := range map[string]string{"atop_5.0__.csv_.zip": "atop5_0a.csv", "states2016.csv": "states.csv"} {
		raw, err := os.ReadFile(filepath.Join(cache, "badrows-"+report+".json"))
		if err != nil {
			t.Fatal(err)
		}
		var damage struct{ Changes []struct{ Line int64 } }
		if err := json.Unmarshal(raw, &damage); err != nil {
			t.Fatal(err)
		}
		var got, want []int64
		for _, r := range listed.Rows {
			if filepath.Base(r.File) == file {
				got = append(got, r.Line)
			}
		}
		for _, c := range damage.Changes {
			want = append(want, c.Line)
		}
		slices.Sort(got)
		slices.Sort(want)
		if got = slices.Compact(got); !slices.Equal(got, slices.Compact(want)) {
			t.Errorf("%s: lines %v are in quarantine, and %v were damaged", file, got, want)
		}
	}
}

package sample

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
)

// parse reads CSV into one map per row.
func parse(t *testing.T, data []byte, header string) []map[string]string {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(rows[0], ","); !strings.HasPrefix(got, header) {
		t.Fatalf("header is %s, want %s", got, header)
	}
	var list []map[string]string
	for _, row := range rows[1:] {
		m := map[string]string{}
		for i, cell := range row {
			m[rows[0][i]] = cell
		}
		list = append(list, m)
	}
	return list
}

func TestVotesFile(t *testing.T) {
	f := allFacts(t)
	data, err := votesCSV(f)
	if err != nil {
		t.Fatal(err)
	}
	rows := parse(t, data, votesHeader)
	tally, stated := map[string]map[string]int{}, map[string][3]string{}
	keys := map[string]bool{}
	for _, r := range rows {
		key := r["rcid"] + " " + r["ccode"]
		if keys[key] {
			t.Fatalf("roll call and state %s twice", key)
		}
		keys[key] = true
		if tally[r["rcid"]] == nil {
			tally[r["rcid"]] = map[string]int{}
		}
		tally[r["rcid"]][r["vote"]]++
		stated[r["rcid"]] = [3]string{r["yes"], r["abstain"], r["no"]}
		if r["Country"] == "" || r["Countryname"] == "" || r["member"] != "1" || r["resid"] != "" {
			t.Fatalf("row %v", r)
		}
	}
	if len(tally) != len(f.rollCalls) {
		t.Errorf("%d roll calls are served, want %d", len(tally), len(f.rollCalls))
	}
	for rcid, votes := range tally {
		got := [3]string{fmt.Sprint(votes["1"]), fmt.Sprint(votes["2"]), fmt.Sprint(votes["3"])}
		if got != stated[rcid] {
			t.Errorf("roll call %s: ballots are %v, stated %v", rcid, got, stated[rcid])
		}
	}
	first := "22,2,1,3,USA,United States of America,1946,1,7,32,15,0,1946-12-08,R/1/1061B,0,0,Treatment of Indians in the Union of South Africa,Treatment of Indians in the Union of South Africa,0,0,0,0,0,0,\n"
	if !strings.HasPrefix(string(data), votesHeader+"\n"+first) {
		t.Errorf("the file starts %.400s", data)
	}
}

func TestEstimatesFile(t *testing.T) {
	data, err := estimatesCSV(allFacts(t))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(data, []byte("CIV,C\xf4te d\x92Ivoire\n")) {
		t.Error("names are not in Windows-1252")
	}
	utf8, err := charmap.Windows1252.NewDecoder().Bytes(data)
	if err != nil {
		t.Fatal(err)
	}
	rows := parse(t, utf8, estimatesHeader)
	want := map[string]string{ // published values
		"2 61": "2.81137", "365 61": "-0.2045649", "710 61": "-0.8690618",
		"2 74": "2.694793", "710 74": "-0.3336454", "2 1": "1.675486", "365 1": "-2.03781",
	}
	seen := map[string]bool{}
	for _, r := range rows {
		key := r["ccode"] + " " + r["session"]
		if seen[key] {
			t.Errorf("state and session %s twice", key)
		}
		seen[key] = true
		if v, ok := want[key]; ok && v != r["IdealPoint"] {
			t.Errorf("%s: ideal point %s, want %s", key, r["IdealPoint"], v)
		}
	}
	for key := range want {
		if !seen[key] {
			t.Errorf("%s is missing", key)
		}
	}
}

func TestCouncilFile(t *testing.T) {
	f := allFacts(t)
	data, err := councilCSV(f)
	if err != nil {
		t.Fatal(err)
	}
	if lines, ends := bytes.Count(data, []byte("\n")), bytes.Count(data, []byte("\r\n")); lines != ends || lines != len(f.drafts)+1 {
		t.Errorf("%d lines, %d of them end in CR LF, want %d", lines, ends, len(f.drafts)+1)
	}
	rows := parse(t, data, councilHeader+",CHINA,FRANCE,RUSSIAN FEDERATION/USSR,UNITED KINGDOM,UNITED STATES,ALGERIA,")
	for _, r := range rows {
		count := map[string]int{}
		for _, c := range f.columns {
			count[r[c.name]]++
		}
		for column, vote := range map[string]string{"Yes": "Y", "No": "N", "Abstentions": "A", "Non-Voting": "NV"} {
			if got := fmt.Sprint(count[vote]); got != r[column] {
				t.Errorf("vote %s: %s %s, counted %s", r["Vote in the DB"], column, r[column], got)
			}
		}
		if r["Total"] != "15" {
			t.Errorf("vote %s: total %s", r["Vote in the DB"], r["Total"])
		}
	}
}

func TestVetoesFile(t *testing.T) {
	data, err := vetoesCSV(allFacts(t))
	if err != nil {
		t.Fatal(err)
	}
	columns := []string{"china", "russian_federation_ussr", "france", "united_states", "united_kingdom"}
	var early []string
	for _, r := range parse(t, data, vetoesHeader) {
		n := 0
		var who []string
		for _, c := range columns {
			if r[c] == "1" {
				n++
				who = append(who, c)
			}
		}
		if fmt.Sprint(n) != r["#_of_pms"] {
			t.Errorf("%s: %d vetoes, stated %s", r["draft_res#"], n, r["#_of_pms"])
		}
		if r["date"] < "2013" {
			early = append(early, r["draft_res#"]+" "+strings.Join(who, "+"))
		}
	}
	want := []string{
		"S/2006/508 united_states", "S/2006/878 united_states", "S/2007/14 china+russian_federation_ussr",
		"S/2008/447 china+russian_federation_ussr", "S/2009/310 russian_federation_ussr", "S/2011/24 united_states",
		"S/2011/612 china+russian_federation_ussr", "S/2012/77 china+russian_federation_ussr", "S/2012/538 china+russian_federation_ussr",
	}
	if got, want := strings.Join(early, "\n"), strings.Join(want, "\n"); got != want {
		t.Errorf("vetoes of 2006-2012 are\n%s\nwant\n%s", got, want)
	}
}

func TestTabSeparatedCopy(t *testing.T) {
	got, err := tabSeparated([]byte("n,name\n1.5,\"a \"\"b\"\"\"\n,c\xf4te\n"), charmap.Windows1252)
	if err != nil {
		t.Fatal(err)
	}
	if want := "n\tname\n1.5\t\"a \\\"b\\\"\"\n\t\"côte\"\n"; string(got) != want {
		t.Errorf("%q, want %q", got, want)
	}
}

package pacts

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// member reads a member of an archive.
func member(t *testing.T, archive []byte, name string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// landed opens a landed upstream file beside the repository, or skips the test.
func landed(t *testing.T, name string) *csv.Reader {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "..", "..", "shared", "data", "treaties", name))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the landed upstream data (../shared/data) are not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	plain, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	return csv.NewReader(plain)
}

// each calls do for every row, by the names of its columns.
func each(t *testing.T, r *csv.Reader, do func(row cells)) {
	t.Helper()
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, cellsOf := range rows[1:] {
		row := cells{}
		for i, cell := range cellsOf {
			row[rows[0][i]] = cell
		}
		do(row)
	}
}

// parse reads the rows of a served table.
func parse(t *testing.T, data []byte) []cells {
	t.Helper()
	var rows []cells
	each(t, csv.NewReader(bytes.NewReader(data)), func(row cells) { rows = append(rows, row) })
	return rows
}

// allFacts reads the embedded facts.
func allFacts(t *testing.T) *facts {
	t.Helper()
	f, err := readFacts()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// on is the number of a state by the sample's own table of states.
func on(t *testing.T) States {
	t.Helper()
	f, err := os.Open("../facts/states.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var rows []cells
	each(t, csv.NewReader(f), func(row cells) { rows = append(rows, row) })
	return func(iso3, day string) (int, string, error) {
		for _, s := range rows {
			if s["iso3"] == iso3 && (s["valid_from"] == "" || s["valid_from"] <= day) && (s["valid_to"] == "" || day <= s["valid_to"]) {
				number, err := strconv.Atoi(s["cow"])
				return number, s["cow_abbreviation"], err
			}
		}
		return 0, "", fmt.Errorf("state %s on %s is not in states.csv", iso3, day)
	}
}

// allianceRows are the served rows of alliances and of members.
func allianceRows(t *testing.T, f *facts) (alliances, members []cells) {
	t.Helper()
	archive, err := alliancesZIP(f, on(t))
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, member(t, archive, "ATOP 5.0 (.csv)/atop5_0a.csv")),
		parse(t, member(t, archive, "ATOP 5.0 (.csv)/atop5_0m.csv"))
}

func TestAlliancesFiles(t *testing.T) {
	f := allFacts(t)
	alliances, members := allianceRows(t, f)
	if len(alliances) != len(f.alliances) {
		t.Errorf("%d alliances are served, want %d", len(alliances), len(f.alliances))
	}
	parties := map[string]map[string]bool{}
	for _, m := range members {
		if parties[m["atopid"]] == nil {
			parties[m["atopid"]] = map[string]bool{}
		}
		parties[m["atopid"]][m["member"]] = true
	}
	for _, a := range alliances {
		if n := len(parties[a["atopid"]]); n < 2 || a["bilat"] == "1" && n > 2 && a["maxphase"] == "0" {
			t.Errorf("alliance %s has %d members, bilateral %s", a["atopid"], n, a["bilat"])
		}
		if a["ineffect"] == "1" != (a["endyr"] == "0") {
			t.Errorf("alliance %s: in effect %s, ended in %s", a["atopid"], a["ineffect"], a["endyr"])
		}
	}
	if n := len(parties["3180"]); n != 30 {
		t.Errorf("NATO has %d members, want the 29 of 2018, with Germany under two numbers", n)
	}
}

func TestAgreementsFile(t *testing.T) {
	f := allFacts(t)
	data, err := agreementsCSV(f)
	if err != nil {
		t.Fatal(err)
	}
	rows := strings.Split(strings.TrimSpace(string(data)), "\n")
	if len(rows) != 1+len(f.agreements) {
		t.Errorf("%d rows, want a header and %d", len(rows), len(f.agreements))
	}
	for _, row := range rows {
		if n := strings.Count(row, ";"); n != len(agreementHeader)+2*mostMembers-1 {
			t.Errorf("%d semicolons: %.60s", n, row)
		}
	}
	bases := map[string]bool{}
	for _, a := range f.agreements {
		bases[a.number] = true
	}
	for _, a := range f.agreements {
		if !bases[a.base] {
			t.Errorf("agreement %s belongs to %s, which is not in the facts", a.number, a.base)
		}
	}
}

func TestCapabilitiesFile(t *testing.T) {
	f := allFacts(t)
	archive, err := capabilitiesZIP(f, on(t))
	if err != nil {
		t.Fatal(err)
	}
	rows := parse(t, member(t, member(t, archive, "NMCv7/NMC-v7-abridged.zip"), "NMC-70-abridged.csv"))
	years := map[string]int{}
	for _, r := range rows {
		years[r["year"]]++
	}
	if len(rows) != len(f.capabilities) || years["2012"] != 195 || years["2015"] != 195 || years["2018"] != 195 {
		t.Errorf("%d rows, by year %v; want all 195 states in three years", len(rows), years)
	}
}

// TestAlliancesEqualTheUpstreams compares the served rows with the landed ones, where the facts have a column.
func TestAlliancesEqualTheUpstreams(t *testing.T) {
	f := allFacts(t)
	alliances, members := allianceRows(t, f)
	terms := []string{"defense", "offense", "neutral", "nonagg", "consul", "active", "ineffect", "bilat", "term", "asymm"}
	compare := func(served []cells, file string, columns ...string) {
		t.Helper()
		chosen := map[string]bool{}
		for _, a := range f.alliances {
			chosen[a.id] = true
		}
		line := func(row cells) string {
			var text []string
			for _, column := range append(columns, terms...) {
				text = append(text, column+"="+row[column])
			}
			return strings.Join(text, " ")
		}
		upstream := map[string]bool{}
		each(t, landed(t, file), func(row cells) {
			if chosen[row["atopid"]] {
				upstream[line(row)] = true
			}
		})
		for _, s := range served {
			if text := line(s); !upstream[text] {
				t.Errorf("%s: not upstream: %s", file, text)
			}
		}
		if len(served) != len(upstream) {
			t.Errorf("%s: %d rows are served, upstream has %d", file, len(served), len(upstream))
		}
	}
	compare(alliances, "atop/atop5_0a.csv.gz", "atopid", "begyr", "begmo", "begday", "endyr", "endmo", "endday", "maxphase", "estmode", "pubsecr")
	compare(members, "atop/atop5_0m.csv.gz", "atopid", "member", "phase", "yrent", "moent", "dayent", "yrexit", "moexit", "dayexit")
}

// TestAgreementsEqualTheUpstream compares the entries with the landed list.
func TestAgreementsEqualTheUpstream(t *testing.T) {
	f := allFacts(t)
	data, err := agreementsCSV(f)
	if err != nil {
		t.Fatal(err)
	}
	// members and roles in the order of the numbers, because the facts list members by their role
	entry := func(row cells) string {
		var text, members []string
		for _, column := range agreementHeader {
			if column != "language" && column != "wto_name" {
				text = append(text, row[column])
			}
		}
		for n := range mostMembers {
			if c := row["c"+strconv.Itoa(n+1)]; c != "NA" {
				members = append(members, c+":"+row["mc"+strconv.Itoa(n+1)])
			}
		}
		slices.Sort(members)
		return strings.Join(append(text, members...), ";")
	}
	upstream := map[string]string{}
	list := landed(t, "desta/desta_list_of_treaties.csv.gz")
	list.Comma = ';'
	each(t, list, func(row cells) { upstream[row["number"]] = entry(row) })
	served := csv.NewReader(bytes.NewReader(data))
	served.Comma = ';'
	each(t, served, func(row cells) {
		if got := entry(row); got != upstream[row["number"]] {
			t.Errorf("agreement %s:\n%s\nupstream:\n%s", row["number"], got, upstream[row["number"]])
		}
	})
}

// TestCapabilitiesEqualTheUpstream compares the figures with the landed table.
func TestCapabilitiesEqualTheUpstream(t *testing.T) {
	f := allFacts(t)
	columns := strings.Split(capabilitiesHeader, ",")[3:10]
	upstream := map[string]string{}
	each(t, landed(t, "cow/cow_nmc_abridged.csv.gz"), func(row cells) {
		var values []string
		for _, column := range columns {
			values = append(values, row[column])
		}
		upstream[row["ccode"]+" "+row["year"]] = strings.Join(values, ",")
	})
	number := on(t)
	for _, c := range f.capabilities {
		cow, _, err := number(c.iso3, c.year+"-12-31")
		if err != nil {
			t.Fatal(err)
		}
		if got, want := strings.Join(c.values, ","), upstream[strconv.Itoa(cow)+" "+c.year]; got != want {
			t.Errorf("%s in %s: %s, upstream %s", c.iso3, c.year, got, want)
		}
	}
}

func TestWrongTreatyFactsAreNamed(t *testing.T) {
	f := &facts{}
	if err := f.addAlliance([]string{"1", "Pact", "1950-01-01", "", "0", "da", "1", "0", "0", "1", "0"}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		err  error
		says string
	}{
		{f.addAlliance([]string{"1", "Pact", "1950-01-01", "", "0", "d", "1", "0", "0", "1", "0"}), "twice"},
		{f.addAlliance([]string{"x", "Pact", "1950-01-01", "", "0", "d", "1", "0", "0", "1", "0"}), "number"},
		{f.addAlliance([]string{"2", "Pact", "1950-01-01", "", "0", "dx", "1", "0", "0", "1", "0"}), "no obligation"},
		{f.addAlliance([]string{"3", "Pact", "1950-02-30", "", "0", "d", "1", "0", "0", "1", "0"}), "day"},
		{f.addMembership([]string{"1", "0", "d", "1950-01-01", "1949-01-01", "0", "0", "USA"}), "before it begins"},
		{f.addMembership([]string{"9", "0", "d", "1950-01-01", "", "0", "0", "USA"}), "not in facts"},
		{f.addAgreement([]string{"1", "1", "Pact", "base_treaty", "0", "19x0", "", "1", "", "", "USA CAN", "", "", "", ""}), "year"},
		{f.addAgreement([]string{"1", "1", "Pact", "base_treaty", "0", "1990", "", "1", "", "", "USA", "", "", "", ""}), "members"},
		{f.addCapability([]string{"2012", "USA", "-3", "", "", "", "", "", ""}), "amount"},
		{f.addCapability([]string{"year", "USA", "3", "", "", "", "", "", ""}), "year"},
	} {
		if c.err == nil || !strings.Contains(c.err.Error(), c.says) {
			t.Errorf("got %v, want %q", c.err, c.says)
		}
	}
}

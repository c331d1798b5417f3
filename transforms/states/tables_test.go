package states

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
)

// table reads one of the tables as maps from column to cell.
func table(t testing.TB, name string) []map[string]string {
	t.Helper()
	f, err := Files().Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]string
	for _, record := range records[1:] {
		row := map[string]string{}
		for i, c := range records[0] {
			row[c] = record[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// interval reads two cells as a half-open interval.
func interval(t testing.TB, from, to string) (arrow.Date32, arrow.Date32) {
	t.Helper()
	if to == "" {
		return on(t, from), maxDay
	}
	return on(t, from), on(t, to)
}

func TestTablesAreUniqueByTheirKeys(t *testing.T) {
	for file, key := range map[string][]string{
		StatesFile:       {"iso3", "valid_from"},
		NamesFile:        {"scheme", "value", "valid_from"},
		GroupsFile:       {"group_id"},
		GroupMembersFile: {"group_id", "iso3", "valid_from"},

		GeographyFile:       {"iso3", "valid_from"},
		RegionsFile:         {"region_version", "region_id"},
		RegionMembersFile:   {"region_version", "region_id", "iso3", "valid_from"},
		ImportValuationFile: {"iso3", "year_from"},
	} {
		seen := map[string]bool{}
		for i, row := range table(t, file) {
			var parts []string
			for _, k := range key {
				if row[k] == "" {
					t.Errorf("%s:%d: key column %s is empty", file, i+2, k)
				}
				parts = append(parts, row[k])
			}
			id := strings.Join(parts, "|")
			if seen[id] {
				t.Errorf("%s:%d: key %s comes twice", file, i+2, id)
			}
			seen[id] = true
		}
		if len(seen) == 0 {
			t.Errorf("%s is empty", file)
		}
	}
}

func TestSpellsDoNotOverlap(t *testing.T) {
	type period struct {
		from, to arrow.Date32
		row      string
	}
	for file, key := range map[string][]string{
		StatesFile:       {"iso3"},
		NamesFile:        {"scheme", "value"},
		GroupMembersFile: {"group_id", "iso3"},

		GeographyFile:     {"iso3"},
		RegionMembersFile: {"region_version", "region_id", "iso3"},
	} {
		of := map[string][]period{}
		for i, row := range table(t, file) {
			from, to := interval(t, row["valid_from"], row["valid_to"])
			id := ""
			for _, column := range key {
				id += row[column] + "|"
			}
			of[id] = append(of[id], period{from, to, fmt.Sprintf("%s:%d", file, i+2)})
		}
		for id, periods := range of {
			slices.SortFunc(periods, func(a, b period) int { return cmp.Compare(a.from, b.from) })
			for i, p := range periods {
				if p.to <= p.from {
					t.Errorf("%s: %s ends before it begins", p.row, id)
				}
				if i > 0 && p.from < periods[i-1].to {
					t.Errorf("%s: %s overlaps %s", p.row, id, periods[i-1].row)
				}
			}
		}
	}
}

func TestStates(t *testing.T) {
	regions := map[string]bool{}
	for _, r := range strings.Fields("east_asia europe middle_east africa latin_america south_asia north_america oceania post_soviet") {
		regions[r] = true
	}
	regionOf := map[string]string{}
	for i, s := range table(t, StatesFile) {
		if len(s["iso3"]) != 3 || s["iso3"] != strings.ToUpper(s["iso3"]) || s["name"] == "" {
			t.Errorf("states.csv:%d: iso3 %q, name %q", i+2, s["iso3"], s["name"])
		}
		if !slices.Contains([]string{"state", "territory", "union"}, s["kind"]) || s["kind"] != "state" && s["cow"]+s["un_member_from"] != "" {
			t.Errorf("states.csv:%d: %s is a %q", i+2, s["iso3"], s["kind"])
		}
		if !regions[s["region"]] {
			t.Errorf("states.csv:%d: region %q", i+2, s["region"])
		}
		if before := cmp.Or(regionOf[s["iso3"]], s["region"]); before != s["region"] {
			t.Errorf("states.csv:%d: %s is in %s and in %s", i+2, s["iso3"], before, s["region"])
		}
		regionOf[s["iso3"]] = s["region"]
		if s["un_member_from"] == "" {
			continue
		}
		from, to := interval(t, s["valid_from"], s["valid_to"])
		memberFrom, memberTo := interval(t, s["un_member_from"], s["un_member_to"])
		if memberFrom >= to || memberTo <= from {
			t.Errorf("states.csv:%d: %s is a member only outside of the spell", i+2, s["iso3"])
		}
	}
}

// TestMembersOfTheUN compares with "Growth in United Nations membership", un.org/en/about-us: members at
// the end of a year. Its figures count Yugoslavia through 2000 and leave Indonesia out in 1965.
func TestMembersOfTheUN(t *testing.T) {
	for year, want := range map[int]int{
		1945: 51, 1946: 55, 1947: 57, 1948: 58, 1949: 59, 1950: 60, 1955: 76, 1956: 80, 1957: 82, 1958: 82,
		1960: 99, 1961: 104, 1962: 110, 1963: 113, 1964: 115, 1965: 117, 1966: 122, 1967: 123, 1968: 126,
		1970: 127, 1971: 132, 1973: 135, 1974: 138, 1975: 144, 1976: 147, 1977: 149, 1978: 151, 1979: 152,
		1980: 154, 1981: 157, 1983: 158, 1984: 159, 1990: 159, 1991: 166, 1992: 179, 1993: 184, 1994: 185,
		1999: 188, 2000: 189, 2002: 191, 2006: 192, 2011: 193, 2025: 193,
	} {
		day := on(t, fmt.Sprintf("%d-12-31", year))
		members := map[string]bool{}
		for _, s := range table(t, StatesFile) {
			if s["un_member_from"] == "" {
				continue
			}
			from, to := interval(t, s["valid_from"], s["valid_to"])
			memberFrom, memberTo := interval(t, s["un_member_from"], s["un_member_to"])
			if max(from, memberFrom) <= day && day < min(to, memberTo) {
				members[s["iso3"]] = true
			}
		}
		if len(members) != want {
			t.Errorf("%d: %d members, want %d", year, len(members), want)
		}
	}
}

func TestEveryNameBelongsToAState(t *testing.T) {
	type period struct{ from, to arrow.Date32 }
	of := map[string][]period{}
	for _, s := range table(t, StatesFile) {
		from, to := interval(t, s["valid_from"], s["valid_to"])
		of[s["iso3"]] = append(of[s["iso3"]], period{from, to})
	}
	within := func(iso3 string, from, to arrow.Date32) bool {
		return slices.ContainsFunc(of[iso3], func(p period) bool { return max(p.from, from) < min(p.to, to) })
	}
	for i, n := range table(t, NamesFile) {
		from, to := interval(t, n["valid_from"], n["valid_to"])
		switch {
		case n["status"] != "state":
			if n["note"] == "" && n["status"] == "unresolvable" {
				t.Errorf("names.csv:%d: %q is unresolvable without a note", i+2, n["value"])
			}
		case of[n["iso3"]] == nil:
			t.Errorf("names.csv:%d: %q means %s, which is in no row of states.csv", i+2, n["value"], n["iso3"])
		case !within(n["iso3"], from, to) && n["note"] == "":
			t.Errorf("names.csv:%d: %q means %s only when there is no such state, and has no note", i+2, n["value"], n["iso3"])
		}
	}
	for i, m := range table(t, GroupMembersFile) {
		if from, to := interval(t, m["valid_from"], m["valid_to"]); !within(m["iso3"], from, to) {
			t.Errorf("group_members.csv:%d: %s is no state then", i+2, m["iso3"])
		}
		if m["source"] == "" {
			t.Errorf("group_members.csv:%d: no source", i+2)
		}
	}
}

// TestNumbersAreNames demands that every number that states.csv gives a state resolves to that state.
func TestNumbersAreNames(t *testing.T) {
	r := resolver(t)
	for i, s := range table(t, StatesFile) {
		day := on(t, s["valid_from"])
		for scheme, value := range map[Scheme]string{
			COW: s["cow"], GW: s["gw"], M49: s["m49"], Comtrade: s["comtrade"], ISO3: s["iso3"], EnglishName: s["name"],
		} {
			if value == "" {
				continue
			}
			if iso3, _ := r.Resolve(scheme, value, day, true); iso3 != s["iso3"] {
				t.Errorf("states.csv:%d: %s %s on %s is %q, not %s", i+2, scheme, value, s["valid_from"], iso3, s["iso3"])
			}
		}
	}
}

func TestMembersOfGroups(t *testing.T) {
	members := table(t, GroupMembersFile)
	groups := map[string]bool{}
	for i, g := range table(t, GroupsFile) {
		groups[g["group_id"]] = true
		if g["name"] == "" || g["kind"] == "" || g["note"] == "" || g["source"] == "" {
			t.Errorf("groups.csv:%d: %s lacks a name, kind, note or source", i+2, g["group_id"])
		}
	}
	for i, m := range members {
		if !groups[m["group_id"]] {
			t.Errorf("group_members.csv:%d: no group %q", i+2, m["group_id"])
		}
	}
	type count struct {
		day  string
		want int
	}
	for group, counts := range map[string][]count{
		"NATO": {
			{"1949-08-23", 0}, {"1949-08-24", 12}, {"1952-02-18", 14}, {"1955-05-06", 15}, {"1982-05-30", 16}, {"1999-03-12", 19},
			{"2004-03-29", 26}, {"2009-04-01", 28}, {"2017-06-05", 29}, {"2020-03-27", 30}, {"2023-04-04", 31}, {"2024-03-07", 32},
		},
		"EU": {
			{"1957-12-31", 0}, {"1958-01-01", 6}, {"1973-01-01", 9}, {"1981-01-01", 10}, {"1986-01-01", 12}, {"1995-01-01", 15},
			{"2004-05-01", 25}, {"2007-01-01", 27}, {"2013-07-01", 28}, {"2020-01-31", 28}, {"2020-02-01", 27},
		},
		"ASEAN": {
			{"1967-08-07", 0}, {"1967-08-08", 5}, {"1984-01-07", 6}, {"1995-07-28", 7}, {"1997-07-23", 9}, {"1999-04-30", 10}, {"2025-10-26", 11},
		},
		"SCO":   {{"2001-06-14", 0}, {"2001-06-15", 6}, {"2017-06-09", 8}, {"2023-07-04", 9}, {"2024-07-04", 10}},
		"CSTO":  {{"1994-04-20", 9}, {"1999-04-20", 6}, {"2006-08-16", 7}, {"2012-12-19", 6}, {"2025-01-01", 6}},
		"BRICS": {{"2009-06-15", 0}, {"2009-06-16", 4}, {"2011-04-14", 5}, {"2024-01-01", 9}, {"2025-01-06", 10}},
		"US_EAST_ASIA_HUB": {
			{"1952-04-28", 2}, {"1952-04-29", 4}, {"1952-08-27", 5}, {"1954-11-17", 6}, {"1955-02-19", 7}, {"1955-03-03", 8},
			{"1979-12-31", 8}, {"1980-01-01", 7}, {"1986-08-11", 6},
		},
	} {
		delete(groups, group)
		for _, c := range counts {
			got := 0
			for _, m := range members {
				if from, to := interval(t, m["valid_from"], m["valid_to"]); m["group_id"] == group && from <= on(t, c.day) && on(t, c.day) < to {
					got++
				}
			}
			if got != c.want {
				t.Errorf("%s on %s: %d members, want %d", group, c.day, got, c.want)
			}
		}
	}
	if len(groups) > 0 {
		t.Errorf("groups without a count: %v", groups)
	}
	if _, err := fs.Stat(Files(), "README.md"); err == nil {
		t.Error("Files holds more than the tables")
	}
}

// TestAlliances demands that terms are of members of a group that is an alliance, and commitments between states.
func TestAlliances(t *testing.T) {
	known, members := map[string]bool{}, map[[2]string]bool{}
	for _, row := range table(t, StatesFile) {
		known[row["iso3"]] = true
	}
	for _, row := range table(t, GroupMembersFile) {
		members[[2]string{row["group_id"], row["iso3"]}] = true
		members[[2]string{row["group_id"], "*"}] = true
	}
	for _, row := range table(t, AllianceTermsFile) {
		for _, column := range []string{"provider_iso3", "receiver_iso3"} {
			if !members[[2]string{row["group_id"], row[column]}] {
				t.Errorf("%s: %s %q was never a member of %s", AllianceTermsFile, column, row[column], row["group_id"])
			}
		}
		if row["provider_iso3"] == row["receiver_iso3"] && row["provider_iso3"] != "*" {
			t.Errorf("%s: %s owes itself", AllianceTermsFile, row["provider_iso3"])
		}
	}
	for _, row := range table(t, InformalCommitmentsFile) {
		interval(t, row["valid_from"], row["valid_to"])
		if !known[row["provider_iso3"]] || !known[row["receiver_iso3"]] || row["provider_iso3"] == row["receiver_iso3"] {
			t.Errorf("%s: %s to %s", InformalCommitmentsFile, row["provider_iso3"], row["receiver_iso3"])
		}
	}
}

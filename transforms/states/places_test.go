package states

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	gocmp "github.com/google/go-cmp/cmp"
)

// cover fails unless the spells of each id follow one another without gap or overlap, from the first day of
// all to no end, and there are ids for exactly the states wanted.
func cover(t *testing.T, rows []map[string]string, id func(map[string]string) string, ids map[string]bool) {
	t.Helper()
	of := map[string][][2]arrow.Date32{}
	for _, row := range rows {
		from, to := interval(t, row["valid_from"], row["valid_to"])
		of[id(row)] = append(of[id(row)], [2]arrow.Date32{from, to})
	}
	for id := range ids {
		if of[id] == nil {
			t.Errorf("%s has no row", id)
		}
	}
	for id, spells := range of {
		if !ids[id] {
			t.Errorf("%s is in no row of states.csv", id)
		}
		slices.SortFunc(spells, func(a, b [2]arrow.Date32) int { return cmp.Compare(a[0], b[0]) })
		next := on(t, "0001-01-01")
		for _, s := range spells {
			if s[0] != next {
				t.Errorf("%s: a spell begins on %s, not on %s", id, s[0].FormattedString(), next.FormattedString())
			}
			next = s[1]
		}
		if next != maxDay {
			t.Errorf("%s ends on %s", id, next.FormattedString())
		}
	}
}

func stateCodes(t *testing.T) map[string]bool {
	codes := map[string]bool{}
	for _, s := range table(t, StatesFile) {
		codes[s["iso3"]] = true
	}
	return codes
}

func TestEveryStateHasOneCapitalADay(t *testing.T) {
	rows := table(t, GeographyFile)
	cover(t, rows, func(row map[string]string) string { return row["iso3"] }, stateCodes(t))
	withoutCapital := 0
	for i, row := range rows {
		for column, limit := range map[string]float64{"latitude_deg": 90, "longitude_deg": 180} {
			degrees, err := strconv.ParseFloat(row[column], 64)
			whole, decimals, _ := strings.Cut(row[column], ".")
			if err != nil || math.Abs(degrees) > limit || len(decimals) != 2 || whole == "" {
				t.Errorf("geography.csv:%d: %s %q", i+2, column, row[column])
			}
		}
		if row["landlocked"] != "true" && row["landlocked"] != "false" {
			t.Errorf("geography.csv:%d: landlocked %q", i+2, row["landlocked"])
		}
		if row["capital"] == "" {
			withoutCapital++
			if row["note"] == "" {
				t.Errorf("geography.csv:%d: %s has no capital and no note", i+2, row["iso3"])
			}
		}
	}
	if withoutCapital != 4 {
		t.Errorf("%d rows without a capital", withoutCapital)
	}
}

// TestLandlockedStates compares with the United Nations' list of landlocked developing countries and the
// twelve landlocked states of Europe that are not on it.
func TestLandlockedStates(t *testing.T) {
	developing := "AFG ARM AZE BTN BOL BWA BFA BDI CAF TCD SWZ ETH KAZ KGZ LAO LSO MWI MLI MNG NPL NER MKD PRY MDA RWA SSD TJK TKM UGA UZB ZMB ZWE"
	others := "AND AUT BLR CHE CZE HUN LIE LUX SMR SRB SVK VAT XKX"
	want := strings.Fields(developing + " " + others)
	slices.Sort(want)
	var got []string
	current := map[string]bool{}
	for _, s := range table(t, StatesFile) {
		if s["valid_to"] == "" {
			current[s["iso3"]] = true
		}
	}
	for _, row := range table(t, GeographyFile) {
		if row["valid_to"] == "" && row["landlocked"] == "true" && current[row["iso3"]] {
			got = append(got, row["iso3"])
		}
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestEveryStateHasOnePrimaryRegionADay(t *testing.T) {
	all := table(t, RegionMembersFile)
	for _, version := range []string{"2026", "2026-alt"} {
		var primary []map[string]string
		for _, row := range all {
			if row["region_version"] == version && row["is_primary"] == "true" {
				primary = append(primary, row)
			}
		}
		cover(t, primary, func(row map[string]string) string { return row["iso3"] }, stateCodes(t))
	}
	regions := map[string]bool{}
	for _, row := range table(t, RegionsFile) {
		regions[row["region_version"]+"|"+row["region_id"]] = true
	}
	used := map[string]bool{}
	for i, row := range all {
		id := row["region_version"] + "|" + row["region_id"]
		used[id] = true
		if !regions[id] || row["is_primary"] != "true" && row["is_primary"] != "false" {
			t.Errorf("region_members.csv:%d: %s, primary %q", i+2, id, row["is_primary"])
		}
	}
	if len(regions) != 20 || len(used) != len(regions) {
		t.Errorf("%d regions, %d of them with members", len(regions), len(used))
	}
}

func TestRegionOfStatesIsThePrimaryOne(t *testing.T) {
	primary := map[string]string{}
	for _, row := range table(t, RegionMembersFile) {
		if row["region_version"] == "2026" && row["is_primary"] == "true" {
			primary[row["iso3"]] = row["region_id"]
		}
	}
	for i, s := range table(t, StatesFile) {
		if primary[s["iso3"]] != s["region"] {
			t.Errorf("states.csv:%d: %s is in %s, its primary region is %s", i+2, s["iso3"], s["region"], primary[s["iso3"]])
		}
	}
}

// TestRegionOfASEAN demands the members and days of the group, in both versions.
func TestRegionOfASEAN(t *testing.T) {
	spells := func(file, column, value, version string) []string {
		var all []string
		for _, row := range table(t, file) {
			if row[column] == value && row["region_version"] == version {
				all = append(all, row["iso3"]+" "+row["valid_from"]+" "+row["valid_to"])
			}
		}
		slices.Sort(all)
		return all
	}
	group := spells(GroupMembersFile, "group_id", "ASEAN", "")
	for _, version := range []string{"2026", "2026-alt"} {
		if diff := gocmp.Diff(group, spells(RegionMembersFile, "region_id", "asean", version)); diff != "" || len(group) < 11 {
			t.Errorf("%s: %s", version, diff)
		}
	}
}

// TestAlternativeRegions counts the states whose primary region differs between the versions today.
func TestAlternativeRegions(t *testing.T) {
	of := map[string]map[string]string{"2026": {}, "2026-alt": {}}
	for _, row := range table(t, RegionMembersFile) {
		if row["is_primary"] == "true" && row["valid_to"] == "" {
			of[row["region_version"]][row["iso3"]] = row["region_id"]
		}
	}
	var moved []string
	for iso3, region := range of["2026"] {
		if other := of["2026-alt"][iso3]; other != region && other != "asean" {
			moved = append(moved, iso3+" "+region+" "+other)
		}
	}
	slices.Sort(moved)
	if diff := gocmp.Diff([]string{
		"BLR post_soviet europe", "CYP europe middle_east", "EGY middle_east africa", "IRN middle_east south_asia",
		"MDA post_soviet europe", "MEX latin_america north_america", "MNG east_asia post_soviet", "RUS post_soviet europe",
		"TUR middle_east europe", "UKR post_soviet europe",
	}, moved); diff != "" {
		t.Error(diff)
	}
}

func TestImportValuation(t *testing.T) {
	codes := stateCodes(t)
	last := map[string]int{}
	for i, row := range table(t, ImportValuationFile) {
		from, err := strconv.Atoi(row["year_from"])
		to := math.MaxInt
		if err == nil && row["year_to"] != "" {
			to, err = strconv.Atoi(row["year_to"])
		}
		if err != nil || to < from || !codes[row["iso3"]] || row["valuation"] != "fob" || row["source"] == "" || row["note"] == "" {
			t.Errorf("import_valuation.csv:%d: %v, %v", i+2, row, err)
		}
		if from <= last[row["iso3"]] {
			t.Errorf("import_valuation.csv:%d: %s has %d already", i+2, row["iso3"], from)
		}
		last[row["iso3"]] = to
	}
	if len(last) != 12 {
		t.Errorf("%d importers", len(last))
	}
}

// TestCapitalsOfTheCorrelatesOfWar compares, on the middle day of every row of the list of capitals, and
// names where the tables differ by more than 0.3 degrees.
func TestCapitalsOfTheCorrelatesOfWar(t *testing.T) {
	r := resolver(t)
	places := table(t, GeographyFile)
	differs := map[string]string{
		"140 1960-04-21": "Brasília: the list has the middle of the country", "670 1927-01-01": "Riyadh: the same",
		"616 1816-01-01": "Tunis: the same", "510 1961-01-01": "Dar es Salaam to 1996", "986 1994-01-01": "moved in 2006",
		"640 1816-01-01": "Istanbul to 1923", "220 1940-07-09": "Vichy is not counted", "350 1816-01-01": "before independence",
	}
	compared := 0
	sharedTable(t, "trade/gravity/cow_capitals.csv", []string{"ccode", "capital", "stdate", "enddate", "lat", "lng"}, func(line int, row []string) {
		day := (on(t, row[2]) + on(t, row[3])) / 2
		iso3, status := r.Resolve(COW, row[0], day, true)
		if status != Known {
			t.Errorf("line %d: %s is %s", line, row[0], status)
			return
		}
		compared++
		for _, p := range places {
			if from, to := interval(t, p["valid_from"], p["valid_to"]); p["iso3"] != iso3 || day < from || day >= to {
				continue
			}
			apart := 0.0
			for column, text := range map[string]string{"latitude_deg": row[4], "longitude_deg": row[5]} {
				theirs, err := strconv.ParseFloat(text, 64)
				ours, ourErr := strconv.ParseFloat(p[column], 64)
				if err != nil || ourErr != nil {
					t.Fatalf("line %d: %v, %v", line, err, ourErr)
				}
				apart = max(apart, math.Abs(theirs-ours))
			}
			_, known := differs[row[0]+" "+row[2]]
			if (apart > 0.3) != known {
				t.Errorf("line %d: %s is %s on %s, and %.2f degrees off the list's %s", line, iso3, p["capital"], day.FormattedString(), apart, row[1])
			}
		}
	})
	if compared != 242 {
		t.Errorf("%d capitals compared", compared)
	}
}

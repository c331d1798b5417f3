package states

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// decidedOn fails unless the value is in the scheme, and on 1 July of every year given is a state, an
// aggregate or known to be neither.
func decidedOn(t *testing.T, r *Resolver, scheme Scheme, value string, years ...int) {
	t.Helper()
	if r.meaning(scheme, value) == nil {
		t.Errorf("%s %q is not decided; nearest: %q", scheme, value, r.Nearest(scheme, value, 3))
	}
	for _, year := range years {
		if _, status := r.Resolve(scheme, value, on(t, strconv.Itoa(year)+"-07-01"), true); status == Unknown {
			t.Errorf("%s %q means nothing in %d", scheme, value, year)
		}
	}
}

// sharedFile returns a file beside the checkout, or skips the test where it is not at hand.
func sharedFile(t *testing.T, name string) []byte {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if data, err := os.ReadFile(filepath.Join(dir, "shared", "data", name)); err == nil {
			return data
		}
	}
	t.Skipf("no shared/data/%s beside the checkout", name)
	return nil
}

func TestEveryComtradeNumberIsDecided(t *testing.T) {
	r := resolver(t)
	var reporters struct {
		Results []struct{ ReporterCode int }
	}
	if err := json.Unmarshal([]byte(strings.TrimPrefix(string(sharedFile(t, "trade/comtrade/reference/Reporters.json")), "\ufeff")), &reporters); err != nil {
		t.Fatal(err)
	}
	for _, a := range reporters.Results {
		decidedOn(t, r, Comtrade, strconv.Itoa(a.ReporterCode), 1962, 1985, 1991, 2000, 2024)
	}
	partners := 0
	sharedTable(t, "trade/comtrade/reference/partnerAreas.csv", []string{"id"}, func(_ int, row []string) {
		partners++
		decidedOn(t, r, Comtrade, row[0], 1962, 1985, 1991, 2000, 2024)
	})
	if len(reporters.Results) != 255 || partners != 310 {
		t.Errorf("%d reporters, %d partners", len(reporters.Results), partners)
	}
	for _, file := range []string{"trade/baci/country_codes_V202001.csv", "trade/baci/country_codes_V202201.csv"} {
		sharedTable(t, file, []string{"country_code"}, func(_ int, row []string) { decidedOn(t, r, Comtrade, row[0], 1995, 2020) })
	}
}

// TestComtradeAgreesWithItsISOColumn compares with the list's own ISO codes where it has real ones.
func TestComtradeAgreesWithItsISOColumn(t *testing.T) {
	r := resolver(t)
	differs := map[string]string{"58": "BLX", "492": "", "810": "RUS", "866": "VNM", "868": "RVN", "849": "UMI", "80": "", "10": "", "536": "", "891": "SCG"}
	sharedTable(t, "trade/comtrade/reference/partnerAreas.csv", []string{"id", "iso_3", "exit_year"}, func(line int, row []string) {
		iso := strings.TrimSpace(row[1])
		if len(iso) != 3 || strings.ContainsAny(iso, "_0123456789") && iso != "ZA1" {
			return
		}
		if other, ok := differs[row[0]]; ok {
			iso = other
		}
		year := "2005"
		if row[2] != "" && row[2] < year {
			year = row[2]
		}
		if got, status := r.Resolve(Comtrade, row[0], on(t, year+"-07-01"), true); got != iso {
			t.Errorf("line %d: %s is %q (%s), its list says %q", line, row[0], got, status, iso)
		}
	})
}

func TestEveryAreaOfTheFundIsDecided(t *testing.T) {
	r := resolver(t)
	areas := 0
	sharedTable(t, "trade/imf_dots/imf_dots_areas.csv", []string{"iso3", "reporter_first", "reporter_last", "partner_first", "partner_last"}, func(_ int, row []string) {
		if row[0] == "" {
			return
		}
		areas++
		for _, year := range row[1:] {
			if year != "" {
				n, err := strconv.Atoi(year)
				if err != nil {
					t.Fatal(err)
				}
				decidedOn(t, r, IMF, row[0], n)
			}
		}
	})
	if areas != 220 {
		t.Errorf("%d areas with a code", areas)
	}
}

// TestBothNumbersOfAnAreaAgree demands that an area of the Fund is the same state by Comtrade's number.
func TestBothNumbersOfAnAreaAgree(t *testing.T) {
	r := resolver(t)
	sharedTable(t, "trade/imf_dots/imf_dots_areas.csv", []string{"iso3", "comtrade_code", "partner_first"}, func(line int, row []string) {
		if row[0] == "" || row[2] == "" {
			return
		}
		day := on(t, row[2]+"-07-01")
		fund, _ := r.Resolve(IMF, row[0], day, true)
		if comtrade, _ := r.Resolve(Comtrade, row[1], day, true); comtrade != fund {
			t.Errorf("line %d: %s is %s, and %s is %s", line, row[0], fund, row[1], comtrade)
		}
	})
}

func TestEveryEconomyOfTheWorldBankIsDecided(t *testing.T) {
	r := resolver(t)
	status := map[string]Status{}
	sharedTable(t, "trade/gdp/wdi_NY.GDP.MKTP.CD.csv.gz", []string{"Country Code"}, func(_ int, row []string) {
		if _, ok := status[row[0]]; !ok {
			code := strings.Clone(row[0])
			decidedOn(t, r, WorldBank, code, 1960, 2023)
			_, status[code] = r.Resolve(WorldBank, code, 0, false)
		}
	})
	aggregates := 0
	for _, s := range status {
		if s == Aggregate {
			aggregates++
		}
	}
	if len(status) != 262 || aggregates != 48 {
		t.Errorf("%d codes, %d of them aggregates", len(status), aggregates)
	}
}

// TestGleditschWardStates resolves every state of the list on its first and last day, and compares with the
// Correlates of War number of the same state and year.
func TestGleditschWardStates(t *testing.T) {
	r := resolver(t)
	noState := []string{"89", "99", "563", "564", "711"}
	sharedTable(t, "trade/concordance/gw_state_system.csv", []string{"gwcode", "startdate", "enddate"}, func(line int, row []string) {
		for _, text := range row[1:] {
			_, status := r.Resolve(GW, row[0], on(t, text), true)
			if want := slices.Contains(noState, row[0]); want != (status == Unresolvable) || status == Unknown {
				t.Errorf("line %d: %s on %s is %s", line, row[0], text, status)
			}
		}
	})
	sharedTable(t, "trade/concordance/cow_gw_years.csv.gz", []string{"gwcode", "ccode", "year"}, func(line int, row []string) {
		if row[0] == "" || row[1] == "" || row[0] == "345" {
			return
		}
		day := on(t, row[2]+"-12-31")
		gw, _ := r.Resolve(GW, row[0], day, true)
		if cow, _ := r.Resolve(COW, row[1], day, true); gw != cow {
			t.Errorf("line %d: %s is %s, and %s is %s on %s-12-31", line, row[0], gw, row[1], cow, row[2])
		}
	})
	sharedTable(t, "trade/gdp/anders_fariss_markowitz_gdp_gw.csv.gz", []string{"gwcode", "year"}, func(_ int, row []string) {
		decidedOn(t, r, GW, row[0])
	})
}

// TestCorrelatesOfWarTrade resolves every number of the trade data in every year it has.
func TestCorrelatesOfWarTrade(t *testing.T) {
	r := resolver(t)
	seen := map[[2]string]bool{}
	sharedTable(t, "trade/cow/cow_trade_4.0_national.csv.gz", []string{"ccode", "year"}, func(_ int, row []string) {
		key := [2]string{strings.Clone(row[0]), strings.Clone(row[1])}
		if seen[key] {
			return
		}
		seen[key] = true
		year, err := strconv.Atoi(row[1])
		if err != nil {
			t.Fatal(err)
		}
		decidedOn(t, r, COW, row[0], year)
	})
}

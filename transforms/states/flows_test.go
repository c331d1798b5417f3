package states

import (
	"strings"
	"testing"
)

// TestNoTwoAreasOfTheFundAreOneState resolves both areas of every flow of the Direction of Trade Statistics,
// by Comtrade's number and by the Fund's code: they agree, and no flow of a year comes twice.
func TestNoTwoAreasOfTheFundAreOneState(t *testing.T) {
	type area struct{ name, year string }
	type answer struct {
		status Status
		state  uint64 // its number among the states met
	}
	r := resolver(t)
	codes := map[string][2]string{}
	sharedTable(t, "trade/imf_dots/imf_dots_areas.csv", []string{"name", "iso3", "comtrade_code"}, func(_ int, row []string) {
		codes[strings.Clone(row[0])] = [2]string{strings.Clone(row[1]), strings.Clone(row[2])}
	})
	answers := map[area]answer{}
	states := map[string]uint64{}
	resolve := func(name, year string) answer {
		if known, ok := answers[area{name, year}]; ok {
			return known
		}
		code, a := codes[name], answer{status: Aggregate}
		if code[0] != "" {
			day := on(t, year+"-07-01")
			fund, status := r.Resolve(IMF, code[0], day, true)
			comtrade, other := r.Resolve(Comtrade, code[1], day, true)
			if fund != comtrade || status != other {
				t.Errorf("%s in %s: %s is %s (%s), and %s is %s (%s)", name, year, code[0], fund, status, code[1], comtrade, other)
			}
			if states[fund] == 0 {
				states[fund] = uint64(len(states)) + 1
			}
			a = answer{status, states[fund]}
		}
		answers[area{strings.Clone(name), strings.Clone(year)}] = a
		return a
	}
	seen := map[[2]uint64]bool{}
	count := map[Status]int{}
	sharedTable(t, "trade/imf_dots/imf_dots_imports_cif_1960_2020.csv.gz", []string{"reporter", "partner", "year"}, func(line int, row []string) {
		reporter, partner := resolve(row[0], row[2]), resolve(row[1], row[2])
		count[max(reporter.status, partner.status)]++
		if reporter.status != Known || partner.status != Known {
			return
		}
		year := uint64(row[2][0])<<24 | uint64(row[2][1])<<16 | uint64(row[2][2])<<8 | uint64(row[2][3])
		flow := [2]uint64{reporter.state<<32 | partner.state, year}
		if seen[flow] {
			t.Errorf("line %d: a flow of %s from %s in %s is there already", line, row[0], row[1], row[2])
		}
		seen[flow] = true
	})
	if count[Unknown] > 0 || count[Unresolvable] != 852 || count[Known] != 990350 {
		t.Errorf("%v", count)
	}
}

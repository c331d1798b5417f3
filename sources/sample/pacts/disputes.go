package pacts

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Headers of the two tables of Militarized Interstate Disputes, version 5.0: the disputes, and the states of two sides
// in a year as the R package peacesciencer derives them.
const (
	disputeHeader = "dispnum,styear,stmon,outcome,settle,fatality,mindur,maxdur,hiact,hostlev,recip"
	pairHeader    = "dispnum,ccode1,ccode2,year,cowmidongoing,cowmidonset,sidea1,sidea2,fatality1,fatality2,fatalpre1,fatalpre2," +
		"hiact1,hiact2,hostlev1,hostlev2,orig1,orig2,fatality,hostlev,mindur,maxdur,recip,stmon"
	pairFacts = "dispnum,year,iso3_a,iso3_b,onset,first,fatality_a,fatality_b,fatalpre_a,fatalpre_b,hiact_a,hiact_b,hostlev_a,hostlev_b,orig_a,orig_b"
)

// dispute is a militarized dispute by the names of disputeHeader; "" is unknown.
type dispute cells

// disputing is two states on opposite sides of a dispute in a year, by the names of pairFacts; first is the side, a or
// b, that acted first in the dispute.
type disputing cells

func (f *facts) addDispute(r []string) error {
	d, err := numbers(disputeHeader, r)
	if err != nil {
		return err
	}
	f.disputes = append(f.disputes, dispute(d))
	return nil
}

func (f *facts) addDisputing(r []string) error {
	names := strings.Split(pairFacts, ",")
	p, err := numbers(pairFacts, r, "iso3_a", "iso3_b", "first")
	if err != nil {
		return err
	}
	switch {
	case !slices.ContainsFunc(f.disputes, func(d dispute) bool { return d["dispnum"] == p["dispnum"] }):
		return fmt.Errorf("%s of dispute %s, which is not in facts/disputes.csv", names[2], p["dispnum"])
	case p["iso3_a"] >= p["iso3_b"] || p["first"] != "a" && p["first"] != "b":
		return fmt.Errorf("dispute %s: states in order, and a or b as the one that acted first, are wanted", p["dispnum"])
	}
	f.disputing = append(f.disputing, disputing(p))
	return nil
}

// numbers names the cells of a row, which are numbers or empty, but for those that are texts.
func numbers(header string, r []string, texts ...string) (cells, error) {
	row := cells{}
	for i, name := range strings.Split(header, ",") {
		row[name] = r[i]
		if _, err := strconv.Atoi(r[i]); err != nil && r[i] != "" && !slices.Contains(texts, name) {
			return nil, fmt.Errorf("%s: %q is no number", name, r[i])
		}
	}
	return row, nil
}

// known is a value as the tables write it.
func known(value string) string {
	if value == "" {
		return missing
	}
	return value
}

// disputesZIPs make the archives of disputes and of pairs, which has each pair from both sides.
func disputesZIPs(f *facts, on States) (disputes, pairs []byte, err error) {
	of := map[string]cells{}
	var rows []cells
	for _, d := range f.disputes {
		row := cells{}
		for name, value := range d {
			row[name] = known(value)
		}
		of[d["dispnum"]] = row
		rows = append(rows, row)
	}
	table, err := named(disputeHeader, rows)
	if err != nil {
		return nil, nil, err
	}
	if disputes, err = zipped(file{"MIDA 5.0.csv", table}); err != nil {
		return nil, nil, err
	}
	rows = nil
	for _, p := range f.disputing {
		for _, sides := range [][2]string{{"a", "b"}, {"b", "a"}} {
			row := cells{"dispnum": p["dispnum"], "year": p["year"], "cowmidongoing": "1", "cowmidonset": p["onset"]}
			for _, name := range []string{"fatality", "hostlev", "mindur", "maxdur", "recip", "stmon"} {
				row[name] = of[p["dispnum"]][name]
			}
			for i, side := range sides {
				at := strconv.Itoa(i + 1)
				number, _, err := on(p["iso3_"+side], p["year"]+"-12-31")
				if err != nil {
					return nil, nil, fmt.Errorf("dispute %s: %w", p["dispnum"], err)
				}
				row["ccode"+at], row["sidea"+at] = strconv.Itoa(number), one(p["first"] == side)
				for _, name := range []string{"fatality", "fatalpre", "hiact", "hostlev", "orig"} {
					row[name+at] = known(p[name+"_"+side])
				}
			}
			rows = append(rows, row)
		}
	}
	if table, err = named(pairHeader, rows); err != nil {
		return nil, nil, err
	}
	pairs, err = zipped(file{"cow_mid_ddydisps.csv", table})
	return disputes, pairs, err
}

package pacts

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"entente/transforms/states"
)

// agreementHeader are the first columns of DESTA's list of treaties, before members and roles.
var agreementHeader = []string{
	"number", "base_treaty", "name", "entry_type", "consolidated", "year", "entryforceyear", "language", "typememb", "regioncon", "wto_listed", "wto_name",
}

// mostMembers is how many columns of members, and of roles, the list has.
const mostMembers = 91

// agreement is an entry in the list of trade agreements.
type agreement struct {
	number, base, name, kind, consolidated string
	signed, inForce                        string // years, "" where not known
	members, region, listed                string // kind of membership, continent, whether the WTO lists it
	roles                                  [5][]string
}

// agreementRoles are the roles in the order of the facts' last columns; the last one is not known.
var agreementRoles = [5]string{"0", "1", "2", "3", "NA"}

func (f *facts) addAgreement(r []string) error {
	a := agreement{r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7], r[8], r[9], [5][]string{}}
	if slices.ContainsFunc(f.agreements, func(b agreement) bool { return b.number == a.number }) {
		return fmt.Errorf("agreement %s is there twice", a.number)
	}
	for _, year := range []string{a.signed, a.inForce} {
		if _, err := strconv.Atoi(year); year != "" && err != nil {
			return fmt.Errorf("agreement %s: year: %w", a.number, err)
		}
	}
	listed := 0
	for i := range agreementRoles {
		a.roles[i] = strings.Fields(r[10+i])
		listed += len(a.roles[i])
	}
	if listed < 2 || listed > mostMembers {
		return fmt.Errorf("agreement %s has %d members", a.number, listed)
	}
	f.agreements = append(f.agreements, a)
	return nil
}

// isoNumbers are the ISO 3166-1 numbers by code, with the one that DESTA has for Kosovo.
func isoNumbers() (map[string]string, error) {
	file, err := states.Files().Open("states.csv")
	if err != nil {
		return nil, err
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("states.csv: %w", err)
	}
	code, number := slices.Index(rows[0], "iso3"), slices.Index(rows[0], "m49")
	numbers := map[string]string{"XKX": "900"}
	for _, row := range rows[1:] {
		if row[number] != "" {
			numbers[row[code]] = row[number]
		}
	}
	return numbers, nil
}

// agreementsCSV makes DESTA's list of treaties, with semicolons. Language and name at the WTO are not in the facts.
func agreementsCSV(f *facts) ([]byte, error) {
	numbers, err := isoNumbers()
	if err != nil {
		return nil, err
	}
	header := slices.Clone(agreementHeader)
	for _, prefix := range []string{"c", "mc"} {
		for n := range mostMembers {
			header = append(header, prefix+strconv.Itoa(n+1))
		}
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Comma = ';'
	w.Write(header)
	for _, a := range f.agreements {
		row := []string{
			a.number, a.base, a.name, a.kind, a.consolidated, orNA(a.signed), orNA(a.inForce), "NA", a.members, orNA(a.region), orNA(a.listed), "NA",
		}
		lists := make([]string, 2*mostMembers)
		for i := range lists {
			lists[i] = "NA"
		}
		at := 0
		for i, list := range a.roles {
			for _, iso3 := range list {
				number := numbers[iso3]
				if number == "" {
					return nil, fmt.Errorf("agreement %s: %s has no ISO number in states.csv", a.number, iso3)
				}
				lists[at], lists[mostMembers+at] = number, agreementRoles[i]
				at++
			}
		}
		w.Write(append(row, lists...))
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

func orNA(value string) string {
	if value == "" {
		return "NA"
	}
	return value
}

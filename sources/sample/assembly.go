package sample

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// Headers of the deposit doi:10.7910/DVN/LEJUQZ: roll calls since 2021, ideal points of April 2020
// (the letter O in "QO%" is the deposit's).
const (
	votesHeader     = "rcid,ccode,member,vote,Country,Countryname,year,session,abstain,yes,no,importantvote,date,unres,amend,para,short,descr,me,nu,di,hr,co,ec,resid"
	estimatesHeader = "Row,ccode,session,NVotes,IdealPoint,QO%,Q5%,Q10%,Q50%,Q90%,Q95%,Q100%,iso3c,Countryname"
)

// issueFlags are the deposit's six issue columns in its order.
var issueFlags = []string{"me", "nu", "di", "hr", "co", "ec"}

// votesCSV writes the roll calls: one row per roll call and member, by Correlates of War number.
// Sessions begin in the autumn of 1945 + session, the deposit's year.
func votesCSV(f *facts) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write(strings.Split(votesHeader, ","))
	for _, c := range f.rollCalls {
		members := make([]state, 0, len(c.cast))
		for iso3 := range c.cast {
			s, err := f.on(iso3, c.date)
			if err != nil {
				return nil, fmt.Errorf("roll call %d: %w", c.rcid, err)
			}
			members = append(members, s)
		}
		slices.SortFunc(members, func(a, b state) int { return a.cow - b.cow })
		tail := []string{
			strconv.Itoa(c.session + 1945), strconv.Itoa(c.session),
			strconv.Itoa(c.counts[1]), strconv.Itoa(c.counts[0]), strconv.Itoa(c.counts[2]),
			c.important, c.date, c.depositSymbol, c.amendment, c.paragraph, c.title, c.title,
		}
		for _, issue := range issueFlags {
			flag := "0"
			if slices.Contains(c.issues, issue) {
				flag = "1"
			}
			tail = append(tail, flag)
		}
		tail = append(tail, "")
		for _, s := range members {
			row := []string{strconv.Itoa(c.rcid), strconv.Itoa(s.cow), "1", c.cast[s.iso3], s.abbreviation, s.name}
			w.Write(append(row, tail...))
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// estimatesCSV writes the ideal points, in Windows-1252 as the deposit does.
func estimatesCSV(f *facts) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(charmap.Windows1252.NewEncoder().Writer(&b))
	w.Write(strings.Split(estimatesHeader, ","))
	for i, e := range f.estimates {
		// Sessions open in September; a state's number on the last day of that year is the session's.
		s, err := f.on(e.iso3, fmt.Sprintf("%d-12-31", e.session+1945))
		if err != nil {
			return nil, fmt.Errorf("ideal point: %w", err)
		}
		row := []string{strconv.Itoa(i + 1), strconv.Itoa(s.cow), strconv.Itoa(e.session)}
		row = append(row, e.values...)
		w.Write(append(row, s.estimatesISO3, s.estimatesName))
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

package pacts

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Headers of the two tables of Alliance Treaty Obligations and Provisions, version 5.0, that are served: without
// the columns of members in the first, which the second has, and the marks of how a version came about.
const (
	provisionsHeader = "wartime,estmode,pubsecr,secrart,proadd,futmem,speclgth,length,renounce,proren,renewlgt,term"
	obligationHeader = "defense,offense,neutral,nonagg,consul,active,conditio,defcon,offcon,neucon,concon"
	conditionsHeader = "defcoadv,defcoloc,defcocon,defconum,defcodem,defconpr,offcoadv,offcoloc,offcocon,offconum,offcodem,neucoadv,neucoloc,neucocon,neuconum,neucodem,neuconpr,neucoatt,concoadv,concoloc,concocon,concoreq,olimob"
	contentsHeader   = "notaiden,dipaid,terrres,seppeace,thirdcom,noothall,specthrt,statthr1,statthr2,conwtin,medarb,milcon,milaid,intcom,subord,organ1,orgpurp1,organ2,orgpurp2,base,contrib,armred,acqterr,divgains,demwith,reflnun,refothio,natrefal,compag,nomicoop,conres,agprois,conmen,ecaid,interv"

	allianceHeader = "atopid,cowid,cow4id,begyr,begmo,begday,endyr,endmo,endday,ineffect,bilat,maxphase," +
		provisionsHeader + "," + obligationHeader + ",asymm," + contentsHeader + ",version"
	memberHeader = "atopid,cowid,cow4id,member,cowsys,yrent,moent,dayent,yrexit,moexit,dayexit,ineffect,bilat,phase,maxphase," +
		provisionsHeader + ",termmode,termcaus," + obligationHeader + "," + conditionsHeader + ",asymm,obvary," + contentsHeader + ",version"
)

// alliance is one alliance as first signed.
type alliance struct {
	id, title     string
	signed, ended string // a day, or a month where no more is known; ended is "" while it lasts
	phases        string // 0 where its obligations never changed
	obligations   string // letters of obligationLetters
	bilateral     string // 1 or 0, as the next ones
	asymmetric    string
	term          string // how it ended, by ATOP's code
	ratified      string
	secret        string
}

// membership is what some members of an alliance owed in one phase, from and to the same days.
type membership struct {
	id, phase, obligations string
	entered, left          string
	term, asymmetric       string
	members                []string
}

// obligationLetters are how the facts write obligations, and the columns they stand for.
var obligationLetters = []struct{ letter, column string }{
	{"d", "defense"}, {"o", "offense"}, {"n", "neutral"}, {"a", "nonagg"}, {"c", "consul"},
}

func (f *facts) addAlliance(r []string) error {
	a := alliance{r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7], r[8], r[9], r[10]}
	if _, err := strconv.Atoi(a.id); err != nil || a.title == "" {
		return fmt.Errorf("alliance %q needs a number and a title", a.id)
	}
	if slices.ContainsFunc(f.alliances, func(b alliance) bool { return b.id == a.id }) {
		return fmt.Errorf("alliance %s is there twice", a.id)
	}
	f.alliances = append(f.alliances, a)
	return checkTerms("alliance "+a.id, a.obligations, a.signed, a.ended)
}

func (f *facts) addMembership(r []string) error {
	m := membership{r[0], r[1], r[2], r[3], r[4], r[5], r[6], strings.Fields(r[7])}
	if !slices.ContainsFunc(f.alliances, func(a alliance) bool { return a.id == m.id }) {
		return fmt.Errorf("members of alliance %s, which is not in facts/alliances.csv", m.id)
	}
	f.memberships = append(f.memberships, m)
	return checkTerms("members of alliance "+m.id, m.obligations, m.entered, m.left)
}

// checkTerms refuses obligations that are none and dates that are none or in the wrong order.
func checkTerms(what, obligations, from, to string) error {
	for _, letter := range obligations {
		if !slices.ContainsFunc(obligationLetters, func(o struct{ letter, column string }) bool { return o.letter == string(letter) }) {
			return fmt.Errorf("%s: %q is no obligation", what, letter)
		}
	}
	for _, date := range []string{from, to} {
		if len(date) == len("2006-01") {
			date += "-01"
		}
		if date == "" && to == "" {
			continue
		}
		if _, err := time.Parse(time.DateOnly, date); err != nil {
			return fmt.Errorf("%s: day: %w", what, err)
		}
	}
	if to != "" && to < from {
		return fmt.Errorf("%s: ends on %s, before it begins", what, to)
	}
	return nil
}

// date puts the parts of a date into three columns; parts that are not known stay empty, and each is 0 where
// nothing has ended.
func (c cells) date(date, year, month, day string) {
	if date == "" {
		c[year], c[month], c[day] = "0", "0", "0"
		return
	}
	for i, part := range strings.Split(date, "-") {
		c[[]string{year, month, day}[i]] = strings.TrimLeft(part, "0")
	}
}

func (c cells) obligations(letters string) {
	for _, o := range obligationLetters {
		c[o.column] = one(strings.Contains(letters, o.letter))
	}
}

// isActive reports whether one of the obligations is to fight.
func isActive(letters string) bool { return strings.ContainsAny(letters, "do") }

func one(is bool) string {
	if is {
		return "1"
	}
	return "0"
}

// alliancesZIP makes ATOP's archive of alliances and of members. What the facts lack is empty, as a provision
// is there of which no text tells.
func alliancesZIP(f *facts, on States) ([]byte, error) {
	var alliances, members []cells
	for _, a := range f.alliances {
		row := cells{
			"atopid": a.id, "ineffect": one(a.ended == ""), "bilat": a.bilateral, "maxphase": a.phases, "estmode": a.ratified,
			"pubsecr": a.secret, "term": a.term, "asymm": a.asymmetric, "version": "5",
		}
		row.date(a.signed, "begyr", "begmo", "begday")
		row.date(a.ended, "endyr", "endmo", "endday")
		row.obligations(a.obligations)
		row["active"] = one(isActive(a.obligations))
		alliances = append(alliances, row)
	}
	// an alliance is bilateral, and active, in a phase for all its members alike
	type phase struct{ id, phase string }
	parties, active := map[phase]map[string]bool{}, map[phase]bool{}
	for _, m := range f.memberships {
		in := phase{m.id, m.phase}
		if parties[in] == nil {
			parties[in] = map[string]bool{}
		}
		for _, iso3 := range m.members {
			parties[in][iso3] = true
		}
		active[in] = active[in] || isActive(m.obligations)
	}
	for _, m := range f.memberships {
		in, day := phase{m.id, m.phase}, m.entered
		if len(day) == len("2006-01") {
			day += "-15"
		}
		for _, iso3 := range m.members {
			number, _, err := on(iso3, day)
			if err != nil {
				return nil, fmt.Errorf("alliance %s: %w", m.id, err)
			}
			row := cells{
				"atopid": m.id, "member": strconv.Itoa(number), "ineffect": one(m.left == ""), "bilat": one(len(parties[in]) == 2),
				"phase": m.phase, "term": m.term, "asymm": m.asymmetric, "obvary": "0", "version": "5",
			}
			row.date(m.entered, "yrent", "moent", "dayent")
			row.date(m.left, "yrexit", "moexit", "dayexit")
			row.obligations(m.obligations)
			row["active"] = one(active[in])
			members = append(members, row)
		}
	}
	alliancesCSV, err := named(allianceHeader, alliances)
	if err != nil {
		return nil, err
	}
	membersCSV, err := named(memberHeader, members)
	if err != nil {
		return nil, err
	}
	return zipped(file{"ATOP 5.0 (.csv)/atop5_0a.csv", alliancesCSV}, file{"ATOP 5.0 (.csv)/atop5_0m.csv", membersCSV})
}

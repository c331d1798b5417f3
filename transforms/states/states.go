// Package states decides which state a source means: the one place in entente where a name, a code or a
// number becomes an iso3.
//
// The decisions are data, in tables beside this file (README.md gives their sources and rules). A
// spelling is in them or it is not known; nothing is matched by likeness. Spells are half-open: a valid_to
// is the first day on which the row no longer holds.
package states

import (
	"embed"
	"io/fs"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
)

// The tables, as Files names them.
const (
	StatesFile       = "states.csv"        // dated spells of states, with their numbers in other systems
	NamesFile        = "names.csv"         // what every scheme's values mean, and when
	GroupsFile       = "groups.csv"        // alliances and organizations
	GroupMembersFile = "group_members.csv" // dated membership in them

	GeographyFile       = "geography.csv"        // capitals and coasts
	RegionsFile         = "regions.csv"          // regions, by version
	RegionMembersFile   = "region_members.csv"   // dated membership in them
	ImportValuationFile = "import_valuation.csv" // importers whose published imports are valued FOB

	AllianceTermsFile       = "alliance_terms.csv"       // what the members of an alliance in GroupsFile owe each other
	InformalCommitmentsFile = "informal_commitments.csv" // commitments without a treaty of alliance
)

//go:embed *.csv
var tables embed.FS

// Files returns the tables as they are part of the program.
func Files() fs.FS { return tables }

// Scheme is a way of naming states.
type Scheme string

// Schemes of names.csv. Numbers are written without leading zeros.
const (
	UNDLName    Scheme = "undl_name"       // names in the UN Digital Library's voting data, as published
	UNDLCode    Scheme = "undl_code"       // codes beside those names
	COW         Scheme = "cow"             // Correlates of War state numbers
	SciencesPo  Scheme = "sciencespo_name" // column headers of Sciences Po's Security Council table
	ISO3        Scheme = "iso3"            // ISO 3166-1 alpha-3 and 3166-3 former codes
	M49         Scheme = "m49"             // UN M49 area numbers, regions included
	EnglishName Scheme = "english_name"    // short English names, as Voeten's tables and ISO write them
	Comtrade    Scheme = "comtrade"        // UN Comtrade's reporter and partner numbers, which BACI uses too
	IMF         Scheme = "imf"             // country codes in the International Monetary Fund's trade statistics
	WorldBank   Scheme = "worldbank"       // World Bank economy codes
	GW          Scheme = "gw"              // Gleditsch-Ward state numbers
	UNTCName    Scheme = "untc_name"       // names of participants in the treaties deposited with the Secretary-General
)

// Status says what became of a value.
type Status uint8

// The statuses of an answer.
const (
	Unknown      Status = iota // not in the table, or not on that day, or not without a day
	Known                      // names a state
	Unresolvable               // seen before, and known to name no state that can be told
	Aggregate                  // names a region or a remainder, not a state
)

// String returns the status as names.csv writes it.
func (s Status) String() string {
	switch s {
	case Known:
		return "state"
	case Unresolvable:
		return "unresolvable"
	case Aggregate:
		return "aggregate"
	default:
		return "unknown"
	}
}

// spell is one row of names.csv.
type spell struct {
	from, to arrow.Date32 // half-open; to is maxDay when open
	iso3     string       // "" unless Known
	status   Status
	note     string
}

const maxDay = arrow.Date32(1<<31 - 1)

// meaning is all that a scheme's value means, ordered by day.
type meaning struct {
	spells []spell
	always bool // one answer on every day, so no day is needed to find it
	single bool // one answer, though not on every day
}

// on returns the spell that covers the day, or nil.
func (m *meaning) on(day arrow.Date32) *spell {
	for i := range m.spells {
		if s := &m.spells[i]; s.from <= day && day < s.to {
			return s
		}
	}
	return nil
}

// Resolver answers which state a value means. It never changes after Load and is safe for concurrent use.
type Resolver struct {
	names      map[Scheme]map[string]*meaning
	successors map[string]string // iso3 of a former state to the one that states.csv says followed it
	group      *meaning          // of every group of the IMF
	tables     string            // SHA-256 of the tables it was made from
}

// Fingerprint changes when any answer may: it is the SHA-256 of the tables, hexadecimal. Whoever keeps
// resolved rows from run to run keeps it with them.
func (r *Resolver) Fingerprint() string { return r.tables }

// Resolve returns the iso3 that a value of a scheme means on a day.
//
// Without a day (hasDay false) a value resolves only if it means the same on every day it means anything.
// iso3 is "" unless the status is Known.
func (r *Resolver) Resolve(scheme Scheme, value string, day arrow.Date32, hasDay bool) (iso3 string, status Status) {
	m := r.meaning(scheme, value)
	if m == nil {
		return "", Unknown
	}
	s := m.answer(day, hasDay)
	if s == nil {
		return "", Unknown
	}
	return s.iso3, s.status
}

// meaning returns what a value means by names.csv, or nil if it is not there. Groups of the IMF's scheme
// are known by their form: there are hundreds, and new ones every year.
func (r *Resolver) meaning(scheme Scheme, value string) *meaning {
	m := r.names[scheme][value]
	if m == nil && scheme == IMF && isGroup(value) {
		return r.group
	}
	return m
}

// isGroup reports whether a code of the IMF is a group of countries: G, GX or TX, and digits (G001 is the
// world, TX123 a group by what its members export).
func isGroup(code string) bool {
	digits := strings.TrimLeft(code, "GTX")
	switch code[:len(code)-len(digits)] {
	case "G", "GX", "TX":
		return digits != "" && strings.Trim(digits, "0123456789") == ""
	}
	return false
}

// answer returns the spell that applies, or nil.
func (m *meaning) answer(day arrow.Date32, hasDay bool) *spell {
	switch {
	case m.always, !hasDay && m.single:
		return &m.spells[0]
	case !hasDay:
		return nil
	}
	return m.on(day)
}

// agrees reports whether a code may stand beside a name that means iso3: because the code means that state
// on some day, or a state that followed it. The Library prints today's code beside some former names.
func (r *Resolver) agrees(code *meaning, iso3 string) bool {
	for _, s := range code.spells {
		for former := iso3; former != ""; former = r.successors[former] {
			if s.iso3 == former {
				return true
			}
		}
	}
	return false
}

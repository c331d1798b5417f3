package desta

import (
	"context"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"

	"entente/pipeline"
	"entente/pipeline/delimited"
)

// comma separates the cells of the list.
const comma = ';'

// missing is how the list writes that it has nothing.
const missing = "NA"

// roleAlone notes that a record has more roles than members.
const roleAlone = "role without a member, not loaded"

var (
	numberForm   = regexp.MustCompile(`^[0-9]+([+_][0-9]+|[a-z])?$`)
	memberHeader = regexp.MustCompile(`^c([0-9]+)$`)
	roleHeader   = regexp.MustCompile(`^mc([0-9]+)$`)
)

func number() delimited.Column {
	return delimited.Text(pipeline.NotNull(pipeline.Code("number", "number of the entry: 64; 64+1 for an accession, 64_1 for a withdrawal, 250a for a consolidated text")), "number")
}

func year(description string) delimited.Column {
	return delimited.Whole(pipeline.Int16("year", "year", description), "year")
}

func treatyColumns() []delimited.Column {
	word := func(column, header, description string) delimited.Column {
		return delimited.Text(pipeline.Code(column, description), header).Alias(missing, "")
	}
	return []delimited.Column{
		number(),
		delimited.Text(pipeline.NotNull(pipeline.Code("base_treaty", "number of the agreement that the entry belongs to")), "base_treaty"),
		delimited.Text(pipeline.NotNull(pipeline.Text("name", "name that DESTA gives it")), "name"),
		delimited.OneOf(pipeline.NotNull(pipeline.Code("entry_type", "base_treaty, protocol or amendment, consolidated, accession, withdrawal or negotiation")),
			[]string{"base_treaty", "protocol or amendment", "consolidated", "accession", "withdrawal", "negotiation"}, "entry_type"),
		delimited.WholeOf(pipeline.NotNull(pipeline.Int8("consolidated", "", "1 for a consolidated text, -1 for the entry that it replaces, else 0")), []int64{-1, 0, 1}, "consolidated"),
		year("year of signature; null for negotiations"),
		delimited.Whole(pipeline.Int16("entry_into_force_year", "year", "year of entry into force; null where it is not known, or was not reached"), "entryforceyear"),
		word("language", "language", "language of the text that was coded"),
		delimited.WholeOf(pipeline.NotNull(pipeline.Int8("member_type", "", "1 bilateral, 2 plurilateral, 3 bloc and third country, 4 two blocs, 5 accession, 6 accession by joining a bloc, 7 withdrawal")),
			[]int64{1, 2, 3, 4, 5, 6, 7}, "typememb"),
		word("region", "regioncon", "continent of the members, or Intercontinental"),
		delimited.Truth(pipeline.Flag("wto_listed", "whether the World Trade Organization lists it"), "wto_listed"),
		word("wto_name", "wto_name", "name in the World Trade Organization's list"),
	}
}

// partyColumns are set by parties. Place, number and role come from the cells that membersOf finds: the headers
// that they give are some that must be there.
func partyColumns() []delimited.Column {
	return []delimited.Column{
		number(),
		delimited.Whole(pipeline.NotNull(pipeline.Int16("place", "", "place in the entry's list of members, from 1")), "c1"),
		year("year of signature of the entry; null for negotiations"),
		delimited.Whole(pipeline.NotNull(pipeline.Int16("iso_numeric", "", "ISO 3166-1 number of the member; 900 is Kosovo")), "c2"),
		delimited.WholeOf(pipeline.Int8("role", "", "0 member or third country, 1 member of a bloc, 2 and 3 of the two blocs; in accessions and withdrawals 1 whoever joins or leaves and 2 the others, but in those of type 6 without a 1 it is 2 who joins; null where missing"),
			[]int64{0, 1, 2, 3}, "mc1"),
	}
}

// notOfParties are the columns that the table of parties leaves to the table of treaties.
var notOfParties = []string{
	"base_treaty", "name", "entry_type", "consolidated", "entryforceyear", "language", "typememb", "regioncon",
	"wto_listed", "wto_name",
}

// Parse implements pipeline.Source.
func (s *source) Parse(ctx context.Context, snapshot fs.FS, table string, out pipeline.Sink) error {
	l := delimited.Layout{Source: name, File: listFile, Comma: comma}
	take := treaty
	switch table {
	case treatiesTable:
		l.Columns = treatyColumns()
	case partiesTable:
		l.Columns, l.Ignored, take = partyColumns(), notOfParties, parties
	default:
		return fmt.Errorf("source %s: no table %q", name, table)
	}
	b := delimited.NewBuilder(l.Columns, l.File, out)
	start := func(header []string) (delimited.ReadRecord, error) {
		m, err := membersOf(header)
		if err != nil {
			return nil, l.Refuse(1, err.Error())
		}
		l.Ignored = append(l.Ignored, m.headers...)
		at, err := l.Match(header, out)
		if err != nil {
			return nil, err
		}
		first := slices.Index(header, "number")
		return func(rec *delimited.Record) (string, error) {
			if id := rec.Cells[first]; !numberForm.Match(id) {
				return fmt.Sprintf("column number: %q is not a number such as 64, 64+1, 64_1 or 64a", id), nil
			}
			return take(b, rec, at, m, out)
		}, nil
	}
	return l.Read(ctx, snapshot, out, start, b.Flush)
}

// members are the cells of a record that list its members and their roles.
type members struct {
	headers []string
	member  []int // cell of each member
	role    []int // cell of each member's role
}

// membersOf finds the cells of members, c1 to the last, and of their roles, mc1 to the last.
func membersOf(header []string) (members, error) {
	var m members
	roles := map[string]int{}
	for i, h := range header {
		if at := roleHeader.FindStringSubmatch(h); at != nil {
			roles[at[1]] = i
			m.headers = append(m.headers, h)
		}
	}
	for i, h := range header {
		at := memberHeader.FindStringSubmatch(h)
		if at == nil {
			continue
		}
		if want := "c" + strconv.Itoa(len(m.member)+1); h != want {
			return members{}, fmt.Errorf("column %q stands where %q should", h, want)
		}
		role, ok := roles[at[1]]
		if !ok {
			return members{}, fmt.Errorf("column %q is missing", "m"+h)
		}
		m.headers, m.member, m.role = append(m.headers, h), append(m.member, i), append(m.role, role)
	}
	if len(m.member) == 0 {
		return members{}, fmt.Errorf("column %q is missing", "c1")
	}
	return m, nil
}

// treaty appends a record's entry. It returns why the record cannot be read, or "".
func treaty(b *delimited.Builder, rec *delimited.Record, at []int, _ members, _ pipeline.Sink) (problem string, err error) {
	for i, from := range at {
		if err := b.Set(i, rec.Cells[from]); err != nil {
			return err.Error(), nil
		}
	}
	_, err = b.Append(rec)
	return "", err
}

// parties appends a row for each member that a record lists. It returns why the record cannot be read, or "".
func parties(b *delimited.Builder, rec *delimited.Record, at []int, m members, out pipeline.Sink) (problem string, err error) {
	listed, alone := 0, 0
	for pass := range 2 { // the first finds what is wrong, before any row is there
		for i, from := range m.member {
			cell, role := rec.Cells[from], rec.Cells[m.role[i]]
			if len(cell) == 0 || string(cell) == missing {
				if pass == 0 && len(role) > 0 && string(role) != missing {
					alone++
				}
				continue
			}
			values := [][]byte{rec.Cells[at[0]], []byte(strconv.Itoa(i + 1)), rec.Cells[at[2]], cell, role}
			for column, value := range values {
				if err := b.Set(column, value); err != nil {
					return err.Error(), nil
				}
			}
			if pass == 0 {
				listed++
				continue
			}
			if _, err := b.Append(rec); err != nil {
				return "", err
			}
		}
		if listed == 0 {
			return "the entry lists no member", nil
		}
	}
	if alone > 0 {
		err = out.Filter(roleAlone, 0)
	}
	return "", err
}

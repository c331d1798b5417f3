package atop

import (
	"fmt"
	"time"

	"entente/pipeline"
	"entente/pipeline/delimited"

	"github.com/apache/arrow-go/v18/arrow"
)

// unknown is how the codebook writes what no copy of the agreement tells; files leave the cell empty.
const unknown = "-9"

// coded is a variable with codes 0 to high, or those in codes.
type coded struct {
	column, description string
	high                int64
	codes               []int64
}

// obligations hold for the alliance as a whole in one file and for one member in the other.
var obligations = []coded{
	{"defense", "whether to assist a partner that is attacked", 1, nil},
	{"offense", "whether to assist a partner that attacks", 1, nil},
	{"neutral", "whether to stay out of a partner's conflict", 1, nil},
	{"nonagg", "whether not to use force against a partner; 1, too, where a pact repeats the UN Charter's rule", 1, nil},
	{"consul", "whether to consult in a crisis that may become a conflict", 1, nil},
	{"active", "whether defense or offense", 1, nil},
	{"conditio", "whether an obligation depends on a condition", 1, nil},
	{"defcon", "whether defense does", 1, nil},
	{"offcon", "whether offense does", 1, nil},
	{"neucon", "whether neutral does", 1, nil},
	{"concon", "whether consul does", 1, nil},
}

// provisions are the other variables that both files have.
var provisions = []coded{
	{"wartime", "whether a member was at war when the alliance was formed", 1, nil},
	{"estmode", "1 for a treaty that wants ratification, 0 for another agreement", 1, nil},
	{"pubsecr", "0 public, 1 some articles secret, 2 secret", 2, nil},
	{"secrart", "what is secret: 0 nothing, 1 spoils, 2 target, 3 obligations, 4 both, 5 contributions, 6 operations, 7 accessions, 8 all", 8, nil},
	{"proadd", "accession of others: 0 not mentioned, 1 open, 2 by consent of all, 3 by another procedure", 3, nil},
	{"futmem", "states named as future members: 0 none, 1 certain ones, 2 of some kind, 3 any", 3, nil},
	{"speclgth", "term: 0 none stated, 1 fixed, 2 until a condition, 3 indefinite", 3, nil},
	{"renounce", "leaving during the term: 0 not mentioned, 1 at any time with notice, 2 upon aggression, 3 after a stated period, 4 prohibited", 4, nil},
	{"proren", "renewal: 0 not mentioned, 1 by decision, 2 unless one gives notice", 2, nil},
	{"term", "end: 0 has not ended or a member ceased to exist, 1 provisions fulfilled, 2 violated, 3 replaced by a new relationship", 3, nil},
	{"asymm", "whether members owe different things", 1, nil},
	{"notaiden", "no aid to a partner's enemies: 0 no promise, 1 to 5 by kind", 5, nil},
	{"dipaid", "whether diplomatic aid is promised", 1, nil},
	{"terrres", "whether to respect a partner's territory, or to restore it", 1, nil},
	{"seppeace", "separate peace: 0 not mentioned, else by kind", 4, nil},
	{"thirdcom", "whether commitments to third states are limited", 1, nil},
	{"noothall", "whether other alliances are forbidden", 1, nil},
	{"specthrt", "threat that the agreement names: 0 none, else by kind", 9, nil},
	{"conwtin", "conflict between the members: 0 not mentioned, else by kind", 3, nil},
	{"medarb", "whether members settle their disputes by a procedure", 1, nil},
	{"milcon", "contact of the militaries in peace: 0 none, 1 official, 2 planned and subordinate to a body, 3 common defence policy", 3, nil},
	{"milaid", "military aid: 0 none, 1 general, 2 grants or loans, 3 technology or training, 4 both", 4, nil},
	{"intcom", "whether there is an integrated command", 1, nil},
	{"subord", "subordination of forces: 0 none, 1 in war, 2 else by kind", 3, nil},
	{"organ1", "organization: 0 none, 1 regular meetings, 2 named body, 3 body of its own", 3, nil},
	{"orgpurp1", "its purpose: 0 none, 1 military, 2 economic, 3 political consultation, 4 all of these, 5 settling disputes", 5, nil},
	{"organ2", "second organization, as organ1", 3, nil},
	{"orgpurp2", "its purpose, as orgpurp1", 5, nil},
	{"base", "bases: 0 none, 1 on neutral ground, 2 on each other's, 3 of some on others' territory", 3, nil},
	{"contrib", "whether contributions are stated", 1, nil},
	{"armred", "armaments: 0 not mentioned, 1 reduced, 2 increased together", 2, nil},
	{"acqterr", "acquiring territory: 0 not mentioned, else by kind", 3, nil},
	{"divgains", "whether gains are divided", 1, nil},
	{"demwith", "whether demands or withdrawals are agreed", 1, nil},
	{"reflnun", "reference to an organization of the world: 0 none, 1 League of Nations, 2 United Nations", 2, nil},
	{"refothio", "whether another international organization is named", 1, nil},
	{"natrefal", "reference to other alliances: 0 none, 1 to 3 by kind, 9 of more than one kind", 0, []int64{0, 1, 2, 3, 4, 9}},
	{"compag", "companion agreements: 0 none, else by kind", 9, nil},
	{"nomicoop", "whether cooperation that is not military is agreed", 1, nil},
	{"conres", "reservations on cooperation: 0 none, else by kind", 3, nil},
	{"agprois", "agreement on provisions or issues: 0 none, else by kind", 9, nil},
	{"conmen", "whether cooperation is made conditional", 1, nil},
	{"ecaid", "economic aid: 0 none, 1 general, 2 grants or loans, 3 trade concessions, 4 more than one", 4, nil},
	{"interv", "interference in domestic affairs: 0 not mentioned, 1 none, 2 to 4 in cases stated", 4, nil},
}

// conditions are of one member's obligations.
var conditions = []coded{
	{"defcoadv", "whether defense holds against certain adversaries only", 1, nil},
	{"defcoloc", "whether in certain places only", 1, nil},
	{"defcocon", "whether in a certain conflict only", 1, nil},
	{"defconum", "whether against a certain number of adversaries only", 1, nil},
	{"defcodem", "whether upon a demand only", 1, nil},
	{"defconpr", "whether for an unprovoked attack only", 1, nil},
	{"offcoadv", "whether offense holds against certain adversaries only", 1, nil},
	{"offcoloc", "whether in certain places only", 1, nil},
	{"offcocon", "whether in a certain conflict only", 1, nil},
	{"offconum", "whether against a certain number of adversaries only", 1, nil},
	{"offcodem", "whether upon a demand only", 1, nil},
	{"neucoadv", "whether neutral holds towards certain adversaries only", 1, nil},
	{"neucoloc", "whether in certain places only", 1, nil},
	{"neucocon", "whether in a certain conflict only", 1, nil},
	{"neuconum", "whether for a certain number of adversaries only", 1, nil},
	{"neucodem", "whether upon a demand only", 1, nil},
	{"neuconpr", "whether for an unprovoked attack only", 1, nil},
	{"neucoatt", "whether for an attack on the partner only", 1, nil},
	{"concoadv", "whether consul holds for certain adversaries only", 1, nil},
	{"concoloc", "whether for certain places only", 1, nil},
	{"concocon", "whether for a certain conflict only", 1, nil},
	{"concoreq", "whether upon a request only", 1, nil},
	{"olimob", "whether an obligation depends on another condition", 1, nil},
	{"obvary", "whether the member owes different things to different members of the alliance, which the codes do not tell apart", 1, nil},
	{"cowsys", "whether the member belonged to the Correlates of War state system when it entered", 1, nil},
}

// endings are of one member.
var endings = []coded{
	{"termmode", "how the member's part ended: 0 it has not, else by kind", 9, nil},
	{"termcaus", "why: 0 it has not, else by kind", 9, nil},
}

func (c coded) read() delimited.Column {
	if c.high == 1 {
		return delimited.Truth(pipeline.Flag(c.column, c.description), c.column).Alias(unknown, "")
	}
	codes := c.codes
	if codes == nil {
		for n := range c.high + 1 {
			codes = append(codes, n)
		}
	}
	return delimited.WholeOf(pipeline.Int8(c.column, "code", c.description), codes, c.column).Alias(unknown, "")
}

func readAll(groups ...[]coded) []delimited.Column {
	var columns []delimited.Column
	for _, group := range groups {
		for _, c := range group {
			columns = append(columns, c.read())
		}
	}
	return columns
}

func number(f arrow.Field) delimited.Column { return delimited.Whole(f, f.Name).Alias(unknown, "") }

// known is a number that every row has.
func known(column, unit, description string) delimited.Column {
	return delimited.Whole(pipeline.NotNull(pipeline.Int16(column, unit, description)), column)
}

// day is a column that is made of several cells.
func day(column, description string) delimited.Column {
	return delimited.Date(pipeline.Day(column, description), []string{time.DateOnly}).Maybe()
}

// ended is a part of a date that is 0 where nothing has ended.
func ended(column, unit, description string) delimited.Column {
	return number(pipeline.Int16(column, unit, description)).Alias("0", "")
}

// Positions, in both tables, of the columns that are made of several cells.
const (
	atFirst = 1 // day of signature or entry
	atLast  = 2 // day of the end
)

// span is how one file names the parts of its first and last dates.
type span struct{ first, last [3]string } // year, month, day

var (
	allianceSpan = span{[3]string{"begyr", "begmo", "begday"}, [3]string{"endyr", "endmo", "endday"}}
	memberSpan   = span{[3]string{"yrent", "moent", "dayent"}, [3]string{"yrexit", "moexit", "dayexit"}}
)

// dates are the parts of both dates as columns.
func (s span) dates(first, last string) []delimited.Column {
	return []delimited.Column{
		known(s.first[0], "year", "year "+first),
		known(s.first[1], "month", "month "+first),
		number(pipeline.Int16(s.first[2], "day", "day of the month "+first+"; null where it is not known")),
		ended(s.last[0], "year", "year "+last+"; null while it lasts"),
		ended(s.last[1], "month", "month "+last+"; null while it lasts"),
		ended(s.last[2], "day", "day of the month "+last+"; null while it lasts, and where it is not known"),
		delimited.Truth(pipeline.NotNull(pipeline.Flag("ineffect", "whether it lasted at the end of the coding, 31 December 2018")), "ineffect"),
	}
}

func allianceColumns() []delimited.Column {
	columns := []delimited.Column{
		known("atopid", "", "ATOP number of the alliance"),
		day("signed_date", "day of signature; null where the day is not known"),
		day("end_date", "day on which it ended; null while it lasts, and where the day is not known"),
		delimited.Truth(pipeline.NotNull(pipeline.Flag("bilat", "whether it never had more than two members")), "bilat"),
		number(pipeline.Int8("maxphase", "phases", "number of phases; 0 where its obligations never changed")),
	}
	columns = append(columns, allianceSpan.dates("of signature", "of the end")...)
	columns = append(columns, readAll(obligations, provisions)...)
	return append(columns, common()...)
}

func memberColumns() []delimited.Column {
	columns := []delimited.Column{
		known("atopid", "", "ATOP number of the alliance"),
		day("entry_date", "day of the member's signature; null where the day is not known"),
		day("exit_date", "day on which it ended for the member; null while it lasts, and where the day is not known"),
		known("member", "", "Correlates of War number of the member"),
		known("phase", "", "phase of the alliance; 0 where it has but one"),
		delimited.Truth(pipeline.NotNull(pipeline.Flag("bilat", "whether the alliance never had more than two members")), "bilat"),
	}
	columns = append(columns, memberSpan.dates("of the member's signature", "in which it ended for the member")...)
	columns = append(columns, readAll(obligations, conditions, provisions, endings)...)
	return append(columns, common()...)
}

// common are the columns with which both tables end.
func common() []delimited.Column {
	return []delimited.Column{
		number(pipeline.Int16("length", "months", "term, where speclgth is 1; else 0")),
		number(pipeline.Int16("renewlgt", "months", "term of each renewal; 0 where none is stated")),
		number(pipeline.Int16("statthr1", "", "Correlates of War number of the first threat named; 0 for none")),
		number(pipeline.Int16("statthr2", "", "Correlates of War number of the second threat named; 0 for none")),
		number(pipeline.Int16("cowid", "", "number of the alliance in Correlates of War Formal Alliances 3.0")),
		number(pipeline.Int16("cow4id", "", "number of the alliance in Correlates of War Formal Alliances 4")),
		delimited.Text(pipeline.Code("version", "version of the data set"), "version").Maybe(),
	}
}

// most is the number of columns of members that a file may have.
const most = 99

// allianceIgnored are the columns of the members, which raw.atop_members has with their dates, and marks of
// how the data set was made.
func allianceIgnored() []string {
	ignored := []string{"source", "new5", "rev5"}
	for n := range most {
		ignored = append(ignored, fmt.Sprintf("mem%d", n+1))
	}
	return ignored
}

func memberIgnored() []string { return []string{"maxphase", "cowwar", "source", "new5", "rev5"} }

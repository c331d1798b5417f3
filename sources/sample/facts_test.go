package sample

import (
	"bytes"
	"io/fs"
	"slices"
	"strings"
	"testing"
)

func TestEmbeddedSize(t *testing.T) {
	const budget = 1 << 20
	var total int64
	err := fs.WalkDir(embedded, ".", func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		total += info.Size()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if total == 0 || total >= budget {
		t.Errorf("the facts have %d bytes, want fewer than %d and more than none", total, budget)
	}
}

// allFacts reads the embedded facts.
func allFacts(t *testing.T) *facts {
	t.Helper()
	f, err := readFacts()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestRollCalls(t *testing.T) {
	f := allFacts(t)
	if n := len(f.rollCalls); n < 100 {
		t.Errorf("%d roll calls, want 100 or more", n)
	}
	seen := map[int]bool{}
	for _, c := range f.rollCalls {
		if seen[c.rcid] {
			t.Errorf("roll call %d is there twice", c.rcid)
		}
		seen[c.rcid] = true
		if c.title == "" || c.counts[0]+c.counts[2] == 0 {
			t.Errorf("roll call %d has no title or no yes and no", c.rcid)
		}
		for _, issue := range c.issues {
			if !slices.Contains(issueFlags, issue) {
				t.Errorf("roll call %d: issue %q is unknown", c.rcid, issue)
			}
		}
		cow := map[int]string{}
		for iso3 := range c.cast {
			s, err := f.on(iso3, c.date)
			if err != nil {
				t.Errorf("roll call %d: %v", c.rcid, err)
				continue
			}
			if other, twice := cow[s.cow]; twice {
				t.Errorf("roll call %d: %s and %s are both number %d", c.rcid, other, iso3, s.cow)
			}
			cow[s.cow] = iso3
		}
	}
}

func TestStateSpellsDoNotOverlap(t *testing.T) {
	f := allFacts(t)
	for i, a := range f.states {
		for _, b := range f.states[:i] {
			overlap := (a.to == "" || b.from <= a.to) && (b.to == "" || a.from <= b.to)
			if overlap && (a.iso3 == b.iso3 || a.cow == b.cow) {
				t.Errorf("%s %d and %s %d overlap", a.iso3, a.cow, b.iso3, b.cow)
			}
		}
	}
}

// Pairs and groups of the questions that entente was built for have enough joint ballots in 2006-2012.
func TestJointBallots2006To2012(t *testing.T) {
	const enough = 20
	f := allFacts(t)
	pairs := [][2]string{
		{"CHN", "RUS"}, {"CHN", "USA"}, {"RUS", "USA"}, {"USA", "GBR"}, {"USA", "FRA"}, {"USA", "DEU"}, {"USA", "ISR"},
		{"USA", "JPN"}, {"USA", "KOR"}, {"CHN", "KAZ"}, {"RUS", "KGZ"}, {"IND", "BRA"}, {"ZAF", "CHN"}, {"IDN", "PHL"}, {"THA", "VNM"},
	}
	for _, pair := range pairs {
		joint := 0
		for _, c := range f.rollCalls {
			if c.date < "2006-01-01" || c.date > "2012-12-31" {
				continue
			}
			a, b := c.cast[pair[0]], c.cast[pair[1]]
			if a != "" && a != "8" && b != "" && b != "8" {
				joint++
			}
		}
		if joint < enough {
			t.Errorf("%v have %d joint ballots, want %d or more", pair, joint, enough)
		}
	}
}

func TestCouncilVotesAreContestedOrVetoed(t *testing.T) {
	f := allFacts(t)
	for _, d := range f.drafts {
		contested := 0
		for _, n := range d.counts[:3] {
			if n > 0 {
				contested++
			}
		}
		if contested < 2 {
			t.Errorf("vote %d is not contested", d.number)
		}
		if (d.outcome == vetoed) != (len(d.vetoing()) > 0) {
			t.Errorf("vote %d: outcome %s, vetoes by %v", d.number, d.outcome, d.vetoing())
		}
		if n := len(d.cast); n != 15 {
			t.Errorf("vote %d: %d members, want 15", d.number, n)
		}
	}
}

func TestWrongFactsAreNamed(t *testing.T) {
	const header = "rcid,session,date,date_source,symbol,deposit_symbol,title,important,amendment,paragraph,issues,yes_count,abstain_count,no_count,absent_count,yes,abstain,no,absent"
	for _, c := range []struct{ name, text, want string }{
		{"other header", "rcid,session\n", "facts/x.csv:1: header"},
		{"field missing", header + "\n1,2\n", "wrong number of fields"},
		{"count", header + "\n3,1,1946-01-01,library,,,t,0,0,0,,2,0,0,0,USA,,,\n", "facts/x.csv:2: roll call 3: 2 ballots of kind 1 are stated, 1 are listed"},
		{"two ballots", header + "\n3,1,1946-01-01,library,,,t,0,0,0,,1,0,1,0,USA,,USA,\n", "facts/x.csv:2: roll call 3: USA has ballots 1 and 3"},
		{"day", header + "\n3,1,1946-02-30,library,,,t,0,0,0,,1,0,0,0,USA,,,\n", "facts/x.csv:2: day"},
		{"number", header + "\nx,1,1946-02-03,library,,,t,0,0,0,,1,0,0,0,USA,,,\n", "facts/x.csv:2: field 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var f facts
			err := scan("x.csv", header, strings.NewReader(c.text), f.addRollCall)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is %v, want one with %q", err, c.want)
			}
		})
	}
}

func FuzzScan(f *testing.F) {
	const header = "vote_number,date,symbol,outcome,meeting,title,yes_count,abstain_count,no_count,nonvoting_count,yes,abstain,no,nonvoting"
	f.Add([]byte(header + "\n1,2006-04-25,S/RES/1(2006),adopted,,t,1,0,1,0,USA,,CHN,\n"))
	f.Add([]byte("\"\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var got facts
		if err := scan("x.csv", header, bytes.NewReader(data), got.addDraft); err != nil {
			return
		}
		for _, d := range got.drafts {
			if n := d.counts[0] + d.counts[1] + d.counts[2] + d.counts[3]; n != len(d.cast) {
				t.Errorf("vote %d: counts add up to %d, %d ballots", d.number, n, len(d.cast))
			}
		}
	})
}

package sample

import (
	"embed"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
)

//go:embed facts/*.csv
var embedded embed.FS

// facts is the content of folder facts.
type facts struct {
	states    []state
	rollCalls []rollCall
	estimates []estimate
	columns   []column
	drafts    []draft
	economies []economy
	trade     []imports
}

// state is a spell of one state and what the deposits call it then.
type state struct {
	iso3          string
	from, to      string // days, inclusive; "" is open
	cow           int    // Correlates of War number
	abbreviation  string // Correlates of War abbreviation
	name          string // Correlates of War name
	estimatesISO3 string // code and name in the ideal points, "" where these lack the state
	estimatesName string
}

// rollCall is one recorded vote of the General Assembly.
type rollCall struct {
	rcid, session int
	date          string
	depositSymbol string // as the deposit writes it: "R/66/144"
	title         string
	important     string // flags as in the deposit: "1", "0" or "" where it has none
	amendment     string
	paragraph     string
	issues        []string // me, nu, di, hr, co, ec
	cast          map[string]string
	counts        [4]int // yes, abstain, no, absent
}

// estimate is the published ideal point of a state in a session.
type estimate struct {
	iso3    string
	session int
	values  []string // vote count, ideal point, quantiles 0, 5, 10, 50, 90, 95, 100 %
}

// column is a state column of the Council's deposit; iso3 is "" where the sample has no ballot in it.
type column struct{ name, iso3 string }

// draft is one vote of the Security Council.
type draft struct {
	number                       int
	date, symbol, outcome, title string
	meeting                      string // bare number of a veto's meeting, "" where unknown
	cast                         map[string]string
	counts                       [4]int // yes, abstain, no, non-voting
}

// Ballots in the order of the facts' columns.
var (
	assemblyVotes = [4]string{"1", "2", "3", "8"}
	councilVotes  = [4]string{"Y", "A", "N", "NV"}
)

// Outcomes of a vote in the Security Council.
const (
	adopted = "adopted"
	vetoed  = "vetoed"
	failed  = "failed"
)

// readFacts reads and checks the embedded files. An error names file and line.
func readFacts() (*facts, error) {
	f := &facts{}
	err := errors.Join(
		readTable("states.csv", "iso3,valid_from,valid_to,cow,cow_abbreviation,cow_name,estimates_iso3,estimates_name", f.addState),
		readTable("roll_calls.csv", "rcid,session,date,date_source,symbol,deposit_symbol,title,important,amendment,paragraph,issues,yes_count,abstain_count,no_count,absent_count,yes,abstain,no,absent", f.addRollCall),
		readTable("ideal_points.csv", "iso3,session,vote_count,ideal_point,q0,q05,q10,q50,q90,q95,q100", f.addEstimate),
		readTable("council_columns.csv", "column,iso3", f.addColumn),
		readTable("council.csv", "vote_number,date,symbol,outcome,meeting,title,yes_count,abstain_count,no_count,nonvoting_count,yes,abstain,no,nonvoting", f.addDraft),
		readTable("economies.csv", economiesHeader(), f.addEconomy),
	)
	if err != nil {
		return nil, err
	}
	return f, readTable("trade.csv", f.tradeHeader(), f.addImports)
}

// readTable hands every record of a facts file to add.
func readTable(name, header string, add func(r []string) error) error {
	file, err := embedded.Open("facts/" + name)
	if err != nil {
		return fmt.Errorf("facts/%s: %w", name, err)
	}
	defer file.Close()
	return scan(name, header, file, add)
}

// scan reads CSV with exactly that header and hands every record to add.
func scan(name, header string, from io.Reader, add func(r []string) error) error {
	reader := csv.NewReader(from)
	head, err := reader.Read()
	if err != nil {
		return fmt.Errorf("facts/%s: header: %w", name, err)
	}
	if got := strings.Join(head, ","); got != header {
		return fmt.Errorf("facts/%s:1: header is %q, want %q", name, got, header)
	}
	for {
		r, err := reader.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("facts/%s: %w", name, err)
		}
		if err := add(r); err != nil {
			line, _ := reader.FieldPos(0)
			return fmt.Errorf("facts/%s:%d: %w", name, line, err)
		}
	}
}

func (f *facts) addState(r []string) error {
	cow, err := strconv.Atoi(r[3])
	if err != nil {
		return fmt.Errorf("number in the Correlates of War: %w", err)
	}
	for _, d := range r[1:3] {
		if err := checkDay(d); d != "" && err != nil {
			return err
		}
	}
	f.states = append(f.states, state{
		iso3: r[0], from: r[1], to: r[2], cow: cow,
		abbreviation: r[4], name: r[5], estimatesISO3: r[6], estimatesName: r[7],
	})
	return nil
}

func (f *facts) addRollCall(r []string) error {
	c := rollCall{
		date: r[2], depositSymbol: r[5], title: r[6],
		important: r[7], amendment: r[8], paragraph: r[9],
	}
	if r[10] != "" {
		c.issues = strings.Split(r[10], "|")
	}
	if err := checkDay(c.date); err != nil {
		return err
	}
	if err := numbers(r, map[int]*int{0: &c.rcid, 1: &c.session}); err != nil {
		return err
	}
	var err error
	c.cast, c.counts, err = ballots(r[11:15], r[15:19], assemblyVotes)
	if err != nil {
		return fmt.Errorf("roll call %d: %w", c.rcid, err)
	}
	f.rollCalls = append(f.rollCalls, c)
	return nil
}

func (f *facts) addEstimate(r []string) error {
	e := estimate{iso3: r[0], values: r[2:]}
	for _, v := range e.values {
		if _, err := strconv.ParseFloat(v, 64); err != nil {
			return fmt.Errorf("estimate: %w", err)
		}
	}
	if err := numbers(r, map[int]*int{1: &e.session}); err != nil {
		return err
	}
	f.estimates = append(f.estimates, e)
	return nil
}

func (f *facts) addColumn(r []string) error {
	f.columns = append(f.columns, column{name: r[0], iso3: r[1]})
	return nil
}

func (f *facts) addDraft(r []string) error {
	d := draft{date: r[1], symbol: r[2], outcome: r[3], meeting: r[4], title: r[5]}
	if err := checkDay(d.date); err != nil {
		return err
	}
	if !slices.Contains([]string{adopted, vetoed, failed}, d.outcome) {
		return fmt.Errorf("outcome %q is none of adopted, vetoed, failed", d.outcome)
	}
	if err := numbers(r, map[int]*int{0: &d.number}); err != nil {
		return err
	}
	var err error
	d.cast, d.counts, err = ballots(r[6:10], r[10:14], councilVotes)
	if err != nil {
		return fmt.Errorf("vote %d: %w", d.number, err)
	}
	f.drafts = append(f.drafts, d)
	return nil
}

// ballots reads four lists of states into one vote each and checks them against the stated counts.
func ballots(counts, lists []string, votes [4]string) (map[string]string, [4]int, error) {
	cast, stated := map[string]string{}, [4]int{}
	for i, list := range lists {
		states := strings.Fields(list)
		n, err := strconv.Atoi(counts[i])
		if err != nil {
			return nil, stated, fmt.Errorf("count: %w", err)
		}
		if n != len(states) {
			return nil, stated, fmt.Errorf("%d ballots of kind %s are stated, %d are listed", n, votes[i], len(states))
		}
		stated[i] = n
		for _, iso3 := range states {
			if other, twice := cast[iso3]; twice {
				return nil, stated, fmt.Errorf("%s has ballots %s and %s", iso3, other, votes[i])
			}
			cast[iso3] = votes[i]
		}
	}
	return cast, stated, nil
}

// numbers reads whole numbers from fields of a record.
func numbers(r []string, into map[int]*int) error {
	for i, p := range into {
		n, err := strconv.Atoi(r[i])
		if err != nil {
			return fmt.Errorf("field %d: %w", i+1, err)
		}
		*p = n
	}
	return nil
}

func checkDay(s string) error {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return fmt.Errorf("day: %w", err)
	}
	return nil
}

// on finds the spell of a state on a day.
func (f *facts) on(iso3, date string) (state, error) {
	for _, s := range f.states {
		if s.iso3 == iso3 && (s.from == "" || s.from <= date) && (s.to == "" || date <= s.to) {
			return s, nil
		}
	}
	return state{}, fmt.Errorf("state %s on %s is not in facts/states.csv", iso3, date)
}

package sample

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Headers of the deposit doi:10.21410/7E4/Z0KECE before its state columns, and of dataset
// DPPA-SCVETOES.
const (
	councilHeader = "Vote in the DB,UN classification,Vote outcome,Vote outcome typology-Observable,Resolution number,Date,Official full title,Title-Observable,Yes,No,Abstentions,Non-Voting,Total,(of which veto)"
	vetoesHeader  = "id,draft_res#,date,record,agenda,short_agenda,#_of_pms,china,russian_federation_ussr,france,united_states,united_kingdom,url_for_res#,last_update"
)

// permanent are the permanent members in the order of the vetoes' columns.
var permanent = []string{"CHN", "RUS", "FRA", "USA", "GBR"}

var resolutionSymbol = regexp.MustCompile(`^S/RES/([0-9]+)\(([0-9]{4})\)$`)

// vetoing lists the permanent members that voted no, if the draft was vetoed. A no on a draft that
// passed, or that failed for lack of votes, is no veto.
func (d draft) vetoing() []string {
	if d.outcome != vetoed {
		return nil
	}
	var members []string
	for _, iso3 := range permanent {
		if d.cast[iso3] == "N" {
			members = append(members, iso3)
		}
	}
	return members
}

// councilCSV writes the deposit's wide table, newest vote first, with CR LF line ends.
func councilCSV(f *facts) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	header := strings.Split(councilHeader, ",")
	known := map[string]bool{}
	for _, c := range f.columns {
		header = append(header, c.name)
		known[c.iso3] = c.iso3 != ""
	}
	w.Write(header)
	for _, d := range slices.Backward(f.drafts) {
		for iso3 := range d.cast {
			if !known[iso3] {
				return nil, fmt.Errorf("vote %d: %s has no column in facts/council_columns.csv", d.number, iso3)
			}
		}
		row, err := d.leading()
		if err != nil {
			return nil, err
		}
		for _, c := range f.columns {
			row = append(row, d.cast[c.iso3])
		}
		w.Write(row)
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// leading is the row before the state columns. Everything in the sample is contested or vetoed, so an
// adopted text passed by majority.
func (d draft) leading() ([]string, error) {
	outcome, typology, number, full := "vetoed", "not adopted (veto)", "-", d.title
	switch d.outcome {
	case adopted:
		m := resolutionSymbol.FindStringSubmatch(d.symbol)
		if m == nil {
			return nil, fmt.Errorf("vote %d: adopted text with symbol %q, want S/RES/n(year)", d.number, d.symbol)
		}
		outcome, typology, number = "adopted", "adopted (majority)", m[1]
		full = fmt.Sprintf("Security Council resolution %s (%s) [on %s]", m[1], m[2], d.title)
	case failed:
		outcome, typology = "lack of maj.", "not adopted (lack of majority)"
	}
	yes, abstain, no, silent := d.counts[0], d.counts[1], d.counts[2], d.counts[3]
	row := []string{strconv.Itoa(d.number), d.symbol, outcome, typology, number, d.date, full, d.title}
	for _, n := range []int{yes, no, abstain, silent, yes + no + abstain + silent, len(d.vetoing())} {
		row = append(row, strconv.Itoa(n))
	}
	return row, nil
}

// vetoesCSV writes who vetoed which draft. id is the vote's number in the Council's deposit.
func vetoesCSV(f *facts) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write(strings.Split(vetoesHeader, ","))
	for _, d := range f.drafts {
		if d.outcome != vetoed {
			continue
		}
		members := d.vetoing()
		if len(members) == 0 {
			return nil, fmt.Errorf("vote %d: vetoed, but no permanent member voted no", d.number)
		}
		row := []string{strconv.Itoa(d.number), d.symbol, d.date, d.meeting, d.title, "", strconv.Itoa(len(members))}
		for _, iso3 := range permanent {
			flag := "0"
			if slices.Contains(members, iso3) {
				flag = "1"
			}
			row = append(row, flag)
		}
		w.Write(append(row, "", ""))
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

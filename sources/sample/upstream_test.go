package sample

import (
	"compress/gzip"
	"encoding/csv"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
)

// landed opens a landed upstream file beside the repository, or skips the test.
func landed(t *testing.T, name string) *csv.Reader {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", "data", "un", name)
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the landed upstream data (../shared/data) are not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	var from io.Reader = file
	if strings.HasSuffix(name, ".gz") {
		if from, err = gzip.NewReader(file); err != nil {
			t.Fatal(err)
		}
	}
	if strings.Contains(name, "idealpoints") {
		from = charmap.Windows1252.NewDecoder().Reader(from)
	}
	reader := csv.NewReader(from)
	reader.ReuseRecord = true
	return reader
}

// each calls f for every row after the header.
func each(t *testing.T, r *csv.Reader, f func(row []string)) {
	t.Helper()
	for first := true; ; first = false {
		row, err := r.Read()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if !first {
			f(row)
		}
	}
}

// ballot is a roll call and a Correlates of War number.
type ballot struct{ rcid, cow int }

// factBallots are the sample's ballots of the Assembly.
func factBallots(t *testing.T, f *facts) (all map[ballot]string, session map[int]int) {
	t.Helper()
	all, session = map[ballot]string{}, map[int]int{}
	for _, c := range f.rollCalls {
		session[c.rcid] = c.session
		for iso3, vote := range c.cast {
			s, err := f.on(iso3, c.date)
			if err != nil {
				t.Fatal(err)
			}
			all[ballot{c.rcid, s.cow}] = vote
		}
	}
	return all, session
}

func TestBallotsEqualTheDeposits(t *testing.T) {
	f := allFacts(t)
	facts, session := factBallots(t, f)
	codes := map[string]string{"yes": "1", "abstain": "2", "no": "3"}
	cow := map[string]int{ // names that the edition of 2021 has and the ideal points have not
		"Eswatini": 572, "North Macedonia": 343, "Federal Republic of Germany": 260, "Zanzibar": 511,
	}
	for _, s := range f.states {
		cow[s.estimatesName] = s.cow
	}
	upstream := map[ballot]string{}
	each(t, landed(t, "unga_unvotes_2021_un_votes.csv.gz"), func(row []string) {
		rcid, err := strconv.Atoi(row[0])
		if err != nil {
			t.Fatal(err)
		}
		if _, chosen := session[rcid]; !chosen {
			return
		}
		number, known := cow[row[1]]
		if !known {
			t.Fatalf("state %q of the deposit is unknown", row[1])
		}
		upstream[ballot{rcid, number}] = codes[row[3]]
	})
	each(t, landed(t, "unga_voeten_2016_votes.csv.gz"), func(row []string) {
		rcid, err1 := strconv.Atoi(row[0])
		number, err2 := strconv.Atoi(row[3])
		if err1 != nil || err2 != nil {
			t.Fatal(row)
		}
		b := ballot{rcid, number}
		if _, chosen := session[rcid]; chosen && row[2] == "8" && upstream[b] == "" {
			upstream[b] = "8"
		}
	})
	if len(facts) != len(upstream) {
		t.Errorf("the sample has %d ballots, the deposit %d", len(facts), len(upstream))
	}
	for b, vote := range upstream {
		if facts[b] != vote {
			t.Errorf("roll call %d, state %d: ballot %q, the deposit has %q", b.rcid, b.cow, facts[b], vote)
		}
	}
}

func TestRollCallsEqualTheDeposits(t *testing.T) {
	f := allFacts(t)
	want := map[string]rollCall{}
	for _, c := range f.rollCalls {
		want[strconv.Itoa(c.rcid)] = c
	}
	found := 0
	each(t, landed(t, "unga_unvotes_2021_roll_calls.csv.gz"), func(row []string) {
		c, chosen := want[row[0]]
		if !chosen {
			return
		}
		found++
		clean := func(s string) string {
			if s == "NA" {
				return ""
			}
			return s
		}
		got := []string{strconv.Itoa(c.session), c.important, c.depositSymbol, c.amendment, c.paragraph}
		if up := []string{row[1], clean(row[2]), clean(row[4]), clean(row[5]), clean(row[6])}; !slices.Equal(got, up) {
			t.Errorf("roll call %d: %q, the deposit has %q", c.rcid, got, up)
		}
		if c.session >= 60 && c.date != row[3] && c.rcid != 4829 {
			t.Errorf("roll call %d: day %s, the deposit has %s", c.rcid, c.date, row[3])
		}
	})
	if found != len(want) {
		t.Errorf("%d of %d roll calls are in the deposit", found, len(want))
	}
}

// Days said to be the Library's are the Library's for that symbol.
func TestDaysEqualTheLibrarys(t *testing.T) {
	days := map[string][]string{}
	each(t, landed(t, "undl_votes_wide_1946_2021.csv.gz"), func(row []string) {
		if row[0] == "General Assembly" {
			symbol := strings.NewReplacer("[", "", "]", "").Replace(row[3])
			days[symbol] = append(days[symbol], strings.Clone(row[1]))
		}
	})
	err := readTable("roll_calls.csv", "rcid,session,date,date_source,symbol,deposit_symbol,title,important,amendment,paragraph,issues,yes_count,abstain_count,no_count,absent_count,yes,abstain,no,absent", func(r []string) error {
		symbol := strings.NewReplacer("[", "", "]", "").Replace(r[4])
		if symbol == "A/L.632" { // rejected at the meeting that adopted this one
			symbol = "A/RES/2758(XXVI)"
		}
		if known := slices.Contains(days[symbol], r[2]); known != (r[3] == "library") {
			t.Errorf("%s: day %s from the %s, the Library has %v", r[4], r[2], r[3], days[symbol])
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestEstimatesEqualTheDeposits(t *testing.T) {
	f := allFacts(t)
	upstream := map[[2]string][]string{}
	each(t, landed(t, "unga_idealpoints_all_apr2020.csv.gz"), func(row []string) {
		upstream[[2]string{row[1], row[2]}] = append(slices.Clone(row[3:12]), row[12], row[13])
	})
	count := map[int]int{}
	for _, e := range f.estimates {
		s, err := f.on(e.iso3, strconv.Itoa(e.session+1945)+"-12-31")
		if err != nil {
			t.Fatal(err)
		}
		got := append(slices.Clone(e.values), s.estimatesISO3, s.estimatesName)
		if up := upstream[[2]string{strconv.Itoa(s.cow), strconv.Itoa(e.session)}]; !slices.Equal(got, up) {
			t.Errorf("%s in session %d: %q, the deposit has %q", e.iso3, e.session, got, up)
		}
		count[e.session]++
	}
	all := map[string]int{}
	for key := range upstream {
		all[key[1]]++
	}
	for session := 61; session <= 74; session++ {
		if n := all[strconv.Itoa(session)]; count[session] != n {
			t.Errorf("session %d: %d states, the deposit has %d", session, count[session], n)
		}
	}
}

func TestCouncilEqualsTheDeposit(t *testing.T) {
	f := allFacts(t)
	drafts := map[string]draft{}
	for _, d := range f.drafts {
		drafts[strconv.Itoa(d.number)] = d
	}
	reader := landed(t, "unsc_votes_sciencespo_1946_2025.csv")
	reader.ReuseRecord = false
	header, err := reader.Read()
	if err != nil {
		t.Fatal(err)
	}
	leading := len(strings.Split(councilHeader, ","))
	var names []string
	for _, c := range f.columns {
		names = append(names, c.name)
	}
	if strings.Join(header[:leading], ",") != councilHeader || !slices.Equal(header[leading:], names) {
		t.Fatalf("the deposit's header is %q", header)
	}
	outcomes := map[string]string{"adopted": adopted, "vetoed": vetoed, "lack of maj.": failed}
	rows, err := reader.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	wanted := 0
	for _, row := range rows {
		if year := row[5][:4]; year < "2006" || year > "2012" && year < "2022" {
			continue
		}
		cast, filled := map[string]bool{}, 0
		for _, vote := range row[leading:] {
			if vote != "" {
				filled++
			}
			if vote == "Y" || vote == "N" || vote == "A" {
				cast[vote] = true
			}
		}
		if len(cast) < 2 && row[2] != "vetoed" {
			continue
		}
		wanted++
		d, ok := drafts[row[0]]
		if !ok {
			t.Errorf("vote %s (%s) is missing", row[0], row[1])
			continue
		}
		if d.date != row[5] || d.symbol != row[1] || d.outcome != outcomes[row[2]] || strconv.Itoa(len(d.vetoing())) != row[13] {
			t.Errorf("vote %d: %+v, the deposit has %q", d.number, d, row[:leading])
		}
		if len(d.cast) != filled {
			t.Errorf("vote %d: %d ballots, the deposit has %d", d.number, len(d.cast), filled)
		}
		for i, vote := range row[leading:] {
			if iso3 := f.columns[i].iso3; vote != "" && (iso3 == "" || d.cast[iso3] != vote) {
				t.Errorf("vote %d: %s has %q, the deposit has %q", d.number, header[leading+i], d.cast[iso3], vote)
			}
		}
	}
	if wanted != len(f.drafts) {
		t.Errorf("%d votes in the sample, %d in the deposit", len(f.drafts), wanted)
	}
}

package states

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
)

// sharedTable calls f for every row of a table beside the checkout, with the columns asked for in that
// order, or with all of them. It skips the test where the table is not at hand.
func sharedTable(t *testing.T, name string, columns []string, f func(line int, row []string)) (header []string) {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	path := ""
	for path == "" {
		try := filepath.Join(dir, "shared", "data", name)
		if _, err := os.Stat(try); err == nil {
			path = try
		} else if dir == filepath.Dir(dir) {
			t.Skipf("no shared/data/%s beside the checkout", name)
		}
		dir = filepath.Dir(dir)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var plain io.Reader = file
	if strings.HasSuffix(name, ".gz") {
		if plain, err = gzip.NewReader(file); err != nil {
			t.Fatal(err)
		}
	}
	buffered := bufio.NewReader(plain)
	if mark, _ := buffered.Peek(3); string(mark) == "\ufeff" {
		buffered.Discard(3)
	}
	in := csv.NewReader(buffered)
	in.ReuseRecord = true
	first, err := in.Read()
	if err != nil {
		t.Fatal(err)
	}
	header = append(header, first...)
	at := map[string]int{}
	for i, c := range header {
		at[c] = i
	}
	for _, c := range columns {
		if _, ok := at[c]; !ok {
			t.Fatalf("%s has no column %q", name, c)
		}
	}
	if f == nil {
		return header
	}
	wanted := make([]string, len(columns))
	for {
		record, err := in.Read()
		if errors.Is(err, io.EOF) {
			return header
		}
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range columns {
			wanted[i] = record[at[c]]
		}
		line, _ := in.FieldPos(0)
		if columns == nil {
			wanted = record
		}
		f(line, wanted)
	}
}

// dayOf reads an upstream's day: written as a day, or a bare year, for which 1 July stands in.
func dayOf(t *testing.T, text string) (arrow.Date32, bool) {
	t.Helper()
	if text == "" {
		return 0, false
	}
	for _, layout := range []string{time.DateOnly, "1/2/2006", "2006"} {
		if d, err := time.Parse(layout, text); err == nil {
			if layout == "2006" {
				d = time.Date(d.Year(), time.July, 1, 0, 0, 0, 0, time.UTC)
			}
			return arrow.Date32FromTime(d), true
		}
	}
	t.Fatalf("%q is no day", text)
	return 0, false
}

func TestEverySpellingOfTheLibraryIsDecided(t *testing.T) {
	r := resolver(t)
	decided := func(where, name string) {
		if r.names[UNDLName][name] == nil {
			t.Errorf("%s: %q is not decided; nearest: %q", where, name, r.Nearest(UNDLName, name, 3))
		}
	}
	count := 0
	sharedTable(t, "un/undl_ms_name_variants.csv", []string{"ms_name"}, func(line int, row []string) {
		decided(fmt.Sprintf("line %d", line), row[0])
		count++
	})
	if count != 264 {
		t.Errorf("%d spellings, want 264", count)
	}
	for _, name := range sharedTable(t, "un/undl_ga_voting_transformed_sample.csv", nil, nil)[16:] {
		decided("header of 2025-07", name)
	}
	for _, file := range []string{"un/undl_ga_voting_2025_07_23_sample.csv", "un/undl_sc_voting_2025_07_21_sample.csv"} {
		sharedTable(t, file, []string{"ms_code", "ms_name", "date"}, func(line int, row []string) {
			day, ok := dayOf(t, row[2])
			iso3, status := r.Resolve(UNDLName, row[1], day, ok)
			if code := r.names[UNDLCode][row[0]]; status != Known || code == nil || !r.agrees(code, iso3) {
				t.Errorf("%s:%d: %s %s is %q, %s", file, line, row[0], row[1], iso3, status)
			}
		})
	}
}

// TestLibraryRecord resolves every cell of the Library's voting records: each ballot has a state, and no
// state has two on one text.
func TestLibraryRecord(t *testing.T) {
	r := resolver(t)
	const states = 11 // first column of states
	header := sharedTable(t, "un/undl_votes_wide_1946_2021.csv.gz", nil, nil)
	cells, unresolvable := 0, 0
	sharedTable(t, "un/undl_votes_wide_1946_2021.csv.gz", nil, func(line int, row []string) {
		day, ok := dayOf(t, row[1])
		seen := map[string]string{}
		for i, vote := range row[states:] {
			if vote == "" {
				continue
			}
			cells++
			name := header[states+i]
			iso3, status := r.Resolve(UNDLName, name, day, ok)
			if status == Unresolvable {
				unresolvable++
				continue
			}
			if other := seen[iso3]; status != Known || other != "" {
				t.Errorf("line %d: %q is %q, %s, as is %q", line, name, iso3, status, other)
			}
			seen[iso3] = name
		}
	})
	if cells != 681677+93764+80867+41355 || unresolvable != 1 {
		t.Errorf("%d cells, %d unresolvable", cells, unresolvable)
	}
}

func TestCorrelatesOfWarNumbers(t *testing.T) {
	r := resolver(t)
	numbers := map[string]bool{}
	sharedTable(t, "un/cow_country_codes.csv", []string{"CCode"}, func(line int, row []string) {
		numbers[row[0]] = true
		if r.names[COW][row[0]] == nil {
			t.Errorf("line %d: %s is not decided", line, row[0])
		}
	})
	if len(numbers) != 217 {
		t.Errorf("%d numbers, want 217", len(numbers))
	}
}

// TestVoetenRollCalls resolves every ballot of the release of 2016 and finds no state twice on a roll call.
func TestVoetenRollCalls(t *testing.T) {
	r := resolver(t)
	seen := map[[2]string]bool{}
	ballots := 0
	sharedTable(t, "un/unga_voeten_2016_votes.csv.gz", []string{"rcid", "ccode", "vote", "date", "year"}, func(line int, row []string) {
		if row[2] == "9" {
			return
		}
		ballots++
		day, ok := dayOf(t, row[3])
		if !ok {
			day, ok = dayOf(t, row[4])
		}
		iso3, status := r.Resolve(COW, row[1], day, ok)
		key := [2]string{strings.Clone(row[0]), iso3}
		if status != Known || seen[key] {
			t.Errorf("line %d: %s is %q, %s; there already: %t", line, row[1], iso3, status, seen[key])
		}
		seen[key] = true
	})
	if ballots != 588800+95099+54865+73328 {
		t.Errorf("%d ballots", ballots)
	}
}

// TestSciencesPoHeaders resolves the 136 columns on the days on which they hold a ballot.
func TestSciencesPoHeaders(t *testing.T) {
	r := resolver(t)
	const file, states = "un/unsc_votes_sciencespo_1946_2025.csv", 14
	header := sharedTable(t, file, nil, nil)
	if len(header)-states != 136 {
		t.Fatalf("%d columns of states", len(header)-states)
	}
	sharedTable(t, file, nil, func(line int, row []string) {
		day, ok := dayOf(t, row[5])
		seen := map[string]string{}
		for i, vote := range row[states:] {
			if vote == "" {
				continue
			}
			name := header[states+i]
			iso3, status := r.Resolve(SciencesPo, name, day, ok)
			if other := seen[iso3]; status != Known || other != "" {
				t.Errorf("line %d: %q is %q, %s, as is %q", line, name, iso3, status, other)
			}
			seen[iso3] = name
		}
	})
}

func TestVoetenNames(t *testing.T) {
	r := resolver(t)
	sharedTable(t, "un/unga_unvotes_2021_un_votes.csv.gz", []string{"country"}, func(line int, row []string) {
		if r.names[EnglishName][row[0]] == nil {
			t.Fatalf("line %d: %q is not decided; nearest: %q", line, row[0], r.Nearest(EnglishName, row[0], 3))
		}
	})
}

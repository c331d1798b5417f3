package main

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"entente/cmd/entente/folder"
	"entente/cmd/entente/lineage"
	"entente/cmd/entente/paper"
	"entente/sql"
)

// aNumber is a number in a sentence, with its sign and its percent.
var aNumber = regexp.MustCompile(`−?[0-9]+(,[0-9]{3})*(\.[0-9]+)?(\x{a0}%| %)?`)

// everyNumber demands that each number of an answer, and of what to mind, is a cell of a table that is shown with it,
// rounded; and that each number of a claim is in a query that tests the claim.
func everyNumber(t *testing.T, data string) {
	f := &folder.Folder{Dir: data, Now: time.Now}
	db, m, err := f.Open("")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	l, err := lineage.New(sql.Files, m)
	if err != nil {
		t.Fatal(err)
	}
	made, err := paper.Write(context.Background(), db, l)
	if err != nil {
		t.Fatal(err)
	}
	numbers := 0
	for _, q := range made.Questions {
		asked := ""
		for _, f := range q.Findings {
			asked += f.Table.SQL + f.Figures.SQL
			shown := writings(f.Table, f.Figures)
			for _, text := range sentences(f) {
				for _, number := range aNumber.FindAllString(text, -1) {
					numbers++
					if !shown[number] {
						t.Errorf("%s says %q, which is in none of its tables: %s", f.ID, number, text)
					}
				}
			}
			for _, wrong := range []string{"8,791", "87.91\u00a0%", "−87.91"} {
				if shown[wrong] {
					t.Errorf("%s: %s passes for a cell, so that nothing is checked", f.ID, wrong)
				}
			}
		}
		for _, number := range aNumber.FindAllString(q.Claim, -1) {
			x, err := strconv.ParseFloat(strings.TrimSuffix(number, " %"), 64)
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasSuffix(number, "%") {
				x /= 100
			}
			if !regexp.MustCompile(`\b`+regexp.QuoteMeta(strconv.FormatFloat(x, 'f', -1, 64))+`\b`).MatchString(asked) && !strings.Contains(strings.Join(answersOf(q), " "), number) {
				t.Errorf("the claim %q has %s, which no query asks about and no answer gives", q.ID, number)
			}
		}
	}
	if numbers < 100 {
		t.Errorf("%d numbers in the sample's answers", numbers)
	}
}

func sentences(f paper.Finding) []string {
	all := []string{f.Caveat}
	for _, p := range f.Answer {
		all = append(append(all, p.Text), p.Items...)
	}
	return all
}

func answersOf(q paper.Question) (all []string) {
	for _, f := range q.Findings {
		all = append(all, sentences(f)...)
	}
	return all
}

// writings are the values of tables in every way in which a sentence may write them, and the numbers in their texts.
func writings(tables ...paper.Table) map[string]bool {
	shown := map[string]bool{}
	for _, table := range tables {
		for _, row := range table.Rows {
			for _, v := range row {
				if at, ok := v.(time.Time); ok {
					shown[strconv.Itoa(at.Day())], shown[strconv.Itoa(at.Year())] = true, true
					continue
				}
				text := fmt.Sprint(v)
				x, err := strconv.ParseFloat(text, 64)
				if err != nil {
					for _, number := range aNumber.FindAllString(text, -1) {
						shown[number] = true
					}
					continue
				}
				for digits := range 4 {
					shown[signed(strconv.FormatFloat(x, 'f', digits, 64))] = true
					shown[signed(strconv.FormatFloat(100*x, 'f', digits, 64))+"\u00a0%"] = true
					shown[signed(strconv.FormatFloat(x, 'f', digits, 64))+" %"] = true // a figure that is a percentage
				}
				whole := strconv.FormatFloat(x, 'f', 0, 64)
				for i := len(whole) - 3; i > 0; i -= 3 {
					whole = whole[:i] + "," + whole[i:]
				}
				shown[whole] = true
			}
		}
	}
	return shown
}

func signed(text string) string { return strings.Replace(text, "-", "−", 1) }

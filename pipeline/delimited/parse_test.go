package delimited_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/fstest"

	"entente/pipeline"
	"entente/pipeline/delimited"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/google/go-cmp/cmp"
)

var days = []string{"2006-01-02", "1/2/2006"}

func layout() delimited.Layout {
	return delimited.Layout{Source: "test", File: "votes.csv", Ignored: []string{"note"}, Columns: []delimited.Column{
		delimited.Whole(pipeline.NotNull(pipeline.Int32("rcid", "", "roll call")), "rcid", "id"),
		delimited.OneOf(pipeline.Code("vote", "ballot"), []string{"Y", "N"}, "vote"),
		delimited.Date(pipeline.Day("date", "day"), days, "date"),
		delimited.YearOf(pipeline.Int16("year", "", "year"), days, "date"),
		delimited.Truth(pipeline.Flag("important", "important"), "important").Maybe(),
		delimited.Real(pipeline.Real("score", "", "score"), "score").Maybe(),
		delimited.Windows1252(pipeline.Text("name", "name"), "name").Maybe(),
	}}
}

// sink renders what it receives.
type sink struct {
	rows     []string
	rejects  []pipeline.Reject
	filtered map[string]int64
	closed   bool
}

func (s *sink) Batch(rows arrow.RecordBatch) error {
	for i := range int(rows.NumRows()) {
		var cells []string
		for c := range int(rows.NumCols()) - 4 {
			cells = append(cells, rows.Column(c).ValueStr(i))
		}
		s.rows = append(s.rows, strings.Join(cells, "|"))
	}
	return nil
}

func (s *sink) Reject(r pipeline.Reject) error { s.rejects = append(s.rejects, r); return nil }
func (s *sink) Close() error                   { s.closed = true; return nil }
func (s *sink) Filter(rule string, n int64) error {
	if s.filtered == nil {
		s.filtered = map[string]int64{}
	}
	s.filtered[rule] += n
	return nil
}

func parse(l delimited.Layout, file string) (*sink, error) {
	s := &sink{}
	return s, l.Parse(context.Background(), fstest.MapFS{l.File: {Data: []byte(file)}}, s)
}

func TestParse(t *testing.T) {
	file := "id,vote,date,important,score,name,note,release_tag\n" +
		"1,Y,1946-01-31,1,0.5,C\xf4te d\x92Ivoire,x,r1\n" +
		"2.0,N,12/6/2021,False,NA,,x,r1\n" +
		"\n" +
		"3,Y,2011,,,,x,r1\n"
	got, err := parse(layout(), file)
	if err != nil {
		t.Fatal(err)
	}
	want := &sink{
		rows: []string{
			"1|Y|1946-01-31|1946|true|0.5|Côte d’Ivoire",
			"2|N|2021-12-06|2021|false|(null)|(null)",
			"3|Y|(null)|2011|(null)|(null)|(null)",
		},
		filtered: map[string]int64{`column "release_tag" is not known and not loaded`: 0, "blank line": 1},
		closed:   true,
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(sink{})); diff != "" {
		t.Errorf("parsed (-want +got):\n%s", diff)
	}
}

func TestParseRejects(t *testing.T) {
	lines := []string{
		"rcid,vote,date",
		"1,Q,2020-01-01",
		"2,Y,2020-02-30",
		"x3,Y,2020-01-01",
		",Y,2020-01-01",
		"5,Y",
		"99999999999,Y,2020-01-01",
		"7,Y,2020-01-01",
		`"8,Y,2020-01-01`,
	}
	got, err := parse(layout(), strings.Join(lines, "\n")+"\n")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		`2: column vote: "Q" is not one of Y, N`,
		`3: column date: "2020-02-30" is not a day of the calendar`,
		`4: column rcid: "x3" is not a whole number`,
		`5: column rcid: empty, but required`,
		`6: 2 fields where the header has 3`,
		`7: column rcid: "99999999999" is not between -2147483648 and 2147483647`,
		`9: a quote is opened and never closed`,
	}
	var reasons []string
	for _, r := range got.rejects {
		reasons = append(reasons, fmt.Sprintf("%d: %s", r.Line, r.Reason))
		if int(r.Length) != len(lines[r.Line-1]) {
			t.Errorf("line %d: length %d of %d", r.Line, r.Length, len(lines[r.Line-1]))
		}
	}
	if diff := cmp.Diff(want, reasons); diff != "" {
		t.Errorf("rejects (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"7|Y|2020-01-01|2020|(null)|(null)|(null)"}, got.rows); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func TestParseRefusesHeaders(t *testing.T) {
	for file, want := range map[string]string{
		"rcid,votes,date\n":             `votes.csv:1: column "vote" is missing; the header has rcid, votes, date`,
		"rcid,vote,date,vote\n":         `column "vote" occurs twice`,
		"rcid,\"vote,date\n1,Y\",x\n":   "column 2 of the header goes on in the next line",
		"rcid,vote,\"date\n\"\n1,Y,x\n": "column 3 of the header goes on in the next line",
		"":                              "the file is empty",
	} {
		_, err := parse(layout(), file)
		var upstream *pipeline.UpstreamError
		if !errors.As(err, &upstream) || !strings.Contains(err.Error(), want) {
			t.Errorf("header %q: error %v, want %q", file, err, want)
		}
	}
}

// Keeping the values of repeated cells gives the same rows as decoding every cell anew.
func TestParseRepeatedCells(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	pick := func(values ...string) string { return values[rng.IntN(len(values))] }
	for range 20 {
		var file strings.Builder
		file.WriteString("rcid,vote,date,important,score,name\n")
		var want []string
		date, score, name := "2020-01-01", "1", "x"
		for i := range 3000 {
			if rng.IntN(50) == 0 {
				date, score, name = pick("2020-01-01", "1999-12-31"), pick("1", "0.25", ""), pick("x", "y", "", "odd,\"one\"")
			}
			vote := pick("Y", "N")
			bad := rng.IntN(40) == 0
			if bad {
				vote = "Q"
			}
			quoted := name
			if strings.Contains(name, ",") {
				quoted = `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
			}
			fmt.Fprintf(&file, "%d,%s,%s,1,%s,%s\n", i, vote, date, score, quoted)
			if !bad {
				null := func(s string) string {
					if s == "" {
						return "(null)"
					}
					return s
				}
				want = append(want, fmt.Sprintf("%d|%s|%s|%s|true|%s|%s", i, vote, date, date[:4], null(score), null(name)))
			}
		}
		got, err := parse(layout(), file.String())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got.rows); diff != "" {
			t.Fatalf("rows (-want +got):\n%s", diff)
		}
	}
}

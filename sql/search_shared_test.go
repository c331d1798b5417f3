package sql_test

import (
	"archive/tar"
	"bytes"
	"cmp"
	"compress/gzip"
	stdsql "database/sql"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"entente/pipeline"
	"entente/transforms/terms"
)

// agreementText is one agreement of the Texts of Trade Agreements.
type agreementText struct {
	Number   int32  `xml:"meta>treaty_identifier"`
	Name     string `xml:"meta>name"`
	Signed   string `xml:"meta>date_signed"`
	Language string `xml:"meta>language"`
	Articles []struct {
		Name string `xml:"name,attr"`
		Text string `xml:",chardata"`
	} `xml:"body>chapter>article"`
}

// agreementTexts reads all the landed texts.
func agreementTexts(t testing.TB) []agreementText {
	t.Helper()
	f, err := os.Open("../../shared/data/treaties/tota/tota_v0.5.0_xml.tar.gz")
	if err != nil {
		t.Skipf("the landed upstream data are not here: %v", err)
	}
	defer f.Close()
	plain, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var all []agreementText
	for members := tar.NewReader(plain); ; {
		m, err := members.Next()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(m.Name, ".xml") {
			continue
		}
		var one agreementText
		if err := xml.NewDecoder(members).Decode(&one); err != nil {
			t.Fatalf("%s: %v", m.Name, err)
		}
		all = append(all, one)
	}
}

// searchWarehouse is a file with all the landed texts and everything that search reads; queries get one thread.
func searchWarehouse(t testing.TB, texts []agreementText) *stdsql.DB {
	t.Helper()
	dir := t.TempDir()
	var treaties, articles [][]string
	for _, a := range texts {
		number := strconv.Itoa(int(a.Number))
		treaties = append(treaties, []string{number, a.Name, a.Signed, a.Language})
		for i, article := range a.Articles {
			articles = append(articles, []string{number, strconv.Itoa(i + 1), article.Name, a.Language, article.Text})
		}
	}
	db := newWarehouse(t, filepath.Join(dir, "warehouse.duckdb?threads=1"))
	for _, into := range []struct {
		table, columns string
		rows           [][]string
	}{
		{"raw.tota_treaties", "treaty_identifier,name,date_signed,language", treaties},
		{"raw.tota_articles", "treaty_identifier,article_seq,article_name,language,text", articles},
	} {
		var file bytes.Buffer
		if err := csv.NewWriter(&file).WriteAll(append([][]string{strings.Split(into.columns, ",")}, into.rows...)); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, into.table+".csv")
		if err := os.WriteFile(path, file.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		execute(t, db, "insert into "+into.table+" by name from read_csv('"+path+"', header = true, quote = '\"', escape = '\"')")
	}
	all := views(t)
	needed := map[string]bool{}
	for _, v := range all {
		if v.Schema == "indicators" && slices.Contains([]string{"search_articles", "closest_treaties", "clause_sources"}, v.Name) {
			reads, _ := closure(v, all, nil)
			for name := range reads {
				needed[name] = true
			}
		}
	}
	for _, v := range all {
		if !needed[v.FullName()] {
			continue
		}
		start := time.Now()
		if v.Kind == pipeline.KindTable && v.Transform == "" {
			execute(t, db, "create table "+v.FullName()+" as "+v.SQL)
		} else if err := define(t, db, v); err != nil {
			t.Fatalf("%s: %v", v.FullName(), err)
		}
		if v.Transform != "" {
			t.Logf("%s: %s, %d rows", v.FullName(), time.Since(start).Round(time.Millisecond), count(t, db, "from "+v.FullName()))
		}
	}
	execute(t, db, "force checkpoint")
	return db
}

// scored is an article with its score.
type scored struct {
	treaty string
	seq    int
	score  float64
}

// bm25 ranks English articles by the formula, read from the texts alone. stems keeps what was stemmed.
func bm25(texts []agreementText, query string, stems map[string]string) []scored {
	stem := func(word string) string {
		term, known := stems[word]
		if !known {
			_, term = terms.Stem(terms.English, word)
			stems[word] = term
		}
		return term
	}
	wanted := map[string]bool{}
	terms.Words(query, func(word string) {
		if term := stem(word); term != "" {
			wanted[term] = true
		}
	})
	type article struct {
		scored
		length int
		counts map[string]int
	}
	var articles []article
	total, holding := 0, map[string]int{}
	for _, a := range texts {
		if a.Language != terms.English {
			continue
		}
		for i, text := range a.Articles {
			one := article{scored{treatyID(a), i + 1, 0}, 0, map[string]int{}}
			terms.Words(text.Name+" "+text.Text, func(word string) {
				if term := stem(word); term != "" {
					one.length++
					if wanted[term] {
						one.counts[term]++
					}
				}
			})
			if one.length == 0 {
				continue
			}
			total += one.length
			for term := range one.counts {
				holding[term]++
			}
			articles = append(articles, one)
		}
	}
	n, mean := float64(len(articles)), float64(total)/float64(len(articles))
	var list []scored
	for _, a := range articles {
		for term, count := range a.counts {
			df, f := float64(holding[term]), float64(count)
			a.score += math.Log(1+(n-df+0.5)/(df+0.5)) * f * 2.2 / (f + 1.2*(0.25+0.75*float64(a.length)/mean))
		}
		if a.score > 0 {
			list = append(list, a.scored)
		}
	}
	nine := func(score float64) float64 { return math.Round(score * 1e9) }
	slices.SortFunc(list, func(a, b scored) int {
		return cmp.Or(cmp.Compare(nine(b.score), nine(a.score)), strings.Compare(a.treaty, b.treaty), a.seq-b.seq)
	})
	return list
}

func treatyID(a agreementText) string { return "tota:" + strconv.Itoa(int(a.Number)) }

// TestSearchLandedTexts compares the macro with the formula over all the landed texts, and times it.
func TestSearchLandedTexts(t *testing.T) {
	texts := agreementTexts(t)
	db := searchWarehouse(t, texts)
	if n := count(t, db, "from core.treaty_articles"); n != 40_993 {
		t.Fatalf("%d articles, want 40,993", n)
	}
	stems, english := map[string]string{}, map[string]bool{}
	for _, a := range texts {
		english[treatyID(a)] = a.Language == terms.English
	}
	const most = 25
	for _, query := range []string{
		"an armed attack against one or more of them shall be considered an attack against them all",
		"Collective self-defence, Article 51 of the Charter",
		"customs duties of the contracting parties on imports of agreement", // hardly a word that is rare
		"LIBERALISATION of services: defense",
		"sanitary",
	} {
		want := bm25(texts, query, stems)
		var got []scored
		quickest := time.Hour
		for range 3 {
			start := time.Now()
			got = search(t, db, query, 4*most)
			quickest = min(quickest, time.Since(start))
		}
		t.Logf("%d ms, %d articles have a word of: %s", quickest.Milliseconds(), len(want), query)
		// Other languages have words of these queries, too, and ranks of their own.
		got = slices.DeleteFunc(got, func(s scored) bool { return !english[s.treaty] })
		if len(got) < most {
			t.Fatalf("%s: %d articles", query, len(got))
		}
		for i := range most {
			if got[i].treaty != want[i].treaty || got[i].seq != want[i].seq || math.Abs(got[i].score-want[i].score) > 1e-9 {
				t.Errorf("%s: place %d: got %v, want %v", query, i+1, got[i], want[i])
			}
		}
	}
	for _, known := range []struct {
		a, b  string
		least float64
	}{
		{"US - Peru", "US - Colombia", 0.95}, {"Czech Republic - Israel", "Slovak Republic - Israel", 0.95},
		{"EC - Czech Republic Europe Agreement", "EC - Slovak Republic Europe Agreement", 0.9},
	} {
		if n := count(t, db, `from core.treaties as t
			cross join lateral (from indicators.treaty_similarity as s where s.treaty_id_a = t.treaty_id) as s
			inner join core.treaties as u on u.treaty_id = s.treaty_id_b
			where list_sort([t.title, u.title]) = list_sort(['`+known.a+`', '`+known.b+`'])
			and s.similarity >= `+strconv.FormatFloat(known.least, 'g', -1, 64)); n != 1 {
			t.Errorf("%s and %s: not as alike as they are", known.a, known.b)
		}
	}
	if n := count(t, db, "from core.article_similarities where jaccard < 0.5 or treaty_id_a >= treaty_id_b or jaccard > 1"); n > 0 {
		t.Errorf("%d pairs out of bounds", n)
	}
	if n := count(t, db, "from indicators.clause_sources where source_signed_date >= signed_date or copied_share > 1"); n > 0 {
		t.Errorf("%d sources are no earlier than their copies", n)
	}
}

func search(t testing.TB, db *stdsql.DB, query string, n int) []scored {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), "select treaty_id, article_seq, score, snippet from indicators.search_articles('"+query+"', "+strconv.Itoa(n)+")")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var list []scored
	for rows.Next() {
		var s scored
		var snippet string
		if err := rows.Scan(&s.treaty, &s.seq, &s.score, &snippet); err != nil {
			t.Fatal(err)
		}
		list = append(list, s)
	}
	return list
}

// spent is the processor time that the process has used.
func spent(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkSearch times what a reader asks of all the landed texts, each on one thread. On a machine with other work the
// processor time tells more than the clock.
func BenchmarkSearch(b *testing.B) {
	db := searchWarehouse(b, agreementTexts(b))
	for name, query := range map[string]string{
		"rare_words":   "indicators.search_articles('armed attack, collective self-defence', 10)",
		"common_words": "indicators.search_articles('customs duties of the contracting parties on imports of agreement', 10)",
		"closest":      "indicators.closest_treaties('tota:342', 10)",
		"sources":      "indicators.clause_sources where treaty_id = 'tota:342'",
	} {
		b.Run(name, func(b *testing.B) {
			before := spent(b)
			for b.Loop() {
				execute(b, db, "create or replace temp table answer as from "+query)
				if n := count(b, db, "from temp.answer"); n < 10 {
					b.Fatalf("%d rows", n)
				}
			}
			b.ReportMetric(float64((spent(b)-before).Milliseconds())/float64(b.N), "processor-ms/op")
		})
	}
}

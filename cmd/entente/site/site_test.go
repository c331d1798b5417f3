package site

import (
	"database/sql"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"entente/cmd/entente/render"
)

func TestPages(t *testing.T) {
	f := data(sampleDir)
	_, server := serve(t, f, func(o *Options) { o.Timetable = timetable{time.Date(2026, 11, 30, 3, 15, 0, 0, time.UTC)} })
	store, err := f.Releases()
	if err != nil {
		t.Fatal(err)
	}
	id, err := store.CurrentID()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path   string
		status int
		want   []string
	}{
		{"/", 200, []string{"This is the embedded sample", ">voeten<", "2026-11-30 03:15", "15 4 * * 1", "by hand only", "published", id, "No row is in quarantine", "Know before use"}},
		{"/releases/" + id, 200, []string{"core.vote_dyads", "Row accounts", "There is none before it here"}},
		{"/releases/none", 404, []string{"no release of this name"}},
		{"/releases/" + url.PathEscape("../../x"), 400, []string{"no path of a page"}},
		{"/explore", 200, []string{"How alike China and Russia voted", "<svg", "CHN and RUS", "What the vote set decides"}},
		{"/explore?a=CHN&b=USA", 200, []string{"of CHN’s GDP", "What the trade of China and United States weighs"}},
		{"/explore?a=CHN&b=USA&c=RUS&body=SC", 200, []string{"How alike China and United States voted", "CHN and RUS", "source sciencespo"}},
		{"/explore?show=group&group=NATO", 200, []string{"How alike the members of NATO voted", "Who leaves the line", "Members"}},
		{"/explore?body=SC&source=voeten", 200, []string{"source sciencespo"}}, // the source of the other body
		{"/explore?measure=kappa", 200, []string{"kappa: beyond chance"}},
		{"/explore?a=XXX", 400, []string{"none of the choices", `aria-invalid="true"`}},
		{"/explore?a=CHN&b=CHN", 400, []string{"choose two different states"}},
		{"/explore?from=x", 400, []string{"is no year"}},
		{"/explore?from=2000&to=1990", 400, []string{"it is before 2000"}},
		{"/explore?from=1950&to=1951", 200, []string{"on which both cast a ballot"}},
		{"/explore?body=%27%3B+drop+table+core.votes%3B--", 400, []string{"none of the choices"}},
		{"/explore?a=%3Cscript%3Ealert(1)%3C/script%3E", 400, []string{"&lt;script&gt;"}},
		{"/explore.csv?panel=nothing", 400, []string{"no address of a CSV file"}},
		{"/dictionary", 200, []string{"indicators.pair_alignment", "core.votes"}},
		{"/sql", 200, []string{"<textarea", "indicators.vote_alignment_by_year"}},
		{"/sql?q=" + url.QueryEscape("select 6*7 as x, null as y"), 200, []string{">42<", ">–<", "1 rows in"}},
		{"/sql?q=" + url.QueryEscape("select '<b>' as x"), 200, []string{"&lt;b&gt;"}},
		{"/sql?q=" + url.QueryEscape("from range(5000)"), 200, []string{"1,000 rows", "there are more", "The first 200 are shown"}},
		{"/sql?q=" + url.QueryEscape("from nothing"), 400, []string{"Not answered", "does not exist"}},
		{"/sql?q=" + url.QueryEscape("select * from read_csv('/etc/passwd')"), 400, []string{"disabled by configuration"}},
		{"/sql?q=" + strings.Repeat("x", 13<<10), 400, []string{"longer than"}},
		{"/static/style.css", 200, []string{"prefers-color-scheme", ".chart .c-1"}},
		{"/static/site.go", 404, []string{"no such file"}},
		{"/static/", 404, []string{"no such page"}},
		{"/nope", 404, []string{"no such page"}},
	} {
		t.Run(c.path[:min(len(c.path), 50)], func(t *testing.T) {
			status, header, text := get(t, server, c.path)
			if status != c.status {
				t.Errorf("status %d, want %d", status, c.status)
			}
			for _, want := range c.want {
				if !strings.Contains(text, want) {
					t.Errorf("no %q in\n%.3000s", want, text)
				}
			}
			if len(header["Content-Security-Policy"]) != 1 {
				t.Error("no content policy")
			}
			if strings.Contains(text, "alert(1)</script>") || strings.Contains(text, "ZgotmplZ") {
				t.Error("a reader's text is part of the page's code")
			}
		})
	}
}

// Pages keep to what assistive programs need, and to the content policy: nothing inline.
func TestPagesAreSound(t *testing.T) {
	_, server := serve(t, data(sampleDir), func(o *Options) { o.Timetable = timetable{} })
	for _, path := range []string{"/", "/explore?c=USA", "/explore?show=group", "/sql?q=from+core.groups", "/dictionary", "/nope"} {
		_, _, text := get(t, server, path)
		d := xml.NewDecoder(strings.NewReader(text))
		d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
		ids, labels, landmarks := map[string]bool{}, map[string]bool{}, map[string]int{}
		var controls, refs []string
		tables, captions := 0, 0
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			e, ok := token.(xml.StartElement)
			if !ok {
				continue
			}
			at := map[string]string{}
			for _, a := range e.Attr {
				at[a.Name.Local] = a.Value
				if a.Name.Local == "style" || strings.HasPrefix(a.Name.Local, "on") {
					t.Errorf("%s: <%s %s>, which the content policy forbids", path, e.Name.Local, a.Name.Local)
				}
				if (a.Name.Local == "src" || a.Name.Local == "href") && strings.Contains(a.Value, "//") {
					t.Errorf("%s: <%s> refers to another host: %s", path, e.Name.Local, a.Value)
				}
				if a.Name.Local == "aria-labelledby" || a.Name.Local == "aria-describedby" {
					refs = append(refs, strings.Fields(a.Value)...)
				}
			}
			if id := at["id"]; id != "" {
				if ids[id] {
					t.Errorf("%s: the id %s is given twice", path, id)
				}
				ids[id] = true
			}
			switch e.Name.Local {
			case "html":
				if at["lang"] == "" {
					t.Errorf("%s: no language", path)
				}
			case "main", "header", "nav", "footer", "h1":
				landmarks[e.Name.Local]++
			case "label":
				labels[at["for"]] = true
			case "select", "textarea", "input":
				if at["type"] != "radio" {
					controls = append(controls, at["id"])
				}
			case "table":
				tables++
			case "caption":
				captions++
			case "th":
				if at["scope"] == "" {
					t.Errorf("%s: a heading cell without scope", path)
				}
			}
		}
		for _, name := range []string{"main", "header", "nav", "footer", "h1"} {
			if landmarks[name] != 1 {
				t.Errorf("%s: %d <%s>", path, landmarks[name], name)
			}
		}
		for _, c := range controls {
			if !labels[c] {
				t.Errorf("%s: nothing labels %q", path, c)
			}
		}
		for _, r := range refs {
			if !ids[r] {
				t.Errorf("%s: what %q names is not there", path, r)
			}
		}
		if tables != captions {
			t.Errorf("%s: %d tables, %d captions", path, tables, captions)
		}
	}
}

// A sample that is served says that no schedule runs on it, and which sources it leaves out.
func TestSampleOnShow(t *testing.T) {
	_, server := serve(t, data(sampleDir), nil)
	_, _, text := get(t, server, "/")
	for _, want := range []string{"This is the embedded sample", "No schedule runs here", "not in the sample"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q", want)
		}
	}
	for _, wrong := range []string{"Next runs", "not fetched yet", "by hand only", "is late"} {
		if strings.Contains(text, wrong) {
			t.Errorf("the page says %q", wrong)
		}
	}
}

func TestLate(t *testing.T) {
	f := data(sampleDir)
	f.Now = func() time.Time { return time.Now().Add(4 * time.Hour) }
	_, server := serve(t, f, func(o *Options) { o.Timetable = timetable{} })
	_, _, text := get(t, server, "/")
	if !strings.Contains(text, "1 late") {
		t.Errorf("voeten, due an hour and more ago, is not late:\n%.2000s", text)
	}
	row := regexp.MustCompile(`(?s)<th scope="row">(voeten|sciencespo)</th>.*?</tr>`)
	for _, r := range row.FindAllString(text, -1) {
		if strings.Contains(r, "late") != strings.Contains(r, "voeten") {
			t.Errorf("row %s", r)
		}
	}
}

// What the page shows is what its CSV has, and what its SQL returns on the page for SQL.
func TestNumbersSQLAndCSVAgree(t *testing.T) {
	f := data(sampleDir)
	s, server := serve(t, f, nil)
	held, err := s.follower.Hold(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.follower.Drop(held)
	for _, address := range []string{"show=pair&a=USA&b=CHN&c=RUS", "show=pair&a=GBR&b=USA&body=SC&scope=all", "show=group&group=EU", "show=pair&a=USA&b=CHN&from=1990&to=2010&method=reconciled"} {
		v, _ := url.ParseQuery(address)
		chosen, wrong := held.Extra.choices.read(v)
		if len(wrong) > 0 {
			t.Fatal(wrong)
		}
		for _, k := range kinds(chosen.Show) {
			p, err := k.make(t.Context(), held.Extra, chosen)
			if err != nil {
				t.Fatalf("%s: %v", k.id, err)
			}
			if p.SQL == "" {
				continue // the release does not have its tables
			}
			if strings.Contains(p.SQL, "$") {
				t.Errorf("%s: a value is missing in\n%s", k.id, p.SQL)
			}
			_, _, text := get(t, server, p.CSV)
			lines, err := csv.NewReader(strings.NewReader(text)).ReadAll()
			if err != nil {
				t.Fatalf("%s: %v", p.CSV, err)
			}
			if len(lines)-1 != len(p.Table.Rows) {
				t.Errorf("%s: %d rows on the page, %d in the CSV", k.id, len(p.Table.Rows), len(lines)-1)
			}
			if diff := cmp.Diff(lines, ask(t, held.DB, p.SQL)); diff != "" {
				t.Errorf("%s: the SQL shown gives something else:\n%s", k.id, diff)
			}
		}
	}
}

// ask returns a query's answer as the CSV has it, by way of DuckDB's own text.
func ask(t *testing.T, db *sql.DB, query string) [][]string {
	t.Helper()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatalf("%v\n%s", err, query)
	}
	defer rows.Close()
	names, _ := rows.Columns()
	types, _ := rows.ColumnTypes()
	all := [][]string{names}
	for rows.Next() {
		values, into := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		line := make([]string, len(values))
		for i, v := range values {
			line[i], _ = render.Text(v, types[i].DatabaseTypeName())
		}
		all = append(all, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// The agreement on the page is that of the indicator's own view.
func TestAlignmentIsTheIndicators(t *testing.T) {
	f := data(sampleDir)
	s, _ := serve(t, f, nil)
	held, err := s.follower.Hold(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.follower.Drop(held)
	for _, scope := range []string{"all", "contested"} {
		chosen, _ := held.Extra.choices.read(url.Values{"a": {"CHN"}, "b": {"USA"}, "scope": {scope}})
		got, err := held.Extra.ask(t.Context(), kinds("pair")[0].questions(chosen)[0])
		if err != nil {
			t.Fatal(err)
		}
		want := ask(t, held.DB, "select year, n, agree, agree_half, agree_yes_no, kappa, s_abs from indicators.vote_alignment_by_year where body = 'GA' and source = '"+chosen.Source+"' and scope = '"+scope+"' and iso3_a = 'CHN' and iso3_b = 'USA' order by year")
		var lines [][]string
		lines = append(lines, want[0])
		for _, v := range got.values {
			if n, _ := number(v[got.at("n")]); n == 0 {
				continue
			}
			var line []string
			for _, name := range want[0] {
				at := got.at(name)
				text, _ := render.Text(v[at], got.columns[at].Type)
				line = append(line, text)
			}
			lines = append(lines, line)
		}
		if len(want) < 10 {
			t.Fatalf("the sample has %d years of China and the USA", len(want)-1)
		}
		if diff := cmp.Diff(want, lines); diff != "" {
			t.Errorf("%s: %s", scope, diff)
		}
	}
}

func TestLinksOfOtherSitesRunNothing(t *testing.T) {
	_, server := serve(t, data(sampleDir), nil)
	for path, want := range map[string]string{"/sql?q=select+6*7+as+x": "Another site linked", "/sql.csv?q=select+6*7+as+x": "A link of another site"} {
		r, err := newRequest(server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		r.Header.Set("Sec-Fetch-Mode", "navigate")
		answer, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		if !strings.Contains(string(text), want) || strings.Contains(string(text), ">42<") {
			t.Errorf("%s: %.1500s", path, text)
		}
	}
}

func TestBeforeTheFirstRelease(t *testing.T) {
	_, server := serve(t, data(filepath.Join(t.TempDir(), "none")), nil)
	for path, want := range map[string]int{"/": 200, "/explore": 404, "/sql": 404, "/dictionary": 404} {
		status, _, text := get(t, server, path)
		if status != want || !strings.Contains(text, "Nothing is published yet") {
			t.Errorf("%s: status %d, want %d\n%.800s", path, status, want, text)
		}
	}
}

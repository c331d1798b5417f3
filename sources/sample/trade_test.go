package sample

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	tradePath = "/correlatesofwar.org/wp-content/uploads/COW_Trade_4.0.zip"
	gdpPath   = "/api.worldbank.org/v2/country/all/indicator/NY.GDP.MKTP.CD"
)

// member reads one table of the served archive.
func member(t *testing.T, name, header string) []map[string]string {
	t.Helper()
	answer, body := get(t, server(t), http.MethodGet, tradePath)
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("status %d", answer.StatusCode)
	}
	archive, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	file, err := archive.Open("COW_Trade_4.0/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	data, err := io.ReadAll(file)
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, data, header)
}

func TestDyadsFile(t *testing.T) {
	f := allFacts(t)
	rows := member(t, "Dyadic_COW_4.0.csv", dyadsHeader)
	served := map[string]string{} // by buyer, supplier and year
	for _, r := range rows {
		low, err1 := strconv.Atoi(r["ccode1"])
		high, err2 := strconv.Atoi(r["ccode2"])
		if err1 != nil || err2 != nil || low >= high || r["importer1"] == "" || r["importer2"] == "" {
			t.Fatalf("row %v", r)
		}
		if r["flow1"] == cowMissing && r["flow2"] == cowMissing {
			t.Errorf("pair %d, %d has nothing in %s", low, high, r["year"])
		}
		for _, flow := range [][3]string{{r["ccode1"], r["ccode2"], r["flow1"]}, {r["ccode2"], r["ccode1"], r["flow2"]}} {
			key := strings.Join([]string{flow[0], flow[1], r["year"]}, " ")
			if served[key] != "" {
				t.Errorf("%s is there twice", key)
			}
			served[key] = flow[2]
		}
	}
	flows := 0
	for _, m := range f.trade {
		buyer, err := f.cowOf(m.importer, m.year)
		if err != nil {
			t.Fatal(err)
		}
		for iso3, value := range m.from {
			if value == "" {
				continue
			}
			flows++
			supplier, err := f.cowOf(iso3, m.year)
			if err != nil {
				t.Fatal(err)
			}
			if got := served[strings.Join([]string{strconv.Itoa(buyer.cow), strconv.Itoa(supplier.cow), strconv.Itoa(m.year)}, " ")]; got != value {
				t.Errorf("%s from %s in %d: %q is served, the facts have %s", m.importer, iso3, m.year, got, value)
			}
		}
	}
	if flows < 5000 || len(rows) < flows/2 {
		t.Errorf("%d flows, %d rows", flows, len(rows))
	}
}

func TestNationalFile(t *testing.T) {
	f := allFacts(t)
	got := map[string]map[string]string{}
	for _, r := range member(t, "National_COW_4.0.csv", nationalHeader) {
		got[r["stateabb"]+" "+r["year"]] = r
	}
	if len(got) != len(f.trade) {
		t.Errorf("%d totals are served, the facts have %d", len(got), len(f.trade))
	}
	for key, want := range map[string][2]string{"USA 2012": {"2335551", "1544877"}, "TAW 2012": {cowMissing, "377506"}, "GMY 1990": {"346464", "409230"}} {
		if r := got[key]; r["imports"] != want[0] || r["exports"] != want[1] {
			t.Errorf("%s: imports %q and exports %q, want %v", key, r["imports"], r["exports"], want)
		}
	}
}

// Every economy sold to and bought from most others in each year it existed, so that shares mean something.
func TestTradeIsDense(t *testing.T) {
	f := allFacts(t)
	for _, m := range f.trade {
		filled := 0
		for _, value := range m.from {
			if value != "" {
				filled++
			}
		}
		if filled < len(f.economies)/2 {
			t.Errorf("%s in %d: imports from %d of %d economies", m.importer, m.year, filled, len(f.economies)-1)
		}
	}
}

// pageOf reads an answer of the World Bank's API as a client does.
func pageOf(t *testing.T, body []byte) (pageHead, []observation) {
	t.Helper()
	var head pageHead
	var rows []observation
	if err := json.Unmarshal(body, &[]any{&head, &rows}); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	return head, rows
}

func TestWorldBankPages(t *testing.T) {
	s := server(t)
	f := allFacts(t)
	seen := map[string]int64{}
	for page, pages := 1, 1; page <= pages; page++ {
		_, body := get(t, s, http.MethodGet, gdpPath+"?format=json&per_page=40&page="+strconv.Itoa(page))
		head, rows := pageOf(t, body)
		pages = head.Pages
		if want := (pageHead{page, pages, 40, (len(f.economies) - 1) * len(economyYears), "2", worldBankUpdated}); head != want {
			t.Errorf("head %+v, want %+v", head, want)
		}
		for _, o := range rows {
			if _, twice := seen[o.ISO3+o.Date]; twice {
				t.Errorf("%s %s is there twice", o.ISO3, o.Date)
			}
			seen[o.ISO3+o.Date] = 0
			if o.Value != nil {
				seen[o.ISO3+o.Date] = *o.Value
			}
		}
	}
	if len(seen) != (len(f.economies)-1)*len(economyYears) || seen["CHN2012"] != 8_532_185_000_000 || seen["USA1990"] != 5_963_144_000_000 {
		t.Errorf("%d values, China's of 2012 is %d", len(seen), seen["CHN2012"])
	}
}

func TestWorldBankAnswers(t *testing.T) {
	s := server(t)
	const invalid = `[{"message":[{"id":"120","key":"Invalid value","value":"The provided parameter value is not valid"}]}]`
	for target, want := range map[string]string{
		"/api.worldbank.org/v2/country/KOR;il/indicator/NY.GDP.MKTP.CD?format=json&date=2014": `[{"page":1,"pages":1,"per_page":50,"total":2,"sourceid":"2","lastupdated":"2025-01-28"},[` +
			`{"indicator":{"id":"NY.GDP.MKTP.CD","value":"GDP (current US$)"},"country":{"id":"IL","value":"Israel"},"countryiso3code":"ISR","date":"2014","value":314330000000,"unit":"","obs_status":"","decimal":0},` +
			`{"indicator":{"id":"NY.GDP.MKTP.CD","value":"GDP (current US$)"},"country":{"id":"KR","value":"Korea, Rep."},"countryiso3code":"KOR","date":"2014","value":1484489000000,"unit":"","obs_status":"","decimal":0}]]`,
		"/api.worldbank.org/v2/country/KOR/indicator/NY.GDP.MKTP.CD?date=2001:2005": `[{"page":1,"pages":0,"per_page":50,"total":0,"sourceid":"2","lastupdated":"2025-01-28"},[]]`,
		"/api.worldbank.org/v2/country/KOR/indicator/NY.GDP.MKTP.CD?page=9":         `[{"page":9,"pages":1,"per_page":50,"total":6,"sourceid":"2","lastupdated":"2025-01-28"},[]]`,
		"/api.worldbank.org/v2/country/KOR/indicator/SP.POP.TOTL?format=json&date=2014": `[{"page":1,"pages":1,"per_page":50,"total":1,"sourceid":"2","lastupdated":"2025-01-28"},[` +
			`{"indicator":{"id":"SP.POP.TOTL","value":"Population, total"},"country":{"id":"KR","value":"Korea, Rep."},"countryiso3code":"KOR","date":"2014","value":null,"unit":"","obs_status":"","decimal":0}]]`,
		"/api.worldbank.org/v2/country/all/indicator/NE.TRD.GNFS.ZS?format=json": invalid,
		"/api.worldbank.org/v2/country/TWN/indicator/NY.GDP.MKTP.CD":             invalid,
		gdpPath + "?per_page=0":   invalid,
		gdpPath + "?page=x":       invalid,
		gdpPath + "?date=2001:":   invalid,
		"/api.worldbank.org/v2/x": "Not Found\n",
	} {
		_, body := get(t, s, http.MethodGet, target)
		if diff := cmp.Diff(want, string(body)); diff != "" {
			t.Errorf("%s: %s", target, diff)
		}
	}
}

func TestWrongTradeFactsAreNamed(t *testing.T) {
	f := facts{economies: []economy{{iso3: "USA"}, {iso3: "CAN"}}, trade: []imports{{year: 2000, importer: "CAN"}}}
	const economies = "USA,US,United States,1,2,3,4,5,6\n"
	for _, c := range []struct {
		name, header, text, want string
		add                      func(f *facts, r []string) error
	}{
		{"no number", economiesHeader(), "USA,US,United States,1,x,3,4,5,6\n", `2000: amount "x"`, (*facts).addEconomy},
		{"no code", economiesHeader(), "TWN,,,1,,,,,\n", "a value for 1990", (*facts).addEconomy},
		{"year missing", economiesHeader(), strings.Replace(economies, ",6", "", 1), "wrong number of fields", (*facts).addEconomy},
		{"negative", f.tradeHeader(), "1990,USA,1,1,,-9\n", `amount "-9"`, (*facts).addImports},
		{"unknown", f.tradeHeader(), "1990,FRA,1,1,1,2\n", "imports of FRA in 1990", (*facts).addImports},
		{"from itself", f.tradeHeader(), "1990,USA,1,1,1,2\n", "buys from itself", (*facts).addImports},
		{"twice", f.tradeHeader(), "2000,CAN,1,1,1,\n", "twice", (*facts).addImports},
		{"no year", f.tradeHeader(), "x,CAN,1,1,1,\n", "field 1", (*facts).addImports},
	} {
		t.Run(c.name, func(t *testing.T) {
			into := f
			err := scan("x.csv", c.header, strings.NewReader(c.header+"\n"+c.text), func(r []string) error { return c.add(&into, r) })
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is %v, want one with %q", err, c.want)
			}
		})
	}
}

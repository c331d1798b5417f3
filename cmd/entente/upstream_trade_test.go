package main

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const tradeKey = "demo-key" // of the stand-in

var tradeJobs = []string{"reference", "comtrade", "imts", "worldbank", "baci", "cowtrade", "contiguity"}

// download asks the stand-in as a stranger would, not with the program's own client.
func download(t testing.TB, address, accept string) []byte {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", accept)
	req.Header.Set("Ocp-Apim-Subscription-Key", tradeKey)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", address, resp.Status, err)
	}
	return body
}

// sums are dollars by key.
type sums map[string]float64

// table reads comma-separated text and adds up what cell gives of each record.
func (s sums) table(t testing.TB, text []byte, cell func(get func(string) string) (key string, usd float64)) {
	t.Helper()
	r := csv.NewReader(bytes.NewReader(text))
	r.ReuseRecord = true
	header, err := r.Read()
	if err != nil {
		t.Fatal(err)
	}
	header = slices.Clone(header)
	for {
		record, err := r.Read()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		key, usd := cell(func(name string) string {
			at := slices.Index(header, name)
			if at < 0 {
				t.Fatalf("no column %q in %v", name, header)
			}
			return record[at]
		})
		if key != "" {
			s[key] += usd
		}
	}
}

// query adds up what the warehouse gives: all columns but the last are the key.
func (s sums) query(t testing.TB, data, query string) {
	t.Helper()
	for _, row := range rowsOf(t, data, query) {
		last := len(row) - 1
		s[strings.Join(row[:last], " ")] += real(t, row[last])
	}
}

func real(t testing.TB, text string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// equal fails unless both have the same keys and the same sums to within tolerance.
func equal(t *testing.T, what string, got, want sums, tolerance float64) {
	t.Helper()
	wrong := 0
	for key, usd := range want {
		if g, ok := got[key]; !ok || math.Abs(g-usd) > tolerance {
			if wrong++; wrong <= 5 {
				t.Errorf("%s %s: %.2f (there: %v), want %.2f", what, key, g, ok, usd)
			}
		}
	}
	if wrong > 0 || len(got) != len(want) {
		t.Errorf("%s: %d of %d sums differ; the warehouse has %d", what, wrong, len(want), len(got))
	}
	t.Logf("%s: %d sums by reporter and year equal", what, len(want)-wrong)
}

// ended reports whether a partner was no more in a year; the few rows that name it still are in quarantine.
func ended(partner, year string) bool {
	return (partner == "SUN" || partner == "810") && year > "1991" || (partner == "YUG" || partner == "890") && year > "1992"
}

// aggregates of the International Monetary Fund among the counterparts.
var imfAggregate = regexp.MustCompile(`^(G|GX|TX)[0-9]+$`)

// The whole of all trade sources: sums by reporter and year are the upstreams' to the dollar, the worked
// values come out, a second run changes nothing, and the key is nowhere.
func TestUpstreamTrade(t *testing.T) {
	unhurried(t)
	t.Parallel()
	url, _ := upstream(t)
	data, key := t.TempDir(), []string{"ENTENTE_COMTRADE_KEY=" + tradeKey}
	words := append([]string{"run", "--mirror", url}, tradeJobs...)
	if code, _, errs := ententeIn(t, key, data, words...); code != 0 {
		t.Fatalf("exit %d\n%s", code, errs)
	}
	for _, e := range current(t, data).Tables {
		if !e.Account.Balanced() {
			t.Errorf("%s: account %+v", e.FullName(), e.Account)
		}
	}
	for _, row := range rowsOf(t, data, "select table_name, reason, count(*) from meta.quarantine where reason not like '% after its end: %' group by all") {
		t.Errorf("%s: %s rows are in quarantine, and not for a state that was no more: %s", row[0], row[2], row[1])
	}

	t.Run("imts", func(t *testing.T) {
		want, got := sums{}, sums{}
		answer := download(t, url+"/api.imf.org/external/sdmx/2.1/data/IMF.STA,IMTS/.MG_CIF_USD+XG_FOB_USD..A", "application/vnd.sdmx.data+csv;version=1.0.0")
		want.table(t, answer, func(get func(string) string) (string, float64) {
			partner := get("COUNTERPART_COUNTRY")
			if imfAggregate.MatchString(partner) || imfAggregate.MatchString(get("COUNTRY")) || ended(partner, get("TIME_PERIOD")) {
				return "", 0
			}
			return get("COUNTRY") + " " + get("INDICATOR") + " " + get("TIME_PERIOD"), real(t, get("OBS_VALUE"))
		})
		got.query(t, data, "select reporter_code, indicator, year, sum(value_usd) from raw.imts_flows group by all")
		equal(t, "IMTS", got, want, 0.5)
	})
	t.Run("comtrade", func(t *testing.T) { comtradeSums(t, url, data) })
	t.Run("worldbank", func(t *testing.T) {
		want, got := sums{}, sums{}
		gz := readGzip(t, filepath.Join(shared(t), "data", "trade", "gdp", "wdi_NY.GDP.MKTP.CD.csv.gz"))
		known := map[string]bool{}
		for _, row := range rowsOf(t, data, "select distinct economy_code from raw.wdi_indicators") {
			known[row[0]] = true
		}
		want.table(t, gz, func(get func(string) string) (string, float64) {
			if !known[get("Country Code")] {
				return "", 0
			}
			return get("Country Code") + " " + get("Year"), real(t, get("Value"))
		})
		got.query(t, data, "select economy_code, year, value from raw.wdi_indicators where indicator = 'NY.GDP.MKTP.CD'")
		equal(t, "World Bank", got, want, 0.5)
		if len(known) != 262-48 {
			t.Errorf("%d economies of 262 are loaded, 48 are aggregates", len(known))
		}
	})
	t.Run("baci", func(t *testing.T) {
		want, got := sums{}, sums{}
		archive := download(t, url+"/www.cepii.fr/DATA_DOWNLOAD/baci/data/BACI_HS17_V202301.zip", "")
		z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
		if err != nil {
			t.Fatal(err)
		}
		f, err := z.Open("BACI_HS17_Y2020_V202301.csv")
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(f)
		if err != nil {
			t.Fatal(err)
		}
		want.table(t, text, func(get func(string) string) (string, float64) {
			return get("t") + " " + strings.TrimSpace(get("i")) + " " + strings.TrimSpace(get("j")), real(t, get("v"))
		})
		got.query(t, data, "select year, exporter_code, importer_code, sum(value_kusd) from raw.baci_flows group by all")
		equal(t, "BACI", got, want, 0.0005)
	})
	t.Run("cowtrade", func(t *testing.T) {
		want, got := sums{}, sums{}
		text := readGzip(t, filepath.Join(shared(t), "data", "trade", "cow", "cow_trade_4.0_dyadic_rounded.csv.gz"))
		for _, flow := range []string{"flow1", "flow2"} {
			want.table(t, text, func(get func(string) string) (string, float64) {
				if get(flow) == "" || get(flow) == "NA" {
					return "", 0
				}
				return flow + " " + get("ccode1") + " " + get("year"), real(t, get(flow))
			})
			got.query(t, data, fmt.Sprintf("select '%s', ccode1, year, sum(%s_musd) from raw.cow_trade_dyads where %s_musd is not null group by all", flow, flow, flow))
		}
		equal(t, "Correlates of War", got, want, 0.0005)
	})
	t.Run("comtrade against dots", func(t *testing.T) { comtradeAgainstDOTS(t, data) })
	t.Run("shares of Laos", func(t *testing.T) {
		// published from a later vintage; this one has the same share of Thailand, and by its estimates
		// 34.8 % for China and 7.4 % for Viet Nam
		got := rowsOf(t, data, `select partner_iso3, value_usd / sum(value_usd) over ()
			from raw.imts_flows where reporter_iso3 = 'LAO' and year = 2019 and flow = 'X'`)
		for partner, want := range map[string]float64{"THA": 0.414, "CHN": 0.348, "VNM": 0.074} {
			at := slices.IndexFunc(got, func(row []string) bool { return row[0] == partner })
			if at < 0 || math.Abs(real(t, got[at][1])-want) > 0.0006 {
				t.Errorf("%s: %v, want %.3f", partner, got[max(at, 0)], want)
			}
		}
	})
	t.Run("worked dependence", func(t *testing.T) { workedDependence(t, data) })
	t.Run("key", func(t *testing.T) {
		if err := filepath.WalkDir(data, func(path string, d os.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() || strings.Contains(path, "sha256") {
				return err
			}
			text, err := os.ReadFile(path)
			if bytes.Contains(text, []byte(tradeKey)) {
				t.Errorf("%s holds the key", path)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	})
	unchanged(t, data, key, words...)
}

// comtradeSums asks the stand-in for a few years of all reporters, a year a call, which stays below the cap.
func comtradeSums(t *testing.T, url, data string) {
	want, got := sums{}, sums{}
	loaded := map[string]bool{}
	for _, row := range rowsOf(t, data, "select distinct partner_code from raw.comtrade_flows") {
		loaded[row[0]] = true
	}
	left := map[string]bool{}
	years := []string{"1990", "1991", "2005", "2006", "2019", "2020"}
	for _, period := range years {
		var answer struct {
			Count int
			Data  []struct {
				RefYear, ReporterCode, PartnerCode int
				FlowCode                           string
				PrimaryValue                       float64
			}
		}
		body := download(t, url+"/comtradeapi.un.org/data/v1/get/C/A/HS?cmdCode=TOTAL&flowCode=M,X&partner2Code=0&motCode=0&customsCode=C00&period="+period, "")
		if err := json.Unmarshal(body, &answer); err != nil {
			t.Fatal(err)
		}
		if answer.Count >= 100_000 || answer.Count != len(answer.Data) {
			t.Fatalf("period %s: %d records of %d", period, len(answer.Data), answer.Count)
		}
		for _, r := range answer.Data {
			partner := strconv.Itoa(r.PartnerCode)
			if ended(partner, strconv.Itoa(r.RefYear)) {
				continue
			}
			if !loaded[partner] {
				left[partner] = true
				continue
			}
			want[fmt.Sprint(r.RefYear, " ", r.ReporterCode, " ", r.FlowCode)] += r.PrimaryValue
		}
	}
	got.query(t, data, "select year, reporter_code, flow, sum(primary_value_usd) from raw.comtrade_flows where year in ("+strings.Join(years, ", ")+") group by all")
	equal(t, "Comtrade", got, want, 0.5)
	for partner := range left {
		if !slices.Contains([]string{"0", "97", "129", "221", "290", "471", "472", "473", "527", "568", "577", "636", "637", "697", "837", "838", "839", "879", "899", "975"}, partner) {
			t.Errorf("partner %s is in the upstream and not in the warehouse, and is no aggregate", partner)
		}
	}
}

// workedDependence compares indicators.trade_dependence with the dyad-years that were worked by hand.
func workedDependence(t *testing.T, data string) {
	rows := readCSV(t, filepath.Join(shared(t), "data", "trade", "validation", "worked_dependence_dots_wdi.csv"))
	at := map[string]int{}
	for i, name := range rows[0] {
		at[name] = i
	}
	for _, row := range rows[1:] {
		a, b, year := row[at["a"]], row[at["b"]], row[at["year"]]
		depA, depB := row[at["dep_a"]], row[at["dep_b"]]
		low := row[at["dep_low"]]
		if a > b {
			a, b, depA, depB = b, a, depB, depA
		}
		got := rowsOf(t, data, fmt.Sprintf(`select round(dependence_a_share, 6), round(dependence_b_share, 6), round(weak_link_share, 6)
			from indicators.trade_dependence
			where iso3_a = '%s' and iso3_b = '%s' and year = %s and source = 'imts' and method = 'import_priority'`, a, b, year))
		want := []string{depA, depB, low}
		if len(got) != 1 {
			t.Errorf("%s-%s %s: %v", a, b, year, got)
			continue
		}
		for i := range want {
			if math.Abs(real(t, got[0][i])-real(t, want[i])) > 1.5e-6 {
				t.Errorf("%s-%s %s: %v, want %v", a, b, year, got[0], want)
			}
		}
	}
}

// comtradeAgainstDOTS compares flows that were published by both services: the IMF's come out to the dollar,
// and Comtrade's differ from them by 2.5 % at most.
func comtradeAgainstDOTS(t *testing.T, data string) {
	rows := readCSV(t, filepath.Join(shared(t), "data", "trade", "validation", "comtrade_vs_dots.csv"))
	compared := 0
	for _, row := range rows[1:] {
		if row[7] == "" {
			continue // after the last year of the IMF's file
		}
		for _, c := range []struct {
			source, query string
			want, share   float64
		}{
			{"IMTS", "select value_usd from raw.imts_flows", real(t, row[7]), 0},
			{"Comtrade", "select primary_value_usd from raw.comtrade_flows", real(t, row[4]), 0.026},
		} {
			got := rowsOf(t, data, fmt.Sprintf("%s where reporter_iso3 = '%s' and partner_iso3 = '%s' and flow = '%s' and year = %s",
				c.query, row[0], row[1], row[2], row[3]))
			if len(got) != 1 || math.Abs(real(t, got[0][0])-c.want) > c.share*c.want+1 {
				t.Errorf("%s %v: %v, want %.0f", c.source, row[:4], got, c.want)
			}
		}
		compared++
	}
	t.Logf("%d flows compared", compared)
	if compared < 40 {
		t.Errorf("%d flows compared", compared)
	}
}

func readGzip(t testing.TB, path string) []byte {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

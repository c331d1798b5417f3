package trade

import (
	"compress/gzip"
	"encoding/csv"
	"errors"
	"io"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// dots is where the IMF's Direction of Trade Statistics, 1960-2020, may lie beside the checkout.
const dots = "../../../shared/data/trade"

// landlocked are states without a coast.
const landlocked = "AFG AND ARM AUT AZE BDI BFA BLR BOL BTN BWA CAF CHE CSK CZE ETH HUN KAZ KGZ LAO LIE LSO LUX MDA MKD " +
	"MLI MNG MWI NER NPL PRY RWA SMR SRB SSD SVK SWZ TCD TJK TKM UGA UZB VAT XKX ZMB ZWE"

// importersFOB are states whose published imports are FOB.
const importersFOB = "AUS BRA KHM CAN GIN MLI PRY ZAF TJK UKR USA"

// dotsFlows reads the flows between states and territories in all years, in order, or skips the test.
func dotsFlows(t testing.TB) []flow {
	t.Helper()
	if _, err := os.Stat(dots); errors.Is(err, fs.ErrNotExist) {
		t.Skip("the IMF's Direction of Trade Statistics are not there:", dots)
	}
	iso3, cow := map[string]string{}, map[string]int{}
	for _, row := range readCSV(t, "imf_dots/imf_dots_areas.csv") {
		if row[2] != "" && row[1] != "aggregate" && row[1] != "residual" {
			iso3[row[0]] = row[2]
			code, _, _ := strings.Cut(row[4], "/")
			cow[row[2]], _ = strconv.Atoi(code)
		}
	}
	codes := slices.Sorted(maps.Keys(cow))
	places := map[string]int{}
	for name, code := range iso3 {
		places[name], _ = slices.BinarySearch(codes, code)
	}
	distances := newAtlas(t)
	flows := map[int]flow{} // by year, exporter and importer
	read := func(file string, exports bool) {
		each(t, file, func(row []string) {
			reporter, known := places[row[0]]
			partner, too := places[row[1]]
			if !known || !too || reporter == partner {
				return
			}
			year, err := strconv.Atoi(row[2])
			usd, wrong := strconv.ParseFloat(row[3], 64)
			if err := errors.Join(err, wrong); err != nil {
				t.Fatal(err)
			}
			from, to := reporter, partner
			if !exports {
				from, to = partner, reporter
			}
			key := (year<<10|from)<<10 | to
			f, known := flows[key]
			if !known {
				exporter, importer := codes[from], codes[to]
				f = flow{
					source: "imts", product: "TOTAL", year: int16(year), exporter: exporter, importer: importer,
					exports: none, imports: none, valuation: valuedCIF, isDefault: true,
					landlocked: [2]bool{strings.Contains(landlocked, exporter), strings.Contains(landlocked, importer)},
				}
				if strings.Contains(importersFOB, importer) {
					f.valuation = valuedFOB
				}
				f.km, f.contiguous = distances.between(cow[exporter], cow[importer], row[2])
			}
			made := report{usd * 1e6, row[4] == "e"}
			if exports {
				f.exports = made
			} else {
				f.imports = made
			}
			flows[key] = f
		})
	}
	read("imf_dots/imf_dots_exports_fob_1960_2020.csv.gz", true)
	read("imf_dots/imf_dots_imports_cif_1960_2020.csv.gz", false)
	list := make([]flow, 0, len(flows))
	for _, key := range slices.Sorted(maps.Keys(flows)) {
		list = append(list, flows[key])
	}
	return list
}

// atlas knows capitals and land borders of Correlates of War states.
type atlas struct {
	capitals map[int][]spell
	borders  map[[2]int][]spell
}

// spell is a stretch of days, as text, with a place on the globe.
type spell struct {
	from, to            string
	latitude, longitude float64
}

func newAtlas(t testing.TB) atlas {
	a := atlas{map[int][]spell{}, map[[2]int][]spell{}}
	for _, row := range readCSV(t, "gravity/cow_capitals.csv") {
		state, _ := strconv.Atoi(row[0])
		lat, _ := strconv.ParseFloat(row[5], 64)
		lon, _ := strconv.ParseFloat(row[6], 64)
		a.capitals[state] = append(a.capitals[state], spell{row[3], row[4], lat, lon})
	}
	for _, row := range readCSV(t, "gravity/cow_direct_contiguity_v3.2.csv") {
		first, _ := strconv.Atoi(row[0])
		second, _ := strconv.Atoi(row[1])
		if row[2] == "1" {
			a.borders[[2]int{first, second}] = append(a.borders[[2]int{first, second}], spell{from: row[3], to: row[4]})
		}
	}
	return a
}

// between returns the great-circle distance of two capitals and whether the states share a land border
// at the middle of a year; borders after 2016 are those of 2016.
func (a atlas) between(first, second int, year string) (float64, bool) {
	p, okP := at(a.capitals[first], year+"-07-01")
	q, okQ := at(a.capitals[second], year+"-07-01")
	if !okP || !okQ {
		return math.NaN(), false
	}
	_, border := at(a.borders[[2]int{first, second}], min(year, "2016")+"-07-01")
	radians := math.Pi / 180
	sin := func(degrees float64) float64 { return math.Sin(degrees * radians / 2) }
	h := sin(p.latitude-q.latitude)*sin(p.latitude-q.latitude) +
		math.Cos(p.latitude*radians)*math.Cos(q.latitude*radians)*sin(p.longitude-q.longitude)*sin(p.longitude-q.longitude)
	return 2 * 6371 * math.Asin(math.Sqrt(h)), border
}

func at(spells []spell, day string) (spell, bool) {
	for _, s := range spells {
		if s.from <= day && day <= s.to {
			return s, true
		}
	}
	return spell{}, false
}

func readCSV(t testing.TB, file string) [][]string {
	var rows [][]string
	each(t, file, func(row []string) { rows = append(rows, slices.Clone(row)) })
	return rows
}

// each calls do with every row after the header.
func each(t testing.TB, file string, do func([]string)) {
	t.Helper()
	f, err := os.Open(filepath.Join(dots, file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	in := io.Reader(f)
	if strings.HasSuffix(file, ".gz") {
		if in, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	}
	r := csv.NewReader(in)
	r.ReuseRecord = true
	for line := 0; ; line++ {
		row, err := r.Read()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if line > 0 {
			do(row)
		}
	}
}

package sample

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Headers of the two tables of the Correlates of War trade data, version 4.0.
const (
	dyadsHeader    = "ccode1,ccode2,year,importer1,importer2,flow1,flow2,smoothflow1,smoothflow2,smoothtotrade,spike1,spike2,dip1,dip2,trdspike,tradedip,bel_lux_alt_flow1,bel_lux_alt_flow2,china_alt_flow1,china_alt_flow2,source1,source2,version"
	nationalHeader = "ccode,statename,stateabb,year,imports,exports,alt_imports,alt_exports,source1,source2,version"
)

// cowMissing is how those tables write what nobody reported.
const cowMissing = "-9"

// economy is a state whose trade and output are in the sample.
type economy struct {
	iso3, code2, name string         // code and name at the World Bank, "" where it has none
	gdp               map[int]string // by year, in millions of current US dollars; "" where it has none
}

// imports are what one state bought in one year, in millions of current US dollars; "" is missing.
type imports struct {
	year                       int
	importer                   string
	totalImports, totalExports string
	from                       map[string]string // by exporter
}

// economyYears are those of which the facts have trade and output.
var economyYears = []int{1990, 2000, 2006, 2010, 2012, 2014}

func economiesHeader() string {
	columns := []string{"iso3", "code2", "name"}
	for _, year := range economyYears {
		columns = append(columns, fmt.Sprintf("gdp_%d_musd", year))
	}
	return strings.Join(columns, ",")
}

// tradeHeader has a column for every economy, as an exporter.
func (f *facts) tradeHeader() string {
	columns := []string{"year", "importer", "imports_musd", "exports_musd"}
	for _, e := range f.economies {
		columns = append(columns, e.iso3)
	}
	return strings.Join(columns, ",")
}

func (f *facts) addEconomy(r []string) error {
	e := economy{iso3: r[0], code2: r[1], name: r[2], gdp: map[int]string{}}
	for i, year := range economyYears {
		value := r[3+i]
		if err := checkAmount(value); err != nil {
			return fmt.Errorf("economy %s: %d: %w", e.iso3, year, err)
		}
		if value != "" && e.code2 == "" {
			return fmt.Errorf("economy %s: a value for %d, and no code at the World Bank", e.iso3, year)
		}
		e.gdp[year] = value
	}
	f.economies = append(f.economies, e)
	return nil
}

func (f *facts) addImports(r []string) error {
	m := imports{importer: r[1], totalImports: r[2], totalExports: r[3], from: map[string]string{}}
	if err := numbers(r, map[int]*int{0: &m.year}); err != nil {
		return err
	}
	for _, value := range r[2:] {
		if err := checkAmount(value); err != nil {
			return fmt.Errorf("imports of %s in %d: %w", m.importer, m.year, err)
		}
	}
	known := false
	for i, e := range f.economies {
		m.from[e.iso3] = r[4+i]
		known = known || e.iso3 == m.importer
	}
	if !known || m.from[m.importer] != "" {
		return fmt.Errorf("imports of %s in %d: it is not in facts/economies.csv, or buys from itself", m.importer, m.year)
	}
	for _, other := range f.trade {
		if other.year == m.year && other.importer == m.importer {
			return fmt.Errorf("imports of %s in %d are there twice", m.importer, m.year)
		}
	}
	f.trade = append(f.trade, m)
	return nil
}

// checkAmount takes whole millions, and "" for what is missing.
func checkAmount(text string) error {
	if n, err := strconv.ParseInt(text, 10, 64); text != "" && (err != nil || n < 0) {
		return fmt.Errorf("amount %q is not a whole number of millions", text)
	}
	return nil
}

// cowOf is a state's number and names at the end of a year, which is how the trade data count Germany in 1990.
func (f *facts) cowOf(iso3 string, year int) (state, error) {
	s, err := f.on(iso3, fmt.Sprintf("%d-12-31", year))
	if err != nil {
		return state{}, fmt.Errorf("trade: %w", err)
	}
	return s, nil
}

// tradeZIP makes the archive COW_Trade_4.0.zip: pairs with at least one flow, and national totals. Columns that
// the facts lack are empty.
func tradeZIP(f *facts) ([]byte, error) {
	dyads, err := dyadsCSV(f)
	if err != nil {
		return nil, err
	}
	national, err := nationalCSV(f)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	archive := zip.NewWriter(&b)
	for _, member := range []struct {
		name string
		data []byte
	}{{"COW_Trade_4.0/Dyadic_COW_4.0.csv", dyads}, {"COW_Trade_4.0/National_COW_4.0.csv", national}} {
		w, err := archive.Create(member.name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", member.name, err)
		}
		if _, err := w.Write(member.data); err != nil {
			return nil, fmt.Errorf("%s: %w", member.name, err)
		}
	}
	err = archive.Close()
	return b.Bytes(), err
}

// dyad is two states' trade in one year: what each bought from the other.
type dyad struct {
	low, high     state
	year          int
	toLow, toHigh string
}

// dyadsCSV writes the pairs, by their numbers and year.
func dyadsCSV(f *facts) ([]byte, error) {
	bought := map[int]map[string]map[string]string{} // by year, buyer and supplier
	for _, m := range f.trade {
		if bought[m.year] == nil {
			bought[m.year] = map[string]map[string]string{}
		}
		bought[m.year][m.importer] = m.from
	}
	var dyads []dyad
	for year, by := range bought {
		for i, one := range f.economies {
			for _, other := range f.economies[:i] {
				d := dyad{year: year, toLow: by[one.iso3][other.iso3], toHigh: by[other.iso3][one.iso3]}
				if d.toLow == "" && d.toHigh == "" {
					continue
				}
				var err1, err2 error
				d.low, err1 = f.cowOf(one.iso3, year)
				d.high, err2 = f.cowOf(other.iso3, year)
				if err := errors.Join(err1, err2); err != nil {
					return nil, err
				}
				if d.low.cow > d.high.cow {
					d.low, d.high, d.toLow, d.toHigh = d.high, d.low, d.toHigh, d.toLow
				}
				dyads = append(dyads, d)
			}
		}
	}
	slices.SortFunc(dyads, func(a, b dyad) int {
		return cmp.Or(a.low.cow-b.low.cow, a.high.cow-b.high.cow, a.year-b.year)
	})
	return table(dyadsHeader, func(write func(cells ...string)) {
		for _, d := range dyads {
			write(strconv.Itoa(d.low.cow), strconv.Itoa(d.high.cow), strconv.Itoa(d.year), d.low.name, d.high.name, orMissing(d.toLow), orMissing(d.toHigh))
		}
	})
}

// nationalCSV writes every state's imports and exports in all, by its number and year.
func nationalCSV(f *facts) ([]byte, error) {
	type total struct {
		state
		imports
	}
	var totals []total
	for _, m := range f.trade {
		s, err := f.cowOf(m.importer, m.year)
		if err != nil {
			return nil, err
		}
		totals = append(totals, total{s, m})
	}
	slices.SortFunc(totals, func(a, b total) int { return cmp.Or(a.cow-b.cow, a.year-b.year) })
	return table(nationalHeader, func(write func(cells ...string)) {
		for _, t := range totals {
			write(strconv.Itoa(t.cow), t.name, t.abbreviation, strconv.Itoa(t.year), orMissing(t.totalImports), orMissing(t.totalExports))
		}
	})
}

// table writes CSV; cells that a row lacks at its end are empty.
func table(header string, rows func(write func(cells ...string))) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	columns := strings.Split(header, ",")
	w.Write(columns)
	rows(func(cells ...string) {
		w.Write(append(cells, make([]string, len(columns)-len(cells))...))
	})
	w.Flush()
	return b.Bytes(), w.Error()
}

func orMissing(value string) string {
	if value == "" {
		return cowMissing
	}
	return value
}

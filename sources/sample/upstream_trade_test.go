package sample

import (
	"math"
	"strconv"
	"testing"
)

// factYear reports whether the facts have that year.
func factYear(text string) (int, bool) {
	year, err := strconv.Atoi(text)
	for _, y := range economyYears {
		if err == nil && y == year {
			return year, true
		}
	}
	return 0, false
}

// millions rounds an amount as the facts do; "" stays missing.
func millions(t *testing.T, text string, unit float64) string {
	t.Helper()
	if text == "" {
		return ""
	}
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return strconv.FormatInt(int64(math.RoundToEven(x/unit)), 10)
}

func TestTradeEqualsTheUpstreams(t *testing.T) {
	f := allFacts(t)
	iso3 := map[string]string{}
	for _, e := range f.economies {
		s, err := f.cowOf(e.iso3, 2014)
		if err != nil {
			t.Fatal(err)
		}
		iso3[strconv.Itoa(s.cow)] = e.iso3
	}
	type key struct {
		year            int
		buyer, supplier string
	}
	upstream := map[key]string{}
	each(t, landed(t, "../trade/cow/cow_trade_4.0_dyadic_rounded.csv.gz"), func(row []string) {
		year, chosen := factYear(row[2])
		if low, high := iso3[row[0]], iso3[row[1]]; chosen && low != "" && high != "" {
			upstream[key{year, low, high}] = millions(t, row[3], 1)
			upstream[key{year, high, low}] = millions(t, row[4], 1)
		}
	})
	totals := map[key][2]string{}
	each(t, landed(t, "../trade/cow/cow_trade_4.0_national.csv.gz"), func(row []string) {
		if year, chosen := factYear(row[1]); chosen && iso3[row[0]] != "" {
			totals[key{year: year, buyer: iso3[row[0]]}] = [2]string{millions(t, row[2], 1), millions(t, row[3], 1)}
		}
	})
	listed := 0
	for _, m := range f.trade {
		if want := totals[key{year: m.year, buyer: m.importer}]; want != [2]string{m.totalImports, m.totalExports} {
			t.Errorf("%s in %d: imports %s and exports %s, upstream %v", m.importer, m.year, m.totalImports, m.totalExports, want)
		}
		for supplier, value := range m.from {
			want, there := upstream[key{m.year, m.importer, supplier}]
			if value != want {
				t.Errorf("%s from %s in %d: %q, upstream %q", m.importer, supplier, m.year, value, want)
			}
			if there {
				listed++
			}
		}
	}
	if listed != len(upstream) || len(totals) != len(f.trade) {
		t.Errorf("%d flows and %d totals in the sample, %d and %d upstream", listed, len(f.trade), len(upstream), len(totals))
	}
}

func TestOutputEqualsTheUpstreams(t *testing.T) {
	f := allFacts(t)
	upstream, names := map[string]string{}, map[string]string{}
	each(t, landed(t, "../trade/gdp/wdi_NY.GDP.MKTP.CD.csv.gz"), func(row []string) {
		names[row[1]] = row[0]
		upstream[row[1]+row[2]] = millions(t, row[3], 1e6)
	})
	for _, e := range f.economies {
		if e.name != names[e.iso3] {
			t.Errorf("%s is %q, upstream %q", e.iso3, e.name, names[e.iso3])
		}
		for year, value := range e.gdp {
			if want := upstream[e.iso3+strconv.Itoa(year)]; value != want {
				t.Errorf("%s in %d: %q, upstream %q", e.iso3, year, value, want)
			}
		}
	}
}

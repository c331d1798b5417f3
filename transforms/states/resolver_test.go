package states

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/google/go-cmp/cmp"
)

func resolver(t testing.TB) *Resolver {
	t.Helper()
	r, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func on(t testing.TB, text string) arrow.Date32 {
	t.Helper()
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		t.Fatal(err)
	}
	return arrow.Date32FromTime(d)
}

func TestResolve(t *testing.T) {
	r := resolver(t)
	for _, c := range []struct {
		scheme Scheme
		value  string
		day    string // "" for none
		iso3   string
		status Status
	}{
		{UNDLName, "CHINA", "1971-10-25", "TWN", Known},
		{UNDLName, "CHINA", "1971-10-26", "CHN", Known},
		{UNDLName, "CHINA", "", "", Unknown},
		{UNDLName, "china", "2000-01-01", "", Unknown},
		{UNDLCode, "CHN", "1950-01-01", "TWN", Known},
		{UNDLName, "CHILEs ", "2015-03-27", "CHL", Known},
		{UNDLName, "CHILEs", "2015-03-27", "", Unknown},
		{UNDLName, "TKAZAKHSTAN", "", "KAZ", Known},
		{UNDLName, "DONOTKNOW", "2010-12-22", "", Unresolvable},
		{UNDLName, "USSR", "1960-01-01", "RUS", Known},
		{UNDLName, "GERMANY, FEDERAL REPUBLIC OF", "", "DEU", Known},
		{UNDLName, "GERMAN DEMOCRATIC REPUBLIC", "", "DDR", Known},
		{UNDLName, "TANGANYIKA", "1962-01-01", "TZA", Known},
		{UNDLName, "ZANZIBAR", "1963-12-17", "EAZ", Known},
		{UNDLName, "UNITED ARAB REPUBLIC", "1960-01-01", "EGY", Known},
		{UNDLName, "YUGOSLAVIA", "2002-12-20", "YUG", Known},
		{UNDLCode, "GER", "", "DEU", Known},
		{UNDLCode, "SUN", "", "RUS", Known},
		{UNDLCode, "ZAR", "", "COD", Known},
		{UNDLCode, "ZZZ", "1990-01-01", "", Unknown},
		{COW, "345", "2003-02-03", "YUG", Known},
		{COW, "345", "2003-02-04", "SCG", Known},
		{COW, "345", "2006-06-02", "SCG", Known},
		{COW, "345", "2006-06-04", "SRB", Known},
		{COW, "345", "", "", Unknown},
		{COW, "255", "", "DEU", Known},
		{COW, "260", "", "DEU", Known},
		{COW, "678", "", "YEM", Known},
		{COW, "679", "", "YEM", Known},
		{COW, "680", "", "YMD", Known},
		{COW, "710", "1971-11-01", "CHN", Known},
		{COW, "713", "1971-11-01", "TWN", Known},
		{SciencesPo, "RUSSIAN FEDERATION/USSR", "", "RUS", Known},
		{SciencesPo, "KOREA", "", "KOR", Known},
		{SciencesPo, "CZECH REPUBLIC", "1964-03-04", "CSK", Known},
		{SciencesPo, "CZECH REPUBLIC", "1994-03-04", "CZE", Known},
		{SciencesPo, "YEMEN", "1990-05-07", "YMD", Known},
		{SciencesPo, "YEMEN", "1990-05-31", "YEM", Known},
		{ISO3, "NAM", "", "NAM", Known},
		{ISO3, "NA", "", "", Unknown},
		{M49, "4", "", "AFG", Known},
		{M49, "280", "", "DEU", Known},
		{M49, "1", "", "", Aggregate},
		{EnglishName, "Côte d’Ivoire", "", "CIV", Known},
		{EnglishName, "Macedonia", "", "MKD", Known},
		{EnglishName, "World", "", "", Aggregate},
		{Comtrade, "251", "", "FRA", Known},
		{Comtrade, "842", "1970-07-01", "USA", Known},
		{Comtrade, "841", "", "USA", Known},
		{Comtrade, "276", "1970-07-01", "DEU", Known},
		{Comtrade, "490", "", "TWN", Known},
		{Comtrade, "492", "", "", Aggregate},
		{Comtrade, "0", "", "", Aggregate},
		{Comtrade, "58", "1990-07-01", "BLX", Known},
		{Comtrade, "711", "", "ZA1", Known},
		{Comtrade, "344", "", "HKG", Known},
		{Comtrade, "810", "1991-07-01", "RUS", Known},
		{Comtrade, "810", "1992-07-01", "", Unresolvable},
		{Comtrade, "810", "", "", Unknown},
		{Comtrade, "891", "2002-07-01", "YUG", Known},
		{Comtrade, "891", "2004-07-01", "SCG", Known},
		{Comtrade, "868", "1965-07-01", "RVN", Known},
		{Comtrade, "1", "", "", Unknown},
		{IMF, "USA", "", "USA", Known},
		{IMF, "SUN", "1980-07-01", "RUS", Known},
		{IMF, "SUN", "2005-07-01", "", Unresolvable},
		{IMF, "CSK", "2005-07-01", "CSK", Known},
		{IMF, "YUG", "1990-07-01", "YUG", Known},
		{IMF, "YUG", "2000-07-01", "", Unresolvable},
		{IMF, "SCG", "2000-07-01", "YUG", Known},
		{IMF, "G001", "", "", Aggregate},
		{IMF, "GX123", "1999-07-01", "", Aggregate},
		{IMF, "TX799", "", "", Aggregate},
		{IMF, "TG1", "", "", Unknown},
		{IMF, "G", "", "", Unknown},
		{IMF, "G12A", "", "", Unknown},
		{IMF, "G١", "", "", Unknown},
		{ISO3, "G001", "", "", Unknown},
		{WorldBank, "XKX", "", "XKX", Known},
		{WorldBank, "CHI", "", "CHI", Known},
		{WorldBank, "WLD", "", "", Aggregate},
		{GW, "260", "2000-07-01", "DEU", Known},
		{GW, "340", "1900-07-01", "YUG", Known},
		{GW, "340", "1950-07-01", "", Unknown},
		{GW, "340", "2010-07-01", "SRB", Known},
		{GW, "970", "", "KIR", Known},
		{GW, "678", "2000-07-01", "YEM", Known},
		{"no_scheme", "FRANCE", "", "", Unknown},
	} {
		var day arrow.Date32
		if c.day != "" {
			day = on(t, c.day)
		}
		iso3, status := r.Resolve(c.scheme, c.value, day, c.day != "")
		if iso3 != c.iso3 || status != c.status {
			t.Errorf("%s %q on %q: got %q, %s; want %q, %s", c.scheme, c.value, c.day, iso3, status, c.iso3, c.status)
		}
	}
}

func TestFingerprint(t *testing.T) {
	made := func(names string) string {
		r, err := load(fstest.MapFS{
			StatesFile: {Data: []byte("iso3,successor_iso3\nA,\n")},
			NamesFile:  {Data: []byte("scheme,value,valid_from,valid_to,iso3,status,note\n" + names)},
		})
		if err != nil {
			t.Fatal(err)
		}
		return r.Fingerprint()
	}
	one, other := made("cow,1,0001-01-01,,A,state,\n"), made("cow,2,0001-01-01,,A,state,\n")
	if len(one) != 64 || one == other || one != made("cow,1,0001-01-01,,A,state,\n") {
		t.Errorf("%q and %q", one, other)
	}
}

func TestNearest(t *testing.T) {
	r := resolver(t)
	if diff := cmp.Diff([]string{"TÜRKIYE", "TÜRKİYE", "TURKEY"}, r.Nearest(UNDLName, "TURKIYE", 3)); diff != "" {
		t.Error(diff)
	}
	if got := r.Nearest(UNDLName, "FRANCEE", 1); !cmp.Equal(got, []string{"FRANCE"}) {
		t.Errorf("got %q", got)
	}
	if got := r.Nearest("no_scheme", "X", 3); got != nil {
		t.Errorf("got %q for a scheme that is not there", got)
	}
	if got := len(r.Nearest(ISO3, strings.Repeat("\xff", 1<<20), 1000)); got != len(r.names[ISO3]) {
		t.Errorf("got %d of %d codes", got, len(r.names[ISO3]))
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"abc", "", 3}, {"", "ab", 2}, {"kitten", "sitting", 3}, {"chile", "chiles", 1}, {"ab", "ba", 2}} {
		if got := distance([]rune(c.a), []rune(c.b)); got != c.want {
			t.Errorf("distance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

// TestLoadRefuses feeds tables that contradict themselves.
func TestLoadRefuses(t *testing.T) {
	const stateHeader, nameHeader = "iso3,successor_iso3\n", "scheme,value,valid_from,valid_to,iso3,status,note\n"
	for name, c := range map[string]struct{ states, names, want string }{
		"missing column":  {"iso3\nA\n", nameHeader, `states.csv:1: no column "successor_iso3"`},
		"unknown state":   {stateHeader + "A,\n", nameHeader + "cow,1,0001-01-01,,B,state,\n", `names.csv:2: iso3 "B"`},
		"state, no iso3":  {stateHeader + "A,\n", nameHeader + "cow,1,0001-01-01,,,state,\n", `names.csv:2: iso3 ""`},
		"aggregate iso3":  {stateHeader + "A,\n", nameHeader + "cow,1,0001-01-01,,A,aggregate,\n", `names.csv:2: iso3 "A"`},
		"unknown status":  {stateHeader + "A,\n", nameHeader + "cow,1,0001-01-01,,A,gone,\n", `names.csv:2: status "gone"`},
		"bad day":         {stateHeader + "A,\n", nameHeader + "cow,1,1990-02-30,,A,state,\n", `names.csv:2: valid_from: "1990-02-30" is no day`},
		"overlap":         {stateHeader + "A,\nB,\n", nameHeader + "cow,1,0001-01-01,,A,state,\ncow,1,1990-01-01,,B,state,\n", `names.csv: cow "1": spells overlap on 1990-01-01`},
		"backwards":       {stateHeader + "A,\n", nameHeader + "cow,1,1990-01-01,1980-01-01,A,state,\n", "ends before it begins"},
		"ragged":          {stateHeader + "A,\n", nameHeader + "cow,1\n", "names.csv: record on line 2"},
		"no successor":    {stateHeader + "A,B\n", nameHeader, `successors of A: "B"`},
		"successor cycle": {stateHeader + "A,B\nB,A\n", nameHeader, "comes twice"},
		"no header":       {"", nameHeader, "states.csv: header"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := load(fstest.MapFS{
				StatesFile: {Data: []byte(c.states)},
				NamesFile:  {Data: []byte(c.names)},
			})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want it to contain %q", err, c.want)
			}
		})
	}
}

func FuzzResolve(f *testing.F) {
	r := resolver(f)
	f.Add("undl_name", "CHINA", int32(661), true)
	f.Add("cow", "345", int32(0), false)
	f.Add("imf", "GX7", int32(0), false)
	f.Add("english_name", "\xff’", int32(-1<<31), true)
	f.Fuzz(func(t *testing.T, scheme, value string, day int32, hasDay bool) {
		iso3, status := r.Resolve(Scheme(scheme), value, arrow.Date32(day), hasDay)
		if (iso3 != "") != (status == Known) {
			t.Errorf("%q with status %s", iso3, status)
		}
		m := r.meaning(Scheme(scheme), value)
		if m == nil && status != Unknown {
			t.Errorf("%s %q is in no table, yet %s", scheme, value, status)
		}
		if nearest := r.Nearest(Scheme(scheme), value, 1); m != nil && m != r.group {
			if len(nearest) != 1 || !strings.EqualFold(nearest[0], value) {
				t.Errorf("nearest to the known %q is %q", value, nearest)
			}
			if undated, _ := r.Resolve(Scheme(scheme), value, 0, false); undated != "" && hasDay && iso3 != "" && iso3 != undated {
				t.Errorf("%s %q is %s without a day and %s on %d", scheme, value, undated, iso3, day)
			}
		}
	})
}

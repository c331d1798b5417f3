package imts

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"entente/pipeline"
	"entente/pipeline/pipelinetest"

	"github.com/google/go-cmp/cmp"
)

const (
	header = "DATAFLOW,COUNTRY,INDICATOR,COUNTERPART_COUNTRY,FREQUENCY,TIME_PERIOD,OBS_VALUE\n"
	row    = "IMF.STA:IMTS(1.0.0),FRA,XG_FOB_USD,ITA,A,2001,5\n"
)

// service answers requests in place of the IMF and writes down what was asked.
type service struct {
	asked  []string                         // path and query
	accept []string                         // of each request
	answer func(n int, query string) string // to the nth request, from 0
}

// RoundTrip implements http.RoundTripper.
func (s *service) RoundTrip(r *http.Request) (*http.Response, error) {
	n := len(s.asked)
	s.asked = append(s.asked, strings.TrimPrefix(r.URL.String(), address))
	s.accept = append(s.accept, r.Header.Get("Accept"))
	body := io.NopCloser(strings.NewReader(s.answer(n, s.asked[n])))
	return &http.Response{StatusCode: http.StatusOK, Status: "200 OK", Body: body, Request: r, Header: http.Header{}}, nil
}

func always(body string) func(int, string) string { return func(int, string) string { return body } }

// fetch asks the service in the year 2026.
func fetch(t *testing.T, settings string, s *service) (*pipeline.Snapshot, *pipelinetest.Keeper, error) {
	t.Helper()
	keeper := pipelinetest.NewKeeper()
	snapshot := pipeline.NewSnapshot(name, true, keeper)
	snapshot.At = time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC)
	err := newSource(t, settings).Fetch(t.Context(), &http.Client{Transport: s}, snapshot)
	return snapshot, keeper, err
}

func TestFetch(t *testing.T) {
	for name, c := range map[string]struct {
		settings string
		asked    []string
		files    string
	}{
		"default": {"from_year: 1998",
			[]string{
				".XG_FOB_USD..A?startPeriod=1998&endPeriod=1999", ".XG_FOB_USD..A?startPeriod=2000&endPeriod=2009",
				".XG_FOB_USD..A?startPeriod=2010&endPeriod=2019", ".XG_FOB_USD..A?startPeriod=2020",
				".MG_CIF_USD..A?startPeriod=1998&endPeriod=1999", ".MG_CIF_USD..A?startPeriod=2000&endPeriod=2009",
				".MG_CIF_USD..A?startPeriod=2010&endPeriod=2019", ".MG_CIF_USD..A?startPeriod=2020",
			},
			"XG_FOB_USD_1998_1999.csv XG_FOB_USD_2000_2009.csv XG_FOB_USD_2010_2019.csv XG_FOB_USD_from_2020.csv " +
				"MG_CIF_USD_1998_1999.csv MG_CIF_USD_2000_2009.csv MG_CIF_USD_2010_2019.csv MG_CIF_USD_from_2020.csv",
		},
		"some": {"{from_year: 1989, to_year: 2000, reporters: [FRA], indicators: [XG_FOB_USD]}",
			[]string{
				"FRA.XG_FOB_USD..A?startPeriod=1989&endPeriod=1989", "FRA.XG_FOB_USD..A?startPeriod=1990&endPeriod=1999",
				"FRA.XG_FOB_USD..A?startPeriod=2000&endPeriod=2000",
			},
			"XG_FOB_USD_1989_1989.csv XG_FOB_USD_1990_1999.csv XG_FOB_USD_2000_2000.csv",
		},
		"a year to come": {"{from_year: 2031, indicators: [XG_FOB_USD]}",
			[]string{".XG_FOB_USD..A?startPeriod=2031"}, "XG_FOB_USD_from_2031.csv",
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := &service{answer: always(header + row)}
			snapshot, keeper, err := fetch(t, c.settings, s)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.asked, s.asked); diff != "" {
				t.Error(diff)
			}
			var files []string
			for _, f := range snapshot.Data() {
				files = append(files, f.Name)
			}
			if got := strings.Join(files, " "); got != c.files {
				t.Errorf("got %s, want %s", got, c.files)
			}
			for i, r := range keeper.Requests {
				if s.accept[i] != csvType || r.MaxAge != 12*time.Hour {
					t.Errorf("request %d: Accept %q, MaxAge %s", i, s.accept[i], r.MaxAge)
				}
			}
		})
	}
}

// TestPartsCoverEveryYear asks for periods of any length and place.
func TestPartsCoverEveryYear(t *testing.T) {
	for from := firstYear; from < 2030; from += 7 {
		for length := range 45 {
			s := settings{FromYear: from, ToYear: from + length}
			next := from
			for _, p := range s.parts("XG_FOB_USD", time.Time{}) {
				if p.from != next || p.to < p.from || p.to-p.from > 9 {
					t.Fatalf("%d to %d: part %+v, want one from %d", from, from+length, p, next)
				}
				next = p.to + 1
			}
			if next != from+length+1 {
				t.Fatalf("%d to %d: the last part ends in %d", from, from+length, next-1)
			}
		}
	}
}

// TestCutAnswer ends an answer in the middle of a record, once and for good.
func TestCutAnswer(t *testing.T) {
	const settings = "{from_year: 2020, indicators: [XG_FOB_USD]}"
	cut := header + row[:20]
	once := &service{answer: func(n int, _ string) string {
		if n == 0 {
			return cut
		}
		return header + row
	}}
	snapshot, keeper, err := fetch(t, settings, once)
	if err != nil {
		t.Fatal(err)
	}
	if f := snapshot.Data(); len(f) != 1 || f[0].Bytes != int64(len(header+row)) || len(f[0].Notes) != 1 {
		t.Errorf("got %+v, want the whole answer with a note", f)
	}
	if r := keeper.Requests; len(r) != 2 || r[1].MaxAge != 0 {
		t.Errorf("got %+v, want a second request that takes no answer from the vault", r)
	}
	for name, body := range map[string]string{"in a record": cut, "in the header": header[:30], "before the header": ""} {
		s := &service{answer: always(body)}
		_, _, err = fetch(t, settings, s)
		var upstream *pipeline.UpstreamError
		if !errors.As(err, &upstream) || !strings.Contains(err.Error(), "in the middle of a record") || len(s.asked) != attempts {
			t.Errorf("%s: %d requests, got %v", name, len(s.asked), err)
		}
	}
}

func TestFetchRefuses(t *testing.T) {
	empty := func(indicator string) func(int, string) string {
		return func(_ int, query string) string {
			if strings.Contains(query, indicator) {
				return header
			}
			return header + row
		}
	}
	for name, c := range map[string]struct {
		settings string
		answer   func(int, string) string
		words    []string
	}{
		"XML":                {"{}", always("<?xml version='1.0'?>\n<message:StructureSpecificData/>\n"), []string{"XML where CSV was asked for", "Accept header"}},
		"JSON":               {"{}", always("{\"errors\":[]}\n"), []string{`column "COUNTRY" is missing`, `{"errors":[]}`}},
		"nothing":            {"{}", always(header), []string{"no rows of XG_FOB_USD", "codes it does not know"}},
		"no imports":         {"{}", empty("MG_CIF_USD"), []string{"no rows of MG_CIF_USD"}},
		"reporter not known": {"reporters: [FRA, FRX, SUN]", always(header + row), []string{"no rows of FRX, SUN", "reporters"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := fetch(t, c.settings, &service{answer: c.answer})
			var upstream *pipeline.UpstreamError
			if !errors.As(err, &upstream) {
				t.Fatalf("got %v, want an UpstreamError", err)
			}
			for _, word := range c.words {
				if !strings.Contains(err.Error(), word) {
					t.Errorf("%q is not in: %v", word, err)
				}
			}
		})
	}
}

// TestEmptyDecade has rows in one decade only, which is no fault.
func TestEmptyDecade(t *testing.T) {
	s := &service{answer: func(_ int, query string) string {
		if strings.Contains(query, "startPeriod=1990") {
			return header + row
		}
		return header
	}}
	snapshot, _, err := fetch(t, "{}", s)
	if err != nil || len(snapshot.Data()) != 18 {
		t.Errorf("%d files, %v", len(snapshot.Data()), err)
	}
}

// TestStatus passes on what the vault says of an answer that is none.
func TestStatus(t *testing.T) {
	client := pipelinetest.Mirror(t, map[string]string{})
	err := newSource(t, "{}").Fetch(t.Context(), client, pipeline.NewSnapshot(name, true, pipelinetest.NewKeeper()))
	if err == nil || !strings.Contains(err.Error(), fmt.Sprint(http.StatusNotFound)) {
		t.Errorf("got %v", err)
	}
}

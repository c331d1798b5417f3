package worldbank

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"entente/pipeline"
	"entente/pipeline/pipelinetest"

	"github.com/google/go-cmp/cmp"
)

const (
	refused = `[{"message":[{"id":"120","key":"Invalid value","value":"The provided parameter value is not valid"}]}]`
	nothing = `[{"page":0,"pages":0,"per_page":0,"total":0,"sourceid":null,"lastupdated":null},null]`
)

// pageOf is page n of pages with so many records on it, of an edition.
func pageOf(n, pages, size, total, records int, updated string) string {
	list := strings.TrimSuffix(strings.Repeat(`{"date":"2020"},`, records), ",")
	return fmt.Sprintf(`[{"page":%d,"pages":%d,"per_page":%d,"total":%d,"lastupdated":%q},[%s]]`, n, pages, size, total, updated, list)
}

// service answers in place of the World Bank: the nth request for a page gets the nth answer, the last one
// for ever.
type service struct {
	answers map[string][]string // by indicator and page: "SP.POP.TOTL 1"
	asked   []string
}

// RoundTrip implements http.RoundTripper.
func (s *service) RoundTrip(r *http.Request) (*http.Response, error) {
	query := r.URL.Query()
	key := strings.TrimPrefix(r.URL.Path, "/v2/country/all/indicator/") + " " + query.Get("page")
	s.asked = append(s.asked, key)
	if query.Get("format") != "json" || query.Get("per_page") != "20000" {
		return nil, fmt.Errorf("asked with %s", r.URL.RawQuery)
	}
	left := s.answers[key]
	if len(left) == 0 {
		return nil, fmt.Errorf("nobody expected %s", key)
	}
	if len(left) > 1 {
		s.answers[key] = left[1:]
	}
	body := io.NopCloser(strings.NewReader(left[0]))
	return &http.Response{StatusCode: http.StatusOK, Status: "200 OK", Body: body, Request: r, Header: http.Header{}}, nil
}

func TestFetch(t *testing.T) {
	const gdp1, gdp2, pop1 = "NY.GDP.MKTP.CD 1", "NY.GDP.MKTP.CD 2", "SP.POP.TOTL 1"
	one := []string{pageOf(1, 1, 20000, 3, 3, "2026-07-01")}
	for name, c := range map[string]struct {
		answers map[string][]string
		asked   []string
		files   []string // name, version, number of notes
		wrong   string
	}{
		"plain": {
			answers: map[string][]string{gdp1: one, pop1: one}, asked: []string{gdp1, pop1},
			files: []string{"NY.GDP.MKTP.CD_page_001.json 2026-07-01 0", "SP.POP.TOTL_page_001.json 2026-07-01 0"},
		},
		"two pages": {
			answers: map[string][]string{gdp1: {pageOf(1, 2, 2, 3, 2, "a")}, gdp2: {pageOf(2, 2, 2, 3, 1, "a")}, pop1: one},
			asked:   []string{gdp1, gdp2, pop1},
			files:   []string{"NY.GDP.MKTP.CD_page_001.json a 0", "NY.GDP.MKTP.CD_page_002.json a 0", "SP.POP.TOTL_page_001.json 2026-07-01 0"},
		},
		"optional refused": {
			answers: map[string][]string{gdp1: one, pop1: {refused}}, asked: []string{gdp1, pop1},
			files: []string{"NY.GDP.MKTP.CD_page_001.json 2026-07-01 0", "SP.POP.TOTL_page_001.json  1"},
		},
		"optional without records": {
			answers: map[string][]string{gdp1: one, pop1: {nothing}}, asked: []string{gdp1, pop1},
			files: []string{"NY.GDP.MKTP.CD_page_001.json 2026-07-01 0", "SP.POP.TOTL_page_001.json  1"},
		},
		"cut once": {
			answers: map[string][]string{gdp1: {one[0][:80], one[0]}, pop1: one}, asked: []string{gdp1, gdp1, pop1},
			files: []string{"NY.GDP.MKTP.CD_page_001.json 2026-07-01 1", "SP.POP.TOTL_page_001.json 2026-07-01 0"},
		},
		"changed while paging": {
			answers: map[string][]string{
				gdp1: {pageOf(1, 2, 2, 3, 2, "a"), pageOf(1, 2, 2, 4, 2, "b")},
				gdp2: {pageOf(2, 2, 2, 4, 2, "b")}, pop1: one,
			},
			asked: []string{gdp1, gdp2, gdp1, gdp2, pop1},
			files: []string{"NY.GDP.MKTP.CD_page_001.json b 0", "NY.GDP.MKTP.CD_page_002.json b 0", "SP.POP.TOTL_page_001.json 2026-07-01 0"},
		},
		"changes for ever": {
			answers: map[string][]string{gdp1: {pageOf(1, 2, 2, 3, 2, "a")}, gdp2: {pageOf(2, 2, 2, 3, 1, "b")}},
			asked:   []string{gdp1, gdp2, gdp1, gdp2, gdp1, gdp2},
			wrong:   "page 1 was last updated a, page 2 b: the data changed while",
		},
		"other total": {
			answers: map[string][]string{gdp1: {pageOf(1, 2, 2, 3, 2, "a")}, gdp2: {pageOf(2, 2, 2, 4, 2, "a")}},
			asked:   []string{gdp1, gdp2, gdp1, gdp2, gdp1, gdp2},
			wrong:   "page 1 says that 3 records make 2 pages of 2, page 2 that 4 make 2 of 2",
		},
		"the same page again": {
			answers: map[string][]string{gdp1: {pageOf(1, 2, 2, 3, 2, "a")}, gdp2: {pageOf(1, 2, 2, 3, 2, "a")}},
			asked:   []string{gdp1, gdp2, gdp1, gdp2, gdp1, gdp2},
			wrong:   "page 2 calls itself page 1",
		},
		"records missing": {
			answers: map[string][]string{gdp1: {pageOf(1, 1, 20000, 3, 2, "a")}}, asked: []string{gdp1},
			wrong: "1 pages of NY.GDP.MKTP.CD have 2 records, and say that there are 3",
		},
		"records too many": {
			answers: map[string][]string{gdp1: {pageOf(1, 1, 20000, 3, 4, "a")}}, asked: []string{gdp1},
			wrong: "have 4 records",
		},
		"head that cannot be": {
			answers: map[string][]string{gdp1: {pageOf(1, 1, 2, 3, 3, "a")}}, asked: []string{gdp1},
			wrong: "3 records make 1 pages of 2",
		},
		"pages without end": {
			answers: map[string][]string{gdp1: {pageOf(1, 5000, 1, 5000, 1, "a")}}, asked: []string{gdp1},
			wrong: "there are 5000 pages",
		},
		"cut for good": {
			answers: map[string][]string{gdp1: {one[0][:80]}}, asked: []string{gdp1, gdp1, gdp1},
			wrong: "the answer of 80 bytes is cut or damaged: unexpected EOF",
		},
		"something behind it": {
			answers: map[string][]string{gdp1: {one[0] + "[]"}}, asked: []string{gdp1, gdp1, gdp1},
			wrong: "[ follows its end",
		},
		"something else": {
			answers: map[string][]string{gdp1: {`{"error":"x"}`}}, asked: []string{gdp1, gdp1, gdp1},
			wrong: "{ stands where [ should",
		},
		"required refused": {
			answers: map[string][]string{gdp1: {refused}}, asked: []string{gdp1},
			wrong: "refuses NY.GDP.MKTP.CD: Invalid value: The provided parameter value is not valid (120)",
		},
		"required without records": {
			answers: map[string][]string{gdp1: {nothing}}, asked: []string{gdp1},
			wrong: "no records of NY.GDP.MKTP.CD",
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := &service{answers: c.answers}
			snapshot := pipeline.NewSnapshot("worldbank", true, pipelinetest.NewKeeper())
			err := newSource(t, "{}").Fetch(t.Context(), &http.Client{Transport: s}, snapshot)
			var upstream *pipeline.UpstreamError
			if c.wrong == "" && err != nil {
				t.Fatal(err)
			}
			if c.wrong != "" && (!errors.As(err, &upstream) || !strings.Contains(err.Error(), c.wrong)) {
				t.Errorf("got %v, want an UpstreamError with %q", err, c.wrong)
			}
			if diff := cmp.Diff(c.asked, s.asked); diff != "" {
				t.Error(diff)
			}
			var files []string
			for _, f := range snapshot.Data() {
				files = append(files, fmt.Sprintf("%s %s %d", f.Name, f.Version, len(f.Notes)))
			}
			if diff := cmp.Diff(c.files, files); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestStatus passes on what the vault says of an answer that is none.
func TestStatus(t *testing.T) {
	client := pipelinetest.Mirror(t, map[string]string{})
	err := newSource(t, "{}").Fetch(t.Context(), client, pipeline.NewSnapshot(name, true, pipelinetest.NewKeeper()))
	if err == nil || !strings.Contains(err.Error(), "404") {
		t.Errorf("got %v", err)
	}
}

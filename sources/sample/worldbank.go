package sample

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// The indicators that the sample answers for: it has values of the first, and says of the second that it has none.
const (
	gdpIndicator        = "NY.GDP.MKTP.CD"
	gdpName             = "GDP (current US$)"
	populationIndicator = "SP.POP.TOTL"
	populationName      = "Population, total"
)

// The World Bank's host, and the day that its answers say they are of.
const (
	worldBankHost    = "api.worldbank.org"
	worldBankUpdated = "2025-01-28"
)

// The members of an answer, named and nested as version 2 of the World Bank's API does.
type (
	pageHead struct {
		Page        int    `json:"page"`
		Pages       int    `json:"pages"`
		PerPage     int    `json:"per_page"`
		Total       int    `json:"total"`
		SourceID    string `json:"sourceid"`
		LastUpdated string `json:"lastupdated"`
	}
	observation struct {
		Indicator label  `json:"indicator"`
		Country   label  `json:"country"`
		ISO3      string `json:"countryiso3code"`
		Date      string `json:"date"`
		Value     *int64 `json:"value"`
		Unit      string `json:"unit"`
		Status    string `json:"obs_status"`
		Decimal   int    `json:"decimal"`
	}
	label struct {
		ID    string `json:"id"`
		Value string `json:"value"`
	}
	messages struct {
		Message []message `json:"message"`
	}
	message struct {
		ID    string `json:"id"`
		Key   string `json:"key"`
		Value string `json:"value"`
	}
)

// worldBank are the values of one indicator: economies by name, newest year first.
type worldBank []observation

func newWorldBank(f *facts) worldBank {
	var all worldBank
	for _, e := range f.economies {
		for year, value := range e.gdp {
			if e.code2 == "" {
				continue
			}
			o := observation{
				Indicator: label{gdpIndicator, gdpName}, Country: label{e.code2, e.name},
				ISO3: e.iso3, Date: strconv.Itoa(year),
			}
			if n, err := strconv.ParseInt(value, 10, 64); err == nil {
				n *= 1_000_000
				o.Value = &n
			}
			all = append(all, o)
		}
	}
	slices.SortFunc(all, func(a, b observation) int {
		return cmp.Or(cmp.Compare(a.Country.Value, b.Country.Value), cmp.Compare(b.Date, a.Date))
	})
	return all
}

// answer serves a page of the indicator and reports whether path is one of an indicator. What the API cannot
// answer it says in the body, with status 200.
func (b worldBank) answer(w http.ResponseWriter, r *http.Request, path string) bool {
	part := strings.Split(path, "/")
	if len(part) != 5 || part[0] != "v2" || part[1] != "country" || part[3] != "indicator" {
		return false
	}
	query := r.URL.Query()
	perPage, err1 := strconv.Atoi(cmp.Or(query.Get("per_page"), "50"))
	page, err2 := strconv.Atoi(cmp.Or(query.Get("page"), "1"))
	first, last, ok := span(cmp.Or(query.Get("date"), "1960:2023"))
	named := b.of(part[2])
	population := strings.EqualFold(part[4], populationIndicator)
	if population {
		for i := range named {
			named[i].Indicator, named[i].Value = label{populationIndicator, populationName}, nil
		}
	}
	if !population && !strings.EqualFold(part[4], gdpIndicator) || err1 != nil || err2 != nil || perPage < 1 || page < 1 || !ok || len(named) == 0 {
		respond(w, http.StatusOK, []any{messages{[]message{{"120", "Invalid value", "The provided parameter value is not valid"}}}})
		return true
	}
	found := slices.DeleteFunc(named, func(o observation) bool { return o.Date < first || last < o.Date })
	head := pageHead{
		Page: page, Pages: (len(found) + perPage - 1) / perPage, PerPage: perPage, Total: len(found),
		SourceID: "2", LastUpdated: worldBankUpdated,
	}
	from := min((page-1)*perPage, len(found))
	respond(w, http.StatusOK, []any{head, found[from:min(from+perPage, len(found))]})
	return true
}

// of returns the observations of the named economies: "all", or codes joined with semicolons.
func (b worldBank) of(codes string) []observation {
	wanted := strings.Split(strings.ToUpper(codes), ";")
	return slices.DeleteFunc(slices.Clone(b), func(o observation) bool {
		return !slices.Contains(wanted, "ALL") && !slices.Contains(wanted, o.ISO3) && !slices.Contains(wanted, o.Country.ID)
	})
}

// span reads "1990:2014", or one year, as a first and a last year.
func span(text string) (first, last string, ok bool) {
	first, last, found := strings.Cut(text, ":")
	if !found {
		last = first
	}
	for _, year := range []string{first, last} {
		if n, err := strconv.Atoi(year); err != nil || n < 1000 || n > 9999 {
			return "", "", false
		}
	}
	return first, last, true
}

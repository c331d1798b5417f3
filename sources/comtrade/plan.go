package comtrade

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

const (
	dataURL    = "https://comtradeapi.un.org/data/v1/get/C/A/"
	previewURL = "https://comtradeapi.un.org/public/v1/preview/C/A/"

	freeRows    = 100_000 // records of an answer to a free key
	previewRows = 500     // records of an answer without key
	mostPeriods = 12      // periods of a call
	urlBytes    = 4000    // of a call; beyond 4,095 the service refuses

	// partnersAFlow is how many records a reporter may have in a year, flow and product. The most that
	// were met are 210 partners, among some 250 that are not expired.
	partnersAFlow = 250
)

// years is a span of years, both included.
type years struct{ from, to int }

func (y years) count() int { return y.to - y.from + 1 }

// query is what one call asks for. Its lists are pieces of the lists that were planned for, in their order.
type query struct {
	products  []string
	flows     []string
	reporters []int
	years     years
	partners  []int // nil for all of them
}

// service is where calls go, and what it allows.
type service struct {
	base    string // up to the classification
	rows    int    // records of an answer; an answer with as many is cut off
	periods int    // years of a call
}

// plan cuts what is wanted into calls whose answers are expected to be below the cap.
func (s service) plan(wanted query) []query {
	perYear := len(wanted.flows) * len(wanted.products) * partnersAFlow
	span := min(s.periods, max(1, s.rows/perYear))
	var plan []query
	for from := wanted.years.from; from <= wanted.years.to; from += span {
		period := years{from, min(from+span-1, wanted.years.to)}
		group := max(1, s.rows/(perYear*period.count()))
		for at := 0; at < len(wanted.reporters); at += group {
			q := wanted
			q.years = period
			q.reporters = wanted.reporters[at:min(at+group, len(wanted.reporters))]
			plan = append(plan, s.short(q)...)
		}
	}
	return plan
}

// short splits a query until its address is one that the service takes.
func (s service) short(q query) []query {
	parts := q.split(nil)
	if len(s.url(q)) < urlBytes || parts == nil {
		return []query{q}
	}
	var all []query
	for _, part := range parts {
		all = append(all, s.short(part)...)
	}
	return all
}

// split halves a query: by period, then reporter, then flow, then product, then partner. A query for all
// partners is first made one for those listed. It returns nil for a query that cannot be split.
func (q query) split(listed []int) []query {
	a, b := q, q
	switch {
	case q.years.count() > 1:
		middle := q.years.from + q.years.count()/2
		a.years.to, b.years.from = middle-1, middle
	case len(q.reporters) > 1:
		a.reporters, b.reporters = halves(q.reporters)
	case len(q.flows) > 1:
		a.flows, b.flows = halves(q.flows)
	case len(q.products) > 1:
		a.products, b.products = halves(q.products)
	case q.partners == nil && len(listed) > 1:
		a.partners, b.partners = halves(listed)
	case len(q.partners) > 1:
		a.partners, b.partners = halves(q.partners)
	default:
		return nil
	}
	return []query{a, b}
}

func halves[T any](list []T) (a, b []T) {
	middle := len(list) / 2
	return list[:middle:middle], list[middle:]
}

// url is the call's address. It carries no key.
func (s service) url(q query) string {
	periods := make([]int, 0, q.years.count())
	for y := q.years.from; y <= q.years.to; y++ {
		periods = append(periods, y)
	}
	members := url.Values{
		"cmdCode":      {strings.Join(q.products, ",")},
		"flowCode":     {strings.Join(q.flows, ",")},
		"reporterCode": {numbers(q.reporters)},
		"period":       {numbers(periods)},
		"partner2Code": {"0"}, "motCode": {"0"}, "customsCode": {"C00"},
		"maxRecords": {strconv.Itoa(s.rows)},
	}
	if q.partners != nil {
		members.Set("partnerCode", numbers(q.partners))
	}
	return s.base + "?" + members.Encode()
}

func numbers(list []int) string {
	texts := make([]string, len(list))
	for i, n := range list {
		texts[i] = strconv.Itoa(n)
	}
	return strings.Join(texts, ",")
}

// file is the name of the answer in the snapshot, such as flows_M-X_842-860_2010-2019.json: the flows, the
// first and the last reporter, the first and the last year, then products that are not TOTAL and partners
// that are not all. Pieces of the same plan have different names.
func (q query) file() string {
	parts := []string{"flows", strings.Join(q.flows, "-"), span(q.reporters), span([]int{q.years.from, q.years.to})}
	if len(q.products) > 1 || q.products[0] != "TOTAL" {
		parts = append(parts, span(q.products))
	}
	if q.partners != nil {
		parts = append(parts, "p"+span(q.partners))
	}
	return strings.Join(parts, "_") + ".json"
}

// span names a piece of a list by its ends.
func span[T comparable](list []T) string {
	first, last := list[0], list[len(list)-1]
	if first == last {
		return fmt.Sprint(first)
	}
	return fmt.Sprintf("%v-%v", first, last)
}

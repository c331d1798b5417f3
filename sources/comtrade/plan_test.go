package comtrade

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// cell is the smallest thing that a query can ask for.
type cell struct {
	product, flow  string
	reporter, year int
	partner        int // 0 for all
}

// cells lists what a query covers.
func (q query) cells() []cell {
	var all []cell
	partners := q.partners
	if partners == nil {
		partners = []int{0}
	}
	for _, p := range q.products {
		for _, f := range q.flows {
			for _, r := range q.reporters {
				for y := q.years.from; y <= q.years.to; y++ {
					for _, partner := range partners {
						all = append(all, cell{p, f, r, y, partner})
					}
				}
			}
		}
	}
	return all
}

func someCodes(random *rand.Rand, most int) []int {
	var list []int
	for range 1 + random.IntN(most) {
		list = append(list, 1+random.IntN(999))
	}
	return sorted(list)
}

// TestPlanCoversEverythingOnce plans for wishes and services of all sizes, and splits queries at random as
// answers at the cap would.
func TestPlanCoversEverythingOnce(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 25 {
		wanted := query{
			products:  [][]string{{"TOTAL"}, {"0306", "1006"}, {"TOTAL", "01", "02", "03"}}[random.IntN(3)],
			flows:     [][]string{{"M"}, {"M", "X"}, {"M", "X", "RM", "RX"}}[random.IntN(3)],
			reporters: someCodes(random, 260),
		}
		wanted.years.from = 1960 + random.IntN(60)
		wanted.years.to = wanted.years.from + random.IntN(70)
		s := service{dataURL + "HS", 1 + random.IntN(200_000), 1 + random.IntN(mostPeriods)}
		listed := someCodes(random, 300)
		covered, names := map[cell]int{}, map[string]bool{}
		var visit func(q query, deep int)
		visit = func(q query, deep int) {
			parts := q.split(listed)
			if parts != nil && random.IntN(4) == 0 && deep < 12 {
				for _, part := range parts {
					visit(part, deep+1)
				}
				return
			}
			address := s.url(q)
			if len(address) >= urlBytes || q.years.count() > s.periods {
				t.Fatalf("a call of %d bytes for %d periods, of %d allowed", len(address), q.years.count(), s.periods)
			}
			if names[q.file()] {
				t.Fatalf("two answers are called %s", q.file())
			}
			names[q.file()] = true
			for _, c := range q.cells() {
				covered[c]++
			}
		}
		for _, q := range s.plan(wanted) {
			if expected := q.years.count() * len(q.reporters) * len(q.flows) * len(q.products) * partnersAFlow; expected > s.rows &&
				q.years.count()*len(q.reporters) > 1 {
				t.Fatalf("%d records are expected of a call that may have %d", expected, s.rows)
			}
			visit(q, 0)
		}
		for _, c := range wanted.cells() {
			if covered[c] == 1 {
				delete(covered, c)
				continue
			}
			for _, partner := range listed { // in place of all partners at once
				part := c
				part.partner = partner
				if covered[part] != 1 {
					t.Fatalf("%+v is asked for %d times as a whole, and %d times of partner %d", c, covered[c], covered[part], partner)
				}
				delete(covered, part)
			}
		}
		if len(covered) > 0 {
			t.Fatalf("%d things are asked for that nobody wants", len(covered))
		}
	}
}

func TestSplitOrder(t *testing.T) {
	q := query{products: []string{"01", "02"}, flows: []string{"M", "X"}, reporters: []int{4, 8}, years: years{2010, 2012}}
	listed := []int{0, 4, 8}
	var names []string
	for {
		parts := q.split(listed)
		if parts == nil {
			break
		}
		names = append(names, parts[0].file()+" "+parts[1].file())
		q = parts[1]
	}
	want := []string{
		"flows_M-X_4-8_2010_01-02.json flows_M-X_4-8_2011-2012_01-02.json",
		"flows_M-X_4-8_2011_01-02.json flows_M-X_4-8_2012_01-02.json",
		"flows_M-X_4_2012_01-02.json flows_M-X_8_2012_01-02.json",
		"flows_M_8_2012_01-02.json flows_X_8_2012_01-02.json",
		"flows_X_8_2012_01.json flows_X_8_2012_02.json",
		"flows_X_8_2012_02_p0.json flows_X_8_2012_02_p4-8.json",
		"flows_X_8_2012_02_p4.json flows_X_8_2012_02_p8.json",
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("splits (-want +got):\n%s", diff)
	}
}

// TestPlanOfTheDefaults pins how many calls everything since 1988 costs.
func TestPlanOfTheDefaults(t *testing.T) {
	set := defaults()
	wanted := query{products: set.Products, flows: set.Flows, years: years{1988, 2025}}
	for code := range 253 {
		wanted.reporters = append(wanted.reporters, 4+3*code)
	}
	full := service{dataURL + "HS", freeRows, mostPeriods}.plan(wanted)
	if len(full) != 3*16+3 || len(full) > set.Limits.DailyCalls/4 {
		t.Errorf("%d calls with a key", len(full))
	}
	wanted.reporters, wanted.years = set.Preview.Reporters, years{set.Preview.FromYear, set.Preview.ToYear}
	small := service{previewURL + "HS", previewRows, 1}.plan(wanted)
	if len(small) != 24 {
		t.Errorf("%d calls without one", len(small))
	}
	u, err := url.Parse(service{dataURL + "HS", freeRows, mostPeriods}.url(full[0]))
	if err != nil || u.Host != "comtradeapi.un.org" || u.Path != "/data/v1/get/C/A/HS" {
		t.Fatalf("address %v, %v", u, err)
	}
	want := map[string]string{
		"cmdCode": "TOTAL", "flowCode": "M,X", "partner2Code": "0", "motCode": "0", "customsCode": "C00", "maxRecords": "100000",
		"period": "1988,1989,1990,1991,1992,1993,1994,1995,1996,1997,1998,1999", "reporterCode": strings.Trim(strings.ReplaceAll(fmt.Sprint(full[0].reporters), " ", ","), "[]"),
	}
	got := map[string]string{}
	for name, values := range u.Query() {
		got[name] = strings.Join(values, "|")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("query (-want +got):\n%s", diff)
	}
}

func TestSettings(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*settings)
		says   string
	}{
		"classification": {func(s *settings) { s.Classification = "HS/../x" }, "HS/../x"},
		"product":        {func(s *settings) { s.Products = []string{"all"} }, `"all"`},
		"no product":     {func(s *settings) { s.Products = nil }, "may not be empty"},
		"flow":           {func(s *settings) { s.Flows = []string{"import"} }, `"import"`},
		"reporter":       {func(s *settings) { s.Reporters = []int{0} }, "0 is not a code"},
		"years":          {func(s *settings) { s.FromYear, s.ToYear = 2010, 2009 }, "to_year is before"},
		"year":           {func(s *settings) { s.FromYear = 88 }, "88 is not a year"},
		"calls":          {func(s *settings) { s.Limits.DailyCalls = 0 }, "daily_calls"},
	} {
		_, err := New(func(into any) error { c.change(into.(*settings)); return nil })
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v, want %q", name, err, c.says)
		}
	}
	src, err := New(func(into any) error {
		into.(*settings).Reporters, into.(*settings).Flows = []int{842, 4, 842}, []string{"X", "M", "X"}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if set := src.(*source).settings; !slices.Equal(set.Reporters, []int{4, 842}) || !slices.Equal(set.Flows, []string{"X", "M"}) {
		t.Errorf("reporters %v, flows %v", set.Reporters, set.Flows)
	}
}

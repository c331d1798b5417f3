package sample

import (
	"strconv"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"entente/transforms/states"
)

// The facts' codes are those that the pipeline gives to the served numbers and column names.
func TestCodesAreThePipelines(t *testing.T) {
	resolver, err := states.Load()
	if err != nil {
		t.Fatal(err)
	}
	f := allFacts(t)
	check := func(scheme states.Scheme, value, date, want string) {
		t.Helper()
		d, err := time.Parse(time.DateOnly, date)
		if err != nil {
			t.Fatal(err)
		}
		if got, status := resolver.Resolve(scheme, value, arrow.Date32FromTime(d), true); got != want {
			t.Errorf("%s %q on %s resolves to %q (%v), the facts say %s", scheme, value, date, got, status, want)
		}
	}
	for _, c := range f.rollCalls {
		for iso3 := range c.cast {
			s, err := f.on(iso3, c.date)
			if err != nil {
				t.Fatal(err)
			}
			check(states.COW, strconv.Itoa(s.cow), c.date, iso3)
		}
	}
	for _, m := range f.trade {
		s, err := f.cowOf(m.importer, m.year)
		if err != nil {
			t.Fatal(err)
		}
		check(states.COW, strconv.Itoa(s.cow), strconv.Itoa(m.year)+"-07-01", m.importer)
	}
	for _, e := range f.economies {
		if e.code2 != "" {
			check(states.WorldBank, e.iso3, "2014-07-01", e.iso3)
		}
	}
	names := map[string]string{}
	for _, c := range f.columns {
		if c.iso3 != "" {
			names[c.iso3] = c.name
		}
	}
	for _, d := range f.drafts {
		for iso3 := range d.cast {
			check(states.SciencesPo, names[iso3], d.date, iso3)
		}
	}
}

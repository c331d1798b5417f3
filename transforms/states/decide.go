package states

import (
	"fmt"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
)

// suggestions is how many known spellings a reason names.
const suggestions = 3

// decision is what a pair of code and name comes to.
type decision struct {
	status     Status
	iso3       string   // when Known
	reason     string   // when the row is rejected
	meaning    *meaning // when it takes a day: of the value that decides
	code, name string
}

// decide looks at a pair of code and name, "" for one that is missing.
func (b *batch) decide(code, name string) decision {
	d := decision{code: code, name: name}
	codes, names := b.resolver.meaning(b.columns.CodeScheme, code), b.resolver.meaning(b.columns.NameScheme, name)
	var unknown []string
	if code != "" && codes == nil {
		unknown = append(unknown, b.unknown("code", b.columns.CodeScheme, code))
	}
	if name != "" && names == nil {
		unknown = append(unknown, b.unknown("name", b.columns.NameScheme, name))
	}
	switch {
	case len(unknown) > 0:
		d.reason = strings.Join(unknown, "; ")
		return d
	case code == "" && name == "":
		d.reason = "the row names no state"
		return d
	}
	decides := names
	if name == "" {
		decides = codes
	}
	if !decides.always {
		d.meaning = decides
		return d
	}
	return b.decideBy(&decides.spells[0], &d)
}

// decideOn decides a pair that takes a day; day is nil when the row has none.
func (b *batch) decideOn(day *arrow.Date32, d *decision) decision {
	on := *d
	on.meaning = nil
	if day == nil {
		s := d.meaning.answer(0, false)
		if s == nil {
			on.reason = b.describe(d) + " means different states at different times, and the row has no date"
			return on
		}
		return b.decideBy(s, d)
	}
	s := d.meaning.on(*day)
	if s == nil {
		on.reason = fmt.Sprintf("%s names no state on %s", b.describe(d), day.FormattedString())
		return on
	}
	return b.decideBy(s, d)
}

// decideBy decides a pair by the spell that applies to its name, or to its code where there is no name.
func (b *batch) decideBy(s *spell, d *decision) decision {
	on := *d
	on.meaning, on.status, on.iso3 = nil, s.status, s.iso3
	switch {
	case s.status == Unresolvable:
		on.reason = b.describe(d) + " is known to name no state that can be told"
		if s.note != "" {
			on.reason += ": " + s.note
		}
	case s.status == Known && d.code != "" && d.name != "":
		if !b.resolver.agrees(b.resolver.meaning(b.columns.CodeScheme, d.code), s.iso3) {
			on.status = Unknown
			on.reason = fmt.Sprintf("state code %s (%s) does not go with state name %s (%s), which is %s",
				quote(d.code), b.columns.CodeScheme, quote(d.name), b.columns.NameScheme, s.iso3)
		}
	}
	return on
}

// describe names the value that decides, for a reason.
func (b *batch) describe(d *decision) string {
	if d.name != "" {
		return fmt.Sprintf("state name %s (%s)", quote(d.name), b.columns.NameScheme)
	}
	return fmt.Sprintf("state code %s (%s)", quote(d.code), b.columns.CodeScheme)
}

func (b *batch) unknown(kind string, scheme Scheme, value string) string {
	nearest := b.resolver.Nearest(scheme, value, suggestions)
	for i, n := range nearest {
		nearest[i] = quote(n)
	}
	return fmt.Sprintf("unknown state %s %s (%s); nearest: %s", kind, quote(value), scheme, strings.Join(nearest, ", "))
}

// quote makes outer spaces and odd bytes visible, and cuts a value that no name is as long as.
func quote(value string) string {
	if r := []rune(value); len(r) > longest {
		value = string(r[:longest]) + "…"
	}
	return fmt.Sprintf("%q", value)
}

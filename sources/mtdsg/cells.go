package mtdsg

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

var (
	superscript = regexp.MustCompile(`(?is)<\s*(superscript|sup)\s*>(.*?)<\s*/\s*(superscript|sup)\s*>`)
	tag         = regexp.MustCompile(`</?\s*[A-Za-z][^<>]*>`)
	footnoted   = regexp.MustCompile(`^(.*?[^\d\s,])((?:[\s,]*\d+)*)[\s,]*$`)
	digits      = regexp.MustCompile(`\d+`)
)

// plain is a text without markup, its white space made one blank.
func plain(text string) string {
	return strings.Join(strings.Fields(tag.ReplaceAllString(superscript.ReplaceAllString(text, " "), "")), " ")
}

// nameOf parts a participant's cell into the name and the numbers of its footnotes, which stand behind it,
// raised or not.
func nameOf(cell string) (participant, notes string) {
	var numbers []string
	for _, raised := range superscript.FindAllStringSubmatch(cell, -1) {
		numbers = append(numbers, digits.FindAllString(raised[2], -1)...)
	}
	participant = plain(cell)
	if m := footnoted.FindStringSubmatch(participant); m != nil {
		participant = m[1]
		numbers = append(digits.FindAllString(m[2], -1), numbers...)
	}
	return participant, strings.Join(numbers, " ")
}

// legend is what a column's heading says of the dates in it.
type legend struct {
	title   string
	plain   string            // act of a date without a letter, "" where the heading has none
	letters map[string]string // act by letter
}

// acting are words that make a column's heading one of acts.
func acting() []string {
	return []string{
		"signature", "ratification", "acceptance", "approval", "accession", "succession", "confirmation",
		"denunciation", "withdrawal", "participation", "adherence", "notification",
	}
}

var titlePart = regexp.MustCompile(`^([A-Za-z][A-Za-z' .-]*?)\s*(?:\(([A-Za-z]{1,2})\))?$`)

// legendOf reads a heading such as "Ratification, Acceptance(A), Accession(a), Succession(d)". ok is whether
// the column is one of acts.
func legendOf(title string) (l legend, ok bool) {
	l = legend{title: plain(title), letters: map[string]string{}}
	text, _ := nameOf(title)
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == ';' || r == '/' }) {
		m := titlePart.FindStringSubmatch(strings.TrimSpace(part))
		if m == nil {
			return l, false
		}
		act := strings.ReplaceAll(strings.ToLower(m[1]), " ", "_")
		known := slices.ContainsFunc(acting(), func(word string) bool { return strings.Contains(act, word) })
		switch {
		case !known:
			return l, false
		case m[2] != "":
			l.letters[m[2]] = act
			if len(l.letters) == 1 && l.plain == "" && text == strings.TrimSpace(part) {
				l.plain = act
			}
		case l.plain == "":
			l.plain = act
		}
	}
	return l, l.plain != "" || len(l.letters) > 0
}

// usual are the letters that the depositary uses where a heading does not explain one.
func usual(letter string) string {
	return map[string]string{
		"A": "acceptance", "AA": "approval", "a": "accession", "c": "formal_confirmation", "d": "succession", "s": "definitive_signature",
	}[letter]
}

// act is one date of a cell.
type act struct {
	act, date string // day as 2006-01-02
	bracketed bool
}

var dated = regexp.MustCompile(`^\s*(\[?)\s*(\d{1,2})\s+([A-Z][a-z]{2})[a-z]*\.?\s+(\d{4})(?:\s*([A-Za-z]{1,2}))?\s*(\]?)(?:\s+\d+(?:\s*,\s*\d+)*\s*$|\s+|$)`)

// actsOf reads the dates of a cell of acts, or says what in it is none. An empty cell has none.
func actsOf(l legend, cell string) ([]act, error) {
	text := plain(cell)
	var acts []act
	for rest := text; rest != ""; {
		m := dated.FindStringSubmatch(rest)
		if m == nil || (m[1] == "[") != (m[6] == "]") {
			return nil, fmt.Errorf("column %q: %q is not dates such as 17 Jul 1998 a", l.title, text)
		}
		day, err := time.Parse("2 Jan 2006", m[2]+" "+m[3]+" "+m[4])
		if err != nil {
			return nil, fmt.Errorf("column %q: %q is no day of the calendar", l.title, text)
		}
		what := l.plain
		if m[5] != "" {
			if what = l.letters[m[5]]; what == "" {
				what = usual(m[5])
			}
		}
		if what == "" {
			return nil, fmt.Errorf("column %q: %q does not say by which act", l.title, text)
		}
		acts = append(acts, act{what, day.Format(time.DateOnly), m[1] == "["})
		rest = rest[len(m[0]):]
	}
	return acts, nil
}

var (
	fullDay    = regexp.MustCompile(`\b(\d{1,2}) (January|February|March|April|May|June|July|August|September|October|November|December) (\d{4})\b`)
	registered = regexp.MustCompile(`\bNo\.? ?(\d+)\b`)
)

// firstDay is the day with which a text begins, or "".
func firstDay(text string) string {
	at := fullDay.FindStringIndex(text)
	if at == nil || at[0] > 0 {
		return ""
	}
	day, err := time.Parse("2 January 2006", text[:at[1]])
	if err != nil {
		return ""
	}
	return day.Format(time.DateOnly)
}

// conclusionOf parts "Rome, 17 July 1998" into place and day; both are "" unless one day is named.
func conclusionOf(text string) (place, day string) {
	found := fullDay.FindAllStringIndex(text, 2)
	if len(found) != 1 {
		return "", ""
	}
	place = strings.TrimRight(text[:found[0][0]], " ,")
	return strings.TrimSuffix(place, " on"), firstDay(text[found[0][0]:])
}

// numberOf is the number of the treaty whose file has that name: XXVII-7-d for xxvii-7-d.en.xml.
func numberOf(file string) (string, error) {
	base := file[strings.LastIndexByte(file, '/')+1:]
	lower := strings.ToLower(base)
	stem, isXML := strings.CutSuffix(lower, ".xml")
	if !isXML {
		return "", errors.New("it is no XML file")
	}
	parts := strings.Split(strings.TrimSuffix(stem, ".en"), "-")
	parts[0] = strings.ToUpper(parts[0])
	if len(parts) > 1 {
		parts[1] = strings.ToUpper(parts[1])
	}
	number := strings.Join(parts, "-")
	if !treatyNumber.MatchString(number) {
		return "", fmt.Errorf("its name, %s, is no number of a treaty, such as XXVI-1.en.xml", base)
	}
	return number, nil
}

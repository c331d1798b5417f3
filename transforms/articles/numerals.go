package articles

import (
	"regexp"
	"strconv"
	"strings"
)

// numeral is a number as headings write it: up to three counts, such as 3.12.
type numeral struct {
	counts [3]int
	used   int
	suffix string // bis, A
	form   string // digits, roman or words, and the letters and marks between the counts
}

var (
	digitsForm = regexp.MustCompile(`^(\d{1,4})(?:\s?(er|re|ste|de|º|°|ª|o)\b)?(?:\s?([.\-–])\s?(\d{1,3}))?(?:\s?[.\-–]\s?(\d{1,3}))?`)
	letterForm = regexp.MustCompile(`^([A-Z])\s?([.\-–])\s?(\d{1,3})`)
	romanForm  = regexp.MustCompile(`^([IVXLC]+)(?:\s?([.\-–])\s?(\d{1,3}))?`)
	suffixForm = regexp.MustCompile(`(?i)^\s?(bis|ter|quater|quinquies|sexies)\b|^([A-Z])\b(?:[^A-Za-z'’]|$)|^\s?\(([A-Za-z])\)`)
	wordForm   = regexp.MustCompile(`(?i)^[\p{L}]+(?:[ -][\p{L}]+)?`)
)

// wordValues are the numbers that headings spell out, in English, French and Spanish.
var wordValues = map[string]int{
	"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
	"eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
	"eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
	"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
	"tenth": 10, "premier": 1, "première": 1, "preliminary": 1, "preliminaire": 1, "préliminaire": 1, "unique": 1,
	"único": 1, "unico": 1, "primero": 1, "segundo": 2, "tercero": 3, "cuarto": 4, "quinto": 5, "sexto": 6,
	"séptimo": 7, "octavo": 8, "noveno": 9, "décimo": 10, "transitorio": 1, "eerste": 1, "enig": 1, "erster": 1,
}

// readNumeral reads a number at the beginning of a text and returns the length of what it read, 0 for none.
func readNumeral(text string) (numeral, int) {
	n, length := readCounts(text)
	if length == 0 {
		return n, 0
	}
	if m := suffixForm.FindStringSubmatchIndex(text[length:]); m != nil && n.form != "words" {
		for i := 2; i < len(m); i += 2 {
			if m[i] >= 0 {
				n.suffix = strings.ToLower(text[length+m[i] : length+m[i+1]])
				closing := m[i+1]
				if i == 6 {
					closing++ // the bracket
				}
				length += closing
				break
			}
		}
	}
	return n, length
}

func readCounts(text string) (numeral, int) {
	if m := digitsForm.FindStringSubmatch(text); m != nil {
		n := numeral{used: 1, form: "digits" + m[3]}
		n.counts[0], _ = strconv.Atoi(m[1])
		for i, count := range []string{m[4], m[5]} {
			if count != "" {
				n.counts[i+1], _ = strconv.Atoi(count)
				n.used = i + 2
			}
		}
		return n, len(m[0])
	}
	if m := letterForm.FindStringSubmatch(text); m != nil && !strings.Contains("IVXLC", m[1]) {
		n := numeral{used: 2, form: "letter" + m[2]}
		n.counts[0] = int(m[1][0]-'A') + 1
		n.counts[1], _ = strconv.Atoi(m[3])
		return n, len(m[0])
	}
	if m := romanForm.FindStringSubmatch(text); m != nil {
		n := numeral{used: 1, form: "roman" + m[2]}
		if n.counts[0] = roman(m[1]); n.counts[0] == 0 {
			return numeral{}, 0
		}
		if m[3] != "" {
			n.counts[1], _ = strconv.Atoi(m[3])
			n.used = 2
		}
		return n, len(m[0])
	}
	return readWords(text)
}

// readWords reads a number that is spelt out, such as twenty-one.
func readWords(text string) (numeral, int) {
	words := strings.ToLower(wordForm.FindString(text))
	first, second := words, ""
	if at := strings.IndexAny(words, " -"); at >= 0 {
		first, second = words[:at], words[at+1:]
	}
	value := wordValues[first]
	if value == 0 {
		return numeral{}, 0
	}
	n := numeral{used: 1, form: "words"}
	n.counts[0] = value
	if ones := wordValues[second]; value >= 20 && ones > 0 && ones < 10 {
		n.counts[0] += ones
		return n, len(words)
	}
	return n, len(first)
}

// roman is the value of a Roman number, 0 for letters that are none.
func roman(letters string) int {
	values := map[byte]int{'I': 1, 'V': 5, 'X': 10, 'L': 50, 'C': 100}
	total := 0
	for i := range len(letters) {
		v := values[letters[i]]
		if i+1 < len(letters) && values[letters[i+1]] > v {
			v = -v
		}
		total += v
	}
	if total <= 0 || total > 399 || toRoman(total) != letters {
		return 0
	}
	return total
}

func toRoman(n int) string {
	var b strings.Builder
	for _, step := range []struct {
		value   int
		letters string
	}{{100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for ; n >= step.value; n -= step.value {
			b.WriteString(step.letters)
		}
	}
	return b.String()
}

// follows reports whether a number can come right after another: the next one, the same with another suffix, or the
// first of the next group.
func (n numeral) follows(last numeral) bool {
	at := max(n.used, last.used) - 1
	for i := range at {
		if n.counts[i] != last.counts[i] {
			return n.counts[i] > last.counts[i] && n.counts[i] <= last.counts[i]+3 && n.counts[at] <= 1
		}
	}
	switch {
	case n.counts[at] == last.counts[at]+1:
		return true
	case n.counts[at] == last.counts[at]:
		return n.suffix != "" && n.suffix != last.suffix
	}
	return false
}

// first reports whether a count begins with the number.
func (n numeral) first() bool { return n.counts[max(n.used, 1)-1] <= 1 }

// near reports whether a number comes a little after another, when some between them were not read.
func (n numeral) near(last numeral) bool {
	at := max(n.used, last.used) - 1
	for i := range at {
		if n.counts[i] != last.counts[i] {
			return n.counts[i] == last.counts[i]+1 && n.counts[at] <= 4
		}
	}
	return n.counts[at] > last.counts[at] && n.counts[at] <= last.counts[at]+4
}

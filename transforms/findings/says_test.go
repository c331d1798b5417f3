package findings

import (
	"strconv"
	"strings"
	"time"
	"unicode"
)

// says reports whether a text has a day in one of the ways in which English treaties write days. It shares nothing
// with the rules, so that they are not measured with themselves.
func says(text, day string) bool {
	on, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return false
	}
	words := " " + strings.Join(strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), " ") + " "
	month := strings.ToLower(on.Month().String())
	days, years := dayWords(on.Day()), yearWords(on.Year())
	for at := 0; ; at += len(month) {
		next := strings.Index(words[at:], " "+month+" ")
		if next < 0 {
			return false
		}
		at += next
		before, after := words[max(0, at-60):at], words[at+1+len(month):min(len(words), at+120)]
		for _, d := range days {
			for _, join := range []string{"", " of", " day of", " day of the month of"} {
				if strings.HasSuffix(before, " "+d+join) && hasYear(after, years) {
					return true
				}
			}
			if rest, ok := strings.CutPrefix(after, " "+d); ok && hasYear(rest, years) {
				return true
			}
		}
	}
}

func hasYear(text string, years []string) bool {
	for _, mark := range []string{" ", " in the year ", " in the year of ", " of the year ", " of ", " in "} {
		for _, y := range years {
			if strings.HasPrefix(text, mark+y+" ") {
				return true
			}
		}
	}
	return false
}

var small = strings.Fields("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen")
var tens = strings.Fields("x x twenty thirty forty fifty sixty seventy eighty ninety")
var ordinals = strings.Fields("x first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third twenty-fourth twenty-fifth twenty-sixth twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first")

func dayWords(d int) []string {
	suffix := "th"
	switch {
	case d%10 == 1 && d != 11:
		suffix = "st"
	case d%10 == 2 && d != 12:
		suffix = "nd"
	case d%10 == 3 && d != 13:
		suffix = "rd"
	}
	n := strconv.Itoa(d)
	return []string{n, "0" + n, n + suffix, n + " " + suffix, strings.ReplaceAll(ordinals[d], "-", " "), below(d)}
}

func below(n int) string {
	if n < 20 {
		return small[n]
	}
	if n%10 == 0 {
		return tens[n/10]
	}
	return tens[n/10] + " " + small[n%10]
}

func yearWords(y int) []string {
	century, rest := y/100, y%100
	forms := []string{strconv.Itoa(y)}
	if century == 20 {
		if rest == 0 {
			return append(forms, "two thousand")
		}
		return append(forms, "two thousand and "+below(rest), "two thousand "+below(rest))
	}
	for _, head := range []string{below(century) + " hundred", below(century), "one thousand " + below(century-10) + " hundred"} {
		if rest == 0 {
			forms = append(forms, head)
			continue
		}
		forms = append(forms, head+" and "+below(rest), head+" "+below(rest))
	}
	return forms
}

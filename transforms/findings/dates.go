package findings

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// months are the names of the months, the first letters where they are enough, in the languages of rules.
var months = map[string]time.Month{
	"january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8,
	"september": 9, "october": 10, "november": 11, "december": 12,
	"janvier": 1, "février": 2, "fevrier": 2, "mars": 3, "avril": 4, "mai": 5, "juin": 6, "juillet": 7, "août": 8, "aout": 8,
	"septembre": 9, "octobre": 10, "novembre": 11, "décembre": 12, "decembre": 12,
	"enero": 1, "febrero": 2, "marzo": 3, "abril": 4, "mayo": 5, "junio": 6, "julio": 7, "agosto": 8,
	"septiembre": 9, "setiembre": 9, "octubre": 10, "noviembre": 11, "diciembre": 12,
	"januari": 1, "februari": 2, "maart": 3, "mei": 5, "juni": 6, "juli": 7, "augustus": 8, "oktober": 10,
}

// numbers are number words and ordinals by value.
var numbers = numberWords()

func numberWords() map[string]int {
	words := map[string]int{
		"hundred": 100, "thousand": 1000, "mil": 1000, "mille": 1000, "cent": 100, "cents": 100, "duizend": 1000, "honderd": 100,
		"cien": 100, "ciento": 100, "novecientos": 900, "quinientos": 500,
	}
	for first, list := range map[int]string{
		1: "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty",
		2: "second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth",
		3: "tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve veinte veintiún veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve treinta",
		5: "cinq six sept huit neuf dix onze douze treize quatorze quinze seize",
	} {
		for i, w := range strings.Fields(list) {
			words[w] = first + i
		}
	}
	for w, n := range map[string]int{
		"first": 1, "thirtieth": 30, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
		"fourty": 40, "ninty": 90, "uno": 1, "primero": 1, "primer": 1, "un": 1, "dos": 2, "veintiuno": 21, "dieciseis": 16,
		"cuarenta": 40, "cincuenta": 50, "sesenta": 60, "setenta": 70, "ochenta": 80, "noventa": 90,
		"premier": 1, "deux": 2, "trois": 3, "quatre": 4, "vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60,
		"eerste": 1, "tweede": 2, "derde": 3, "vierde": 4, "vijfde": 5, "zesde": 6, "zevende": 7, "achtste": 8, "negende": 9, "tiende": 10,
		"zeventiende": 17,
	} {
		words[w] = n
	}
	return words
}

// token is a word of a text.
type token struct {
	word     string // in small letters
	from, to int    // bytes
}

func tokens(text string) []token {
	var list []token
	start := -1
	end := func(at int) {
		if start >= 0 {
			list = append(list, token{strings.ToLower(text[start:at]), start, at})
		}
		start = -1
	}
	for i, r := range text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			if start < 0 {
				start = i
			}
			continue
		}
		end(i)
	}
	end(len(text))
	return list
}

// date finds the first complete date of a text and returns it as 2006-01-02, with the length of the text to its end.
func date(text string) (day string, length int, ok bool) {
	list := tokens(text)
	for i, t := range list {
		month := months[t.word]
		if month == 0 {
			continue
		}
		number, at := dayBefore(list, i)
		after := i + 1
		if number == 0 {
			// April 3, 2007
			if after < len(list) {
				if n := ordinal(list[after].word); n >= 1 && n <= 31 {
					number, at, after = n, i, after+1
				}
			}
		}
		if number == 0 {
			continue
		}
		year, used := yearAfter(list, after)
		if used == 0 || at < 0 {
			continue
		}
		day := fmt.Sprintf("%04d-%02d-%02d", year, int(month), number)
		if _, err := time.Parse(time.DateOnly, day); err != nil {
			continue
		}
		return day, list[after+used-1].to, true
	}
	return numericDate(list, text)
}

// ordinal reads 3, 3rd, 3de or third; 0 for none.
func ordinal(word string) int {
	digits := strings.TrimRight(word, "abcdefghijklmnopqrstuvwxyzªº")
	if digits != "" && len(digits) <= 2 {
		if n, err := strconv.Atoi(digits); err == nil {
			return n
		}
	}
	if n := numbers[word]; n <= 31 {
		return n
	}
	return 0
}

// between are the words that may stand between day and month, or month and year.
const between = " day days of the month in year de del del mes día días a los anno domini al año y le dag van het jaar one thousand our lord an "

func isBetween(word string) bool { return strings.Contains(between, " "+word+" ") }

// dayBefore reads the day that stands before a month, and where.
func dayBefore(list []token, month int) (day, at int) {
	i := month - 1
	for i >= 0 && month-i <= 6 && isBetween(list[i].word) && ordinal(list[i].word) == 0 {
		i--
	}
	if i < 0 || month-i > 6 {
		return 0, -1
	}
	n := ordinal(list[i].word)
	if n >= 1 && n < 10 && i > 0 {
		switch list[i-1].word {
		case "twenty", "thirty", "treinta", "vingt", "trente":
			n += numbers[list[i-1].word]
			i--
		case "y", "et":
			if i > 1 && (list[i-2].word == "treinta" || list[i-2].word == "vingt" || list[i-2].word == "trente") {
				n += numbers[list[i-2].word]
				i -= 2
			}
		}
	}
	if n < 1 || n > 31 {
		return 0, -1
	}
	return n, i
}

// yearAfter reads the year that begins at a token, and how many tokens it takes up to its end.
func yearAfter(list []token, at int) (year, used int) {
	i := at
	for i < len(list) && i-at <= 6 && isBetween(list[i].word) && numbers[list[i].word] == 0 {
		i++
	}
	if i >= len(list) || i-at > 6 {
		return 0, 0
	}
	if digits := list[i].word; len(digits) == 4 {
		if n, err := strconv.Atoi(digits); err == nil {
			return plausible(n, i+1-at)
		}
	}
	return wordYear(list, at, i)
}

func plausible(year, used int) (int, int) {
	if year < 1800 || year > 2100 {
		return 0, 0
	}
	return year, used
}

// wordYear reads a year in words, such as two thousand and six, nineteen hundred and fifty four or nineteen ninety-six.
func wordYear(list []token, at, from int) (year, used int) {
	total, part, last := 0, 0, from-1
	for i := from; i < len(list) && i-from < 10; i++ {
		w := list[i].word
		n := numbers[w]
		switch {
		case w == "and" || w == "y" || w == "et" || w == "en":
			continue
		case n == 1000:
			total += max(part, 1) * 1000
			part = 0
		case n == 100:
			part = max(part, 1) * 100
		case n > 0 && n < 1000:
			if part >= 10 && part < 100 && n >= 10 {
				part *= 100 // nineteen ninety-six
			}
			part += n
		default:
			i = len(list)
			continue
		}
		last = i
	}
	if last < from {
		return 0, 0
	}
	return plausible(total+part, last+1-at)
}

// numericDate reads 05.11.1996 and 1996-11-05, of which the order is certain.
func numericDate(list []token, text string) (string, int, bool) {
	for i := 0; i+2 < len(list); i++ {
		a, b, c := list[i], list[i+1], list[i+2]
		gap := text[a.to:b.from]
		if gap != text[b.to:c.from] || gap != "." && gap != "-" {
			continue
		}
		layout := "2.1.2006"
		if gap == "-" {
			layout = "2006-1-2"
		}
		day, err := time.Parse(layout, a.word+gap+b.word+gap+c.word)
		if err == nil && day.Year() >= 1800 && day.Year() <= 2100 {
			return day.Format(time.DateOnly), c.to, true
		}
	}
	return "", 0, false
}

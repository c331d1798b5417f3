package terms

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kljensen/snowball/english"
	"github.com/kljensen/snowball/french"
	"github.com/kljensen/snowball/spanish"
	"golang.org/x/text/unicode/norm"
)

// Languages that have a stemmer and stop words; in any other, the form of a word is its term.
const (
	English = "en"
	Spanish = "es"
	French  = "fr"
)

// Words calls word with every maximal run of letters, digits and combining marks of a text, in order.
func Words(text string, word func(string)) {
	start := -1
	for i := 0; i < len(text); {
		c := text[i]
		size, inside := 1, asciiWord[c]
		if c >= utf8.RuneSelf {
			var r rune
			r, size = utf8.DecodeRuneInString(text[i:])
			inside = unicode.In(r, unicode.L, unicode.N, unicode.M)
		}
		if inside && start < 0 {
			start = i
		}
		if !inside && start >= 0 {
			word(text[start:i])
			start = -1
		}
		i += size
	}
	if start >= 0 {
		word(text[start:])
	}
}

var asciiWord = func() (inside [256]bool) {
	for c := range inside {
		inside[c] = '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z'
	}
	return inside
}()

// Fold returns a word without case and without marks on its letters: compatibility decomposition, marks
// left out, lower case.
func Fold(word string) string {
	if isPlain(word) {
		return strings.ToLower(word)
	}
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(word)) {
		if !unicode.Is(unicode.M, r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

func isPlain(word string) bool {
	for i := range len(word) {
		if word[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// Stem returns a word's form, which is the word folded, and its term, which is its Snowball stem, folded.
// Spellings of English that differ between Britain and the United States share a term. Both are "" for a
// word that is not indexed: a stop word, or a single letter.
func Stem(language, word string) (form, term string) {
	form = Fold(word)
	if utf8.RuneCountInString(form) == 1 && !unicode.IsNumber([]rune(form)[0]) || stopWords[language][form] {
		return "", ""
	}
	marked := norm.NFC.String(strings.ToLower(word))
	switch language {
	case English:
		return form, english.Stem(british(form), true)
	case Spanish:
		return form, Fold(spanish.Stem(marked, true))
	case French:
		return form, Fold(french.Stem(marked, true))
	}
	return form, form
}

// british returns the British spelling of a word in which treaties differ.
func british(form string) string {
	for _, pair := range spellings {
		if strings.HasPrefix(form, pair[0]) {
			form = pair[1] + form[len(pair[0]):]
		}
	}
	for _, ending := range []string{"ation", "ations", "ed", "es", "ing", "e"} {
		if stem, ok := strings.CutSuffix(form, "is"+ending); ok && len(stem) > 3 {
			return stem + "iz" + ending
		}
	}
	return form
}

// spellings are beginnings of words, the American one first.
var spellings = [][2]string{
	{"defens", "defenc"}, {"offens", "offenc"}, {"licens", "licenc"}, {"labor", "labour"}, {"favor", "favour"},
	{"center", "centre"}, {"honor", "honour"}, {"behavior", "behaviour"}, {"neighbor", "neighbour"}, {"harbor", "harbour"},
}

// stopWords are words so frequent in a language that they tell no article from another.
var stopWords = map[string]map[string]bool{
	English: set("an and any are as at be been by for from has have if in into is it its no nor of on or other " +
		"such that the their then there these they this those to under upon was were which will with shall"),
	Spanish: set("al como con de del el en entre es la las lo los no o para por que se sin su sus un una y"),
	French: set("au aux avec ce ces cette dans de des du elle en est et il la le les leur leurs ne ou par pas pour " +
		"que qui sa se ses son sont sur un une"),
}

func set(words string) map[string]bool {
	all := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		all[word] = true
	}
	return all
}

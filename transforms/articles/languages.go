package articles

import (
	"slices"
	"strings"
	"unicode"
)

// commonWords are the words by which a language is known: frequent in any text, and rare in the other languages.
var commonWords = map[string]string{
	"en": "the of and shall to by which any with this that for be parties",
	"fr": "le les des du et dans par qui aux sur est une pour parties cette",
	"nl": "het een van der en de voor met op zijn niet zal worden aan dat",
	"de": "der die das und des den dem nicht mit für von ist werden auf im",
	"es": "el los las del y por que con para una se su en artículo partes",
	"it": "il gli della delle che con per una di nel alla sono dei parti",
	"pt": "o os das dos uma para com por que não ao da em são partes",
	"ru": "и в на не что по из для от или при стороны статьи с к",
}

// speak tells the language of each version by its words.
func (s *segmenter) speak() {
	for from := 0; from < len(s.pieces); {
		to := from
		var texts []string
		for to < len(s.pieces) && s.pieces[to].Version == s.pieces[from].Version {
			texts = append(texts, s.pieces[to].Text)
			to++
		}
		language := Language(strings.Join(texts, " "), s.languages...)
		for i := from; i < to; i++ {
			s.pieces[i].Language = language
		}
		from = to
	}
}

// Language tells the language of a text by its most frequent words: one of those given, or, if none are, of those
// that are known. It is "" for a text of too few words.
func Language(text string, among ...string) string {
	if len(among) == 1 {
		return among[0]
	}
	counts := map[string]int{}
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) })
	for _, w := range words[:min(len(words), 5000)] {
		counts[w]++
	}
	best, most := "", 2
	for _, code := range []string{"en", "fr", "nl", "de", "es", "it", "pt", "ru"} {
		if len(among) > 0 && !slices.Contains(among, code) {
			continue
		}
		n := 0
		for word := range strings.FieldsSeq(commonWords[code]) {
			n += counts[word]
		}
		if n > most {
			best, most = code, n
		}
	}
	return best
}

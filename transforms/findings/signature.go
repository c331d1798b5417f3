package findings

import (
	"regexp"
	"strings"
)

// Provisions about the signature.
const (
	SignatureDate  = "signature_date"  // a day
	SignaturePlace = "signature_place" // a name
)

// signatureRules read the place and day at the end of a treaty. Only a sentence that begins so counts: a treaty that is
// cited was signed somewhere, too.
func signatureRules() []rule {
	day := func(id string, languages []string, needles []string, begin string) rule {
		return rule{id: id, provision: SignatureDate, languages: languages, closing: true, needles: needles,
			pattern: pattern(`(?:^|[\s.:;,*\x{a0}])` + begin), read: readDay}
	}
	place := func(id string, languages []string, needles []string, begin string) rule {
		return rule{id: id, provision: SignaturePlace, languages: languages, closing: true, needles: needles,
			pattern: pattern(`(?:^|[\s.:;,*\x{a0}])` + begin + `\s+((?:the\s+[Cc]ity\s+of\s+|la\s+ciudad\s+de\s+)?\p{Lu}[\p{L}.'’-]+(?:[ -]\p{Lu}[\p{L}.'’-]+){0,3})`), read: readPlace}
	}
	en, es := []string{"Done", "DONE", "Signed", "SIGNED"}, []string{"Hecho", "HECHO", "Dado", "DADO", "Firmado", "FIRMADO", "Suscrito", "SUSCRITO"}
	fr, nl := []string{"Fait", "FAIT"}, []string{"Gedaan", "GEDAAN", "GEDAEN"}
	return []rule{
		day("signature_date_en", english, en, `(?:Done|DONE|Signed|SIGNED)\b`),
		// texts that lost their capitals
		{id: "signature_date_small_en", provision: SignatureDate, languages: english, closing: true, needles: []string{".done ", ". done ", ".signed at", ". signed at"},
			pattern: pattern(`\.\s?(?:done|signed)\s+(?:at|in|on|this)\b`), read: readDay},
		day("signature_date_es", spanish, es, `(?:Hech[oa]|HECH[OA]|Dad[oa]|DADO|Firmad[oa]|FIRMADO|Suscrit[oa]|SUSCRITO)\b`),
		day("signature_date_fr", french, fr, `(?:Fait|FAIT)\b`),
		day("signature_date_nl", dutch, nl, `(?:Gedaan|GEDAAN)\b`),
		place("signature_place_en", english, en, `(?:Done|DONE|Signed|SIGNED)\s+(?:at|in|AT|IN)`),
		place("signature_place_es", spanish, es, `(?:Hech[oa]|HECH[OA]|Dad[oa]|DADO|Firmad[oa]|FIRMADO|Suscrit[oa]|SUSCRITO)\s+en`),
		place("signature_place_fr", french, fr, `(?:Fait|FAIT)\s+(?:à|À|A)`),
		place("signature_place_nl", dutch, nl, `(?:Gedaan|GEDAAN)\s+te`),
	}
}

// longestWay is how far after the verb a signature's day may stand.
const longestWay = 330

// otherTreaty matches words after which a date is that of another text.
var otherTreaty = regexp.MustCompile(`(?i)\b(?:agreement|convention|treaty|protocol)s?\b[^.;]{0,80}\b(?:signed|done|concluded|of)\b|enter(?:s|ed)? into force|effective`)

// readDay reads the first date after the verb.
func readDay(_ []string, rest string) (string, int, bool) {
	window := rest[:min(len(rest), longestWay)]
	day, length, ok := date(window)
	if !ok || otherTreaty.MatchString(window[:length]) {
		return "", 0, false
	}
	return day, length, true
}

// readPlace cleans the name of a place.
func readPlace(groups []string, _ string) (string, int, bool) {
	name := clean(groups[1])
	name = strings.TrimPrefix(strings.TrimPrefix(name, "the city of "), "the City of ")
	name = strings.TrimRight(strings.TrimPrefix(name, "la ciudad de "), ".")
	return name, 0, name != ""
}

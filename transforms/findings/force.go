package findings

import (
	"regexp"
	"strconv"
	"strings"
)

// Provisions about when a treaty binds.
const (
	ForceDate      = "entry_into_force_date"      // a day
	ForceCondition = "entry_into_force_condition" // signature, ratification, notification or acceptance
	Duration       = "duration"                   // indefinite, or a number of years or months
	Notice         = "termination_notice"         // after how long notice of termination takes effect, such as 6 months
	Accession      = "accession"                  // open
)

func forceRules() []rule {
	force := []string{"nto force", "ntry into force"}
	condition := func(id, value, words string, also ...string) rule {
		return rule{id: id, provision: ForceCondition, value: value, languages: english, needles: []string{"nter into force", "nters into force", "ome into force", "ffective"}, also: also,
			pattern: pattern(`(?i)\b(?:this|present|the)\s+(?:\w+\s+){0,3}?(?:treaty|agreement|protocol|convention|pact|charter)\b[^.;]{0,120}?\b(?:enters?\s+into\s+force|comes?\s+into\s+force|become\s+effective)\b[^;]{0,260}?\b(?:` + words + `)`)}
	}
	return []rule{
		{id: "force_date_en", provision: ForceDate, languages: english, needles: force,
			pattern: pattern(`(?i)\b(?:this|the\s+present)\s+(?:\w+\s+){0,3}?(?:treaty|agreement|protocol|convention|pact)\b[^.;]{0,60}?\b(?:shall|will)\s+enter\s+into\s+force\s+(?:provisionally\s+)?(?:on|as\s+from|from)\b`),
			read:    readForceDay},
		{id: "force_date_es", provision: ForceDate, languages: spanish, needles: []string{"en vigor"},
			pattern: pattern(`(?i)\b(?:este|el\s+presente)\s+(?:tratado|acuerdo|protocolo|convenio)\b[^.;]{0,60}?\bentrar[áa]\s+en\s+vigor\s+(?:el|a\s+partir\s+del)\b`), read: readForceDay},
		condition("force_signature_en", "signature", `(?:up)?on\s+(?:the\s+(?:date|day)\s+of\s+)?(?:its\s+)?signature|date\s+of\s+(?:its\s+)?signature`, "signature"),
		condition("force_ratification_en", "ratification", `instruments?\s+of\s+ratification|ratifications?\b|ratified`, "ratif"),
		condition("force_notification_en", "notification", `notif(?:y|ied|ication|ications|ying)|diplomatic\s+notes|written\s+notes|informed\s+each\s+other|informing\s+each\s+other`,
			"notif", "diplomatic", "written", "inform"),
		condition("force_acceptance_en", "acceptance", `instruments?\s+of\s+(?:acceptance|approval)|acceptances?\b`, "acceptance", "approval"),
		{id: "duration_indefinite_en", provision: Duration, value: "indefinite", languages: english, needles: []string{"ndefinite", "nlimited"},
			pattern: pattern(`(?i)\b(?:in\s+force|concluded|valid|validity|duration|effect)\b[^.;]{0,60}?\b(?:indefinitely|(?:an?\s+)?(?:indefinite|unlimited)\s+(?:period|duration|time|term))`)},
		{id: "duration_fixed_en", provision: Duration, languages: english, needles: []string{"period of", "in force for", "term of", "duration of"}, also: []string{"year", "month"},
			pattern: pattern(`(?i)\b(?:(?:remains?|continues?|be|is|stays?)\s+(?:\w+\s+)?in\s+(?:force|effect)|concluded|valid)\b[^.;]{0,50}?\bfor\s+(?:an?\s+)?(?:initial\s+|further\s+)?(?:(?:period|term|duration)\s+of\s+)?([\w-]+)(?:\s*\(\d+\))?\s+(years?|months?)\b`), read: readSpan},
		{id: "notice_en", provision: Notice, languages: english, needles: []string{"erminat", "enounc", "enunciat", "ithdraw"}, also: []string{"year", "month", "day"},
			pattern: pattern(`(?i)\b(?:terminat\w+|denounc\w+|denunciation|withdraw\w*)\b[^;]{0,260}?\b([\w-]+)(?:\s*\(\d+\))?[\s-]+(years?|months?|days?)['’]?\b(?:\s+(?:after|from|following|prior|in\s+advance|notice|written|advance|of\s+notice)\b|['’]?\s+(?:prior|advance|written)?\s*notice)`), read: readSpan},
		{id: "notice_before_en", provision: Notice, languages: english, needles: []string{"notice"}, also: []string{"terminat", "denounc", "withdraw"},
			pattern: pattern(`(?i)\b([\w-]+)(?:\s*\(\d+\))?[\s-]+(years?|months?|days?)['’]?\s+(?:(?:prior|advance|written|after|in\s+advance|following)\s+)*(?:notice|notification)\b[^;]{0,120}?\b(?:terminat|denounc|withdraw)`), read: readSpan},
		{id: "accession_en", provision: Accession, value: "open", languages: english, needles: []string{"ccede", "ccession"},
			pattern: pattern(`(?i)\b(?:open\s+(?:for|to)\s+(?:the\s+)?(?:accession|adherence)|may\s+accede\s+to\s+this|invite\s+any\s+other[^.;]{0,160}?to\s+accede)`)},
	}
}

// notThere matches words that make a day another's: the condition of a later one, or that of an amendment.
var notThere = regexp.MustCompile(`(?i)\b(?:agreement|convention|protocol|treaty)\b[^,;]{0,60}\b(?:signed|done|dated|of)\b`)

// readForceDay reads the day right after the verb.
func readForceDay(groups []string, rest string) (string, int, bool) {
	begin := len(groups[0])
	window := rest[begin:min(len(rest), begin+60)]
	day, length, ok := date(window)
	if !ok || notThere.MatchString(window[:length]) || strings.ContainsAny(window[:length], ";") {
		return "", 0, false
	}
	return day, begin + length, true
}

// readSpan reads a number, in digits or words, and its unit.
func readSpan(groups []string, _ string) (string, int, bool) {
	n, err := strconv.Atoi(groups[1])
	if err != nil {
		word := strings.ToLower(groups[1])
		tens, ones, both := strings.Cut(word, "-")
		n = numbers[word]
		if both && numbers[tens] >= 20 {
			n = numbers[tens] + numbers[ones]
		}
		if word == "a" || word == "an" {
			n = 1
		}
	}
	if n < 1 || n > 100 {
		return "", 0, false
	}
	unit := strings.TrimSuffix(strings.ToLower(groups[2]), "s")
	if n > 1 {
		unit += "s"
	}
	return strconv.Itoa(n) + " " + unit, 0, true
}

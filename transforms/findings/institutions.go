package findings

import "strings"

// Provisions about who keeps a treaty and what it founds, and on what it builds.
const (
	Depositary = "depositary" // a name
	Body       = "body"       // name of what is established
	Reference  = "reference"  // un_article_51, un_charter or gatt_article_24
	Disputes   = "dispute_settlement"
)

func institutionRules() []rule {
	bodies := []string{"committee", "commission", "council", "secretariat", "assembly", "court", "tribunal", "organi", "board"}
	return []rule{
		{id: "depositary_en", provision: Depositary, languages: english, needles: []string{"eposit"},
			pattern: pattern(`(?i:\bdeposit(?:ed)?\b[^.;]{0,80}?\b(?:with|in\s+the\s+archives\s+of))\s+(?:(?:each\s+of\s+)?the\s+)?((?:Government|Ministry|Minister|Secretary|Secretariat|Director|General|Depositary|Council|Department)\b(?:[\s-]+(?:of|the|for|and|\p{Lu}[\p{L}’'.-]*)){0,14})`), read: readName},
		{id: "depositary_is_en", provision: Depositary, languages: english, needles: []string{"epositary", "epository"},
			pattern: pattern(`\b[Tt]he\s+((?:Government|Secretary|Secretariat|Director|Ministry)\b(?:[\s-]+(?:of|the|for|and|\p{Lu}[\p{L}’'.-]*)){1,12})\s+(?:shall|will|is\s+hereby)\s+(?:act\s+as|be|designated\s+as)\s+(?:the\s+)?[Dd]eposit[ao]ry`), read: readName},
		{id: "body_en", provision: Body, languages: english, needles: []string{"stablish"}, also: bodies,
			pattern: pattern(`(?i:\bestablish(?:es)?\s+(?:hereby\s+|between\s+them\s+)?(?:an?|the)\s+)((?:[Jj]oint\s+)?(?:\p{Lu}[\p{L}-]*\s+(?:of\s+|on\s+|for\s+|and\s+|the\s+)*){0,6}(?:[Cc]ommittee|[Cc]ommission|[Cc]ouncil|[Ss]ecretariat|[Aa]ssembly|[Cc]ourt|[Tt]ribunal|[Oo]rgani[sz]ation|[Bb]oard)\b(?:\s+(?:of|on|for)\s+(?:the\s+)?\p{Lu}\p{L}+(?:\s+(?:and\s+)?\p{Lu}\p{L}+){0,4})?)`), read: readName},
		{id: "body_passive_en", provision: Body, languages: english, needles: []string{"stablish", "et up"}, also: bodies,
			pattern: pattern(`\b(?:A|An|The)\s+((?:[Jj]oint\s+)?(?:\p{Lu}[\p{L}-]*\s+(?:of\s+|on\s+|for\s+|and\s+|the\s+)*){0,6}(?:[Cc]ommittee|[Cc]ommission|[Cc]ouncil|[Ss]ecretariat|[Aa]ssembly|[Cc]ourt|[Tt]ribunal|[Oo]rgani[sz]ation|[Bb]oard)\b[^.;,]{0,60}?)\s+(?:is|are|shall\s+be|will\s+be)\s+(?:hereby\s+)?(?:established|set\s+up)`), read: readName},
		{id: "reference_51_en", provision: Reference, value: "un_article_51", languages: english, needles: []string{"rticle 51", "RTICLE 51"},
			pattern: pattern(`(?i)\barticle\s+51\s+of\s+the\s+(?:charter|united\s+nations\s+charter)[^.;]{0,40}`)},
		{id: "reference_charter_en", provision: Reference, value: "un_charter", languages: english, needles: []string{"Charter", "CHARTER"},
			pattern: pattern(`(?i)\bcharter\s+of\s+the\s+united\s+nations|united\s+nations\s+charter|\bUN\s+charter`)},
		{id: "reference_charter_fr", provision: Reference, value: "un_charter", languages: french, needles: []string{"Charte"},
			pattern: pattern(`(?i)\bcharte\s+des\s+nations\s+unies`)},
		{id: "reference_charter_es", provision: Reference, value: "un_charter", languages: spanish, needles: []string{"Carta"},
			pattern: pattern(`(?i)\bcarta\s+de\s+las\s+naciones\s+unidas`)},
		{id: "reference_charter_nl", provision: Reference, value: "un_charter", languages: dutch, needles: []string{"Handvest"},
			pattern: pattern(`(?i)\bhandvest\s+(?:der|van\s+de)\s+verenigde\s+naties`)},
		{id: "reference_gatt_24_en", provision: Reference, value: "gatt_article_24", languages: english, needles: []string{"XXIV"},
			pattern: pattern(`(?i)\barticle\s+XXIV\b[^.;]{0,100}?\b(?:GATT|general\s+agreement\s+on\s+tariffs)`)},
		{id: "disputes_court_en", provision: Disputes, value: "international_court", languages: english, needles: []string{"Court of Justice", "Court of International"},
			pattern: pattern(`(?i)\bdisputes?\b[^;]{0,400}?\b(?:international\s+court\s+of\s+justice|permanent\s+court\s+of\s+international\s+justice)`)},
		{id: "disputes_arbitration_en", provision: Disputes, value: "arbitration", languages: english, needles: []string{"arbitra", "Arbitra"}, also: []string{"dispute", "difference", "matter"},
			pattern: pattern(`(?i)\b(?:disputes?|differences?|matter)\b[^;]{0,300}?\b(?:submit\w*|refer\w*|request\w*|establish\w*|settled|resolved)\b[^;]{0,160}?\barbitra(?:tion|l|tors?)\b`)},
		{id: "disputes_panel_en", provision: Disputes, value: "panel", languages: english, needles: []string{"anel"}, also: []string{"request", "establish", "refer"},
			pattern: pattern(`(?i)\b(?:request|establish\w*|refer\w*)\b[^.;]{0,120}?\b(?:dispute\s+settlement\s+|arbitral\s+|arbitration\s+)?panel\b`)},
		{id: "disputes_peaceful_en", provision: Disputes, value: "peaceful_means", languages: english, needles: []string{"peaceful", "pacific"},
			pattern: pattern(`(?i)\b(?:settle\w*|solution|resolve|resolution|dispos\w+)\b[^.;]{0,160}?\b(?:disputes?|differences?|conflicts?)\b[^.;]{0,160}?\b(?:by|through|except\s+by)\s+(?:\w+\s+){0,3}?(?:peaceful|pacific)\s+means|\b(?:disputes?|conflicts?)\b[^.;]{0,200}?\b(?:by|through|except\s+by)\s+(?:\w+\s+)?(?:peaceful|pacific)\s+means`)},
	}
}

// readName cleans a name: without words that hang over at its end.
func readName(groups []string, _ string) (string, int, bool) {
	words := strings.Fields(groups[1])
	for len(words) > 0 && strings.Contains(" of the for and ", " "+strings.Trim(words[len(words)-1], ".-")+" ") {
		words = words[:len(words)-1]
	}
	return strings.TrimRight(strings.Join(words, " "), "."), 0, len(words) > 0
}

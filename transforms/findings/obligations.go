package findings

// Obligation is the provision of the five classes of Leeds, Ritter, Mitchell and Long 2002: defense, offense,
// neutrality, nonaggression and consultation.
const Obligation = "obligation"

func obligationRules() []rule {
	of := func(id, class string, languages, needles []string, words string) rule {
		return rule{id: id, provision: Obligation, value: class, languages: languages, needles: needles, pattern: pattern(`(?i)` + words)}
	}
	return []rule{
		of("defense_attack_on_all_en", "defense", english, []string{"attack"},
			`\barmed\s+attack\s+(?:against|on|upon)\b[^;]{0,200}?\b(?:considered|regarded|deemed)\b[^.;]{0,60}?\b(?:an?\s+)?(?:armed\s+)?(?:attack|aggression)\b[^.;]{0,40}?\b(?:all|each|other)`),
		of("defense_common_danger_en", "defense", english, []string{"common danger"},
			`\battack\b[^;]{0,400}?\b(?:would|will|shall)\s+act\s+to\s+meet\s+the\s+common\s+danger`),
		of("defense_assist_en", "defense", english, []string{"attack", "aggress", "invaded", "state of war", "hostil"},
			`\b(?:in\s+(?:the\s+)?(?:event|case)\s+of|should|if|whenever|when)\b[^.;]{0,300}?\b(?:attack\w*|aggression|invaded|state\s+of\s+war|object\s+of\s+hostil\w+)\b[^;]{0,300}?\b(?:shall|will|undertakes?\s+to|agrees?\s+to|engages?\s+to|obliged?\s+to)\b[^.;]{0,160}?\b(?:assist|assistance|aid|support)\b[^.;]{0,120}?(?:\bmilitary|\barmed|\ball\s+(?:the\s+)?(?:means|forces)|\bby\s+all|\bin\s+(?:its|his|their)\s+power|\bnecessary)`),
		of("defense_ru", "defense", []string{"ru"}, []string{"агресси"},
			`агресси\p{L}+[^.;]{0,200}?против\s+всех|необходимую\s+помощь,?\s+включая\s+военную`),
		of("offense_war_en", "offense", english, []string{"declare war", "hostilities", "the offensive", "up arms", "the war", "into war", "make war", "wage war"},
			`\b(?:shall|will|agrees?\s+to|undertakes?\s+to|engages?\s+to|bind\s+themselves\s+to)\s+(?:also\s+|immediately\s+|jointly\s+|forthwith\s+)*(?:declare\s+war|enter\s+(?:into\s+)?(?:the\s+)?war|commence\s+hostilities|take\s+up\s+arms|take\s+the\s+offensive|make\s+war|wage\s+war)\b`),
		of("neutrality_en", "neutrality", english, []string{"neutral"},
			`\b(?:shall|will|undertakes?\s+to|agrees?\s+to|engages?\s+to|promises?\s+to|binds?\s+(?:itself|themselves)\s+to)\s+(?:\w+\s+){0,3}?(?:observe|maintain|preserve|remain|keep|a)\s+(?:\w+\s+){0,4}?(?:neutrality|neutral)\b|\bpolicy\s+of\s+neutrality\b`),
		of("neutrality_no_support_en", "neutrality", english, []string{"third Power", "third power", "aggressor", "attack"},
			`\bshall\s+(?:in\s+no\s+manner|not|refrain\s+from)\s+(?:lend\w*|giv\w+|render\w*|afford\w*|support\w*|provid\w+)\s+[^.;]{0,80}?\b(?:support|aid|assistance)\b[^.;]{0,60}?\b(?:third\s+power|aggressor|attack\w*)`),
		of("nonaggression_force_en", "nonaggression", english, []string{"use of force", "force or the threat", "Use of Force"},
			`\b(?:refrain|abstain|renounc\w+|desist)\b[^.;]{0,200}?\b(?:threat\s+or\s+use\s+of\s+force|threat\s+of\s+force|use\s+(?:of|or\s+threat\s+of)\s+force)`),
		of("nonaggression_attack_en", "nonaggression", english, []string{"aggress", "attack", "act of violence", "to war", "war as", "hostil"},
			`\b(?:desist|refrain|abstain)\s+(?:\w+\s+){0,4}?from\b[^.;]{0,80}?\b(?:act\s+of\s+violence|aggress\w+|attack\w*|resort\w*\s+to\s+war|hostil\w+)|\bundertakes?\s+(?:\w+\s+){0,3}?not\s+to\s+(?:attack|resort\s+to\s+war|commit\s+(?:any\s+)?(?:act\s+of\s+)?aggression|make\s+war|use\s+force)|\brenounce\b[^.;]{0,60}?\bwar\s+as\s+an\s+instrument`),
		of("nonaggression_coalition_en", "nonaggression", english, []string{"ed against"},
			`\b(?:not\s+to|neither|nor|undertakes?\s+not\s+to|shall\s+not|will\s+not)\b[^.;]{0,120}?\b(?:conclude|enter|join|take\s+part|participate|part\w*)\b[^.;]{0,120}?\b(?:alliances?|coalitions?|blocs?|actions?\s+or\s+measures|groupings?)\b[^.;]{0,60}?\b(?:directed|aimed)\s+against`),
		of("consultation_threat_en", "consultation", english, []string{"threat", "danger", "menac", "attack", "aggress"},
			`\bconsult\b[^.;]{0,160}?\b(?:whenever|if|when|in\s+(?:the\s+)?(?:event|case)|with\s+a\s+view)\b[^.;]{0,260}?\b(?:threat\w*|endanger\w*|menac\w+|danger|attack\w*|aggression)`),
		of("consultation_threat_first_en", "consultation", english, []string{"threat", "danger", "menac", "attack", "aggress"},
			`\b(?:whenever|if|when|should|in\s+(?:the\s+)?(?:event|case)\s+of)\b[^.;]{0,300}?\b(?:threat\w*|endanger\w*|menac\w+|danger|attack\w*|aggression)\b[^.;]{0,260}?\b(?:shall|will)\s+(?:\w+\s+){0,3}?(?:consult\b|enter\s+into\s+consultation|hold\s+consultations|contact)`),
		of("consultation_activate_en", "consultation", english, []string{"threat", "danger", "attack"},
			`\b(?:threat\w*|danger|attack)\b[^;]{0,200}?\b(?:mechanism\s+of\s+)?(?:joint|mutual|immediate)\s+consultations?\b`),
	}
}

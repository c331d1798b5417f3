package findings

// Exceptions is the provision of clauses by which parties may do what a treaty forbids: general, security, safeguard or
// balance_of_payments.
const Exceptions = "exception"

func exceptionRules() []rule {
	return []rule{
		{id: "exception_security_en", provision: Exceptions, value: "security", languages: english, needles: []string{"security interest", "ecurity Interest"},
			pattern: pattern(`(?i)\bessential\s+security\s+interests?\b`)},
		{id: "exception_general_en", provision: Exceptions, value: "general", languages: english, needles: []string{"public moral", "ublic Moral", "human, animal", "Article XX "},
			pattern: pattern(`(?i)\b(?:public\s+morals?|human,?\s+animal\s+(?:or|and)\s+plant\s+life|article\s+XX\s+of\s+(?:the\s+)?GATT)\b`)},
		{id: "exception_safeguard_en", provision: Exceptions, value: "safeguard", languages: english, needles: []string{"afeguard"},
			pattern: pattern(`(?i)\bsafeguard\s+(?:measures?|actions?|clauses?)\b`)},
		{id: "exception_payments_en", provision: Exceptions, value: "balance_of_payments", languages: english, needles: []string{"alance of payments", "alance-of-payments", "alance-of-Payments"},
			pattern: pattern(`(?i)\b(?:serious|difficult\w*|threat\w*)\b[^.;]{0,80}?\bbalance[\s-]of[\s-]payments|\bbalance[\s-]of[\s-]payments\s+difficult`)},
		{id: "exception_security_es", provision: Exceptions, value: "security", languages: spanish, needles: []string{"seguridad"},
			pattern: pattern(`(?i)\bintereses\s+esenciales\s+(?:en\s+materia\s+)?de\s+seguridad`)},
		{id: "exception_security_fr", provision: Exceptions, value: "security", languages: french, needles: []string{"sécurité"},
			pattern: pattern(`(?i)\bintérêts\s+essentiels\s+(?:de|en\s+matière\s+de)\s+(?:sa\s+|leur\s+)?sécurité`)},
	}
}

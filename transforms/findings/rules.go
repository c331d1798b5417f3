package findings

import (
	"regexp"
)

// rule says which words are evidence of what. A rule looks only at sentences that have one of its needles, so that
// most of a text costs one search for plain words.
type rule struct {
	id        string
	provision string
	value     string   // of every finding, where read is nil
	languages []string // in which it applies
	closing   bool     // only in a conclusion, or the last article
	needles   []string // one of them is in every match, as written; of four bytes at least
	also      []string // one of them is in every sentence with a match, too, in small letters; nil where none need be
	pattern   *regexp.Regexp
	// read makes the value of the groups of a match and of the sentence from the match on, and says up to where the
	// evidence reaches.
	read func(groups []string, rest string) (value string, length int, ok bool)
}

var (
	english = []string{"en"}
	spanish = []string{"es"}
	french  = []string{"fr"}
	dutch   = []string{"nl"}
)

// rules are all rules; each provision has its own file.
var rules = join(signatureRules(), forceRules(), institutionRules(), exceptionRules(), obligationRules())

func join(lists ...[]rule) []rule {
	var all []rule
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

func pattern(text string) *regexp.Regexp { return regexp.MustCompile(`(?s)` + text) }

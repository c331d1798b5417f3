// Package findings reads the texts of treaties for what they say of themselves and oblige their parties to: signature,
// entry into force, duration, termination, depositary, bodies, references, exceptions, disputes, and the five classes
// of obligations of alliances. Every finding names the rule and the words that it rests on; docs/extraction.md says how
// often the rules are right.
package findings

import (
	"slices"
	"strings"
)

// Text is one article of a treaty.
type Text struct {
	Part     string // preamble, article, conclusion or annex
	Language string // ISO 639-1
	Last     bool   // the last article of the text in its language, annexes aside, or what follows upon it
	Text     string
}

// Finding is what a rule found in an article.
type Finding struct {
	Provision string // what it is about: "signature_date"
	Value     string // in the provision's own terms: a day, a class, a name
	Words     string // that it rests on
	Rule      string // id of the rule
}

// longestWords bounds how much of a sentence is kept as evidence.
const longestWords = 400

// Find returns what the rules find in an article, in the order of rules and, for each rule, of the text. A value comes
// once a rule.
func Find(t Text) []Finding {
	var found []Finding
	for i, places := range needles.find(t.Text) {
		r := &rules[i]
		if len(places) == 0 || !slices.Contains(r.languages, t.Language) || r.closing && t.Part != "conclusion" && !t.Last {
			continue
		}
		found = r.find(t.Text, places, found)
	}
	return found
}

// find appends what one rule finds around the places of its needles.
func (r *rule) find(text string, places []int, found []Finding) []Finding {
	first := len(found)
	done := 0 // end of the last sentence that was looked at
	for _, at := range places {
		if at < done {
			continue
		}
		from, to := sentence(text, at, r.closing)
		from = max(from, done)
		done = max(to, at+1)
		if !r.mayMatch(text[from:to]) {
			continue
		}
		for _, m := range r.pattern.FindAllStringSubmatchIndex(text[from:to], 4) {
			f, ok := r.make(text[from:to], m)
			if ok && !slices.ContainsFunc(found[first:], func(o Finding) bool { return o.Value == f.Value }) {
				found = append(found, f)
			}
		}
	}
	return found
}

// mayMatch tells, for less than the pattern costs, most sentences in which nothing will be found.
func (r *rule) mayMatch(sentence string) bool {
	if r.also == nil {
		return true
	}
	sentence = strings.ToLower(sentence)
	return slices.ContainsFunc(r.also, func(word string) bool { return strings.Contains(sentence, word) })
}

// make turns a match in a sentence into a finding. It is not ok where the value cannot be told.
func (r *rule) make(sentence string, m []int) (Finding, bool) {
	f := Finding{Provision: r.provision, Value: r.value, Rule: r.id}
	words := sentence[m[0]:m[1]]
	if r.read != nil {
		groups := make([]string, len(m)/2)
		for i := range groups {
			if m[2*i] >= 0 {
				groups[i] = sentence[m[2*i]:m[2*i+1]]
			}
		}
		value, evidence, ok := r.read(groups, sentence[m[0]:])
		if !ok {
			return f, false
		}
		f.Value = value
		if evidence > len(words) {
			words = sentence[m[0] : m[0]+evidence]
		}
	}
	f.Words = clean(strings.TrimLeft(words, " .,:;*\u00a0\t\r\n")) // without what ended the sentence before
	return f, f.Value != ""
}

// clean joins words over line ends and cuts them at a length, between two words.
func clean(words string) string {
	text := strings.Join(strings.Fields(words), " ")
	if len(text) <= longestWords {
		return text
	}
	cut := strings.LastIndexByte(text[:longestWords], ' ')
	if cut < 0 {
		cut = longestWords
	}
	return strings.ToValidUTF8(text[:cut], "") + " …"
}

// longestSentence bounds what a rule looks at, before and after its needle.
const longestSentence = 700

// sentence returns the bounds of the sentence around a position. A closing sentence runs on for as far as it may:
// place, day and languages are often sentences of their own.
func sentence(text string, at int, closing bool) (from, to int) {
	from, to = max(0, at-longestSentence), min(len(text), at+longestSentence)
	if closing {
		return max(0, at-1), to
	}
	for i := at - 1; i > from; i-- {
		if stops(text, i) {
			from = i + 1
			break
		}
	}
	for i := at; i < to; i++ {
		if stops(text, i) {
			to = i + 1
			break
		}
	}
	return from, to
}

// stops reports whether a sentence, or an item of a list, ends with the byte at i: a full stop before a capital, a
// semicolon, or a blank line.
func stops(text string, i int) bool {
	switch text[i] {
	case ';':
		return true
	case '.':
		rest := text[i+1:]
		trimmed := strings.TrimLeft(rest, " \t\r\n\"”)")
		if trimmed == "" {
			return true
		}
		abbreviated := i >= 2 && (text[i-2] == ' ' || text[i-2] == '.') // No. 5 and U.S. go on
		glued := len(rest) == len(trimmed)
		capital := trimmed[0] >= 'A' && trimmed[0] <= 'Z' || trimmed[0] == '(' || trimmed[0] >= '1' && trimmed[0] <= '9' && !glued
		return capital && !abbreviated
	case '\n':
		return i > 0 && text[i-1] == '\n'
	}
	return false
}

package articles

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// kind is what a heading begins.
type kind uint8

const (
	article kind = iota
	chapter
	annex
	version // the text in another language
)

// heading is a line, or several, that begins a piece.
type heading struct {
	kind
	line, lines int    // first line, and how many are the heading's own
	number      string // with its keyword, as the text has it
	name        string
	run         string // text of the article that follows the number on its line
	below       string // the line below the number that was taken as the name
	numeral
	keyword string
	restart bool // counts from one again, with another keyword: another language
}

// The keywords of headings by what they begin. Misread letters of scanned texts are as seen in treaties.
var keywords = []struct {
	kind
	pattern *regexp.Regexp
}{
	{article, regexp.MustCompile(`(?i)^(articles?|arti[ck]el|artículo|articulo|articolo|artigo|artículo|artykuł|artikla|art|artiicle|artcle|articte|articie|artíículo|artítículo|статья|ст)\b?[ .:]*[-–—]?\s*`)},
	{chapter, regexp.MustCompile(`(?i)^(chapter|chapitre|capítulo|capitulo|capitolo|hoofdstuk|kapitel|title|titre|título|titulo|titel|part|partie|parte|deel|section|sección|seccion|afdeling|глава|раздел)\b?[ .:]*[-–—]?\s*`)},
}

var annexes = regexp.MustCompile(`(?i)^(?:(annexe?s?|bijlagen?|anexo|anlage|appendix|schedule|(?:secret )?(?:additional |optional )?protocol|protocole(?: additionnel)?|(?:geheim |aanvullend )?protocol)(?:\s+([A-Z]|[IVXLC]+|\d{1,3}))?\s*)(?:$|[.:\-–—])`)

// stems are the first three letters of the keywords: most lines begin with none of them.
var stems = stemSet(`art arc ст ста cha cap kap hoo tit tít par dee sec afd гла раз
	ann bij ane anl app sch pro sec add opt geh aan`)

func stemSet(words string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		set[w] = true
	}
	return set
}

// stem is a text's first three letters in small ones, or the fewer that it begins with.
func stem(text string) string {
	n := 0
	for i, r := range text {
		if n == 3 || !unicode.IsLetter(r) {
			return strings.ToLower(text[:i])
		}
		n++
	}
	return strings.ToLower(text)
}

func annexOf(text string) []string {
	if !short(text) || !stems[stem(text)] {
		return nil
	}
	return annexes.FindStringSubmatch(text)
}

var separators = regexp.MustCompile(`^\s*[.:;,)\]]?\s*[-–—:.]?\s*`)

// candidate reads a line as the heading of an article or chapter. ok is false for one that cannot be.
func candidate(l line) (h heading, rest string, ok bool) {
	if !stems[stem(l.plain)] {
		return heading{}, "", false
	}
	for _, k := range keywords {
		m := k.pattern.FindStringIndex(l.plain)
		if m == nil {
			continue
		}
		n, length := readNumeral(l.plain[m[1]:])
		if length == 0 {
			return heading{}, "", false
		}
		end := m[1] + length
		after, _ := utf8.DecodeRuneInString(l.plain[end:])
		if end < len(l.plain) && (unicode.IsLetter(after) || unicode.IsDigit(after)) {
			return heading{}, "", false
		}
		word := strings.FieldsFunc(l.plain[:m[1]], func(r rune) bool { return !unicode.IsLetter(r) })
		h = heading{kind: k.kind, lines: 1, numeral: n, number: spaced(l.plain[:end]), keyword: strings.ToLower(word[0])}
		sep := separators.FindString(l.plain[end:])
		rest = l.plain[end+len(sep):]
		if rest != "" && strings.TrimSpace(sep) == "" && strings.HasPrefix(rest, "(") && !strings.HasSuffix(rest, ")") {
			return heading{}, "", false // Article 5(2) is mentioned, not begun
		}
		h.run = strings.TrimSpace(sep)
		return h, rest, true
	}
	return heading{}, "", false
}

// find returns the headings of the text in their order.
func (s *segmenter) find() []heading {
	var found []heading
	var last, lastChapter *heading
	var first string // keyword of the first article: another one after a restart is another language
	for i := 0; i < len(s.lines); i++ {
		l := s.lines[i]
		if l.plain == "" {
			continue
		}
		if h, ok := s.division(i, last != nil); ok {
			if h.kind == version {
				last, lastChapter, first = nil, nil, ""
			} else {
				last = &heading{kind: annex}
			}
			found = append(found, h)
			i += h.lines - 1
			continue
		}
		h, rest, ok := candidate(l)
		if !ok {
			if h, ok = s.group(i); ok {
				found = append(found, h)
				i += h.lines - 1
				last = again(last)
			}
			continue
		}
		h.line = i
		before := last
		if h.kind == chapter {
			before = lastChapter
		}
		if !s.accept(&h, rest, before) {
			continue
		}
		switch h.kind {
		case chapter:
			lastChapter = &h
			s.openName(&h, i)
			last = again(last)
		case article:
			if first == "" {
				first = language(h.keyword)
			}
			if language(h.keyword) != first && h.numeral.first() && h.used == 1 {
				h.restart = true
				first = language(h.keyword)
				lastChapter = nil
			}
			s.openName(&h, i)
			last = &h
		}
		found = append(found, h)
		i += h.lines - 1
	}
	return found
}

// again is the last article's heading after that of a chapter: the next article may have any number.
func again(last *heading) *heading {
	if last == nil {
		return nil
	}
	h := *last
	h.kind = chapter
	return &h
}

// language groups the keywords of articles that one language uses.
func language(keyword string) string {
	switch {
	case strings.HasPrefix(keyword, "artik"):
		return "artikel"
	case strings.HasSuffix(keyword, "culo"), strings.HasSuffix(keyword, "colo"), strings.HasSuffix(keyword, "tigo"):
		return "artículo"
	case strings.HasPrefix(keyword, "ст"):
		return "статья"
	}
	return "article"
}

// accept decides on a candidate by where it stands and what follows its number, and takes over its name or the text
// that runs in. before is the last heading of its kind, nil for none.
func (s *segmenter) accept(h *heading, rest string, before *heading) bool {
	l := s.lines[h.line]
	separated := h.run != "" // by a mark after the number
	h.run = ""
	sequence := before == nil || before.kind != h.kind || h.numeral.follows(before.numeral) || h.numeral.first()
	alone := h.line == 0 || s.lines[h.line-1].blank() || s.headed(h.line-1)
	score := 0
	if l.level > 0 {
		score += 3
	}
	if alone {
		score += 2
	} else if !ends(s.lines[h.line-1].plain) {
		score -= 2
	}
	switch {
	case sequence:
		score += 2
	case before != nil && h.numeral.near(before.numeral):
		score++
	default:
		score--
	}
	switch {
	case rest == "":
		score += 2
		if !separated && h.line+1 < len(s.lines) && lower(s.lines[h.line+1].plain) {
			score -= 3
		}
	case title(rest) && (separated || l.level > 0 || !clause.MatchString(rest)):
		score++
		h.name = strings.TrimRight(rest, ".")
		if separated && clause.MatchString(rest) {
			h.name, h.run = "", rest
		}
	case lower(rest), h.kind == chapter:
		score -= 4
	case separated || strings.ToUpper(h.keyword) == strings.Fields(l.plain)[0]:
		h.run = rest
	default:
		score -= 4
	}
	return score >= 3
}

// clause finds the verbs, in small letters, by which a sentence of a treaty is told from the name of an article.
var clause = regexp.MustCompile(`\b(shall|may|will|is|are|has|have|agrees?|undertakes?|applies|apply|provides?|refers?|doit|doivent|peut|est|sont|zal|zullen|zijn|kan|wordt|worden|treedt|soll|wird|werden|deberá|podrá|es|son|será|serán)\b`)

// headed reports whether a line is itself a heading of a chapter, after which an article may follow at once.
func (s *segmenter) headed(at int) bool {
	h, _, ok := candidate(s.lines[at])
	return s.lines[at].level > 0 || ok && h.kind == chapter
}

// ends reports whether a line ends as a sentence, or an item of a list, does.
func ends(text string) bool {
	text = strings.TrimRight(text, " \"”»')")
	return text != "" && strings.ContainsAny(text[len(text)-1:], ".;:")
}

func lower(text string) bool {
	first, _ := utf8.DecodeRuneInString(text)
	return unicode.IsLower(first)
}

// openName takes the line after a heading's as its name, where that reads as a name: a title that stands alone, or,
// right below the number, one that is followed by text. It reports whether it did.
func (s *segmenter) openName(h *heading, at int) bool {
	if h.name != "" || h.run != "" {
		return false
	}
	next := at + 1
	gap := next < len(s.lines) && s.lines[next].blank()
	for next < len(s.lines) && s.lines[next].blank() {
		next++
	}
	if next >= len(s.lines) || !title(s.lines[next].plain) || clause.MatchString(s.lines[next].plain) {
		return false
	}
	if _, _, ok := candidate(s.lines[next]); ok || item.MatchString(s.lines[next].plain) {
		return false
	}
	if open := unfinished.MatchString(s.lines[next].plain); open {
		return false
	}
	after := next + 1
	closed := after >= len(s.lines) || s.lines[after].blank() || s.lines[next].level > 0
	for below := after; below < len(s.lines) && s.lines[next].level == 0; below++ {
		if !s.lines[below].blank() {
			closed = closed && !lower(s.lines[below].plain)
			break
		}
	}
	sentence := ends(s.lines[next].plain) && !titled(strings.TrimRight(s.lines[next].plain, "."))
	if !closed && (gap || s.lines[after].blank() || lower(s.lines[after].plain) || sentence) {
		return false
	}
	h.name, h.lines = strings.TrimRight(s.lines[next].plain, "."), next-at+1
	h.below = s.lines[next].plain
	return true
}

// unfinished matches a line that begins or ends as only the part of a sentence does.
var unfinished = regexp.MustCompile(`^(?:If|Where|When|Whenever|Notwithstanding|Subject to|Except|Unless|In order|Si|Lorsque|Cuando|Wanneer|Indien)\b|` +
	`\b(?:a|an|any|and|by|each|for|from|given|having|if|in|into|its|no|not|of|on|or|such|than|that|the|their|this|to|under|which|with|` +
	`au|aux|dans|de|des|du|en|et|la|le|les|ou|par|pour|que|sur|con|del|el|los|las|para|por|una|y|het|een|van|voor|met)$`)

// item matches the beginning of a numbered paragraph, which is no name.
var item = regexp.MustCompile(`^(?:\d{1,2}[.)]|\(?[a-z]\)|[ivx]+[.)]|[-–•])\s`)

// group reads a line as the title of the articles that follow at once, with the number alone that may stand before
// it.
func (s *segmenter) group(at int) (heading, bool) {
	h := heading{kind: chapter, line: at, lines: 1}
	if at > 0 && !s.lines[at-1].blank() {
		return h, false
	}
	name := at
	if m := bare.FindString(s.lines[at].plain); m != "" && at+1 < len(s.lines) {
		h.number, h.lines = m, 2
		name++
	}
	l := s.lines[name]
	if len(l.plain) > 100 || !title(l.plain) || !titled(l.plain) || clause.MatchString(l.plain) || unfinished.MatchString(l.plain) {
		return h, false
	}
	for next := name + 1; next < len(s.lines); next++ {
		if n := s.lines[next]; !n.blank() {
			a, rest, ok := candidate(n)
			h.name = l.plain
			return h, ok && a.kind == article && (rest == "" || title(rest)) && next > name+1
		}
	}
	return h, false
}

// bare matches the number of a chapter without its keyword.
var bare = regexp.MustCompile(`^(?:\d{1,2}|[IVXL]{1,6}|[A-Z])\.?$`)

// titled reports whether most of the longer words of a line begin with a capital.
func titled(text string) bool {
	words, capitals := 0, 0
	for w := range strings.FieldsSeq(text) {
		if utf8.RuneCountInString(w) > 3 {
			words++
			if !lower(w) {
				capitals++
			}
		}
	}
	return words > 0 && 2*capitals > words && !strings.HasSuffix(text, ".")
}

// division reads a line as the beginning of an annex, or of the text in another language.
func (s *segmenter) division(at int, begun bool) (heading, bool) {
	l := s.lines[at]
	alone := at == 0 || s.lines[at-1].blank()
	if m := annexOf(l.plain); m != nil && begun && (l.level > 0 || alone && s.blankAfter(at)) {
		name := strings.TrimSpace(separators.ReplaceAllString(l.plain[len(strings.TrimRight(m[0], ".:-–—")):], ""))
		if name == "" || title(name) && !clause.MatchString(name) {
			return heading{kind: annex, line: at, lines: 1, number: strings.TrimSpace(m[1] + " " + m[2]), name: name}, true
		}
	}
	if l.level == 0 || !begun {
		return heading{}, false
	}
	if _, _, ok := candidate(l); ok {
		return heading{}, false
	}
	// the title of the text in another language stands as high as the title of the first one
	for i := range at {
		if t := s.lines[i]; t.level == l.level && t.plain != "" {
			if _, _, ok := candidate(t); ok {
				return heading{}, false
			}
			return heading{kind: version, line: at, lines: 1}, s.lines[i].level == 4 || s.lines[i].level == 1
		}
	}
	return heading{}, false
}

func (s *segmenter) blankAfter(at int) bool { return at+1 >= len(s.lines) || s.lines[at+1].blank() }

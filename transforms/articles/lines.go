package articles

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// line is one line of a text.
type line struct {
	raw   string // without the line end
	plain string // without marks of Markdown, tags and white space around it
	level int    // of a Markdown heading, 0 for none
}

func (l line) blank() bool { return l.plain == "" }

var (
	tag   = regexp.MustCompile(`(?i)<(?:/?(?:a|b|br|center|div|em|font|h[1-6]|hr|i|img|li|meta|ol|p|small|span|strong|su[bp]|table|t[dhr]|u|ul)\b[^<>]*|!--.*?--)>`)
	space = regexp.MustCompile(`[ \t\x{a0}]+`)
)

// divide returns the lines of a text.
func divide(text string) []line {
	raw := strings.Split(text, "\n")
	if n := len(raw) - 1; raw[n] == "" {
		raw = raw[:n]
	}
	lines := make([]line, len(raw))
	for i, r := range raw {
		r = strings.TrimSuffix(r, "\r")
		l := line{raw: r, plain: r}
		if strings.Contains(r, "<") {
			l.plain = tag.ReplaceAllString(r, "")
		}
		if strings.Contains(l.plain, "\u00a0") {
			l.plain = strings.ReplaceAll(l.plain, "\u00a0", " ")
		}
		l.plain = strings.TrimSpace(l.plain)
		if marks := len(l.plain) - len(strings.TrimLeft(l.plain, "#")); marks > 0 && marks <= 6 {
			l.level = marks
			l.plain = strings.TrimSpace(strings.TrimRight(l.plain[marks:], "#"))
		}
		if trimmed := strings.Trim(l.plain, "*_"); trimmed != l.plain && short(trimmed) {
			l.plain = strings.TrimSpace(trimmed)
		}
		lines[i] = l
	}
	return lines
}

// longest is the length in bytes of the longest line that can be a heading.
const longest = 160

func short(text string) bool { return len(text) <= longest }

// text joins lines without marks of headings. Headings of Markdown at the head of a preamble are the treaty's
// title and left out.
func (s *segmenter) text(from, to int, isPreamble bool) string {
	var b strings.Builder
	for i := from; i < to; i++ {
		l := s.lines[i]
		if isPreamble && l.level > 0 {
			continue
		}
		switch {
		case i == from && s.runsIn(i) != "":
			b.WriteString(s.runsIn(i))
		case l.level > 0:
			b.WriteString(l.plain)
		case strings.Contains(l.raw, "<"):
			b.WriteString(strings.TrimRightFunc(tag.ReplaceAllString(l.raw, ""), unicode.IsSpace))
		default:
			b.WriteString(strings.TrimRightFunc(l.raw, unicode.IsSpace))
		}
		b.WriteByte('\n')
	}
	return strings.TrimSpace(b.String())
}

// runsIn returns the text that follows an article's number on its line, "" where the line has none.
func (s *segmenter) runsIn(at int) string {
	for _, h := range s.headings {
		if h.line == at {
			return h.run
		}
	}
	return ""
}

// title reports whether a line reads as the heading of an article or chapter: short, beginning with a capital,
// a digit or a quotation mark, and not ending as a sentence does.
func title(text string) bool {
	if text == "" || !short(text) {
		return false
	}
	first, _ := utf8.DecodeRuneInString(text)
	if !unicode.IsUpper(first) && !unicode.IsDigit(first) && !strings.ContainsRune(`"“«'‘¿`, first) {
		return false
	}
	return !strings.ContainsAny(text[len(text)-1:], ".,;:") || len(text) < 60 && strings.HasSuffix(text, ".") && !strings.Contains(text, " shall ")
}

func spaced(text string) string { return strings.TrimSpace(space.ReplaceAllString(text, " ")) }

package articles

import (
	"regexp"
	"strings"
)

// closing matches the beginning of a conclusion: the attestation of the signatories, or place and day.
var closing = regexp.MustCompile(`(?i)^(?:[*\s.]*)(?:in witness(?: whereof)?\b|in faith whereof\b|done (?:at|in|on|this|the)\b|(?:drawn up|made|executed) (?:at|in) (?:the city|\p{Lu})|signed (?:at|in) \p{Lu}|` +
	`en foi de quoi\b|fait à |en fe de lo cual\b|hech[oa] en\b|dad[oa] en\b|firmad[oa] en\b|suscrit[oa] en\b|` +
	`ten blijke waarvan\b|gedaan te\b|zu urkund dessen\b|geschehen zu\b|udfærdiget i\b|til bekr|` +
	`in fede di che\b|fatto a\b|em fé do que\b|feito em\b|в удостоверение чего|совершено в)`)

// conclude cuts the conclusion off the last article of each language, and of an annex its own.
func (s *segmenter) conclude() {
	var pieces []Article
	for i, p := range s.pieces {
		last := i+1 == len(s.pieces) || s.pieces[i+1].Version != p.Version || s.pieces[i+1].Part == Annex && p.Part != Annex
		if !last || p.Part == Preamble {
			pieces = append(pieces, p)
			continue
		}
		at := s.closes(p)
		if at < 0 {
			pieces = append(pieces, p)
			continue
		}
		end := p
		p.To = at
		p.Text = s.before(p)
		end.Part, end.Number, end.Name, end.From = Conclusion, "", "", at
		end.ChapterNumber, end.ChapterName = "", ""
		end.Text = s.text(at, end.To, false)
		if p.Text != "" || p.Number != "" {
			pieces = append(pieces, p)
		} else {
			end.From = p.From
		}
		pieces = append(pieces, end)
	}
	s.pieces = pieces
}

// closes returns the line on which a piece's conclusion begins, or -1. It stands alone, or begins a line after a
// sentence that ended.
func (s *segmenter) closes(p Article) int {
	for i := p.From + 1; i < p.To; i++ {
		if !closing.MatchString(s.lines[i].plain) {
			continue
		}
		if s.lines[i-1].blank() || ends(s.lines[i-1].plain) || strings.HasPrefix(s.lines[i].plain, "IN WITNESS") {
			return i
		}
	}
	return -1
}

// before is the text of a piece whose end was cut off.
func (s *segmenter) before(p Article) string {
	begin := p.From
	for _, h := range s.headings {
		if h.line >= p.From && h.line < p.To {
			begin = h.line + h.lines
			if h.run != "" {
				begin = h.line
			}
		}
	}
	return s.text(begin, p.To, p.Part == Preamble)
}

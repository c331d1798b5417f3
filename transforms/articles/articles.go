// Package articles divides the text of a treaty into its preamble, articles, conclusion and annexes, by the
// headings that the text itself has. It reads plain text and Markdown in the languages of headings.go.
package articles

// Parts of a treaty.
const (
	Preamble   = "preamble"
	Body       = "article" // an article, or a chapter that is not divided
	Conclusion = "conclusion"
	Annex      = "annex" // an article of an annex or protocol, or all of one that is not divided
)

// Article is one piece of a treaty's text. The pieces of a text follow upon each other without a gap: headings
// of chapters and blank lines belong to the piece after them, or to the last one.
type Article struct {
	Part          string
	ChapterNumber string // "CHAPTER 1", or of an annex "Annex A"; "" if there is none
	ChapterName   string
	Number        string // "Article 1" as the text has it; "" for a preamble, a conclusion, an undivided chapter
	Name          string // heading, "" if there is none
	Language      string // ISO 639-1, "" where it cannot be told
	Text          string // without number, heading, marks of Markdown and white space around it
	Version       int    // of the languages of one file, counted from 0
	From, To      int    // lines of the text that it stands on, counted from 0, To excluded
}

// Segment divides a text. Languages are those that the text is said to be in, in any order; none if that is not
// known. A text without any heading is one piece, of part Body.
func Segment(text string, languages ...string) []Article {
	s := &segmenter{lines: divide(text), languages: languages}
	s.headings = s.find()
	s.cut()
	s.conclude()
	s.speak()
	return s.pieces
}

// segmenter is the work on one text.
type segmenter struct {
	lines     []line
	languages []string
	headings  []heading
	pieces    []Article
}

// cut makes the pieces between the headings.
func (s *segmenter) cut() {
	piece := Article{Part: Preamble}
	if len(s.headings) == 0 {
		piece.Part = Body
	}
	from, begin := 0, 0 // first line of the piece, and of its text
	open := true        // the piece may be without text and is then none
	below := ""         // line below the article's number that was taken as its name
	end := func(to int) {
		piece.Text = s.text(begin, to, piece.Part == Preamble)
		if open && piece.Text == "" {
			return
		}
		if piece.Text == "" && below != "" {
			piece.Text, piece.Name = below, "" // what is all of an article is no name
		}
		piece.From, piece.To = from, to
		s.pieces = append(s.pieces, piece)
		from = to
	}
	for _, h := range s.headings {
		end(h.line)
		next := Article{Part: Body, ChapterNumber: piece.ChapterNumber, ChapterName: piece.ChapterName, Version: piece.Version}
		if piece.Part == Annex {
			next.Part = Annex
		}
		switch h.kind {
		case version:
			next = Article{Part: Preamble, Version: piece.Version + 1}
		case annex:
			next.Part, next.ChapterNumber, next.ChapterName = Annex, h.number, h.name
		case chapter:
			next.ChapterNumber, next.ChapterName = h.number, h.name
		case article:
			if h.restart {
				next = Article{Part: Body, Version: piece.Version + 1}
			}
			next.Number, next.Name = h.number, h.name
		}
		open, below = h.kind != article, ""
		if !open {
			below = h.below
		}
		piece, begin = next, h.line+h.lines
		if h.run != "" {
			begin = h.line
		}
	}
	end(len(s.lines))
	if n := len(s.pieces); n > 0 {
		s.pieces[n-1].To = len(s.lines)
	}
}

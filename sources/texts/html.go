package texts

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// page is a text with, for each of its lines, the line of the file that it is from, counted from 0.
type page struct {
	text  string
	lines []int
}

// plain is the page of a text that is in no need of conversion.
func plain(body []byte) page {
	p := page{text: string(body)}
	for i := range bytes.Count(body, []byte("\n")) + 1 {
		p.lines = append(p.lines, i)
	}
	return p
}

// headings are the marks that Markdown has for a heading's element.
var headings = map[atom.Atom]string{
	atom.H1: "# ", atom.H2: "## ", atom.H3: "### ", atom.H4: "#### ", atom.H5: "##### ", atom.H6: "###### ",
}

// converter writes a page from the tokens of an HTML text.
type converter struct {
	page
	b       strings.Builder
	current strings.Builder // the line under construction
	from    int             // line of the file on which its first words stand
	prefix  string
	at      int // line of the file
}

// unHTML makes plain text of HTML: headings as Markdown has them, a blank line between blocks, no scripts, styles
// or title. It fails only where the text cannot be read to its end.
func unHTML(body []byte) (page, error) {
	c := &converter{from: -1}
	z := html.NewTokenizer(bytes.NewReader(body))
	z.SetMaxBuf(1 << 20)
	hidden := 0
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			if err := z.Err(); !errors.Is(err, io.EOF) {
				return page{}, fmt.Errorf("the HTML: %w", err)
			}
			c.end(false)
			c.text = c.b.String()
			c.lines = append(c.lines, c.at)
			return c.page, nil
		}
		raw := bytes.Count(z.Raw(), []byte("\n"))
		token := z.Token()
		switch kind {
		case html.TextToken:
			if hidden == 0 {
				c.words(token.Data)
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			if kind == html.StartTagToken && unseen(token.DataAtom) {
				hidden++
			}
			c.open(token.DataAtom)
		case html.EndTagToken:
			if unseen(token.DataAtom) && hidden > 0 {
				hidden--
			}
			if isBlock(token.DataAtom) {
				c.end(true)
			}
		}
		if kind != html.TextToken || hidden > 0 {
			c.at += raw
		}
	}
}

func unseen(a atom.Atom) bool {
	return a == atom.Script || a == atom.Style || a == atom.Title || a == atom.Noscript
}

func isBlock(a atom.Atom) bool {
	switch a {
	case atom.P, atom.Div, atom.Li, atom.Ul, atom.Ol, atom.Tr, atom.Table, atom.Blockquote, atom.Section, atom.Article, atom.Body,
		atom.Header, atom.Footer, atom.Pre, atom.Center, atom.Dd, atom.Dt, atom.Dl, atom.Hr, atom.Main:
		return true
	}
	return headings[a] != ""
}

func (c *converter) open(a atom.Atom) {
	switch {
	case a == atom.Br:
		c.end(false)
	case a == atom.Td, a == atom.Th:
		c.current.WriteByte(' ')
	case isBlock(a):
		c.end(true)
		c.prefix = headings[a]
	}
}

// words adds text, in which line ends are spaces.
func (c *converter) words(text string) {
	for i, part := range strings.Split(text, "\n") {
		if i > 0 {
			c.at++
			c.current.WriteByte(' ')
		}
		if c.from < 0 && strings.TrimSpace(part) != "" {
			c.from = c.at
		}
		c.current.WriteString(part)
	}
}

// end ends a line, and the paragraph if it is a block's.
func (c *converter) end(block bool) {
	text := strings.Join(strings.Fields(c.current.String()), " ")
	c.current.Reset()
	if text != "" {
		c.b.WriteString(c.prefix + text + "\n")
		c.lines = append(c.lines, c.from)
	}
	if block {
		c.prefix = ""
		if c.b.Len() > 0 && !strings.HasSuffix(c.b.String(), "\n\n") {
			c.b.WriteByte('\n')
			c.lines = append(c.lines, c.at)
		}
	}
	c.from = -1
}

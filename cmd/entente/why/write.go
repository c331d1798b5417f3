package why

import (
	"fmt"
	"io"
	"strings"

	"entente/cmd/entente/render"
)

// widest bounds a cell and a line's bytes on the screen.
const widest = 160

// Write writes an answer for people.
func Write(out io.Writer, a Answer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s in release %s\n", a.Table, a.Release)
	for _, cell := range a.Row {
		value := "(null)"
		if cell.Value != nil {
			value = short(*cell.Value)
		}
		fmt.Fprintf(&b, "  %-24s %s\n", cell.Column, value)
	}
	b.WriteString("\nmade from\n")
	for _, s := range a.Steps {
		switch {
		case s.Note != "":
			fmt.Fprintf(&b, "\n%s: %s\n", s.Table, s.Note)
			continue
		case s.Cut:
			fmt.Fprintf(&b, "\n%s: more than %s rows, of which so many were followed\n", s.Table, render.Count(s.Rows))
		case s.Rows == 1:
			fmt.Fprintf(&b, "\n%s: 1 row\n", s.Table)
		default:
			fmt.Fprintf(&b, "\n%s: %s rows\n", s.Table, render.Count(s.Rows))
		}
		if len(s.Lines) > 0 {
			for _, l := range s.Lines {
				fmt.Fprintf(&b, "  %s %s:%d, bytes %d to %d, sha256 %s\n    %s\n", l.Source, l.File, l.Line, l.Offset, l.Offset+int64(l.Length),
					l.SHA256, short(l.text()))
			}
			continue
		}
		for _, row := range s.Sample {
			var cells []string
			for i, cell := range row {
				if cell != "" {
					cells = append(cells, s.Columns[i]+" "+cell)
				}
			}
			fmt.Fprintf(&b, "  %s\n", short(strings.Join(cells, ", ")))
		}
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// short is text on one line, cut where it is long.
func short(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > widest {
		return string(runes[:widest]) + " …"
	}
	return text
}

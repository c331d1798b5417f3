package paper

import (
	"fmt"
	"io"
	"strings"
)

// Markdown writes the report as text; save stores each chart as an SVG file and returns how the text refers to it.
func (p Paper) Markdown(out io.Writer, save func(name string, svg []byte) (string, error)) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# The dual role of alliances\n\nFive questions put to release %s of %s. Every number below is computed by the query beside it.\n",
		p.Release.ID, p.Release.FinishedAt.UTC().Format("2 January 2006"))
	if p.Sample() != "" {
		fmt.Fprintf(&b, "\n**This is the sample.** %s\n", p.Sample())
	}
	for _, q := range p.Questions {
		fmt.Fprintf(&b, "\n## %s\n\n> %s\n", q.Title, q.Claim)
		for _, f := range q.Findings {
			fmt.Fprintf(&b, "\n### %s\n\n%s\n", f.Title, f.text())
			if f.Chart != nil {
				drawn, err := f.Chart.Sized(f.ID, wideChart).File()
				if err != nil {
					return err
				}
				link, err := save(f.ID+".svg", drawn)
				if err != nil {
					return err
				}
				fmt.Fprintf(&b, "\n![%s](%s)\n", says(f.Chart), link)
			}
			if len(f.Table.Rows) > 0 {
				fmt.Fprintf(&b, "\n%s\n\n%s", f.Table.Title, f.Table.markdown())
			}
			if len(f.Figures.Rows) > 0 {
				fmt.Fprintf(&b, "\n%s:\n\n%s", f.Figures.Title, f.Figures.markdown())
			}
			if f.Caveat != "" {
				fmt.Fprintf(&b, "\nMind: %s\n", f.Caveat)
			}
			fmt.Fprintf(&b, "\n```sql\n%s\n```\n", f.Table.SQL)
			if len(f.Figures.Rows) > 0 {
				fmt.Fprintf(&b, "\n```sql\n%s\n```\n", f.Figures.SQL)
			}
			if f.Sources != nil {
				fmt.Fprintf(&b, "\nSources: %s.\n", strings.Join(f.Sources, ", "))
			}
		}
	}
	b.WriteString("\n## How to cite this\n")
	for _, r := range p.Sources {
		fmt.Fprintf(&b, "\n* **%s**: %s. %s", r.Key, r.Publisher, r.Title)
		if r.Version != "" && r.Key != p.Sources[0].Key {
			fmt.Fprintf(&b, ", edition %s", r.Version)
		}
		fmt.Fprintf(&b, ". %s", r.URL)
		if !r.Accessed.IsZero() {
			fmt.Fprintf(&b, " (%s)", r.Accessed.UTC().Format("2 January 2006"))
		}
		fmt.Fprintf(&b, " Licence: %s. %s\n", r.Licence, r.Note)
	}
	for _, w := range p.Warnings {
		fmt.Fprintf(&b, "\nMind: %s.\n", w)
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// text is the answer as Markdown.
func (f Finding) text() string {
	var parts []string
	for _, p := range f.Answer {
		text := p.Text
		for i, item := range p.Items {
			if i == 0 {
				text += "\n"
			}
			text += "\n* " + item
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, "\n\n")
}

func (t Table) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "| %s |\n|%s\n", strings.Join(t.Columns, " | "), strings.Repeat("---|", len(t.Columns)))
	for _, row := range t.Rows[:shown(t)] {
		var cells []string
		for _, v := range row {
			cells = append(cells, strings.ReplaceAll(cell(v), "|", `\|`))
		}
		fmt.Fprintf(&b, "| %s |\n", strings.Join(cells, " | "))
	}
	if more := len(t.Rows) - shown(t); more > 0 {
		fmt.Fprintf(&b, "\n%d more rows: run the query.\n", more)
	}
	return b.String()
}

package diff

import (
	"fmt"
	"io"
	"strings"

	"entente/cmd/entente/render"
)

// Write writes a report for people.
func Write(out io.Writer, r Report) error {
	var b strings.Builder
	fmt.Fprintf(&b, "From release %s to %s\n", r.From, r.To)
	if len(r.Sources) > 0 {
		b.WriteString("\nWhat the upstreams published\n")
	}
	for _, s := range r.Sources {
		switch s.What {
		case "changed":
			fmt.Fprintf(&b, "  %s: %s changed (%s, then %s)\n", s.Source, s.File, s.Before, s.After)
		case "new":
			fmt.Fprintf(&b, "  %s: %s is new (%s)\n", s.Source, s.File, s.After)
		default:
			fmt.Fprintf(&b, "  %s: %s is gone (%s)\n", s.Source, s.File, s.Before)
		}
	}
	if len(r.Tables) > 0 {
		b.WriteString("\nWhat that changed\n")
	}
	for _, t := range r.Tables {
		var counts []string
		for _, c := range []struct {
			n    int64
			what string
		}{{t.Changed, "changed"}, {t.Added, "added"}, {t.Removed, "removed"}} {
			if c.n > 0 {
				counts = append(counts, render.Count(c.n)+" "+c.what)
			}
		}
		fmt.Fprintf(&b, "  %s: %s\n", t.Table, strings.Join(counts, ", "))
		if len(t.Columns) > 0 {
			var columns []string
			for _, c := range t.Columns {
				columns = append(columns, fmt.Sprintf("%s in %s", c.Column, render.Count(c.Rows)))
			}
			fmt.Fprintf(&b, "    other values of %s\n", strings.Join(columns, ", "))
		}
		for _, e := range t.Examples {
			if e.What == "changed" {
				fmt.Fprintf(&b, "    %s: %s was %s, is %s\n", e.Key, e.Column, known(e.Before), known(e.After))
			} else {
				fmt.Fprintf(&b, "    %s: %s\n", e.What, e.Key)
			}
		}
	}
	if len(r.Moved) > 0 {
		b.WriteString("\nHow far indicators moved, the farthest first\n")
	}
	for _, m := range r.Moved {
		fmt.Fprintf(&b, "  %s.%s: %s rows\n", m.View, m.Measure, render.Count(m.Rows))
		for _, e := range m.Examples {
			fmt.Fprintf(&b, "    %s: was %s, is %s\n", e.Key, known(e.Before), known(e.After))
		}
	}
	if len(r.Sources)+len(r.Tables)+len(r.Moved) == 0 {
		b.WriteString("No row of the core tables and no file of an upstream differs.\n")
	}
	_, err := io.WriteString(out, b.String())
	return err
}

func known(value string) string {
	if value == "" {
		return "(null)"
	}
	return value
}

package render

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"entente/pipeline/warehouse"
)

const (
	fewRows  = 20 // so many may be turned on their side
	minWidth = 12 // no column of text is cut below this
)

// grid collects a result and draws it as a table or in Markdown.
type grid struct {
	out      *bufio.Writer
	width    int
	markdown bool
	columns  []warehouse.Column
	rows     [][]string
}

func (g *grid) Header(columns []warehouse.Column) error {
	g.columns = columns
	return nil
}

func (g *grid) Row(values []any) error {
	row := make([]string, len(values))
	for i, v := range values {
		s, null := cell(v, g.columns[i].Type)
		if null && !g.markdown {
			s = "NULL"
		}
		row[i] = s
	}
	g.rows = append(g.rows, row)
	return nil
}

func (g *grid) Close() error {
	names := make([]string, len(g.columns))
	numbers := make([]bool, len(g.columns))
	for i, c := range g.columns {
		names[i], numbers[i] = c.Name, isNumber(c.Type)
	}
	limits, fits := fit(names, g.rows, numbers, g.width)
	switch {
	case g.markdown:
		g.out.WriteString(draw(names, g.rows, numbers, nil).RenderMarkdown())
	case !fits && len(g.rows) > 0 && len(g.rows) <= fewRows:
		g.sideways(names, numbers)
		return g.out.Flush()
	default:
		g.out.WriteString(draw(names, g.rows, numbers, limits).Render())
	}
	g.out.WriteByte('\n')
	return g.out.Flush()
}

// sideways makes every row a column, with as many side by side as fit.
func (g *grid) sideways(names []string, numbers []bool) {
	for first := 0; first < len(g.rows); {
		header := []string{""}
		turned := make([][]string, len(names))
		for i, name := range names {
			turned[i] = []string{name}
		}
		next := first
		for ; next < len(g.rows); next++ {
			for i := range names {
				s := oneLine(g.rows[next][i])
				if !numbers[i] {
					s = text.Snip(s, max(minWidth, g.width/3), "…")
				}
				turned[i] = append(turned[i], s)
			}
			header = append(header, fmt.Sprintf("row %d", next+1))
			if next > first && total(header, turned) > g.width {
				header = header[:len(header)-1]
				for i := range turned {
					turned[i] = turned[i][:len(header)]
				}
				break
			}
		}
		g.out.WriteString(draw(header, turned, make([]bool, len(header)), nil).Render())
		g.out.WriteByte('\n')
		first = next
	}
}

// fit returns the widths to which columns of text must be cut so that the table fits the terminal, and
// whether it does then; 0 leaves a column as it is. Numbers are never cut.
func fit(names []string, rows [][]string, numbers []bool, width int) (limits []int, fits bool) {
	limits = make([]int, len(names))
	if width == 0 {
		return limits, true
	}
	widths := measure(names, rows)
	for over := sum(widths) + 3*len(widths) + 1 - width; over > 0; over-- {
		widest := -1
		for i, w := range widths {
			if !numbers[i] && w > minWidth && (widest < 0 || w > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			return limits, false
		}
		widths[widest]--
		limits[widest] = widths[widest]
	}
	return limits, true
}

func measure(names []string, rows [][]string) []int {
	widths := make([]int, len(names))
	for i, name := range names {
		widths[i] = text.StringWidth(name)
	}
	for _, row := range rows {
		for i, s := range row {
			for line := range strings.Lines(s) {
				widths[i] = max(widths[i], text.StringWidth(strings.TrimRight(line, "\n")))
			}
		}
	}
	return widths
}

func sum(list []int) (n int) {
	for _, x := range list {
		n += x
	}
	return n
}

func total(names []string, rows [][]string) int {
	return sum(measure(names, rows)) + 3*len(names) + 1
}

func draw(names []string, rows [][]string, numbers []bool, limits []int) table.Writer {
	w := table.NewWriter()
	style := table.StyleLight
	style.Format.Header = text.FormatDefault
	w.SetStyle(style)
	header := make(table.Row, len(names))
	configs := make([]table.ColumnConfig, len(names))
	for i, name := range names {
		header[i] = name
		configs[i] = table.ColumnConfig{Number: i + 1}
		if numbers[i] {
			configs[i].Align, configs[i].AlignHeader = text.AlignRight, text.AlignRight
		}
		if limits != nil && limits[i] > 0 {
			configs[i].WidthMax = limits[i]
			configs[i].WidthMaxEnforcer = func(s string, most int) string { return text.Snip(oneLine(s), most, "…") }
		}
	}
	w.SetColumnConfigs(configs)
	w.AppendHeader(header)
	for _, row := range rows {
		r := make(table.Row, len(row))
		for i, s := range row {
			r[i] = Printable(s)
		}
		w.AppendRow(r)
	}
	return w
}

func oneLine(s string) string { return strings.ReplaceAll(s, "\n", " ") }

// Printable keeps what upstreams publish from steering the terminal.
func Printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' || r == 0x7f || r == utf8.RuneError {
			return '·'
		}
		return r
	}, s)
}

var numeric = regexp.MustCompile(`^[-+]?[\d,.]+( [kKMG]?i?B)?%?$`)

// List writes rows in aligned columns without borders, for the program's own reports. Columns of numbers
// are aligned on the right. header may be nil.
func List(out io.Writer, indent string, header []string, rows [][]string) {
	if len(rows) == 0 {
		return
	}
	widths := make([]int, len(rows[0]))
	right := make([]bool, len(rows[0]))
	for i := range right {
		right[i] = true
		for _, row := range rows {
			right[i] = right[i] && (row[i] == "" || numeric.MatchString(row[i]))
			widths[i] = max(widths[i], text.StringWidth(row[i]))
		}
		if header != nil {
			widths[i] = max(widths[i], text.StringWidth(header[i]))
		}
	}
	write := func(row []string) {
		var b strings.Builder
		b.WriteString(indent)
		for i, s := range row {
			pad := strings.Repeat(" ", widths[i]-text.StringWidth(s))
			if i > 0 {
				b.WriteString("  ")
			}
			if right[i] {
				b.WriteString(pad + s)
			} else {
				b.WriteString(s + pad)
			}
		}
		fmt.Fprintln(out, strings.TrimRight(b.String(), " "))
	}
	if header != nil {
		write(header)
	}
	for _, row := range rows {
		write(row)
	}
}

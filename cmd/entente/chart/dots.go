package chart

import (
	"errors"
	"fmt"
	"html"
	"math"
	"strings"
)

// Value is a value with its interval; a Y that is NaN is none, ends that are equal are no interval.
type Value struct{ Y, Low, High float64 }

// DotRow is one category, with a value of each series.
type DotRow struct {
	Name   string
	Values []Value
}

// Dots is a chart of categories below each other: a mark for each series, told apart by colour and by shape, on its
// interval.
type Dots struct {
	ID          string // of the element; unique on a page
	Title       string // what a screen reader says first
	Description string // and then
	Series      []string
	Rows        []DotRow
	Format      func(float64) string // of a value
	Min, Max    float64              // of the axis
	Width       int                  // in pixels; below 560 the names stand above their rows
}

// MaxDotSeries is how many series the rows hold apart.
const MaxDotSeries = 2

// SVG draws the chart as an element to stand in a page.
func (d Dots) SVG() ([]byte, error) { return d.draw("") }

// File draws the chart as a file of its own.
func (d Dots) File() ([]byte, error) { return d.draw("<style>" + styles + "</style>") }

const (
	dotsTop    = 46 // the key, and the axis' labels
	dotsMargin = 26 // beside the axis, for half a label
)

func (d Dots) draw(head string) ([]byte, error) {
	if len(d.Series) == 0 || len(d.Series) > MaxDotSeries || len(d.Rows) == 0 || d.Min >= d.Max {
		return nil, errors.New("chart " + d.ID + ": it wants rows, one or two series, and an axis")
	}
	step, left, drop := 22.0, 280.0, 4.0
	if d.Width < 560 {
		step, left, drop = 36, dotsMargin, -9
	}
	right := float64(d.Width - dotsMargin)
	if right-left < 120 {
		return nil, fmt.Errorf("chart %s: %d pixels leave no room", d.ID, d.Width)
	}
	x := func(v float64) string {
		return short(left + (right-left)*(min(max(v, d.Min), d.Max)-d.Min)/(d.Max-d.Min))
	}
	height := dotsTop + int(step*float64(len(d.Rows))) + 8
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-labelledby="%s-t %s-d">`,
		d.Width, height, d.Width, height, d.ID, d.ID)
	fmt.Fprintf(&b, `<title id="%s-t">%s</title><desc id="%s-d">%s</desc>%s`, d.ID, html.EscapeString(d.Title), d.ID, html.EscapeString(d.Description), head)
	at := left
	for i, name := range d.Series {
		b.WriteString(shape(i, short(at+6), 10, ""))
		fmt.Fprintf(&b, `<text class="%s" fill="%s" x="%s" y="14" font-size="12">%s</text>`, seriesInks[i].class, hex(seriesInks[i].NRGBA), short(at+16), html.EscapeString(name))
		at += 40 + 7*float64(len(name))
	}
	for i := range 5 {
		v := d.Min + (d.Max-d.Min)*float64(i)/4
		fmt.Fprintf(&b, `<path class="c-grid line" d="M%s %dV%d" fill="none" stroke="%s"/>`, x(v), dotsTop-8, height-6, hex(inkGrid.NRGBA))
		fmt.Fprintf(&b, `<text class="c-text" fill="%s" x="%s" y="%d" font-size="12" text-anchor="middle">%s</text>`, hex(inkText.NRGBA), x(v), dotsTop-14, html.EscapeString(d.Format(v)))
	}
	for i, r := range d.Rows {
		y := dotsTop + step*(float64(i)+0.5)
		name, anchor := left-14, "end"
		if d.Width < 560 {
			y += 7
			name, anchor = 2, "start"
		}
		fmt.Fprintf(&b, `<text class="c-text" fill="%s" x="%s" y="%s" font-size="12" text-anchor="%s">%s</text>`, hex(inkText.NRGBA), short(name), short(y+drop), anchor, html.EscapeString(r.Name))
		for j, v := range r.Values {
			if math.IsNaN(v.Y) {
				continue
			}
			said := r.Name + ", " + d.Series[j] + ": " + d.Format(v.Y)
			if v.Low < v.High {
				said += fmt.Sprintf(" (%s to %s)", d.Format(v.Low), d.Format(v.High))
				fmt.Fprintf(&b, `<path class="%s line" d="M%s %sH%s" fill="none" stroke="%s" stroke-width="2" stroke-opacity="0.55"/>`,
					seriesInks[j].class, x(v.Low), short(y), x(v.High), hex(seriesInks[j].NRGBA))
			}
			b.WriteString(shape(j, x(v.Y), y, said))
		}
	}
	b.WriteString("</svg>")
	return []byte(b.String()), nil
}

// shape is the mark of a series, a disc or a hollow diamond, with what it stands for.
func shape(series int, x string, y float64, said string) string {
	title := ""
	if said != "" {
		title = "<title>" + html.EscapeString(said) + "</title>"
	}
	ink := seriesInks[series]
	if series == 0 {
		return fmt.Sprintf(`<circle class="%s" cx="%s" cy="%s" r="4.5" fill="%s">%s</circle>`, ink.class, x, short(y), hex(ink.NRGBA), title)
	}
	return fmt.Sprintf(`<path class="%s hollow" d="M%s %sl5 5l-5 5l-5 -5z" fill="#fff" stroke="%s" stroke-width="1.6">%s</path>`,
		ink.class, x, short(y-5), hex(ink.NRGBA), title)
}

// Package chart draws numbers by year as SVG, for the explorer and for reports: lines that are labelled
// where they end, told apart by colour and by dashes, in shades that a style sheet changes for dark pages.
package chart

import (
	"bytes"
	_ "embed"
	"fmt"
	"html"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Point is a value of one year. A Y that is NaN leaves a gap.
type Point struct {
	X         int
	Y         float64
	Low, High float64 // ends of an interval; the same value in both for none
	Hollow    bool    // rests on too little to be read alone
	Extra     string  // said beside the value, such as "12 of 40 roll calls"
}

// Series is one line.
type Series struct {
	Name   string // at the end of the line
	Short  string // the same where there is little room; Name if it is ""
	Points []Point
}

// Chart is a line chart over years.
type Chart struct {
	ID          string // of the element; unique on a page
	Title       string // what a screen reader says first
	Description string // and then
	Series      []Series
	Format      func(float64) string // of a value; plain numbers if nil
	Min, Max    float64              // of the vertical axis, which grows where points lie outside; both 0 for the points' own
	Zero        bool                 // the vertical axis reaches zero
	Width       int                  // in pixels
	Height      int
}

// styles are the shades of a file that stands alone. A page has the same in its own style sheet.
//
//go:embed chart.css
var styles string

// Styles is the style sheet that a page with charts needs.
func Styles() string { return styles }

const (
	typeface  = "Liberation"
	fontSize  = 12
	labelGap  = 8  // between a line's end and its label
	labelStep = 15 // between two labels
)

// SVG draws a chart as an element to stand in a page. It fails when there are no points, too many series,
// or no room.
func (c Chart) SVG() ([]byte, error) { return c.draw("") }

// File draws a chart as a file of its own, which follows the reader's choice of light or dark.
func (c Chart) File() ([]byte, error) { return c.draw("<style>" + styles + "</style>") }

func (c Chart) draw(head string) ([]byte, error) {
	if len(c.Series) > MaxSeries {
		return nil, fmt.Errorf("chart %s: %d series; it holds %d apart", c.ID, len(c.Series), MaxSeries)
	}
	if c.Format == nil {
		c.Format = func(y float64) string { return strconv.FormatFloat(y, 'g', -1, 64) }
	}
	box, ok := c.extent()
	if !ok {
		return nil, fmt.Errorf("chart %s: there is no value to draw", c.ID)
	}
	p := c.frame(box)
	to := newCanvas(vg.Length(c.Width), vg.Length(c.Height))
	l := lines{chart: c, label: p.X.Tick.Label, to: to}
	right := l.room()
	if vg.Length(c.Width)-right < 120 || c.Height < 100 {
		return nil, fmt.Errorf("chart %s: %d by %d pixels leave no room beside the labels", c.ID, c.Width, c.Height)
	}
	p.Add(l)
	p.Draw(draw.Crop(draw.New(to), 2, -right, 2, -8))
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-labelledby="%s-t %s-d">`,
		c.Width, c.Height, c.Width, c.Height, c.ID, c.ID)
	fmt.Fprintf(&b, `<title id="%s-t">%s</title><desc id="%s-d">%s</desc>`, c.ID, html.EscapeString(c.Title), c.ID, html.EscapeString(c.Description))
	b.WriteString(head)
	b.WriteString(to.b.String())
	b.WriteString("</svg>")
	return b.Bytes(), nil
}

// extent is the box of values to show, and whether there is one.
func (c Chart) extent() (box [4]float64, ok bool) {
	box = [4]float64{math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)}
	for _, s := range c.Series {
		for _, p := range s.Points {
			if math.IsNaN(p.Y) || math.IsInf(p.Y, 0) {
				continue
			}
			ok = true
			box[0], box[1] = min(box[0], float64(p.X)), max(box[1], float64(p.X))
			box[2], box[3] = min(box[2], p.Y), max(box[3], p.Y)
			if p.Low < p.High {
				box[2], box[3] = min(box[2], p.Low), max(box[3], p.High)
			}
		}
	}
	if c.Min < c.Max {
		box[2], box[3] = min(box[2], c.Min), max(box[3], c.Max)
	}
	if c.Zero {
		box[2], box[3] = min(box[2], 0), max(box[3], 0)
	}
	if box[0] == box[1] {
		box[0], box[1] = box[0]-1, box[1]+1
	}
	if box[2] == box[3] {
		box[2], box[3] = box[2]-max(1e-9, math.Abs(box[2])/10), box[3]+max(1e-9, math.Abs(box[3])/10)
	}
	return box, ok
}

// frame is the plot without its lines.
func (c Chart) frame(box [4]float64) *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = box[0], box[1], box[2], box[3]
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Tick.Label.Font = font.Font{Typeface: typeface, Variant: "Sans", Size: fontSize}
		axis.Tick.Label.Color = inkText
		axis.Tick.LineStyle.Color, axis.LineStyle.Color = inkAxis, inkAxis
		axis.Padding = 4
	}
	p.Y.LineStyle.Width, p.Y.Tick.LineStyle.Width, p.Y.Tick.Length = 0, 0, 4
	p.X.Tick.Length = 4
	p.X.Tick.Marker = years(max(2, c.Width/80))
	p.Y.Tick.Marker = values{c.Format}
	return p
}

// years marks whole years, as many as there is room for.
type years int

func (n years) Ticks(low, high float64) []plot.Tick {
	step := 1
	for _, s := range []int{1, 2, 5, 10, 20, 25, 50, 100} {
		if step = s; (high-low)/float64(s) <= float64(n) {
			break
		}
	}
	var ticks []plot.Tick
	for y := int(math.Ceil(low/float64(step))) * step; float64(y) <= high; y += step {
		ticks = append(ticks, plot.Tick{Value: float64(y), Label: strconv.Itoa(y)})
	}
	return ticks
}

// values marks round values.
type values struct{ format func(float64) string }

func (v values) Ticks(low, high float64) []plot.Tick {
	ticks := slices.DeleteFunc(plot.DefaultTicks{}.Ticks(low, high), func(t plot.Tick) bool {
		return t.IsMinor() || t.Value < low-1e-12 || t.Value > high+1e-12
	})
	for i := range ticks {
		ticks[i].Label = v.format(math.Round(ticks[i].Value*1e12) / 1e12)
	}
	return ticks
}

package chart

import (
	"image/color"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// lines draws the grid, the series and the labels at their ends.
type lines struct {
	chart Chart
	label text.Style
	to    *canvas
}

// name is what stands at the end of a line.
func (l lines) name(s Series) string {
	if s.Short != "" && l.chart.Width < 560 {
		return s.Short
	}
	return s.Name
}

// room is what the labels need on the right.
func (l lines) room() vg.Length {
	widest := vg.Length(0)
	for _, s := range l.chart.Series {
		widest = max(widest, l.label.Width(l.name(s)))
	}
	return widest + labelGap + 6
}

// Plot implements plot.Plotter.
func (l lines) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	for _, t := range p.Y.Tick.Marker.Ticks(p.Y.Min, p.Y.Max) {
		c.StrokeLine2(draw.LineStyle{Color: inkGrid, Width: 1}, c.Min.X, y(t.Value), c.Max.X, y(t.Value))
	}
	if p.Y.Min < 0 && p.Y.Max > 0 {
		c.StrokeLine2(draw.LineStyle{Color: inkAxis, Width: 1}, c.Min.X, y(0), c.Max.X, y(0))
	}
	for i, s := range l.chart.Series {
		l.band(c, s, seriesInks[i], x, y)
	}
	radius := min(2.4, max(1.2, float64(x(1)-x(0))/4)) // a year's room decides
	var ends []end
	var spots []spot
	for i, s := range l.chart.Series {
		style := draw.LineStyle{Color: seriesInks[i], Width: 1.8, Dashes: seriesDashes[i]}
		for _, run := range runs(s.Points) {
			var pts []vg.Point
			for _, q := range run {
				at := vg.Point{X: x(float64(q.X)), Y: y(q.Y)}
				pts = append(pts, at)
				spots = append(spots, spot{
					at: at, ink: seriesInks[i], hollow: q.Hollow, radius: radius, name: s.Name,
					x: strconv.Itoa(q.X), y: l.chart.Format(q.Y), extra: q.Extra,
				})
			}
			if len(pts) > 1 {
				c.StrokeLines(style, pts)
			}
		}
		for _, q := range slices.Backward(s.Points) {
			if hasValue(q) {
				ends = append(ends, end{l.name(s), seriesInks[i], y(q.Y)})
				break
			}
		}
	}
	for _, s := range spots {
		l.to.mark(s)
	}
	l.ends(c, ends)
}

// band shades a series' intervals.
func (l lines) band(c draw.Canvas, s Series, shade ink, x, y func(float64) vg.Length) {
	shade.NRGBA = color.NRGBA{R: shade.R, G: shade.G, B: shade.B, A: 0x2e}
	for _, run := range runs(s.Points) {
		var above, below []vg.Point
		for _, q := range run {
			if q.Low < q.High {
				above = append(above, vg.Point{X: x(float64(q.X)), Y: y(q.High)})
				below = append(below, vg.Point{X: x(float64(q.X)), Y: y(q.Low)})
			}
		}
		if len(above) > 1 {
			slices.Reverse(below)
			c.FillPolygon(shade, append(above, below...))
		}
	}
}

// end is the label of a line and the height at which it ends.
type end struct {
	name string
	ink  ink
	y    vg.Length
}

// ends writes the labels beside the lines' ends, moved apart where they would lie on each other.
func (l lines) ends(c draw.Canvas, ends []end) {
	slices.SortStableFunc(ends, func(a, b end) int {
		switch {
		case a.y > b.y:
			return -1
		case a.y < b.y:
			return 1
		}
		return 0
	})
	for i := 1; i < len(ends); i++ {
		ends[i].y = min(ends[i].y, ends[i-1].y-labelStep)
	}
	if n := len(ends); n > 0 && ends[n-1].y < c.Min.Y {
		ends[n-1].y = c.Min.Y
		for i := n - 2; i >= 0; i-- {
			ends[i].y = max(ends[i].y, ends[i+1].y+labelStep)
		}
	}
	style := l.label
	style.XAlign, style.YAlign = draw.XLeft, draw.YCenter
	for _, e := range ends {
		style.Color = e.ink
		c.FillText(style, vg.Point{X: c.Max.X + labelGap, Y: e.y}, e.name)
	}
}

func hasValue(p Point) bool { return !math.IsNaN(p.Y) && !math.IsInf(p.Y, 0) }

// runs splits points where a value is missing. A year without a point is such a gap, too.
func runs(points []Point) [][]Point {
	var all [][]Point
	open := false
	for i, p := range points {
		if !hasValue(p) {
			open = false
			continue
		}
		if open && p.X-points[i-1].X > 1 {
			open = false
		}
		if !open {
			all, open = append(all, nil), true
		}
		all[len(all)-1] = append(all[len(all)-1], p)
	}
	return all
}

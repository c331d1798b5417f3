package chart

import (
	"fmt"
	"html"
	"image"
	"image/color"
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// ink is a colour by its part in a chart. The class lets a style sheet choose the shade, for light and
// dark; the colour is what a program without style sheets shows.
type ink struct {
	color.NRGBA
	class string
}

// The inks of a chart's frame.
var (
	inkText = ink{color.NRGBA{R: 0x4a, G: 0x4a, B: 0x4a, A: 0xff}, "c-text"}
	inkGrid = ink{color.NRGBA{R: 0xdd, G: 0xdd, B: 0xdd, A: 0xff}, "c-grid"}
	inkAxis = ink{color.NRGBA{R: 0x8a, G: 0x8a, B: 0x8a, A: 0xff}, "c-axis"}
)

// seriesInks are black, and those of Okabe and Ito that stand out on white and on black, told apart by people with
// any of the usual kinds of colour vision; the dashes tell them apart without colour.
var seriesInks = []ink{
	{color.NRGBA{R: 0x00, G: 0x63, B: 0xa0, A: 0xff}, "c-1"},
	{color.NRGBA{R: 0xb3, G: 0x47, B: 0x00, A: 0xff}, "c-2"},
	{color.NRGBA{R: 0x00, G: 0x72, B: 0x4f, A: 0xff}, "c-3"},
	{color.NRGBA{R: 0x8f, G: 0x3d, B: 0x73, A: 0xff}, "c-4"},
	{color.NRGBA{R: 0x1c, G: 0x1c, B: 0x1c, A: 0xff}, "c-5"},
}

var seriesDashes = [][]vg.Length{nil, {7, 3}, {2, 2.5}, {7, 3, 2, 3}, {12, 2.5}}

// MaxSeries is how many lines one chart holds apart.
const MaxSeries = 5

// canvas draws what gonum/plot asks for as SVG without a single style attribute, so that a page's content
// policy can forbid those. The origin of what it is given is at the bottom left, that of SVG at the top.
type canvas struct {
	b             strings.Builder
	width, height vg.Length
	now           state
	stack         []state
}

type state struct {
	color color.Color
	width vg.Length
	dash  []vg.Length
	at    [6]float64 // x' = a x + c y + e, y' = b x + d y + f
}

func newCanvas(width, height vg.Length) *canvas {
	return &canvas{width: width, height: height, now: state{color: color.Black, width: 1, at: [6]float64{1, 0, 0, 1, 0, 0}}}
}

func (c *canvas) Size() (x, y vg.Length) { return c.width, c.height }

func (c *canvas) SetLineWidth(w vg.Length)                  { c.now.width = w }
func (c *canvas) SetLineDash(dash []vg.Length, _ vg.Length) { c.now.dash = dash }
func (c *canvas) SetColor(col color.Color)                  { c.now.color = col }
func (c *canvas) Push()                                     { c.stack = append(c.stack, c.now) }

func (c *canvas) Pop() {
	last := len(c.stack) - 1
	c.now, c.stack = c.stack[last], c.stack[:last]
}

func (c *canvas) Rotate(rad float64) {
	sin, cos := math.Sincos(rad)
	c.transform(cos, sin, -sin, cos, 0, 0)
}

func (c *canvas) Translate(pt vg.Point) { c.transform(1, 0, 0, 1, float64(pt.X), float64(pt.Y)) }
func (c *canvas) Scale(x, y float64)    { c.transform(x, 0, 0, y, 0, 0) }

func (c *canvas) transform(a, b, cc, d, e, f float64) {
	m := c.now.at
	c.now.at = [6]float64{
		m[0]*a + m[2]*b, m[1]*a + m[3]*b, m[0]*cc + m[2]*d, m[1]*cc + m[3]*d,
		m[0]*e + m[2]*f + m[4], m[1]*e + m[3]*f + m[5],
	}
}

// place is where a point lies in the SVG.
func (c *canvas) place(pt vg.Point) (x, y float64) {
	m, px, py := c.now.at, float64(pt.X), float64(pt.Y)
	return m[0]*px + m[2]*py + m[4], float64(c.height) - (m[1]*px + m[3]*py + m[5])
}

func (c *canvas) Stroke(p vg.Path) {
	if c.now.width <= 0 {
		return
	}
	fmt.Fprintf(&c.b, `<path%s d="%s" fill="none" stroke-width="%s"`, c.paint("stroke"), c.path(p), short(float64(c.now.width)))
	if len(c.now.dash) > 0 {
		var parts []string
		for _, d := range c.now.dash {
			parts = append(parts, short(float64(d)))
		}
		fmt.Fprintf(&c.b, ` stroke-dasharray="%s"`, strings.Join(parts, " "))
	}
	c.b.WriteString(` stroke-linejoin="round"/>`)
}

func (c *canvas) Fill(p vg.Path) {
	fmt.Fprintf(&c.b, `<path%s d="%s"/>`, c.paint("fill"), c.path(p))
}

// FillString writes text; the style sheet, or the file's own, names a font as wide as the one measured.
func (c *canvas) FillString(f font.Face, pt vg.Point, text string) {
	if f.Font.Size <= 0 || text == "" {
		return
	}
	x, y := c.place(pt)
	turn := ""
	if m := c.now.at; m[1] != 0 {
		turn = fmt.Sprintf(` transform="rotate(%s %s %s)"`, short(-math.Atan2(m[1], m[0])*180/math.Pi), short(x), short(y))
	}
	fmt.Fprintf(&c.b, `<text%s x="%s" y="%s" font-size="%s"%s>%s</text>`,
		c.paint("fill"), short(x), short(y), short(float64(f.Font.Size)), turn, html.EscapeString(text))
}

// DrawImage draws nothing: no chart of this package holds an image.
func (c *canvas) DrawImage(vg.Rectangle, image.Image) {}

// spot is a point of a series that a reader can ask about.
type spot struct {
	at          vg.Point
	ink         ink
	hollow      bool
	radius      float64
	name        string
	x, y, extra string
}

// mark draws a spot with what it stands for; the title is what browsers show without a script.
func (c *canvas) mark(s spot) {
	x, y := c.place(s.at)
	class, radius := s.ink.class+" dot", s.radius
	if s.hollow {
		class, radius = class+" hollow", s.radius+0.4
	}
	text := s.name + ", " + s.x + ": " + s.y
	if s.extra != "" {
		text += " (" + s.extra + ")"
	}
	fill := fmt.Sprintf(`fill="%s"`, hex(s.ink.NRGBA))
	if s.hollow {
		fill = fmt.Sprintf(`fill="#fff" stroke="%s" stroke-width="1.2"`, hex(s.ink.NRGBA))
	}
	fmt.Fprintf(&c.b, `<circle class="%s" cx="%s" cy="%s" r="%s" %s data-x="%s"><title>%s</title></circle>`,
		class, short(x), short(y), short(radius), fill, html.EscapeString(s.x), html.EscapeString(text))
}

func (c *canvas) paint(attribute string) string {
	switch col := c.now.color.(type) {
	case ink:
		class := col.class
		if attribute == "stroke" {
			class += " line"
		}
		text := fmt.Sprintf(` class="%s" %s="%s"`, class, attribute, hex(col.NRGBA))
		if col.A != 0xff {
			text += fmt.Sprintf(` %s-opacity="%s"`, attribute, short(float64(col.A)/255))
		}
		return text
	case nil:
		return fmt.Sprintf(` %s="#000000"`, attribute)
	default:
		return fmt.Sprintf(` %s="%s"`, attribute, hex(color.NRGBAModel.Convert(col).(color.NRGBA)))
	}
}

func (c *canvas) path(p vg.Path) string {
	var b strings.Builder
	for _, part := range p {
		x, y := c.place(part.Pos)
		switch part.Type {
		case vg.MoveComp:
			fmt.Fprintf(&b, "M%s %s", short(x), short(y))
		case vg.LineComp:
			fmt.Fprintf(&b, "L%s %s", short(x), short(y))
		case vg.CloseComp:
			b.WriteByte('Z')
		}
	}
	return b.String()
}

func hex(c color.NRGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

// short is a length with a tenth of a pixel.
func short(x float64) string { return strconv.FormatFloat(math.Round(x*10)/10, 'f', -1, 64) }

package chart

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"
)

// element is what the tests look at in an SVG.
type element struct {
	name  string
	attrs map[string]string
	text  string
}

func elements(t *testing.T, svg []byte) []element {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(svg))
	var all []element
	var open []int
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatalf("no XML: %v\n%s", err, svg)
		}
		switch token := token.(type) {
		case xml.StartElement:
			e := element{name: token.Name.Local, attrs: map[string]string{}}
			for _, a := range token.Attr {
				e.attrs[a.Name.Local] = a.Value
			}
			open = append(open, len(all))
			all = append(all, e)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 0 {
				all[open[len(open)-1]].text += string(token)
			}
		}
	}
}

func number(t *testing.T, e element, name string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(e.attrs[name], 64)
	if err != nil {
		t.Fatalf("%s of %v: %v", name, e, err)
	}
	return x
}

func percent(y float64) string { return strconv.Itoa(int(math.Round(100*y))) + " %" }

func two() Chart {
	return Chart{
		ID: "a", Title: `China & "Russia"`, Description: "<by year>", Format: percent, Max: 1, Width: 760, Height: 280,
		Series: []Series{
			{Name: "China and Russia", Short: "CHN–RUS", Points: []Point{
				{X: 1990, Y: 0.5}, {X: 1991, Y: 0.75, Extra: "n 40"}, {X: 1992, Y: math.NaN()}, {X: 1993, Y: 0.9}, {X: 1995, Y: 0.91, Hollow: true},
			}},
			{Name: "China and the USA", Points: []Point{{X: 1990, Y: 0.2, Low: 0.1, High: 0.3}, {X: 1991, Y: 0.25, Low: 0.2, High: 0.3}, {X: 1995, Y: 0.9}}},
		},
	}
}

func TestEveryValueIsAPoint(t *testing.T) {
	svg, err := two().SVG()
	if err != nil {
		t.Fatal(err)
	}
	var titles []string
	hollow, paths := 0, 0
	height := map[string]float64{}
	all := elements(t, svg)
	for i, e := range all {
		for name := range e.attrs {
			if name == "style" || strings.HasPrefix(name, "on") {
				t.Errorf("%s has the attribute %s, which a strict content policy forbids", e.name, name)
			}
		}
		if e.name == "circle" {
			titles = append(titles, all[i+1].text)
			height[all[i+1].text] = number(t, e, "cy")
			if strings.Contains(e.attrs["class"], "hollow") {
				hollow++
			}
		}
		if e.name == "path" && e.attrs["class"] == "c-1 line" {
			paths++
		}
	}
	want := []string{
		"China and Russia, 1990: 50 %", "China and Russia, 1991: 75 % (n 40)", "China and Russia, 1993: 90 %", "China and Russia, 1995: 91 %",
		"China and the USA, 1990: 20 %", "China and the USA, 1991: 25 %", "China and the USA, 1995: 90 %",
	}
	if fmt.Sprint(titles) != fmt.Sprint(want) {
		t.Errorf("points\n%q\nwant\n%q", titles, want)
	}
	if hollow != 1 {
		t.Errorf("%d hollow points, want 1", hollow)
	}
	if paths != 1 {
		t.Errorf("the first series is drawn in %d pieces, want 1: 1990 to 1991; the others stand alone between gaps", paths)
	}
	if a, b, c := height[want[0]], height[want[1]], height[want[4]]; !(b < a && a < c) {
		t.Errorf("heights of 50 %%, 75 %% and 20 %% are %v, %v, %v from the top", a, b, c)
	}
	// 20 to 50 % is 30 points, 50 to 75 % is 25.
	if a, b, c := height[want[0]], height[want[1]], height[want[4]]; math.Abs((c-a)/(a-b)-30.0/25) > 0.02 {
		t.Errorf("the axis is not linear: %v, %v", c-a, a-b)
	}
	if all[1].text != `China & "Russia"` || all[2].text != "<by year>" {
		t.Errorf("title %q, description %q", all[1].text, all[2].text)
	}
}

func TestLabelsStandApartAndInside(t *testing.T) {
	for _, size := range [][2]int{{760, 280}, {360, 240}} {
		c := two()
		c.Width, c.Height = size[0], size[1]
		svg, err := c.SVG()
		if err != nil {
			t.Fatal(err)
		}
		var y []float64
		for _, e := range elements(t, svg) {
			if e.name != "text" {
				continue
			}
			if x, h := number(t, e, "x"), number(t, e, "y"); x < 0 || x > float64(size[0]) || h < 8 || h > float64(size[1]) {
				t.Errorf("%v: text %q at %v,%v is outside", size, e.text, x, h)
			}
			if strings.HasPrefix(e.text, "China") || e.text == "CHN–RUS" {
				y = append(y, number(t, e, "y"))
			}
		}
		if len(y) != 2 || math.Abs(y[0]-y[1]) < labelStep-0.2 {
			t.Errorf("%v: labels of lines that end at 90 and 91 %% stand at %v", size, y)
		}
	}
}

func TestRefusals(t *testing.T) {
	empty := Chart{ID: "e", Width: 700, Height: 200, Series: []Series{{Points: []Point{{X: 1, Y: math.NaN()}}}}}
	many := two()
	for len(many.Series) <= MaxSeries {
		many.Series = append(many.Series, many.Series[0])
	}
	small := two()
	small.Width = 150
	for _, c := range []struct {
		chart Chart
		want  string
	}{{empty, "no value"}, {many, "6 series"}, {small, "no room"}} {
		if _, err := c.chart.SVG(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want one with %q", err, c.want)
		}
	}
}

func TestFileStandsAlone(t *testing.T) {
	file, err := two().File()
	if err != nil {
		t.Fatal(err)
	}
	styled := false
	for _, e := range elements(t, file) {
		styled = styled || e.name == "style" && strings.Contains(e.text, "prefers-color-scheme: dark")
	}
	if !styled {
		t.Error("the file has no styles of its own")
	}
}

// Every shade is legible: 4.5 to 1 on its background, as WCAG asks for text.
func TestContrast(t *testing.T) {
	dark := strings.Index(styles, "@media")
	for _, part := range []struct{ css, ground string }{{styles[:dark], "#ffffff"}, {styles[dark:], "#16191c"}} {
		for line := range strings.Lines(part.css) {
			_, rule, ok := strings.Cut(line, "{ fill: #")
			if !ok || strings.Contains(line, "hollow") {
				continue
			}
			if got := contrast("#"+rule[:6], part.ground); got < 4.5 {
				t.Errorf("%s: contrast %.1f on %s", strings.TrimSpace(line), got, part.ground)
			}
		}
	}
}

func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(hex string) float64 {
	var rgb [3]float64
	for i := range rgb {
		n, _ := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
		if rgb[i] = float64(n) / 255; rgb[i] <= 0.04045 {
			rgb[i] /= 12.92
		} else {
			rgb[i] = math.Pow((rgb[i]+0.055)/1.055, 2.4)
		}
	}
	return 0.2126*rgb[0] + 0.7152*rgb[1] + 0.0722*rgb[2]
}

func BenchmarkSVG(b *testing.B) {
	c := two()
	c.Series[0].Points = nil
	for x := range 80 {
		c.Series[0].Points = append(c.Series[0].Points, Point{X: 1946 + x, Y: math.Abs(math.Sin(float64(x) / 9))})
	}
	for b.Loop() {
		if _, err := c.SVG(); err != nil {
			b.Fatal(err)
		}
	}
}

// Marks and intervals of categories lie where their values are, names and the key inside of the picture.
func TestDots(t *testing.T) {
	d := Dots{
		ID: "d", Title: "Agreement", Description: "By body.", Series: []string{"with A", "with B"}, Format: func(y float64) string { return strconv.FormatFloat(y, 'f', 2, 64) }, Max: 1, Width: 720,
		Rows: []DotRow{{"Council", []Value{{0.5, 0.25, 0.75}, {1, 1, 1}}}, {"Assembly", []Value{{math.NaN(), 0, 0}, {0, 0, 0.1}}}},
	}
	for _, width := range []int{720, 350} {
		d.Width = width
		raw, err := d.SVG()
		if err != nil {
			t.Fatal(err)
		}
		text := string(raw)
		for want, n := range map[string]int{
			"<title>Council, with A: 0.50 (0.25 to 0.75)</title>": 1, "<title>Council, with B: 1.00</title>": 1, "<title>Assembly, with B: 0.00 (0.00 to 0.10)</title>": 1,
			"Assembly, with A": 0, "<circle": 2, "stroke-opacity": 2, ">with B<": 1, ">1.00<": 1,
		} {
			if got := strings.Count(text, want); got != n {
				t.Errorf("at %d: %d of %s, want %d", width, got, want, n)
			}
		}
	}
	d.Width = 720
	raw, err := d.SVG()
	if err != nil || !strings.Contains(string(raw), `cx="487" cy="57"`) {
		t.Errorf("half of the axis from 280 to 694 is 487: %v\n%s", err, raw)
	}
	for _, wrong := range []Dots{{}, {Series: []string{"a"}, Max: 1, Rows: d.Rows, Width: 100}, {Series: []string{"a", "b", "c"}, Rows: d.Rows, Max: 1, Width: 720}} {
		if _, err := wrong.SVG(); err == nil {
			t.Errorf("no error for %+v", wrong)
		}
	}
}

package delimited

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/arrow"
	"golang.org/x/text/encoding/charmap"
)

// Column says from which cell a field is read, and how.
type Column struct {
	Field    arrow.Field
	Names    []string // header names seen in the wild; the first one present is read
	Optional bool     // the column may be absent from a file: its values are then null
	decode   func(cell []byte) (value, error)
	plain    plain // how decode's most usual cells are read without it
}

// value is one decoded cell.
type value struct {
	text  []byte
	whole int64
	real  float64
	null  bool
}

var null = value{null: true}

// Maybe returns the column, which a file may lack.
func (c Column) Maybe() Column {
	c.Optional = true
	return c
}

// Text reads text as it is; an empty cell is null. The bytes must be UTF-8.
func Text(f arrow.Field, names ...string) Column {
	return Column{Field: f, Names: names, decode: func(cell []byte) (value, error) {
		if len(cell) == 0 {
			return null, nil
		}
		if !utf8.Valid(cell) {
			return null, fmt.Errorf("%q is not UTF-8", cell)
		}
		return value{text: cell}, nil
	}}
}

// Padded returns the column, whose cells may have spaces around them.
func (c Column) Padded() Column {
	decode := c.decode
	c.decode = func(cell []byte) (value, error) { return decode(bytes.Trim(cell, " ")) }
	c.plain.padded = true
	return c
}

// Constant gives every row the same text, which is in no cell.
func Constant(f arrow.Field, text string) Column {
	return Column{
		Field: f, Optional: true, plain: plain{kind: always},
		decode: func([]byte) (value, error) { return value{text: []byte(text)}, nil },
	}
}

// Digits reads text of n digits, six at most.
func Digits(f arrow.Field, n int, names ...string) Column {
	size := 1
	for range n {
		size *= 10
	}
	return Column{Field: f, Names: names, plain: plain{kind: digits, count: n, size: size}, decode: func(cell []byte) (value, error) {
		if len(cell) != n || len(bytes.Trim(cell, "0123456789")) > 0 {
			return null, fmt.Errorf("%q is not %d digits", cell, n)
		}
		return value{text: cell}, nil
	}}
}

// Windows1252 reads text in that charset.
func Windows1252(f arrow.Field, names ...string) Column {
	return Column{Field: f, Names: names, decode: func(cell []byte) (value, error) {
		if len(cell) == 0 {
			return null, nil
		}
		text, err := charmap.Windows1252.NewDecoder().Bytes(cell)
		if err != nil {
			return null, fmt.Errorf("%q is not Windows-1252", cell)
		}
		return value{text: text}, nil
	}}
}

// OneOf reads one of the given codes.
func OneOf(f arrow.Field, codes []string, names ...string) Column {
	return Column{Field: f, Names: names, decode: func(cell []byte) (value, error) {
		for _, code := range codes {
			if string(cell) == code {
				return value{text: cell}, nil
			}
		}
		return null, fmt.Errorf("%q is not one of %s", cell, strings.Join(codes, ", "))
	}}
}

// Whole reads a whole number that fits the field's type; 142.0 is 142. An empty cell or NA is null.
func Whole(f arrow.Field, names ...string) Column {
	low, high := limits(f.Type)
	return Column{Field: f, Names: names, plain: plain{kind: wholes, low: low, high: high}, decode: func(cell []byte) (value, error) {
		if missing(cell) {
			return null, nil
		}
		n, err := whole(cell)
		if err != nil {
			return null, err
		}
		if n < low || n > high {
			return null, fmt.Errorf("%q is not between %d and %d", cell, low, high)
		}
		return value{whole: n}, nil
	}}
}

// WholeOf reads one of the given whole numbers.
func WholeOf(f arrow.Field, allowed []int64, names ...string) Column {
	c := Whole(f, names...)
	c.plain.allowed = allowed
	decode := c.decode
	c.decode = func(cell []byte) (value, error) {
		v, err := decode(cell)
		if err != nil || v.null {
			return v, err
		}
		for _, n := range allowed {
			if v.whole == n {
				return v, nil
			}
		}
		return null, fmt.Errorf("%q is not one of %v", cell, allowed)
	}
	return c
}

// Real reads a decimal number. An empty cell or NA is null; infinities are refused.
func Real(f arrow.Field, names ...string) Column {
	return Column{Field: f, Names: names, plain: plain{kind: reals}, decode: func(cell []byte) (value, error) {
		if missing(cell) {
			return null, nil
		}
		x, err := strconv.ParseFloat(string(cell), 64)
		if err != nil || math.IsInf(x, 0) || math.IsNaN(x) {
			return null, fmt.Errorf("%q is not a number", cell)
		}
		return value{real: x}, nil
	}}
}

// Truth reads 1, True or TRUE as true and 0, False or FALSE as false. An empty cell or NA is null.
func Truth(f arrow.Field, names ...string) Column {
	return Column{Field: f, Names: names, decode: func(cell []byte) (value, error) {
		switch string(cell) {
		case "", "NA":
			return null, nil
		case "1", "1.0", "True", "TRUE", "true":
			return value{whole: 1}, nil
		case "0", "0.0", "False", "FALSE", "false":
			return value{whole: 0}, nil
		}
		return null, fmt.Errorf("%q is neither 1 nor 0, True nor False", cell)
	}}
}

// Date reads a calendar day in one of the given layouts of package time. An empty cell or NA is null,
// and so is a bare year: the day is not known, and none is made up.
func Date(f arrow.Field, layouts []string, names ...string) Column {
	return Column{Field: f, Names: names, decode: func(cell []byte) (value, error) {
		if missing(cell) || bareYear(cell) {
			return null, nil
		}
		day, err := parseDay(cell, layouts)
		if err != nil {
			return null, err
		}
		return value{whole: int64(arrow.Date32FromTime(day))}, nil
	}}
}

// YearOf reads the year of a calendar day, or a bare year.
func YearOf(f arrow.Field, layouts []string, names ...string) Column {
	return Column{Field: f, Names: names, decode: func(cell []byte) (value, error) {
		if missing(cell) {
			return null, nil
		}
		if bareYear(cell) {
			n, err := whole(cell)
			return value{whole: n}, err
		}
		day, err := parseDay(cell, layouts)
		if err != nil {
			return null, err
		}
		return value{whole: int64(day.Year())}, nil
	}}
}

func parseDay(cell []byte, layouts []string) (time.Time, error) {
	for _, layout := range layouts {
		if day, err := time.Parse(layout, string(cell)); err == nil {
			return day, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is not a day of the calendar", cell)
}

func bareYear(cell []byte) bool {
	return len(cell) == 4 && len(bytes.Trim(cell, "0123456789")) == 0
}

func missing(cell []byte) bool { return len(cell) == 0 || string(cell) == "NA" }

// whole parses digits with an optional sign and an optional fraction of zeros.
func whole(cell []byte) (int64, error) {
	digits := cell
	if point := bytes.IndexByte(cell, '.'); point > 0 && len(bytes.Trim(cell[point+1:], "0")) == 0 {
		digits = cell[:point]
	}
	n, err := strconv.ParseInt(string(digits), 10, 64)
	if errors.Is(err, strconv.ErrRange) {
		return 0, fmt.Errorf("%q is out of range", cell)
	}
	if err != nil {
		return 0, fmt.Errorf("%q is not a whole number", cell)
	}
	return n, nil
}

func limits(t arrow.DataType) (low, high int64) {
	switch t.ID() {
	case arrow.INT8:
		return math.MinInt8, math.MaxInt8
	case arrow.INT16:
		return math.MinInt16, math.MaxInt16
	case arrow.INT32:
		return math.MinInt32, math.MaxInt32
	}
	return math.MinInt64, math.MaxInt64
}

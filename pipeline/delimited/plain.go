package delimited

import (
	"slices"

	"github.com/apache/arrow-go/v18/arrow"
)

// Cells of numbers and codes are mostly plain: digits, a point, spaces around them, NA. A record of which all
// cells are plain is read in one pass over its bytes. Any other is left to Reader and Column, which say what
// is wrong with it; so a plain reader must take a cell only as they would.

// plainKind says how a column's plain cells are read.
type plainKind int8

const (
	never  plainKind = iota
	wholes           // digits
	reals            // digits with or without a point
	digits           // as many digits as the column wants
	always           // nothing is read: the value is the same in every row
)

// plain reads a column's plain cells.
type plain struct {
	kind      plainKind
	padded    bool  // spaces may stand around the cell
	low, high int64 // of wholes
	allowed   []int64
	size      int // 10 to the power of how many digits there must be
	count     int // of digits
}

// maxDigits bounds a number of which float64 holds every digit.
const maxDigits = 15

// powers are those of ten that float64 holds exactly and a plain number may need. Its digits over such a power
// are rounded once, so the quotient is the nearest float64 (Clinger 1990), which strconv finds, too.
var powers = [maxDigits + 1]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// plainly adds the cell that begins at text[at] to the store and returns where it ends, or -1 if it is not plain
// or no value of the column. A line end must follow somewhere.
func (c *Column) plainly(s *store, row int, text []byte, at int) int {
	p := &c.plain
	if p.padded {
		for text[at] == ' ' {
			at++
		}
	}
	n, from := int64(0), at
	for text[at]-'0' <= 9 {
		n = 10*n + int64(text[at]-'0')
		at++
	}
	count := at - from
	switch {
	case count == 0 || count > maxDigits:
		return c.plainNull(s, row, text, from, at)
	case p.kind == digits:
		if count != p.count {
			return -1
		}
		s.i32 = append(s.i32, s.lookupDigits(int(n), p.size, text[from:at]))
		return p.end(text, at)
	case p.kind == wholes:
		if n < p.low || n > p.high || p.allowed != nil && !slices.Contains(p.allowed, n) {
			return -1
		}
		if s.kind == arrow.INT16 {
			s.i16 = append(s.i16, int16(n))
		} else {
			s.appendWhole(n)
		}
	default:
		fraction := 0
		if text[at] == '.' {
			at++
			for from = at; text[at]-'0' <= 9; at++ {
				n = 10*n + int64(text[at]-'0')
			}
			fraction = at - from
			if count+fraction > maxDigits {
				return -1
			}
		}
		s.f64 = append(s.f64, float64(n)/powers[fraction])
	}
	if s.valid != nil {
		s.valid = append(s.valid, true)
	}
	return p.end(text, at)
}

// plainNull reads an empty cell or NA, which are null in columns of numbers.
func (c *Column) plainNull(s *store, row int, text []byte, from, at int) int {
	if at > from || !c.Field.Nullable || c.plain.kind == digits {
		return -1
	}
	if text[at] == 'N' && text[at+1] == 'A' {
		at += 2
	}
	end := c.plain.end(text, at)
	if end < 0 {
		return -1
	}
	s.invalidate(row)
	if c.plain.kind == reals {
		s.f64 = append(s.f64, 0)
	} else {
		s.appendWhole(0)
	}
	return end
}

// end returns where a cell ends of which the value ends at text[at], or -1.
func (p *plain) end(text []byte, at int) int {
	if p.padded {
		for text[at] == ' ' {
			at++
		}
	}
	return at
}

// scanner reads plain records into a builder.
type scanner struct {
	*Builder
	comma  byte
	cells  []int // column of each cell
	absent []int // columns that no cell feeds
}

// newScanner returns a scanner, or nil where the layout has a cell that is never plain.
func newScanner(b *Builder, comma byte, at []int, width int) *scanner {
	s := &scanner{Builder: b, comma: comma, cells: make([]int, width)}
	for i := range s.cells {
		s.cells[i] = -1
	}
	for i, from := range at {
		kind := b.columns[i].plain.kind
		switch {
		case from < 0 && (kind == always || b.columns[i].Field.Nullable):
			s.absent = append(s.absent, i)
		case from < 0 || kind == never || s.cells[from] >= 0:
			return nil
		default:
			s.cells[from] = i
		}
	}
	for _, i := range s.cells {
		if i < 0 {
			return nil
		}
	}
	return s
}

// record adds the plain record that begins at text[at] to the builder's stores and returns where its line end
// is, or -1 if it is not plain, with nothing added. A line end must follow somewhere.
func (s *scanner) record(text []byte, at int) int {
	last := len(s.cells) - 1
	for i, column := range s.cells {
		at = s.columns[column].plainly(&s.stores[column], s.rows, text, at)
		if at < 0 || i < last && text[at] != s.comma || i == last && text[at] != '\n' {
			for _, column := range s.cells {
				s.stores[column].truncate(s.rows)
			}
			return -1
		}
		at++
	}
	return at - 1
}

// taken ends a row that record added, with the line end at end, and moves the reader behind it.
func (s *scanner) taken(r *Reader, end int) error {
	if s.rows == 0 {
		for _, i := range s.absent {
			if err := s.Set(i, nil); err != nil {
				return err
			}
		}
	}
	for _, i := range s.absent {
		s.stores[i].append(s.rows)
	}
	flushed, err := s.end(r.line, r.base+int64(r.pos), int32(end-r.pos))
	if flushed {
		r.Forget()
	}
	r.pos = end + 1
	r.line++
	return err
}

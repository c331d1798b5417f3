package comtrade

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

const (
	windowBytes = 256 << 10
	valueBytes  = 4 << 20 // no record and no other value of an answer is longer
)

// answer reads {"elapsedTime":"…","count":2,"data":[{…},{…}],"error":""} record by record, in bounded memory.
type answer struct {
	in       io.Reader
	window   []byte // read and not yet used
	spare    []byte // what window is a part of
	offset   int64  // of the window in the file
	line     int64  // of the window's first byte
	finished bool   // in has ended
	place    place

	hasData bool
	count   int64  // as the answer says; -1 when it does not
	problem string // that the answer tells of in place of data, or beside them; "" for none
}

// place is where in the envelope the next byte stands.
type place int

const (
	before  place = iota // the envelope
	members              // of the envelope
	records              // of its list of data
	between              // two records, or behind the last
	after                // the envelope
)

// piece is one value of the list of data.
type piece struct {
	raw     []byte // valid until the next call
	offset  int64
	line    int64
	problem string // that the reader has with it, or ""
}

// reader takes apart the record that a text begins with. It returns the record's length, or what is wrong.
type reader func(text []byte) (length int, problem string)

// brokenError says where an answer is not what its envelope should be.
type brokenError struct {
	line, offset int64
	problem      string
	cut          bool // the answer ends too early
}

func (e *brokenError) Error() string {
	return fmt.Sprintf("line %d, byte %d: %s", e.line, e.offset, e.problem)
}

func newAnswer(in io.Reader) *answer {
	return &answer{in: in, spare: make([]byte, windowBytes), line: 1, count: -1}
}

// next returns the next record, which read took apart unless it is nil, or io.EOF when the answer ended as it
// should. It fails with a *brokenError where the envelope is damaged or cut.
func (a *answer) next(read reader) (piece, error) {
	if a.place == before {
		if err := a.open(); err != nil {
			return piece{}, err
		}
	}
	if a.place == between {
		if err := a.endRecord(); err != nil {
			return piece{}, err
		}
	}
	if a.place == members {
		if err := a.readMembers(); err != nil {
			return piece{}, err
		}
	}
	if a.place == after {
		return piece{}, io.EOF
	}
	p, err := a.piece(read)
	if err != nil {
		return piece{}, err
	}
	a.use(len(p.raw)) // which reads nothing: the bytes stay until the next call
	a.place = between
	return p, nil
}

// piece reads a record where it lies. Only one that is damaged, or not wholly in the window, is first looked
// through for its end.
func (a *answer) piece(read reader) (piece, error) {
	if _, err := a.peek(); err != nil {
		return piece{}, err
	}
	if read != nil {
		if n, problem := read(a.window); problem == "" {
			return piece{a.window[:n], a.offset, a.line, ""}, nil
		}
	}
	raw, err := a.value()
	p := piece{raw, a.offset, a.line, ""}
	if err == nil && read != nil {
		_, p.problem = read(raw)
	}
	return p, err
}

// endRecord stands the reader before the record after, or behind the list.
func (a *answer) endRecord() error {
	c, err := a.take(",]")
	a.place = records
	if c == ']' {
		a.place = members
		if c, err = a.take(",}"); c == '}' {
			a.place = after
			return a.close()
		}
	}
	return err
}

// open reads up to the first member.
func (a *answer) open() error {
	if err := a.fill(); err != nil {
		return err
	}
	if bytes.HasPrefix(a.window, []byte("\xef\xbb\xbf")) {
		a.use(3)
	}
	if _, err := a.take("{"); err != nil {
		return err
	}
	a.place = members
	if c, err := a.peek(); err != nil || c != '}' {
		return err
	}
	a.use(1)
	a.place = after
	return a.close()
}

// readMembers reads members of the envelope up to the records, or to the end.
func (a *answer) readMembers() error {
	for {
		key, err := a.value()
		if err != nil {
			return err
		}
		var name string
		if json.Unmarshal(key, &name) != nil {
			return a.broken("a member's name was to come")
		}
		a.use(len(key))
		if _, err := a.take(":"); err != nil {
			return err
		}
		c, err := a.peek()
		if err != nil {
			return err
		}
		if c == '[' && strings.EqualFold(name, "data") && !a.hasData {
			a.hasData = true
			a.use(1)
			if c, err = a.peek(); err != nil || c != ']' {
				a.place = records
				return err
			}
			a.use(1)
		} else if err := a.member(name); err != nil {
			return err
		}
		c, err = a.take(",}")
		if err != nil {
			return err
		}
		if c == '}' {
			a.place = after
			return a.close()
		}
	}
}

// member reads a member of the envelope that has no records.
func (a *answer) member(name string) error {
	value, err := a.value()
	if err != nil {
		return err
	}
	if !json.Valid(value) {
		return a.broken("member " + strconv.Quote(name) + " has no value")
	}
	switch strings.ToLower(name) {
	case "count":
		if n, err := strconv.ParseInt(string(value), 10, 64); err == nil {
			a.count = n
		}
	case "error", "message", "errorobject":
		var text string
		if json.Unmarshal(value, &text) != nil && string(value) != "null" {
			text = string(value)
		}
		if text != "" {
			a.problem = text
		}
	}
	a.use(len(value))
	return nil
}

// close checks that nothing follows the envelope.
func (a *answer) close() error {
	_, err := a.peek()
	var end *brokenError
	switch {
	case err == nil:
		return a.broken("something follows the end")
	case errors.As(err, &end) && end.cut:
		return nil
	}
	return err
}

// take uses the next byte, which must be one of those wanted.
func (a *answer) take(wanted string) (byte, error) {
	c, err := a.peek()
	if err != nil {
		return 0, err
	}
	if strings.IndexByte(wanted, c) < 0 {
		return 0, a.broken(fmt.Sprintf("%q stands where one of %q should", c, wanted))
	}
	a.use(1)
	return c, nil
}

// peek returns the next byte that is not white space.
func (a *answer) peek() (byte, error) {
	for {
		for i, c := range a.window {
			if c != ' ' && c != '\n' && c != '\r' && c != '\t' {
				a.use(i)
				return c, nil
			}
		}
		a.use(len(a.window))
		if a.finished {
			return 0, a.short("it ends before it should")
		}
		if err := a.fill(); err != nil {
			return 0, err
		}
	}
}

// value returns the next value without using it, whole but not checked.
func (a *answer) value() ([]byte, error) {
	if _, err := a.peek(); err != nil {
		return nil, err
	}
	for {
		n, whole := extent(a.window)
		if whole && n == 0 {
			return nil, a.broken("a value was to come")
		}
		if whole || a.finished && n > 0 {
			return a.window[:n], nil
		}
		if a.finished {
			return nil, a.short("it is cut in the middle of a value")
		}
		if len(a.window) >= valueBytes {
			return nil, a.broken(fmt.Sprintf("a value is longer than %d bytes", valueBytes))
		}
		if err := a.fill(); err != nil {
			return nil, err
		}
	}
}

// use drops the first n bytes of the window.
func (a *answer) use(n int) {
	a.line += int64(bytes.Count(a.window[:n], []byte{'\n'}))
	a.offset += int64(n)
	a.window = a.window[n:]
}

// fill reads more behind the window.
func (a *answer) fill() error {
	if len(a.window) > len(a.spare)/2 {
		a.spare = make([]byte, 2*len(a.spare))
	}
	n := copy(a.spare, a.window)
	more, err := io.ReadFull(a.in, a.spare[n:])
	a.window = a.spare[:n+more]
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		a.finished = true
		return nil
	}
	return err
}

func (a *answer) broken(problem string) *brokenError {
	return &brokenError{a.line, a.offset, problem, false}
}

func (a *answer) short(problem string) *brokenError {
	return &brokenError{a.line, a.offset, problem, true}
}

// extent returns how long the value is that text begins with, and whether its end is certain: a number's is
// not at the end of text. n is 0 for a text without one.
func extent(text []byte) (n int, whole bool) {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			end := closing(text, i+1)
			if end < 0 {
				return 0, false
			}
			if i = end; depth == 0 {
				return i + 1, true
			}
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth < 0 {
				return i, true
			}
			if depth == 0 {
				return i + 1, true
			}
		case ',', ':', ' ', '\n', '\r', '\t':
			if depth == 0 {
				return i, true
			}
		}
	}
	if depth > 0 {
		return 0, false
	}
	return len(text), false
}

// closing returns where the quote is that ends a string's content, which begins at a position, or -1.
func closing(text []byte, at int) int {
	from := at
	for {
		n := bytes.IndexByte(text[at:], '"')
		if n < 0 {
			return -1
		}
		at += n
		escapes := 0
		for at-escapes > from && text[at-escapes-1] == '\\' {
			escapes++
		}
		if escapes%2 == 0 {
			return at
		}
		at++
	}
}

// verdict says what is wrong with an answer that was read to its end and had so many records, or "".
func (a *answer) verdict(records int64) string {
	switch {
	case a.problem != "":
		return fmt.Sprintf("the answer is an error: %.300q", a.problem)
	case !a.hasData:
		return "the answer has no member \"data\""
	case a.count < 0:
		return "the answer has no count of its records"
	case a.count != records:
		return fmt.Sprintf("the answer says that it has %d records, and has %d", a.count, records)
	}
	return ""
}

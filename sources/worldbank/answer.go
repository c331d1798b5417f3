package worldbank

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// head is what a page says of itself, or what the service says in place of one.
type head struct {
	Page        json.Number `json:"page"`
	Pages       json.Number `json:"pages"`
	PerPage     json.Number `json:"per_page"`
	Total       json.Number `json:"total"`
	LastUpdated string      `json:"lastupdated"`
	Message     []struct {
		ID    string `json:"id"`
		Key   string `json:"key"`
		Value string `json:"value"`
	} `json:"message"`
}

// refusal is the service's message, "" for a page.
func (h head) refusal() string {
	var texts []string
	for _, m := range h.Message {
		texts = append(texts, fmt.Sprintf("%s: %s (%s)", m.Key, m.Value, m.ID))
	}
	return strings.Join(texts, "; ")
}

// count is a number of the head, -1 for one that is absent or none.
func count(n json.Number) int64 {
	v, err := n.Int64()
	if err != nil {
		return -1
	}
	return v
}

// record is one element of a page's list.
type record struct {
	raw          []byte // valid until the next call
	offset, line int64  // of its first byte
}

// answer reads [{head},[{record},…]] record by record. An answer that refuses is [{"message":[…]}], one
// without records [{head},null].
type answer struct {
	head head

	d     *json.Decoder
	lines *lines
	start int64 // length of a byte order mark
	empty bool  // there is no list
}

// open reads a page's head.
func open(in io.Reader) (*answer, error) {
	body := bufio.NewReader(in)
	a := &answer{}
	if mark, _ := body.Peek(3); string(mark) == "\xef\xbb\xbf" {
		a.start = 3
		_, _ = body.Discard(3)
	}
	a.lines = &lines{in: body, line: 1}
	a.d = json.NewDecoder(a.lines)
	if err := a.expect('['); err != nil {
		return nil, err
	}
	if err := a.d.Decode(&a.head); err != nil {
		return nil, fmt.Errorf("its head: %w", cut(err))
	}
	if a.head.Message != nil {
		return a, nil
	}
	list, err := a.d.Token()
	if err != nil {
		return nil, cut(err)
	}
	a.empty = list == nil
	if !a.empty && list != json.Delim('[') {
		return nil, fmt.Errorf("%v stands where the list of records should", list)
	}
	return a, nil
}

// next returns the next record, or io.EOF when the answer ended as it should.
func (a *answer) next() (record, error) {
	if !a.empty && a.d.More() {
		var raw json.RawMessage
		if err := a.d.Decode(&raw); err != nil {
			return record{}, cut(err)
		}
		at := a.d.InputOffset() - int64(len(raw))
		return record{raw, a.start + at, a.lines.of(at)}, nil
	}
	if !a.empty {
		if err := a.expect(']'); err != nil {
			return record{}, err
		}
	}
	if err := a.expect(']'); err != nil {
		return record{}, err
	}
	if more, err := a.d.Token(); !errors.Is(err, io.EOF) {
		return record{}, fmt.Errorf("%v follows its end", more)
	}
	return record{}, io.EOF
}

func (a *answer) expect(want json.Delim) error {
	got, err := a.d.Token()
	if err != nil {
		return cut(err)
	}
	if got != want {
		return fmt.Errorf("%v stands where %v should", got, want)
	}
	return nil
}

// cut makes an end before the end an error like any other.
func cut(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// lines remembers where line ends were read, for as long as the decoder is behind them.
type lines struct {
	in   io.Reader
	read int64
	ends []int64
	line int64 // after all ends that were asked about
}

// Read implements io.Reader.
func (l *lines) Read(p []byte) (int, error) {
	n, err := l.in.Read(p)
	for at := 0; ; at++ {
		end := bytes.IndexByte(p[at:n], '\n')
		if end < 0 {
			break
		}
		at += end
		l.ends = append(l.ends, l.read+int64(at))
	}
	l.read += int64(n)
	return n, err
}

// of returns the line of a position, which is not before that of the last call.
func (l *lines) of(offset int64) int64 {
	passed := 0
	for passed < len(l.ends) && l.ends[passed] < offset {
		passed++
	}
	l.ends = l.ends[passed:]
	l.line += int64(passed)
	return l.line
}

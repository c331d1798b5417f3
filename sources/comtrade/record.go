package comtrade

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// Slots of members that no column is read from.
const (
	slotIgnored = -1 - iota
	slotUnknown
)

// decoder takes records apart: flat objects whose members are the same from record to record, and mostly in
// the same order.
type decoder struct {
	slots  map[string]int // by name in lower case
	names  map[string]int // by name as met
	path   []step         // of the record before
	cells  [][]byte       // by slot, of the record just read; nil for null or absent
	seen   []int          // by slot: the number of the record that had it last
	number int            // of records
	noted  []string       // unknown members, in order of appearance
}

type step struct {
	name string
	slot int
}

// largestVocabulary bounds the names that are remembered of a file that is not what it should be.
const largestVocabulary = 1000

// newDecoder makes a decoder that puts the named members into slots in this order. The case of names does
// not matter.
func newDecoder(names []string) *decoder {
	d := &decoder{
		slots: map[string]int{}, names: map[string]int{},
		cells: make([][]byte, len(names)), seen: make([]int, len(names)),
	}
	for _, name := range ignored {
		d.slots[strings.ToLower(name)] = slotIgnored
	}
	for i, name := range names {
		d.slots[strings.ToLower(name)] = i
	}
	return d
}

// has reports whether the record just read has the member, null included.
func (d *decoder) has(slot int) bool { return d.seen[slot] == d.number }

// read takes the record that raw begins with apart into cells, which are parts of raw. It is a reader.
func (d *decoder) read(raw []byte) (length int, problem string) {
	d.number++
	clear(d.cells)
	if len(raw) == 0 || raw[0] != '{' {
		return 0, "it is not an object"
	}
	at := skip(raw, 1)
	if at < len(raw) && raw[at] == '}' {
		return at + 1, ""
	}
	for nth := 0; ; nth++ {
		slot, next := d.name(raw, at, nth)
		if next < 0 {
			return 0, fmt.Sprintf("at byte %d of it a member's name was to come", at)
		}
		at = skip(raw, next)
		if at >= len(raw) || raw[at] != ':' {
			return 0, fmt.Sprintf("at byte %d of it a colon was to come", at)
		}
		at = skip(raw, at+1)
		cell, end, problem := value(raw, at)
		if problem != "" {
			return 0, fmt.Sprintf("at byte %d of it %s", at, problem)
		}
		if slot >= 0 {
			if raw[at] == '{' || raw[at] == '[' {
				return 0, fmt.Sprintf("member %q is not a plain value", d.path[nth].name)
			}
			if d.seen[slot] == d.number {
				return 0, fmt.Sprintf("member %q occurs twice", d.path[nth].name)
			}
			d.seen[slot], d.cells[slot] = d.number, cell
		}
		at = skip(raw, end)
		if at >= len(raw) || raw[at] != ',' && raw[at] != '}' {
			return 0, fmt.Sprintf("at byte %d of it a comma was to come", at)
		}
		if raw[at] == '}' {
			return at + 1, ""
		}
		at = skip(raw, at+1)
	}
}

// name reads a member's name and returns its slot and where the name ends, -1 if it is none.
func (d *decoder) name(raw []byte, at, nth int) (slot, end int) {
	if at >= len(raw) || raw[at] != '"' {
		return 0, -1
	}
	if nth < len(d.path) {
		expected := d.path[nth]
		end := at + 1 + len(expected.name)
		if end < len(raw) && raw[end] == '"' && string(raw[at+1:end]) == expected.name {
			return expected.slot, end + 1
		}
	}
	text, end, problem := value(raw, at)
	if problem != "" {
		return 0, -1
	}
	name := string(text)
	d.path = append(d.path[:min(nth, len(d.path))], step{name, d.slot(name)})
	return d.path[nth].slot, end
}

// slot finds a name's slot, whatever the case of its letters.
func (d *decoder) slot(name string) int {
	slot, known := d.names[name]
	if known {
		return slot
	}
	slot, known = d.slots[strings.ToLower(name)]
	if !known {
		slot = slotUnknown
	}
	if len(d.names) < largestVocabulary {
		d.names[name] = slot
		if !known {
			d.noted = append(d.noted, name)
		}
	}
	return slot
}

func skip(raw []byte, at int) int {
	for at < len(raw) && (raw[at] == ' ' || raw[at] == '\n' || raw[at] == '\r' || raw[at] == '\t') {
		at++
	}
	return at
}

// value reads the value at a position: the text of a string or of a bare word, nil for null and for what is
// no plain value. A bare word must be true, false or a number.
func value(raw []byte, at int) (cell []byte, end int, problem string) {
	if at >= len(raw) {
		return nil, at, "a value was to come"
	}
	switch raw[at] {
	case '"':
		end = closing(raw, at+1)
		if end < 0 {
			return nil, at, "a text does not end"
		}
		cell = raw[at+1 : end]
		if bytes.IndexByte(cell, '\\') < 0 {
			return cell, end + 1, ""
		}
		var text string
		if json.Unmarshal(raw[at:end+1], &text) != nil {
			return nil, at, "a text is damaged"
		}
		return []byte(text), end + 1, ""
	case '{', '[':
		n, whole := extent(raw[at:])
		if !whole || !json.Valid(raw[at:at+n]) {
			return nil, at, "a value is damaged"
		}
		return nil, at + n, ""
	}
	end = at
	for end < len(raw) && !endsWord(raw[end]) {
		end++
	}
	cell = raw[at:end]
	switch {
	case string(cell) == "null":
		return nil, end, ""
	case string(cell) == "true", string(cell) == "false", isNumber(cell):
		return cell, end, ""
	}
	return nil, at, fmt.Sprintf("%q is neither a number nor true, false or null", cell)
}

func endsWord(c byte) bool {
	return c == ',' || c == '}' || c == ']' || c == ' ' || c == '\n' || c == '\r' || c == '\t'
}

// isNumber reports whether a word is a number as JSON writes them.
func isNumber(word []byte) bool {
	digits := func() bool {
		n := 0
		for n < len(word) && '0' <= word[n] && word[n] <= '9' {
			n++
		}
		word = word[n:]
		return n > 0
	}
	if len(word) > 0 && word[0] == '-' {
		word = word[1:]
	}
	if len(word) > 1 && word[0] == '0' && '0' <= word[1] && word[1] <= '9' || !digits() {
		return false
	}
	if len(word) > 0 && word[0] == '.' {
		if word = word[1:]; !digits() {
			return false
		}
	}
	if len(word) > 0 && (word[0] == 'e' || word[0] == 'E') {
		if word = word[1:]; len(word) > 0 && (word[0] == '+' || word[0] == '-') {
			word = word[1:]
		}
		return digits() && len(word) == 0
	}
	return len(word) == 0
}

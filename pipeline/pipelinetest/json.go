package pipelinetest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"entente/pipeline"
)

// span is where a JSON value stands in its file.
type span struct{ offset, length int64 }

// accountJSON checks records against a JSON file: each must be one element of the same array, of which it counts
// the elements that no record covers.
func accountJSON(content []byte, records []pipeline.Reject) (gaps int64, err error) {
	arrays, err := arraysOf(content)
	if err != nil {
		return 0, err
	}
	at := func(x pipeline.Reject) span { return span{x.Offset, int64(x.Length)} }
	var array map[span]bool
	for _, a := range arrays {
		if a[at(records[0])] {
			array = a
		}
	}
	covered := map[span]bool{}
	for _, x := range records {
		if !array[at(x)] {
			return 0, fmt.Errorf("byte %d, length %d: not an element of the array that the others are in", x.Offset, x.Length)
		}
		if line := int64(1 + bytes.Count(content[:x.Offset], []byte{'\n'})); x.Line != line {
			return 0, fmt.Errorf("the record at byte %d is said to be on line %d and is on %d", x.Offset, x.Line, line)
		}
		covered[at(x)] = true
	}
	return int64(len(array) - len(covered)), nil
}

// arraysOf returns the elements of every array of a JSON text, innermost arrays first.
func arraysOf(content []byte) ([]map[span]bool, error) {
	text := bytes.TrimPrefix(content, []byte("\xef\xbb\xbf"))
	shift := int64(len(content) - len(text))
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var arrays, open []map[span]bool
	var starts []int64 // of the values that are open
	before := shift    // end of the token before
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return arrays, nil
		}
		if err != nil {
			return nil, fmt.Errorf("not JSON: %w", err)
		}
		end := d.InputOffset() + shift
		start := end - int64(len(bytes.TrimLeft(content[before:end], " \t\r\n,:")))
		before = end
		switch token {
		case json.Delim('['), json.Delim('{'):
			starts, open = append(starts, start), append(open, map[span]bool{})
			continue
		case json.Delim(']'), json.Delim('}'):
			last := open[len(open)-1]
			start = starts[len(starts)-1]
			starts, open = starts[:len(starts)-1], open[:len(open)-1]
			if token == json.Delim(']') {
				arrays = append(arrays, last)
			}
		}
		if len(open) > 0 {
			open[len(open)-1][span{start, end - start}] = true
		}
	}
}

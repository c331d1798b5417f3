package pipelinetest

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"slices"

	"entente/pipeline"
)

// accountXML checks records against an XML file: each must be one element, and of the elements that have the name
// of a record's it counts those that no record covers. A file that is not well formed counts up to where it breaks.
func accountXML(content []byte, records []pipeline.Reject) (gaps int64, err error) {
	elements := elementsOf(content)
	covered, names := map[span]bool{}, map[string]bool{}
	for _, x := range records {
		at := span{x.Offset, int64(x.Length)}
		name, ok := elements[at]
		if !ok {
			return 0, fmt.Errorf("byte %d, length %d: not an element", x.Offset, x.Length)
		}
		if line := int64(1 + bytes.Count(content[:x.Offset], []byte{'\n'})); x.Line != line {
			return 0, fmt.Errorf("the element at byte %d is said to be on line %d and is on %d", x.Offset, x.Line, line)
		}
		covered[at], names[name] = true, true
	}
	for at, name := range elements {
		within := func(x pipeline.Reject) bool {
			return x.Offset <= at.offset && at.offset+at.length <= x.Offset+int64(x.Length)
		}
		if names[name] && !covered[at] && !slices.ContainsFunc(records, within) {
			gaps++
		}
	}
	return gaps, nil
}

// elementsOf returns the name of every element of an XML text, up to where it is not well formed. Letters beyond ASCII are not looked at, so the
// charset does not matter.
func elementsOf(content []byte) map[span]string {
	d := xml.NewDecoder(bytes.NewReader(content))
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return ascii{in}, nil }
	elements := map[span]string{}
	var starts []int64
	for {
		at := d.InputOffset()
		token, err := d.Token()
		if err != nil {
			return elements
		}
		switch t := token.(type) {
		case xml.StartElement:
			starts = append(starts, at)
		case xml.EndElement:
			start := starts[len(starts)-1]
			starts = starts[:len(starts)-1]
			elements[span{start, d.InputOffset() - start}] = t.Name.Local
		}
	}
}

// ascii reads a question mark for every byte that is not ASCII.
type ascii struct{ in io.Reader }

func (a ascii) Read(p []byte) (int, error) {
	n, err := a.in.Read(p)
	for i, b := range p[:n] {
		if b >= 0x80 {
			p[i] = '?'
		}
	}
	return n, err
}

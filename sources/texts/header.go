package texts

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v4"
)

// header is what stands between the two lines of three dashes at the beginning of a text.
type header struct {
	ID          string `yaml:"id"`
	Title       string `yaml:"title"`
	Kind        string `yaml:"kind"`
	SignedDate  string `yaml:"signed_date"`
	InForceDate string `yaml:"in_force_date"`
	EndDate     string `yaml:"end_date"`
	Parties     values `yaml:"parties"`
	Language    values `yaml:"language"`
	Licence     string `yaml:"licence"`
	SourceURL   string `yaml:"source_url"`
	TextKind    string `yaml:"text_kind"`
}

// values are one or several.
type values []string

// UnmarshalYAML implements yaml.Unmarshaler.
func (v *values) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode {
		*v = values{node.Value}
		return nil
	}
	var several []string
	err := node.Decode(&several)
	*v = several
	return err
}

var (
	textID       = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]*$`)
	languageCode = regexp.MustCompile(`^[a-z]{2}$`)
	fence        = []byte("---")
)

// divide separates a text into the lines of its header and the body. Lines are counted from 1: the header's first is 2.
func divide(data []byte) (head []byte, body []byte, bodyLine int, ok bool) {
	text := bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	first, rest, found := bytes.Cut(text, []byte("\n"))
	if !found || !bytes.Equal(bytes.TrimRight(first, " \r"), fence) {
		return nil, nil, 0, false
	}
	at, line := 0, 2
	for at < len(rest) {
		end := bytes.IndexByte(rest[at:], '\n')
		next := at + end + 1
		if end < 0 {
			end, next = len(rest)-at, len(rest)
		}
		if bytes.Equal(bytes.TrimRight(rest[at:at+end], " \r"), fence) {
			return rest[:at], rest[next:], line + 1, true
		}
		at = next
		line++
	}
	return nil, nil, 0, false
}

// readHeader decodes a header strictly, or says what is wrong with it.
func readHeader(text []byte) (header, string) {
	h := header{Kind: "multilateral", TextKind: "full"}
	if err := yaml.Load(append([]byte("\n"), text...), &h, yaml.WithKnownFields()); err != nil { // lines as in the file
		problem := strings.ReplaceAll(err.Error(), " in type texts.header", "")
		return h, "the metadata: " + strings.Join(strings.Fields(problem), " ")
	}
	if !textID.MatchString(h.ID) {
		return h, fmt.Sprintf("the metadata: id %q is not of small letters, digits, _ and -", h.ID)
	}
	if len(h.Language) == 0 {
		return h, "the metadata: language is missing"
	}
	for _, code := range h.Language {
		if !languageCode.MatchString(code) {
			return h, fmt.Sprintf("the metadata: language %q is no code of ISO 639-1, such as en", code)
		}
	}
	return h, ""
}

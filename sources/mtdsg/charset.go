package mtdsg

import (
	"encoding/xml"
	"fmt"
	"io"
	"sort"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// bytesIn is a file that knows where its bytes beyond ASCII are. Text in ISO-8859-1 is decoded before it is
// parsed, which makes two bytes of each of them, so that positions in the text are not those in the file. What
// stands before the end of the XML declaration is not decoded.
type bytesIn struct {
	in     io.Reader
	at     int64
	beyond []int64 // positions of bytes beyond ASCII
	from   int     // the first of them that is decoded
	latin1 bool
}

// Read implements io.Reader.
func (b *bytesIn) Read(p []byte) (int, error) {
	n, err := b.in.Read(p)
	for i, c := range p[:n] {
		if c >= utf8.RuneSelf {
			b.beyond = append(b.beyond, b.at+int64(i))
		}
	}
	b.at += int64(n)
	return n, err
}

// position is the position in the file of one in the decoded text.
func (b *bytesIn) position(decoded int64) int64 {
	if !b.latin1 {
		return decoded
	}
	bytes := b.beyond[b.from:]
	before := sort.Search(len(bytes), func(i int) bool { return bytes[i]+int64(i) >= decoded })
	return decoded - int64(before)
}

// decoder parses the file, which may be in ISO-8859-1, as published, or in UTF-8.
func (b *bytesIn) decoder() *xml.Decoder {
	d := xml.NewDecoder(b)
	d.CharsetReader = func(label string, in io.Reader) (io.Reader, error) {
		switch strings.ToLower(label) {
		case "iso-8859-1", "latin1":
			b.latin1, b.from = true, sort.Search(len(b.beyond), func(i int) bool { return b.beyond[i] >= d.InputOffset() })
			return charmap.ISO8859_1.NewDecoder().Reader(in), nil
		case "us-ascii":
			return in, nil
		}
		return nil, fmt.Errorf("charset %q is neither ISO-8859-1 nor UTF-8", label)
	}
	return d
}

// Package delimited reads comma- or tab-separated files of any size into Arrow batches: columns by
// name, cells by declared type, and every record that cannot be read set aside with its position.
//
// It exists because the upstreams' files repeat most of each record from row to row, and a reader that
// knows this is several times as fast as one that splits and decodes every cell
// (docs/performance.md). The quoting is that of RFC 4180.
package delimited

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

const (
	// maxRecord bounds a record, so that a quote left open cannot swallow the rest of a file.
	maxRecord = 256 << 10
	longest   = maxRecord + 2 // with the line end
	chunk     = 1 << 20
)

// Record is one record of a file. Its cells are valid until the next call of Next.
type Record struct {
	Cells    [][]byte // unquoted
	SameFrom int      // cells from here on equal those of the reference record
	Line     int64    // on which it begins, from 1
	Offset   int64    // of its first byte in the file
	Length   int32    // without the line end
	Problem  string   // why it is no record, or ""
}

// Reader splits a file into records.
//
// It keeps a reference record: the last one that was split to its end. Where the rest of a later record
// is the same bytes, SameFrom says so, and whoever decoded the reference need not decode again.
type Reader struct {
	src   io.Reader
	comma byte
	buf   []byte
	pos   int   // next unread byte in buf
	base  int64 // offset in the file of buf[0]
	eof   bool
	line  int64
	width int  // cells a record must have, 0 for any
	bare  bool // the last record may lack its line end

	rec    Record
	starts []int  // of its cells, in its bytes
	spare  []byte // its quoted cells, unescaped

	ref      []byte // the reference record's bytes, with the line end
	refAt    []int  // start of each of its cells
	refText  []byte // its unquoted cells, one behind the other
	refCells [][]byte
}

// NewReader reads records separated by comma from src. A byte order mark is passed over.
func NewReader(src io.Reader, comma byte) *Reader {
	return &Reader{src: src, comma: comma, line: 1, buf: make([]byte, 0, 4*chunk)}
}

// restart makes the reader read on from a place in text, which is all there is: src is not asked for more.
// Behind a record's first byte there are at least longest bytes of the file in text, or all of them.
func (r *Reader) restart(text []byte, base int64, from int, line int64) {
	r.buf, r.base, r.pos, r.line, r.eof = text, base, from, line, true
	r.Forget()
}

// Header reads the first record, whose number of cells all later ones must have.
func (r *Reader) Header() ([]string, error) {
	if err := r.fill(); err != nil {
		return nil, err
	}
	if bytes.HasPrefix(r.buf, []byte("\xef\xbb\xbf")) {
		r.pos = 3
	}
	rec, err := r.Next()
	if errors.Is(err, io.EOF) {
		return nil, errors.New("the file is empty")
	}
	if err != nil {
		return nil, err
	}
	if rec.Problem != "" {
		return nil, fmt.Errorf("header line: %s", rec.Problem)
	}
	names := make([]string, len(rec.Cells))
	for i, c := range rec.Cells {
		if bytes.IndexByte(c, '\n') >= 0 {
			return nil, fmt.Errorf("column %d of the header goes on in the next line: its quotation mark is not closed", i+1)
		}
		names[i] = string(bytes.TrimSpace(c))
	}
	r.width = len(names)
	r.Forget()
	return names, nil
}

// AllowBareEnd takes a last record that has no line end, which is otherwise held to be cut.
func (r *Reader) AllowBareEnd() { r.bare = true }

// Forget drops the reference record: the next record is split to its end.
func (r *Reader) Forget() { r.ref, r.refAt = r.ref[:0], r.refAt[:0] }

// Next returns the next record, or io.EOF. A record with a Problem has no cells; reading goes on with
// the line after the one it began on.
func (r *Reader) Next() (*Record, error) {
	if len(r.buf)-r.pos < longest && !r.eof {
		if err := r.fill(); err != nil {
			return nil, err
		}
	}
	if r.pos >= len(r.buf) {
		return nil, io.EOF
	}
	// What a record is does not depend on how much of the file happens to be here.
	rest := r.buf[r.pos:min(len(r.buf), r.pos+longest)]
	r.rec = Record{Cells: r.rec.Cells[:0], Line: r.line, Offset: r.base + int64(r.pos)}
	used, problem := r.split(rest)
	if problem == "" && r.width > 0 && len(r.rec.Cells) != r.width {
		problem = fmt.Sprintf("%d fields where the header has %d", len(r.rec.Cells), r.width)
	}
	if problem != "" {
		used = r.refuse(rest, problem)
	}
	text := rest[:used]
	r.line += int64(bytes.Count(text, []byte{'\n'}))
	r.rec.Length = int32(len(bytes.TrimRight(text, "\r\n")))
	r.pos += used
	return &r.rec, nil
}

// refuse makes the current record one with a problem and returns the length of its first line.
func (r *Reader) refuse(rest []byte, problem string) int {
	r.rec.Cells = r.rec.Cells[:0]
	r.rec.Problem = problem
	r.Forget()
	if end := bytes.IndexByte(rest, '\n'); end >= 0 {
		return end + 1
	}
	return len(rest)
}

// split cuts the record at the start of rest into cells and returns its length with the line end.
func (r *Reader) split(rest []byte) (int, string) {
	at := 0
	r.spare, r.starts = r.spare[:0], r.starts[:0]
	for i := 0; ; i++ {
		if i > 0 && i < len(r.refAt) && bytes.HasPrefix(rest[at:], r.ref[r.refAt[i]:]) {
			r.rec.SameFrom = i
			r.rec.Cells = append(r.rec.Cells, r.refCells[i:]...)
			return at + len(r.ref) - r.refAt[i], ""
		}
		r.starts = append(r.starts, at)
		cell, next, problem := r.cell(rest, at)
		if problem != "" {
			return 0, problem
		}
		r.rec.Cells = append(r.rec.Cells, cell)
		if next >= len(rest) && len(rest) == longest {
			return 0, fmt.Sprintf("a record of more than %d bytes", maxRecord)
		}
		if next >= len(rest) {
			r.rec.SameFrom = len(r.rec.Cells)
			if r.width > 0 && len(r.rec.Cells) == r.width && !r.bare {
				return 0, "the file ends without a line end, so this last record may be cut"
			}
			return len(rest), ""
		}
		if rest[next] == r.comma {
			at = next + 1
			continue
		}
		end := next + 1
		if rest[next] == '\r' {
			end++
		}
		r.rec.SameFrom = len(r.rec.Cells)
		if len(r.rec.Cells) == r.width {
			r.remember(rest[:end])
		}
		return end, ""
	}
}

// cell returns the cell that begins at rest[at] and the position of the separator or line end behind it.
func (r *Reader) cell(rest []byte, at int) ([]byte, int, string) {
	if at < len(rest) && rest[at] == '"' {
		return r.quoted(rest, at)
	}
	for i := at; i < len(rest); i++ {
		switch c := rest[i]; {
		case c == r.comma || c == '\n':
			return rest[at:i], i, ""
		case c == '\r' && i+1 < len(rest) && rest[i+1] == '\n':
			return rest[at:i], i, ""
		}
	}
	return rest[at:], len(rest), ""
}

func (r *Reader) quoted(rest []byte, at int) ([]byte, int, string) {
	limit := min(len(rest), at+maxRecord)
	from := len(r.spare)
	escaped := false
	for i := at + 1; ; {
		quote := bytes.IndexByte(rest[i:limit], '"')
		if quote < 0 {
			if limit < len(rest) || len(rest) == longest {
				return nil, 0, fmt.Sprintf("a quote is opened and not closed within %d bytes", maxRecord)
			}
			return nil, 0, "a quote is opened and never closed"
		}
		end := i + quote
		if end+1 < limit && rest[end+1] == '"' {
			r.spare = append(r.spare, rest[i:end+1]...)
			escaped = true
			i = end + 2
			continue
		}
		if !r.separates(rest, end+1) {
			return nil, 0, "text follows a closing quote"
		}
		if !escaped {
			return rest[at+1 : end], end + 1, ""
		}
		r.spare = append(r.spare, rest[i:end]...)
		return r.spare[from:len(r.spare):len(r.spare)], end + 1, ""
	}
}

// separates reports whether a cell may end before rest[at].
func (r *Reader) separates(rest []byte, at int) bool {
	if at >= len(rest) {
		return true
	}
	return rest[at] == r.comma || rest[at] == '\n' || rest[at] == '\r' && at+1 < len(rest) && rest[at+1] == '\n'
}

// remember makes the record just split the reference.
func (r *Reader) remember(text []byte) {
	r.ref = append(r.ref[:0], text...)
	r.refAt = append(r.refAt[:0], r.starts...)
	r.refText = r.refText[:0]
	for _, cell := range r.rec.Cells {
		r.refText = append(r.refText, cell...)
	}
	r.refCells = r.refCells[:0]
	at := 0
	for _, cell := range r.rec.Cells {
		r.refCells = append(r.refCells, r.refText[at:at+len(cell)])
		at += len(cell)
	}
}

// fill moves the unread bytes to the front and reads on, so that a whole record lies in the buffer.
func (r *Reader) fill() error {
	r.base += int64(r.pos)
	r.buf = r.buf[:copy(r.buf, r.buf[r.pos:])]
	r.pos = 0
	for len(r.buf) < cap(r.buf) {
		n, err := r.src.Read(r.buf[len(r.buf):cap(r.buf)])
		r.buf = r.buf[:len(r.buf)+n]
		if errors.Is(err, io.EOF) {
			r.eof = true
			return nil
		}
		if err != nil {
			return fmt.Errorf("read: %w", err)
		}
	}
	return nil
}

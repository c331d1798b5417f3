package texts

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"entente/pipeline"
	"entente/pipeline/archive"
	"entente/pipeline/delimited"
	"entente/transforms/articles"
)

// largest bounds a text: the longest treaties have some 3 MB.
const largest = 16 << 20

// Parse implements pipeline.Source.
func (s *source) Parse(ctx context.Context, snapshot fs.FS, table string, out pipeline.Sink) error {
	take := map[string]func(*document, pipeline.Sink) error{
		treatiesTable: treaty, partiesTable: parties, articlesTable: pieces,
	}[table]
	if take == nil {
		return fmt.Errorf("source %s: no table %q", name, table)
	}
	packed := archive.New(name, snapshot, archive.Limits{Bytes: largest})
	files, err := list(snapshot, packed)
	if err != nil {
		return err
	}
	for _, file := range files {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		doc, err := open(packed, file)
		if err != nil {
			return err
		}
		if doc.problem != "" {
			err = reject(doc, doc.whole, doc.problem, out)
		} else {
			err = take(doc, out)
		}
		if err != nil {
			return err
		}
	}
	return out.Close()
}

// list names the texts of a snapshot, and those in its archive.
func list(snapshot fs.FS, packed *archive.FS) ([]string, error) {
	entries, err := fs.Glob(snapshot, "*")
	if err != nil {
		return nil, fmt.Errorf("source %s: %w", name, err)
	}
	var files []string
	for _, entry := range entries {
		if textFile.MatchString(entry) {
			files = append(files, entry)
		}
	}
	if !slices.Contains(entries, archiveFile) {
		return files, nil
	}
	members, err := packed.Members(archiveFile)
	if err != nil {
		return nil, err
	}
	for _, m := range members {
		if textFile.MatchString(m.Name) && !strings.EqualFold(path.Base(m.Name), "README.md") {
			files = append(files, m.Path)
		}
	}
	return files, nil
}

// document is one text.
type document struct {
	file    string
	header  header
	whole   delimited.Record // all of the file but its first line
	head    delimited.Record // the lines of the header
	data    []byte
	body    []byte
	line    int   // of the body's first, counted from 1
	starts  []int // of the file's lines
	problem string
}

// open reads a text. What is wrong with the text itself is its problem, and no error.
func open(packed fs.FS, file string) (*document, error) {
	f, err := packed.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, largest+1))
	if err != nil {
		return nil, fmt.Errorf("source %s: %s: %w", name, file, err)
	}
	if len(data) > largest {
		return nil, &pipeline.UpstreamError{Source: name, Where: file, Problem: "the text is longer than any treaty",
			Next: fmt.Sprintf("give a file of at most %d bytes", largest)}
	}
	d := &document{file: file, data: data}
	for at := 0; at < len(data); {
		d.starts = append(d.starts, at)
		end := bytes.IndexByte(data[at:], '\n')
		if end < 0 {
			break
		}
		at += end + 1
	}
	d.whole = d.span(min(1, len(d.starts)-1), len(d.starts))
	head, body, line, ok := divide(data)
	switch {
	case !ok:
		d.problem = "the file does not begin with metadata between two lines of three dashes"
	case !utf8.Valid(data):
		d.problem = "the text is not UTF-8"
	default:
		d.body, d.line = body, line
		d.head = d.span(1, max(line-2, 2))
		d.header, d.problem = readHeader(head)
	}
	return d, nil
}

// span is the place of whole lines, counted from 0, to excluded.
func (d *document) span(from, to int) delimited.Record {
	if len(d.starts) == 0 {
		return delimited.Record{Line: 1}
	}
	end := len(d.data)
	if to < len(d.starts) {
		end = d.starts[to]
	}
	at := d.starts[min(from, len(d.starts)-1)]
	length := len(bytes.TrimRight(d.data[at:end], "\r\n"))
	return delimited.Record{Line: int64(min(from, len(d.starts)-1) + 1), Offset: int64(at), Length: int32(length)}
}

func treaty(d *document, out pipeline.Sink) error {
	h := d.header
	b := delimited.NewBuilder(treatyColumns(), d.file, out)
	cells := []string{
		h.ID, h.Title, h.Kind, h.SignedDate, h.InForceDate, h.EndDate, h.TextKind, strings.Join(h.Language, " "), h.Licence, h.SourceURL,
	}
	if err := row(b, d, d.head, cells, out); err != nil {
		return err
	}
	return b.Flush()
}

func parties(d *document, out pipeline.Sink) error {
	b := delimited.NewBuilder(partyColumns(), d.file, out)
	for i, party := range d.header.Parties {
		code, named := "", party
		if len(party) == 3 && strings.ToUpper(party) == party {
			code, named = party, ""
		}
		if err := row(b, d, d.head, []string{d.header.ID, strconv.Itoa(i + 1), d.header.SignedDate, code, named}, out); err != nil {
			return err
		}
	}
	return b.Flush()
}

// pieces makes the rows of a text's articles.
func pieces(d *document, out pipeline.Sink) error {
	p := plain(d.body)
	if ext := strings.ToLower(path.Ext(d.file)); ext == ".html" || ext == ".htm" {
		var err error
		if p, err = unHTML(d.body); err != nil {
			return reject(d, d.whole, err.Error(), out)
		}
	}
	b := delimited.NewBuilder(articleColumns(), d.file, out)
	found := articles.Segment(p.text, d.header.Language...)
	if len(found) == 0 {
		return reject(d, d.head, "no text follows the metadata", out)
	}
	for i, a := range found {
		cells := []string{
			d.header.ID, strconv.Itoa(i + 1), a.Part, a.ChapterNumber, a.ChapterName, a.Number, a.Name, a.Language, d.header.TextKind, a.Text,
		}
		from, to := p.lines[a.From], p.lines[min(a.To, len(p.lines))-1]+1
		if err := row(b, d, d.span(d.line-1+from, d.line-1+max(to, from+1)), cells, out); err != nil {
			return err
		}
	}
	return b.Flush()
}

// row adds a row, or sets it aside.
func row(b *delimited.Builder, d *document, at delimited.Record, cells []string, out pipeline.Sink) error {
	for i, cell := range cells {
		if err := b.Set(i, []byte(cell)); err != nil {
			return reject(d, at, err.Error(), out)
		}
	}
	_, err := b.Append(&at)
	return err
}

func reject(d *document, at delimited.Record, reason string, out pipeline.Sink) error {
	return out.Reject(pipeline.Reject{File: d.file, Line: at.Line, Offset: at.Offset, Length: at.Length, Reason: reason})
}

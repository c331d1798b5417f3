package tota

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"entente/pipeline/delimited"
)

// deepest is how far elements may be nested. The files have five levels.
const deepest = 16

// field is an element of the metadata that holds text.
type field struct {
	at         delimited.Record // where the element is
	list, name string           // list is the element that it is in, "" for meta itself
	text, kind string           // kind is its attribute type
}

// article is one element article.
type article struct {
	at                 delimited.Record
	chapter            int // place in the document, from 1
	number, name, id   string
	text               string
	problem            string
	chapterNo, heading string
	alone              bool // the chapter has no other
}

// document is one treaty's file. Without articles it was read as far as its metadata.
type document struct {
	file     string
	meta     delimited.Record // where the metadata are
	fields   []field
	articles []article
}

// reader reads a document token by token and knows where it is.
type reader struct {
	d            *xml.Decoder
	open         []string
	offset, line int64 // of the last token
}

// next returns the next token and notes where it begins. It fails where a document is not well formed, ends
// too early or is nested deeper than any treaty.
func (r *reader) next() (xml.Token, error) {
	r.offset = r.d.InputOffset()
	line, _ := r.d.InputPos()
	r.line = int64(line)
	token, err := r.d.Token()
	if err != nil {
		return nil, err
	}
	switch t := token.(type) {
	case xml.StartElement:
		if r.open = append(r.open, t.Name.Local); len(r.open) > deepest {
			return nil, fmt.Errorf("elements are nested more than %d deep", deepest)
		}
	case xml.EndElement:
		r.open = r.open[:len(r.open)-1]
	}
	return token, nil
}

// at is the position of an element that began at offset and line and ends with the last token.
func (r *reader) at(offset, line int64) delimited.Record {
	return delimited.Record{Line: line, Offset: offset, Length: int32(r.d.InputOffset() - offset)}
}

// read reads a document, or only its metadata. An error says on which line the file is not a treaty's.
func read(in io.Reader, file string, whole bool) (*document, error) {
	r := &reader{d: xml.NewDecoder(in)}
	doc := &document{file: file}
	if err := r.document(doc, whole); err != nil {
		line, _ := r.d.InputPos()
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return nil, &damage{line, err}
	}
	return doc, nil
}

// damage is what is wrong with a document, and where.
type damage struct {
	line int
	err  error
}

func (d *damage) Error() string { return d.err.Error() }
func (d *damage) Unwrap() error { return d.err }

func (r *reader) document(doc *document, whole bool) error {
	met := false
	for {
		token, err := r.next()
		if errors.Is(err, io.EOF) && met && len(r.open) == 0 {
			return nil
		}
		if err != nil {
			return err
		}
		if text, ok := token.(xml.CharData); ok && len(bytes.TrimSpace(text)) > 0 {
			return errors.New("text stands outside of metadata and chapters")
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch path := strings.Join(r.open, "/"); {
		case path == "treaty", path == "treaty/body":
		case path == "treaty/meta" && !met:
			met = true
			if err := r.metadata(doc); err != nil || !whole {
				return err
			}
		case path == "treaty/body/chapter":
			if err := r.chapter(doc, start); err != nil {
				return err
			}
		default:
			return fmt.Errorf("element %s is none that a treaty has there", path)
		}
	}
}

// metadata reads to the end of the element meta.
func (r *reader) metadata(doc *document) error {
	offset, line := r.offset, r.line
	depth := len(r.open)
	var texts [][]byte // of the open elements in meta
	var starts []field
	for {
		token, err := r.next()
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			f := field{name: t.Name.Local, kind: attribute(t, "type"), at: delimited.Record{Line: r.line, Offset: r.offset}}
			if len(r.open) > depth+1 {
				f.list = r.open[depth]
			}
			starts, texts = append(starts, f), append(texts, nil)
		case xml.CharData:
			if len(texts) > 0 {
				texts[len(texts)-1] = append(texts[len(texts)-1], t...)
			} else if len(bytes.TrimSpace(t)) > 0 {
				return errors.New("text stands between the elements of the metadata")
			}
		case xml.EndElement:
			if len(r.open) < depth {
				doc.meta = r.at(offset, line)
				return nil
			}
			f := starts[len(starts)-1]
			f.at = r.at(f.at.Offset, f.at.Line)
			f.text = string(bytes.TrimSpace(texts[len(texts)-1]))
			starts, texts = starts[:len(starts)-1], texts[:len(texts)-1]
			doc.fields = append(doc.fields, f)
		}
	}
}

// chapter reads to the end of a chapter, whose start is read.
func (r *reader) chapter(doc *document, start xml.StartElement) error {
	depth, first, seq := len(r.open), len(doc.articles), 1
	if first > 0 {
		seq = doc.articles[first-1].chapter + 1
	}
	var a *article
	var text bytes.Buffer
	var offset, line int64
	for {
		token, err := r.next()
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			switch {
			case len(r.open) > depth+1:
				a.problem = fmt.Sprintf("element %s stands in the article, whose text should have none", t.Name.Local)
			case t.Name.Local != "article":
				return fmt.Errorf("element %s is none that a chapter has", t.Name.Local)
			default:
				offset, line = r.offset, r.line
				a = &article{
					chapter: seq, chapterNo: attribute(start, "number"), heading: attribute(start, "name"),
					number: attribute(t, "number"), name: attribute(t, "name"), id: attribute(t, "article_identifier"),
				}
			}
		case xml.CharData:
			if a != nil {
				text.Write(t)
			} else if len(bytes.TrimSpace(t)) > 0 {
				return errors.New("text stands between the articles of a chapter")
			}
		case xml.EndElement:
			switch len(r.open) {
			case depth:
				a.at, a.text = r.at(offset, line), string(bytes.TrimSpace(text.Bytes()))
				doc.articles = append(doc.articles, *a)
				a = nil
				text.Reset()
			case depth - 1:
				for i := range doc.articles[first:] {
					doc.articles[first+i].alone = len(doc.articles) == first+1
				}
				return nil
			}
		}
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return strings.TrimSpace(a.Value)
		}
	}
	return ""
}

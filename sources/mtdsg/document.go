package mtdsg

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"entente/pipeline/delimited"
)

// deepest is how far elements may be nested. The files have about ten levels.
const deepest = 64

// grid is one table of participants.
type grid struct {
	titles []string // of the columns, with markup
	rows   []row
}

// row is one row of a table.
type row struct {
	at    delimited.Record
	cells []string // with markup
}

// section is one child of the treaty's element that holds what participants said.
type section struct {
	at         delimited.Record
	name, text string
}

// document is one treaty's file.
type document struct {
	file, number string
	at           delimited.Record  // of the element Treaty
	fields       map[string]string // text by element, as headed names them
	grids        []grid
	sections     []section
	headings     int64            // rows that are headings
	strays       map[string]int64 // elements in places where they are not read, by name
}

// headed are the elements of the heading whose text is read.
func headed() []string {
	return []string{"Name", "Titlesect", "Conclusion", "EIF", "Registration", "Signatories", "Parties", "TreatyText"}
}

// sectionNames are the children of the treaty's element that make rows of mtdsg_declarations.
func sectionNames() []string {
	return []string{"Declarations", "Objections", "DeclarationsUnderArticle", "Notifications", "TerritorialApplications", "EndNotes"}
}

// reader reads a document token by token and knows where it is.
type reader struct {
	bytes        *bytesIn
	d            *xml.Decoder
	doc          *document
	open         []string
	offset, line int64 // of the last token, in the file
}

// damage is what is wrong with a document, and where.
type damage struct {
	line int
	err  error
}

func (d *damage) Error() string { return d.err.Error() }
func (d *damage) Unwrap() error { return d.err }

// read reads a document. An error says on which line the file is not the status of a treaty.
func read(in io.Reader, file, number string) (*document, error) {
	b := &bytesIn{in: in}
	r := &reader{bytes: b, d: b.decoder(), doc: &document{
		file: file, number: number, fields: map[string]string{}, strays: map[string]int64{},
	}}
	err := r.treaty()
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	if err == nil && r.doc.at.Length == 0 {
		err = errors.New("it has no element Treaty")
	}
	if err != nil {
		line, _ := r.d.InputPos()
		return nil, &damage{line, err}
	}
	return r.doc, nil
}

// next returns the next token and notes where it begins; io.EOF at the end of a document that is whole.
func (r *reader) next() (xml.Token, error) {
	r.offset = r.bytes.position(r.d.InputOffset())
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

// within reports whether the last token is in an element of that name.
func (r *reader) within(name string) bool { return slices.Contains(r.open, name) }

// ending is the position of an element that began at offset and line and ends with the last token.
func (r *reader) ending(offset, line int64) delimited.Record {
	return delimited.Record{Line: line, Offset: offset, Length: int32(r.bytes.position(r.d.InputOffset()) - offset)}
}

// treaty reads the whole file, which has one element Treaty at any depth.
func (r *reader) treaty() error {
	var offset, line int64
	depth := 0 // of the element Treaty while it is open
	for {
		token, err := r.next()
		if errors.Is(err, io.EOF) && len(r.open) == 0 && depth == 0 {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			switch name := t.Name.Local; {
			case name == "Treaty" && (depth > 0 || r.doc.at.Length > 0):
				return errors.New("it has two elements Treaty")
			case name == "Treaty":
				depth, offset, line = len(r.open), r.offset, r.line
			case depth > 0 && len(r.open) == depth+1 && slices.Contains(sectionNames(), name):
				err = r.section(name)
			case depth > 0 && len(r.open) == depth+1 && name == "Participants":
				err = r.participants()
			default:
				r.stray(name)
			}
		case xml.CharData:
			r.note(string(t))
		case xml.EndElement:
			if depth > 0 && len(r.open) == depth-1 {
				r.doc.at = r.ending(offset, line)
				depth = 0
			}
		}
		if err != nil {
			return err
		}
	}
}

// note adds a text of the heading to the fields whose elements it stands in.
func (r *reader) note(text string) {
	for _, name := range headed() {
		if !r.within(name) || name == "Name" && !r.within("Chapter") {
			continue
		}
		if had := r.doc.fields[name]; had != "" {
			text = had + " " + text
		}
		r.doc.fields[name] = text
	}
}

// stray counts an element that makes a row where it stands in another place.
func (r *reader) stray(name string) {
	if name == "Row" || slices.Contains(sectionNames(), name) {
		r.doc.strays[name]++
	}
}

// section reads to the end of a section, whose start is read.
func (r *reader) section(name string) error {
	offset, line, depth := r.offset, r.line, len(r.open)
	var text strings.Builder
	for len(r.open) >= depth {
		token, err := r.next()
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			r.stray(t.Name.Local)
			text.WriteByte(' ')
		case xml.CharData:
			text.Write(t)
		}
	}
	r.doc.sections = append(r.doc.sections, section{r.ending(offset, line), name, plain(text.String())})
	return nil
}

// participants reads to the end of the element Participants, whose start is read.
func (r *reader) participants() error {
	depth := len(r.open)
	for len(r.open) >= depth {
		token, err := r.next()
		if err != nil {
			return err
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch start.Name.Local {
		case "Table":
			r.doc.grids = append(r.doc.grids, grid{})
		case "Row":
			if err := r.row(); err != nil {
				return err
			}
		default:
			r.stray(start.Name.Local)
		}
	}
	return nil
}

// row reads to the end of a row, whose start is read, and puts it into its table.
func (r *reader) row() error {
	offset, line, depth := r.offset, r.line, len(r.open)
	heading := r.within("Thead")
	var cells []string
	inside := false
	for len(r.open) >= depth {
		token, err := r.next()
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			switch {
			case len(r.open) > depth+1 && (t.Name.Local == "Row" || t.Name.Local == "Entry" || slices.Contains(sectionNames(), t.Name.Local)):
				return fmt.Errorf("element %s stands in a cell", t.Name.Local)
			case len(r.open) > depth+1:
				cells[len(cells)-1] += "<" + t.Name.Local + ">"
			case t.Name.Local != "Entry":
				return fmt.Errorf("element %s stands in a row, which has elements Entry", t.Name.Local)
			default:
				cells, inside = append(cells, ""), true
			}
		case xml.CharData:
			if inside {
				cells[len(cells)-1] += string(t)
			} else if strings.TrimSpace(string(t)) != "" {
				return errors.New("text stands between the cells of a row")
			}
		case xml.EndElement:
			if len(r.open) > depth {
				cells[len(cells)-1] += "</" + t.Name.Local + ">"
			} else {
				inside = false
			}
		}
	}
	if len(r.doc.grids) == 0 {
		return errors.New("a row of participants stands outside of a table")
	}
	g := &r.doc.grids[len(r.doc.grids)-1]
	switch {
	case heading && g.titles != nil:
		return errors.New("a table of participants has two headings")
	case heading:
		g.titles = cells
		r.doc.headings++
	case g.titles == nil:
		return errors.New("a table of participants has no heading")
	default:
		g.rows = append(g.rows, row{r.ending(offset, line), cells})
	}
	return nil
}

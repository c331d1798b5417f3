package mtdsg

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"entente/pipeline"
	"entente/pipeline/archive"
	"entente/pipeline/delimited"
)

// largest bounds a file: the law of the sea, with all declarations, has about 2 MB.
const largest = 32 << 20

// Parse implements pipeline.Source.
func (s *source) Parse(ctx context.Context, snapshot fs.FS, table string, out pipeline.Sink) error {
	take := map[string]func(*document, pipeline.Sink) error{
		treatiesTable: treaty, participantsTable: participants, declarationsTable: declarations,
	}[table]
	if take == nil {
		return fmt.Errorf("source %s: no table %q", name, table)
	}
	packed := archive.New(name, snapshot, archive.Limits{Bytes: largest})
	files, err := filesOf(packed, snapshot)
	if err != nil {
		return err
	}
	from := map[string]string{}
	for _, file := range files {
		if err := ctx.Err(); err != nil {
			return err
		}
		number, err := numberOf(file)
		if err != nil {
			return refuse(file, err.Error(), nil)
		}
		if from[number] != "" {
			return refuse(file, fmt.Sprintf("treaty %s is in %s, too", number, from[number]), nil)
		}
		from[number] = file
		doc, err := open(packed, file, number)
		if err != nil {
			return err
		}
		if err := take(doc, out); err != nil {
			return err
		}
	}
	return out.Close()
}

// filesOf lists the XML files of a snapshot and of its archive. None at all is an error.
func filesOf(packed *archive.FS, snapshot fs.FS) ([]string, error) {
	files, err := fs.Glob(snapshot, "*.xml")
	if err != nil {
		return nil, err
	}
	members, err := packed.Members(archiveFile)
	if err != nil && (len(files) == 0 || !errors.Is(err, fs.ErrNotExist)) {
		return nil, err
	}
	for _, m := range members {
		if strings.HasSuffix(strings.ToLower(m.Name), ".xml") {
			files = append(files, m.Path)
		}
	}
	if len(files) == 0 {
		return nil, refuse(archiveFile, "the archive has no XML file", nil)
	}
	return files, nil
}

// open reads one file.
func open(packed fs.FS, path, number string) (*document, error) {
	f, err := packed.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	in := bufio.NewReaderSize(f, 1<<16)
	if head, _ := in.Peek(1 << 12); isPage(head) {
		return nil, refuse(path, "the file is a web page, such as the site answers with while it is down, not the status of a treaty", nil)
	}
	doc, err := read(in, path, number)
	var upstream *pipeline.UpstreamError
	if err == nil || errors.As(err, &upstream) {
		return doc, err
	}
	where := path
	var at *damage
	if errors.As(err, &at) {
		where = fmt.Sprintf("%s:%d", path, at.line)
	}
	return nil, refuse(where, "the file is not the status of a treaty as the depositary writes it", err)
}

func isPage(head []byte) bool {
	head = bytes.ToLower(head)
	return bytes.Contains(head, []byte("<html")) || bytes.Contains(head, []byte("<!doctype html")) ||
		bytes.Contains(head, []byte("is currently unavailable"))
}

func refuse(where, problem string, err error) error {
	return &pipeline.UpstreamError{
		Source: name, Where: where, Problem: problem, Err: err,
		Next: "look at " + page + "; if the file is whole there, fetch it again, else see the source's README for the layout that is known",
	}
}

// treaty makes the row of a treaty.
func treaty(doc *document, out pipeline.Sink) error {
	field := func(element string) string { return plain(doc.fields[element]) }
	place, day := conclusionOf(field("Conclusion"))
	registration := ""
	if m := registered.FindStringSubmatch(field("Registration")); m != nil {
		registration = m[1]
	}
	b := delimited.NewBuilder(treatyColumns(), doc.file, out)
	if err := add(b, doc.file, doc.at, []string{
		doc.number, field("Name"), field("Titlesect"), field("Conclusion"), place, day, field("EIF"), firstDay(field("EIF")),
		field("Registration"), firstDay(field("Registration")), registration, field("Signatories"), field("Parties"), field("TreatyText"),
	}, out); err != nil {
		return err
	}
	return b.Flush()
}

// participants makes the rows of a treaty's participants.
func participants(doc *document, out pipeline.Sink) error {
	if doc.headings > 0 {
		if err := out.Filter("heading of a table", doc.headings); err != nil {
			return err
		}
	}
	if n := doc.strays["Row"]; n > 0 {
		if err := out.Filter("row of a table that is not of participants", n); err != nil {
			return err
		}
	}
	b := delimited.NewBuilder(participantColumns(), doc.file, out)
	seq := 0
	for _, g := range doc.grids {
		for _, r := range g.rows {
			seq++
			rows, err := rowsOf(g.titles, r.cells)
			if err != nil {
				if err := reject(doc.file, r.at, err.Error(), out); err != nil {
					return err
				}
				continue
			}
			for i, cells := range rows {
				cells = append([]string{doc.number, strconv.Itoa(seq), strconv.Itoa(i + 1)}, cells...)
				if err := add(b, doc.file, r.at, cells, out); err != nil {
					return err
				}
			}
		}
	}
	return b.Flush()
}

// rowsOf makes the rows of a participant, one an act, and one without act where there is none, or says why not.
func rowsOf(titles, cells []string) ([][]string, error) {
	if len(cells) != len(titles) {
		return nil, fmt.Errorf("the row has %d cells, and its table %d columns", len(cells), len(titles))
	}
	if first := plain(titles[0]); !strings.HasPrefix(strings.ToLower(first), "participant") {
		return nil, fmt.Errorf("the first column is %q, and not Participant", first)
	}
	participant, notes := nameOf(cells[0])
	if participant == "" {
		return nil, errors.New("the row names no participant")
	}
	var rows [][]string
	for i := 1; i < len(cells); i++ {
		l, ok := legendOf(titles[i])
		text := plain(cells[i])
		if !ok {
			if text != "" {
				rows = append(rows, []string{participant, notes, l.title, "", "", "0", text})
			}
			continue
		}
		acts, err := actsOf(l, cells[i])
		if err != nil {
			return nil, err
		}
		for _, a := range acts {
			bracketed := "0"
			if a.bracketed {
				bracketed = "1"
			}
			rows = append(rows, []string{participant, notes, l.title, a.act, a.date, bracketed, text})
		}
	}
	if rows == nil {
		rows = [][]string{{participant, notes, "", "", "", "0", ""}}
	}
	return rows, nil
}

// declarations makes the rows of what participants said about a treaty.
func declarations(doc *document, out pipeline.Sink) error {
	var empty int64
	for _, section := range sectionNames() {
		empty += doc.strays[section]
	}
	b := delimited.NewBuilder(declarationColumns(), doc.file, out)
	seq := map[string]int{}
	for _, s := range doc.sections {
		if s.text == "" {
			empty++
			continue
		}
		seq[s.name]++
		if err := add(b, doc.file, s.at, []string{doc.number, s.name, strconv.Itoa(seq[s.name]), s.text}, out); err != nil {
			return err
		}
	}
	if empty > 0 {
		if err := out.Filter("section without text, or inside of another element", empty); err != nil {
			return err
		}
	}
	return b.Flush()
}

// add adds a row, or sets it aside.
func add(b *delimited.Builder, file string, at delimited.Record, cells []string, out pipeline.Sink) error {
	for i, cell := range cells {
		if err := b.Set(i, []byte(cell)); err != nil {
			return reject(file, at, err.Error(), out)
		}
	}
	_, err := b.Append(&at)
	return err
}

func reject(file string, at delimited.Record, reason string, out pipeline.Sink) error {
	return out.Reject(pipeline.Reject{File: file, Line: at.Line, Offset: at.Offset, Length: at.Length, Reason: reason})
}

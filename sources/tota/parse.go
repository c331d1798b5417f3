package tota

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"entente/pipeline"
	"entente/pipeline/archive"
	"entente/pipeline/delimited"
)

// largest bounds a member: the largest published one has some 2 MB.
const largest = 32 << 20

// withoutCode is the rule by which parties are left out that the authors could give no code.
const withoutCode = "party without a code"

var treatyFile = regexp.MustCompile(`(?i)\.xml$`)

// Parse implements pipeline.Source.
func (s *source) Parse(ctx context.Context, snapshot fs.FS, table string, out pipeline.Sink) (err error) {
	take := map[string]func(*document, pipeline.Sink) error{
		treatiesTable: treaty, partiesTable: parties, articlesTable: articles,
	}[table]
	if take == nil {
		return fmt.Errorf("source %s: no table %q", name, table)
	}
	packed := archive.New(name, snapshot, archive.Limits{Bytes: largest})
	done, err := packed.Keep(archiveFile)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	members, err := packed.Members(archiveFile)
	if err != nil {
		return err
	}
	members = slices.DeleteFunc(members, func(m archive.Member) bool { return !treatyFile.MatchString(m.Name) })
	if len(members) == 0 {
		return refuse(archiveFile, "the archive has no XML file", nil)
	}
	seen := map[string]bool{}
	err = each(ctx, members, func(m archive.Member) (*document, error) {
		return open(packed, m.Path, table == articlesTable)
	}, func(doc *document) error {
		for _, f := range doc.fields {
			seen[f.name] = true
		}
		return take(doc, out)
	})
	if err != nil {
		return err
	}
	if err := judge(seen, out); err != nil {
		return err
	}
	return out.Close()
}

// open reads one member.
func open(packed fs.FS, path string, whole bool) (*document, error) {
	f, err := packed.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	size := 1 << 16
	if !whole {
		size = 1 << 12 // what follows the metadata stays packed
	}
	doc, err := read(bufio.NewReaderSize(f, size), path, whole)
	var upstream *pipeline.UpstreamError
	if err == nil || errors.As(err, &upstream) {
		return doc, err
	}
	where := path
	var at *damage
	if errors.As(err, &at) {
		where = fmt.Sprintf("%s:%d", path, at.line)
	}
	return nil, refuse(where, "the file is no treaty as the Texts of Trade Agreements write them", err)
}

func refuse(where, problem string, err error) error {
	return &pipeline.UpstreamError{
		Source: name, Where: where, Problem: problem, Err: err,
		Next: "look at " + page + "; if the file is whole there, run again, else see the source's README for the layout that is known",
	}
}

// judge fails where no treaty has an element that is needed, and notes those that are not known.
func judge(seen map[string]bool, out pipeline.Sink) error {
	needed := append(single(), originalParties, currentParties)
	known := append(needed, partyCode, related, textSource)
	for _, element := range needed {
		if !seen[element] {
			return refuse(archiveFile, fmt.Sprintf("no treaty has the element %s", element), nil)
		}
	}
	var others []string
	for element := range seen {
		if !slices.Contains(known, element) {
			others = append(others, element)
		}
	}
	slices.Sort(others)
	for _, element := range others {
		if err := out.Filter(fmt.Sprintf("element %s is not known and not loaded", element), 0); err != nil {
			return err
		}
	}
	return nil
}

// once returns the text of an element of the metadata, or what is wrong with it.
func (d *document) once(element string) (text, problem string) {
	found := 0
	for _, f := range d.fields {
		if f.name == element && f.list == "" {
			text = f.text
			found++
		}
	}
	if found > 1 {
		return "", fmt.Sprintf("element %s comes %d times", element, found)
	}
	return text, ""
}

// all joins the texts of elements that may come several times, those of one kind.
func (d *document) all(element, kind string) string {
	var texts []string
	for _, f := range d.fields {
		if f.name == element && f.list == "" && f.kind == kind && f.text != "" {
			texts = append(texts, f.text)
		}
	}
	return strings.Join(texts, " ")
}

// treaty makes the row of a treaty.
func treaty(doc *document, out pipeline.Sink) error {
	var cells []string
	for _, element := range single() {
		text, problem := doc.once(element)
		if problem != "" {
			return reject(doc.file, doc.meta, problem, out)
		}
		cells = append(cells, text)
	}
	for _, f := range doc.fields {
		if f.name == textSource && f.kind != "full text" && f.kind != "annex" {
			return reject(doc.file, f.at, fmt.Sprintf("the source is of type %q, neither full text nor annex", f.kind), out)
		}
	}
	cells = append(cells, doc.all(related, ""), doc.all(textSource, "full text"), doc.all(textSource, "annex"))
	b := delimited.NewBuilder(treatyColumns(), doc.file, out)
	if err := row(b, doc.file, doc.meta, cells, out); err != nil {
		return err
	}
	return b.Flush()
}

// parties makes the rows of a treaty's two lists.
func parties(doc *document, out pipeline.Sink) error {
	b := delimited.NewBuilder(partyColumns(), doc.file, out)
	id, _ := doc.once(identifier)
	seq := map[string]int{}
	for _, f := range doc.fields {
		list := map[string]string{originalParties: "original", currentParties: "current"}[f.list]
		if f.name != partyCode {
			continue
		}
		if list == "" {
			if err := reject(doc.file, f.at, "the party is in neither of the two lists", out); err != nil {
				return err
			}
			continue
		}
		seq[list]++
		if f.text == "" {
			if err := out.Filter(withoutCode, 1); err != nil {
				return err
			}
			continue
		}
		if err := row(b, doc.file, f.at, []string{id, list, strconv.Itoa(seq[list]), f.text}, out); err != nil {
			return err
		}
	}
	return b.Flush()
}

// articles makes the rows of a treaty's text.
func articles(doc *document, out pipeline.Sink) error {
	b := delimited.NewBuilder(articleColumns(), doc.file, out)
	id, _ := doc.once(identifier)
	in, _ := doc.once(language)
	for i, a := range doc.articles {
		problem := a.problem
		if problem == "" && a.number == "" && !a.alone {
			problem = "the article has no number, and is not all of its chapter"
		}
		if problem != "" {
			if err := reject(doc.file, a.at, problem, out); err != nil {
				return err
			}
			continue
		}
		cells := []string{
			id, strconv.Itoa(i + 1), a.id, strconv.Itoa(a.chapter), a.chapterNo, a.heading, a.number, a.name, in, a.text,
		}
		if err := row(b, doc.file, a.at, cells, out); err != nil {
			return err
		}
	}
	return b.Flush()
}

// row adds a row, or sets it aside.
func row(b *delimited.Builder, file string, at delimited.Record, cells []string, out pipeline.Sink) error {
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

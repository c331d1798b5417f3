// Package cite writes what a reader must be told of where numbers come from: the release, and every source in them.
package cite

import (
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"entente/pipeline"
)

// Formats of a citation.
const (
	Plain  = "plain"
	BibTeX = "bibtex"
	CSL    = "csl-json"
)

// Formats are those that Write writes.
func Formats() []string { return []string{Plain, BibTeX, CSL} }

// Reuse is what a licence lets a reader do with the data.
type Reuse string

// The kinds of licences, from free to strict.
const (
	Free          Reuse = "free"           // no condition
	Attribution   Reuse = "attribution"    // cite the source
	NonCommercial Reuse = "non-commercial" // cite, and no commercial use
	Ask           Reuse = "ask"            // cite, and ask before passing on in volume
)

var reuses = []struct {
	in  *regexp.Regexp
	say Reuse
}{
	{regexp.MustCompile(`(?i)re-dissemination|all rights reserved|permission`), Ask},
	{regexp.MustCompile(`(?i)non-?commercial|\bNC\b|free for research`), NonCommercial},
	{regexp.MustCompile(`(?i)\bCC0\b|public domain`), Free},
	{regexp.MustCompile(`(?i)\bCC BY\b|attribution|citation|Etalab|Apache|as each text declares`), Attribution},
}

// ReuseOf reads a source's statement of its licence; it is "" for one that says nothing known.
func ReuseOf(licence string) Reuse {
	for _, r := range reuses {
		if r.in.MatchString(licence) {
			return r.say
		}
	}
	return ""
}

// Reference is one thing to cite.
type Reference struct {
	Key       string
	Title     string
	Publisher string
	URL       string
	Licence   string
	Version   string    // the upstream's own name for the edition, "" if it has none
	Accessed  time.Time // when the upstream last confirmed the bytes
	Note      string    // the citation that the publisher asks for
	Reuse     Reuse
}

// References are the release and its sources, in that order.
func References(m pipeline.Manifest, sources []pipeline.SourceEntry) []Reference {
	release := Reference{
		Key: "entente_" + strings.ToLower(m.ID), Title: "entente, release " + m.ID, Publisher: "entente",
		Licence: "the sources' own", Version: m.ID, Accessed: m.FinishedAt,
		Note: "made by " + m.Program,
	}
	list := []Reference{release}
	for _, s := range sources {
		u := s.Upstream
		r := Reference{
			Key: s.Name, Title: u.Title, Publisher: u.Publisher, URL: u.Homepage, Licence: u.Licence, Note: u.Citation,
			Reuse: ReuseOf(u.Licence),
		}
		var versions []string
		for _, f := range s.Files {
			if f.Version != "" && !slices.Contains(versions, f.Version) {
				versions = append(versions, f.Version)
			}
			if f.CheckedAt.After(r.Accessed) {
				r.Accessed = f.CheckedAt
			}
		}
		if len(versions) <= 4 {
			r.Version = strings.Join(versions, ", ")
		}
		list = append(list, r)
	}
	return list
}

// Warnings say what to mind when data of these references are passed on together.
func Warnings(list []Reference) []string {
	of := map[Reuse][]string{}
	for _, r := range list[1:] {
		of[r.Reuse] = append(of[r.Reuse], r.Key)
	}
	var out []string
	say := func(kind Reuse, text string) {
		if names := of[kind]; names != nil {
			out = append(out, fmt.Sprintf("%s: %s", strings.Join(names, ", "), text))
		}
	}
	say(NonCommercial, "no commercial use; what contains their data is bound by that as a whole")
	say(Ask, "ask the publisher before you pass their data on in volume")
	say("", "the licence is not one that this program knows; read it before you pass their data on")
	strict := len(of[NonCommercial]) + len(of[Ask]) + len(of[""])
	if strict > 0 && strict < len(list)-1 {
		out = append(out, "the terms differ: export the sources apart if you need the freer ones on their own terms")
	}
	return out
}

// Write writes the references in a format.
func Write(out io.Writer, format string, list []Reference) error {
	switch format {
	case BibTeX:
		return bibtex(out, list)
	case CSL:
		return csl(out, list)
	}
	for _, r := range list {
		if _, err := fmt.Fprintln(out, r.plain()); err != nil {
			return err
		}
	}
	return nil
}

func (r Reference) plain() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s. %s", r.Publisher, r.Title)
	if r.Version != "" && r.Publisher != "entente" {
		fmt.Fprintf(&b, ", edition %s", r.Version)
	}
	b.WriteString(".")
	if r.URL != "" {
		fmt.Fprintf(&b, " %s", r.URL)
	}
	if !r.Accessed.IsZero() {
		fmt.Fprintf(&b, " (%s %s).", r.verb(), r.Accessed.UTC().Format("2 January 2006"))
	}
	fmt.Fprintf(&b, "\n  licence: %s\n", r.Licence)
	if r.Note != "" {
		fmt.Fprintf(&b, "  %s %s\n", r.label(), r.Note)
	}
	return b.String()
}

func (r Reference) verb() string {
	if r.Publisher == "entente" {
		return "made"
	}
	return "accessed"
}

func (r Reference) label() string {
	if r.Publisher == "entente" {
		return "program:"
	}
	return "cite:"
}

func bibtex(out io.Writer, list []Reference) error {
	for _, r := range list {
		var b strings.Builder
		field := func(name, value string) {
			if value != "" {
				fmt.Fprintf(&b, "  %-12s = {%s},\n", name, value)
			}
		}
		fmt.Fprintf(&b, "@misc{%s,\n", key(r.Key))
		field("title", "{"+escape(r.Title)+"}")
		field("author", "{"+escape(r.Publisher)+"}")
		if !r.Accessed.IsZero() {
			field("year", r.Accessed.UTC().Format("2006"))
			field("urldate", r.Accessed.UTC().Format(time.DateOnly))
		}
		if r.URL != "" {
			field("howpublished", `\url{`+r.URL+"}")
		}
		field("version", escape(r.Version))
		field("note", escape(strings.TrimSpace(r.Note+". Licence: "+r.Licence)))
		b.WriteString("}\n\n")
		if _, err := io.WriteString(out, b.String()); err != nil {
			return err
		}
	}
	return nil
}

// key keeps what every BibTeX reads in a key.
func key(text string) string {
	plain, _, err := transform.String(transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn))), text)
	if err != nil {
		plain = text
	}
	return strings.Map(func(r rune) rune {
		if r < 128 && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' || r == '-') {
			return r
		}
		return -1
	}, plain)
}

// escape writes text as TeX does.
func escape(text string) string {
	return strings.NewReplacer(`\`, `\textbackslash{}`, "{", `\{`, "}", `\}`, "&", `\&`, "%", `\%`, "$", `\$`, "#", `\#`,
		"_", `\_`, "~", `\textasciitilde{}`, "^", `\textasciicircum{}`).Replace(text)
}

// item is a reference as CSL-JSON has it.
type item struct {
	ID        string      `json:"id"`
	Type      string      `json:"type"`
	Title     string      `json:"title"`
	Publisher string      `json:"publisher"`
	Author    []literal   `json:"author"`
	URL       string      `json:"URL,omitempty"`
	Version   string      `json:"version,omitempty"`
	Accessed  *dateParts  `json:"accessed,omitempty"`
	Issued    *dateParts  `json:"issued,omitempty"`
	Note      string      `json:"note,omitempty"`
	Custom    customField `json:"custom"`
}

type literal struct {
	Literal string `json:"literal"`
}

type dateParts struct {
	Parts [][3]int `json:"date-parts"`
}

type customField struct {
	Licence string `json:"licence"`
}

func csl(out io.Writer, list []Reference) error {
	items := []item{}
	for _, r := range list {
		made := item{
			ID: r.Key, Type: "dataset", Title: r.Title, Publisher: r.Publisher, Author: []literal{{r.Publisher}},
			URL: r.URL, Version: r.Version, Note: r.Note, Custom: customField{r.Licence},
		}
		if !r.Accessed.IsZero() {
			day := r.Accessed.UTC()
			parts := &dateParts{[][3]int{{day.Year(), int(day.Month()), day.Day()}}}
			if r.verb() == "made" {
				made.Issued = parts
			} else {
				made.Accessed = parts
			}
		}
		items = append(items, made)
	}
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(items)
}

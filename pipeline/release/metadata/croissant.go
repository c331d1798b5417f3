package metadata

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"entente/pipeline"
)

// vocabulary is what Croissant 1.0 has every description say of its terms.
//
//go:embed context.json
var vocabulary json.RawMessage

const croissantVersion = "http://mlcommons.org/croissant/1.0"

type dataset struct {
	Context      json.RawMessage `json:"@context"`
	Type         string          `json:"@type"`
	ConformsTo   string          `json:"conformsTo"`
	Name         string          `json:"name"`
	Identifier   string          `json:"identifier"`
	Description  string          `json:"description"`
	URL          string          `json:"url"`
	Version      string          `json:"version"`
	Published    string          `json:"datePublished"`
	Creators     []work          `json:"creator,omitempty"`
	Licences     []string        `json:"license,omitempty"`
	CiteAs       string          `json:"citeAs"`
	Citations    []string        `json:"citation,omitempty"`
	BasedOn      []work          `json:"isBasedOn,omitempty"`
	Distribution []distribution  `json:"distribution"`
	RecordSets   []recordSet     `json:"recordSet"`
}

// work is an Organization or a CreativeWork of schema.org.
type work struct {
	Type    string `json:"@type"`
	Name    string `json:"name"`
	URL     string `json:"url,omitempty"`
	Version string `json:"version,omitempty"`
}

// distribution is a file, or a set of files that make one table.
type distribution struct {
	Type     string   `json:"@type"`
	ID       string   `json:"@id"`
	Name     string   `json:"name"`
	Format   string   `json:"encodingFormat"`
	URL      string   `json:"contentUrl,omitempty"`
	Size     string   `json:"contentSize,omitempty"`
	SHA256   string   `json:"sha256,omitempty"`
	Includes []string `json:"includes,omitempty"`
	Licences []string `json:"license,omitempty"`
}

type recordSet struct {
	Type        string        `json:"@type"`
	ID          string        `json:"@id"`
	Name        string        `json:"name"`
	Description string        `json:"description,omitempty"`
	Key         []reference   `json:"key,omitempty"`
	Fields      []recordField `json:"field"`
}

type reference struct {
	ID string `json:"@id"`
}

type recordField struct {
	Type        string      `json:"@type"`
	ID          string      `json:"@id"`
	Name        string      `json:"name"`
	Description string      `json:"description,omitempty"`
	DataType    string      `json:"dataType"`
	Repeated    bool        `json:"repeated,omitempty"`
	Source      fieldSource `json:"source"`
}

type fieldSource struct {
	File    *reference `json:"fileObject,omitempty"`
	Set     *reference `json:"fileSet,omitempty"`
	Extract extraction `json:"extract"`
}

type extraction struct {
	Column string `json:"column"`
}

// croissant describes a manifest's tables as a dataset in MLCommons Croissant 1.0. Each table is a record
// set that is read from its file, or from the set of its parts; each file stands there with its hash. A table
// without files is left out. A release has no page of its own: its address is where the description lies.
func croissant(m pipeline.Manifest) dataset {
	sources, licences := credits(m.Sources)
	d := dataset{
		Context: vocabulary, Type: "sc:Dataset", ConformsTo: croissantVersion,
		Name: name, Identifier: name + "-" + m.ID, Description: summary, URL: "./", Version: calendarVersion(m),
		Published: m.FinishedAt.UTC().Format("2006-01-02"), Licences: terms(licences), CiteAs: citeAs(m),
	}
	for _, s := range sources {
		d.BasedOn = append(d.BasedOn, work{Type: "sc:CreativeWork", Name: s.Title, URL: s.Path, Version: s.Version})
		if maker := (work{Type: "sc:Organization", Name: s.Publisher}); s.Publisher != "" && !slices.Contains(d.Creators, maker) {
			d.Creators = append(d.Creators, maker)
		}
		if s.Citation != "" && !slices.Contains(d.Citations, s.Citation) {
			d.Citations = append(d.Citations, s.Citation)
		}
	}
	for _, t := range m.Tables {
		if len(t.Files) == 0 {
			continue // Croissant has no record set that is read from nowhere
		}
		files, from := distributionOf(t, m.Sources)
		d.Distribution = append(d.Distribution, files...)
		d.RecordSets = append(d.RecordSets, recordSetOf(t, from))
	}
	return d
}

// distributionOf lists a table's files, one or more, and says where its fields are read.
func distributionOf(t pipeline.TableEntry, entries []pipeline.SourceEntry) ([]distribution, fieldSource) {
	_, licences := creditsOf(t, entries)
	set := distribution{Type: "cr:FileSet", ID: t.FullName() + "/files", Name: t.FullName(), Format: encoding(t.Files[0].Path)}
	var list []distribution
	for _, f := range t.Files {
		list = append(list, distribution{
			Type: "cr:FileObject", ID: f.Path, Name: path.Base(f.Path), Format: encoding(f.Path), URL: f.Path,
			Size: fmt.Sprintf("%d B", f.Bytes), SHA256: f.SHA256, Licences: terms(licences),
		})
		set.Includes = append(set.Includes, f.Path)
	}
	if len(list) == 1 {
		return list, fieldSource{File: &reference{list[0].ID}}
	}
	return append(list, set), fieldSource{Set: &reference{set.ID}}
}

func recordSetOf(t pipeline.TableEntry, from fieldSource) recordSet {
	r := recordSet{Type: "cr:RecordSet", ID: t.FullName(), Name: t.FullName(), Description: t.Description}
	for _, column := range t.Key {
		r.Key = append(r.Key, reference{t.FullName() + "/" + column})
	}
	for _, c := range t.Columns {
		element, repeated := strings.CutSuffix(c.Type, "[]")
		f := recordField{
			Type: "cr:Field", ID: t.FullName() + "/" + c.Name, Name: c.Name, Description: c.Description,
			DataType: dataType(element), Repeated: repeated, Source: from,
		}
		f.Source.Extract.Column = c.Name
		if c.Unit != "" {
			f.Description = strings.TrimSpace(f.Description + " [" + c.Unit + "]")
		}
		r.Fields = append(r.Fields, f)
	}
	return r
}

// terms are the addresses of licences, or their names where they have no address, each once.
func terms(licences []licence) []string {
	var list []string
	for _, l := range licences {
		term := l.Path
		if term == "" {
			term = l.Title
		}
		if !slices.Contains(list, term) {
			list = append(list, term)
		}
	}
	return list
}

// dataType is the type of schema.org for a DuckDB type.
func dataType(duck string) string {
	switch fieldType(duck) {
	case "integer":
		return "sc:Integer"
	case "number":
		return "sc:Float"
	case "boolean":
		return "sc:Boolean"
	case "date":
		return "sc:Date"
	case "time":
		return "sc:Time"
	case "datetime":
		return "sc:DateTime"
	default:
		return "sc:Text"
	}
}

// encoding is the media type of a file as Croissant's readers know it.
func encoding(file string) string {
	switch format, media := fileFormat(file); format {
	case "parquet":
		return "application/x-parquet"
	case "jsonl":
		return "application/jsonlines"
	default:
		return media
	}
}

var notBuild = regexp.MustCompile(`[^0-9A-Za-z-]+`)

// calendarVersion is a release's day and name as a semantic version, which Croissant recommends.
func calendarVersion(m pipeline.Manifest) string {
	day := m.FinishedAt.UTC()
	return fmt.Sprintf("%d.%d.%d+%s", day.Year(), day.Month(), day.Day(), notBuild.ReplaceAllString(m.ID, "-"))
}

// citeAs is the release's reference in BibTeX, with the key that entente cite gives it.
func citeAs(m pipeline.Manifest) string {
	return fmt.Sprintf("@misc{%s_%s, title = {%s, release %s}, year = {%d}, note = {cite the sources, too: isBasedOn, citation}}",
		name, strings.ToLower(m.ID), name, m.ID, m.FinishedAt.UTC().Year())
}

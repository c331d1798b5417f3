package release

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"entente/pipeline"
)

const profile = "https://datapackage.org/profiles/2.0/datapackage.json"

type packageDescriptor struct {
	Schema      string     `json:"$schema"`
	Name        string     `json:"name"`
	ID          string     `json:"id"`
	Title       string     `json:"title"`
	Description string     `json:"description"`
	Version     string     `json:"version"`
	Created     string     `json:"created"`
	Licences    []licence  `json:"licenses,omitempty"`
	Sources     []source   `json:"sources,omitempty"`
	Resources   []resource `json:"resources"`
}

type licence struct {
	Name  string `json:"name,omitempty"`
	Path  string `json:"path,omitempty"`
	Title string `json:"title,omitempty"`
}

type source struct {
	Title     string `json:"title"`
	Path      string `json:"path,omitempty"`
	Version   string `json:"version,omitempty"`
	Publisher string `json:"publisher,omitempty"`
	Citation  string `json:"citation,omitempty"`
}

type resource struct {
	Name        string      `json:"name"`
	Type        string      `json:"type"`
	Description string      `json:"description"`
	Path        []string    `json:"path,omitempty"`
	Data        *[]string   `json:"data,omitempty"` // of a table without files: no rows
	Format      string      `json:"format,omitempty"`
	MediaType   string      `json:"mediatype,omitempty"`
	Bytes       int64       `json:"bytes,omitempty"`
	Hash        string      `json:"hash,omitempty"`
	Rows        int64       `json:"row_count"`
	Schema      tableSchema `json:"schema"`
	Licences    []licence   `json:"licenses,omitempty"`
	Sources     []source    `json:"sources,omitempty"`
}

type tableSchema struct {
	Fields     []field  `json:"fields"`
	PrimaryKey []string `json:"primaryKey,omitempty"`
}

type field struct {
	Name        string       `json:"name"`
	Type        string       `json:"type"`
	Description string       `json:"description,omitempty"`
	Unit        string       `json:"unit,omitempty"`
	Constraints *constraints `json:"constraints,omitempty"`
}

type constraints struct {
	Required bool `json:"required"`
}

// DataPackage returns the Frictionless Data Package (version 2.0) of a manifest's tables as indented
// JSON that depends on the manifest alone. Each table is a resource whose format follows from its
// files' extension: .parquet, .csv, .jsonl or .arrow. Units, citations and row counts are added
// properties. It fails when there is no table, or a table has no columns.
func DataPackage(m pipeline.Manifest) ([]byte, error) {
	if len(m.Tables) == 0 {
		return nil, fmt.Errorf("data package: release %s has no tables", m.ID)
	}
	p := packageDescriptor{
		Schema: profile, Name: "entente", ID: "entente-" + m.ID, Title: "entente release " + m.ID, Version: m.ID,
		Description: "Public records of how states vote, treat and trade, with indicators of alignment and interdependence.",
		Created:     m.FinishedAt.UTC().Format(time.RFC3339),
	}
	for _, entry := range m.Sources {
		s, l := credit(entry)
		p.Sources = append(p.Sources, s)
		if l != nil && !slices.Contains(p.Licences, *l) {
			p.Licences = append(p.Licences, *l)
		}
	}
	for _, t := range m.Tables {
		r, err := describe(t, m.Sources)
		if err != nil {
			return nil, fmt.Errorf("data package: %w", err)
		}
		p.Resources = append(p.Resources, r)
	}
	return encode(p)
}

// describe makes a table's resource. A raw table bears its own source's licence; what is made of
// several sources bears the package's.
func describe(t pipeline.TableEntry, sources []pipeline.SourceEntry) (resource, error) {
	r := resource{Name: t.FullName(), Type: "table", Description: t.Description, Rows: t.Rows}
	if len(t.Columns) == 0 {
		return r, fmt.Errorf("table %s has no columns", t.FullName())
	}
	for _, c := range t.Columns {
		f := field{Name: c.Name, Type: fieldType(c.Type), Description: c.Description, Unit: c.Unit}
		if slices.Contains(t.Key, c.Name) {
			f.Constraints = &constraints{Required: true}
		}
		r.Schema.Fields = append(r.Schema.Fields, f)
	}
	r.Schema.PrimaryKey = t.Key
	for _, f := range t.Files {
		r.Path = append(r.Path, f.Path)
	}
	switch len(t.Files) {
	case 0:
		r.Data = &[]string{}
	case 1:
		r.Bytes, r.Hash = t.Files[0].Bytes, "sha256:"+t.Files[0].SHA256
	}
	if len(t.Files) > 0 {
		r.Format, r.MediaType = fileFormat(t.Files[0].Path)
	}
	for _, entry := range sources {
		if t.Source != "" && entry.Name == t.Source {
			s, l := credit(entry)
			r.Sources = []source{s}
			if l != nil {
				r.Licences = []licence{*l}
			}
		}
	}
	return r, nil
}

var (
	licenceID  = regexp.MustCompile(`^[-a-zA-Z0-9._]+$`)
	notLicence = regexp.MustCompile(`[^-a-zA-Z0-9._]+`)
	webAddress = regexp.MustCompile(`^https?://\S+$`)
)

// credit makes the source and licence of an upstream; the licence is nil when none is stated.
func credit(entry pipeline.SourceEntry) (source, *licence) {
	u := entry.Upstream
	s := source{Title: u.Title, Publisher: u.Publisher, Citation: u.Citation}
	if s.Title == "" {
		s.Title = entry.Name
	}
	if webAddress.MatchString(u.Homepage) {
		s.Path = u.Homepage
	}
	for _, f := range entry.Files {
		if f.Version != "" && !f.Listing {
			s.Version = f.Version
			break
		}
	}
	l := licence{Title: u.Licence}
	if webAddress.MatchString(u.LicenceURL) {
		l.Path = u.LicenceURL
	}
	if licenceID.MatchString(u.Licence) {
		l.Name = u.Licence
	}
	if l.Name == "" && l.Path == "" {
		l.Name = strings.Trim(notLicence.ReplaceAllString(u.Licence, "-"), "-")
	}
	if l.Name == "" && l.Path == "" {
		return s, nil
	}
	return s, &l
}

// fieldType is the Table Schema type of a DuckDB type; "any" for one it does not know.
func fieldType(duck string) string {
	base, _, _ := strings.Cut(strings.ToUpper(strings.TrimSpace(duck)), "(")
	switch {
	case strings.HasSuffix(duck, "]"):
		return "array"
	case base == "VARCHAR", base == "ENUM", base == "UUID", base == "BLOB":
		return "string"
	case base == "DOUBLE", base == "FLOAT", base == "DECIMAL":
		return "number"
	case strings.HasSuffix(base, "INT"), strings.HasSuffix(base, "INTEGER"):
		return "integer"
	case base == "BOOLEAN":
		return "boolean"
	case base == "DATE":
		return "date"
	case base == "TIME":
		return "time"
	case strings.HasPrefix(base, "TIMESTAMP"):
		return "datetime"
	case base == "STRUCT", base == "MAP":
		return "object"
	default:
		return "any"
	}
}

// fileFormat returns the format and media type that a file's extension stands for.
func fileFormat(name string) (format, mediaType string) {
	switch path.Ext(name) {
	case ".parquet":
		return "parquet", "application/vnd.apache.parquet"
	case ".csv":
		return "csv", "text/csv"
	case ".jsonl":
		return "jsonl", "application/jsonl"
	case ".arrow":
		return "arrow", "application/vnd.apache.arrow.file"
	default:
		return strings.TrimPrefix(path.Ext(name), "."), "application/octet-stream"
	}
}

// encode writes JSON as a person reads it, ending with a line end.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// entryOf describes a file of that content.
func entryOf(name string, content []byte) pipeline.FileEntry {
	sum := sha256.Sum256(content)
	return pipeline.FileEntry{Path: name, Bytes: int64(len(content)), SHA256: hex.EncodeToString(sum[:])}
}

// normal makes equal manifests encode equally: times in UTC, empty lists as lists.
func normal(m pipeline.Manifest) pipeline.Manifest {
	m.StartedAt, m.FinishedAt = m.StartedAt.UTC(), m.FinishedAt.UTC()
	if m.Sources == nil {
		m.Sources = []pipeline.SourceEntry{}
	}
	if m.Checks == nil {
		m.Checks = []pipeline.CheckResult{}
	}
	return m
}

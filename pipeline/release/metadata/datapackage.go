package metadata

import (
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

// dataPackage describes a manifest's tables as a Frictionless Data Package, version 2.0. Each table is a
// resource whose format follows from its files' extension: .parquet, .csv, .jsonl or .arrow. Units,
// citations and row counts are added properties.
func dataPackage(m pipeline.Manifest) packageDescriptor {
	p := packageDescriptor{
		Schema: profile, Name: name, ID: name + "-" + m.ID, Title: name + " release " + m.ID, Version: m.ID,
		Description: summary, Created: m.FinishedAt.UTC().Format(time.RFC3339),
	}
	p.Sources, p.Licences = credits(m.Sources)
	for _, t := range m.Tables {
		p.Resources = append(p.Resources, resourceOf(t, m.Sources))
	}
	return p
}

func resourceOf(t pipeline.TableEntry, entries []pipeline.SourceEntry) resource {
	r := resource{Name: t.FullName(), Type: "table", Description: t.Description, Rows: t.Rows}
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
	r.Sources, r.Licences = creditsOf(t, entries)
	return r
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

// Package metadata describes a release's tables for programs that know nothing of entente: as a
// Frictionless data package and as MLCommons Croissant. Both say the same, and depend on a manifest alone.
package metadata

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"entente/pipeline"
)

// Names of the descriptions, beside the tables that they describe.
const (
	PackageFile   = "datapackage.json"
	CroissantFile = "croissant.json"
)

const (
	name    = "entente"
	summary = "Public records of how states vote, treat and trade, with indicators of alignment and interdependence."
)

// Descriptions are the content of the two files.
type Descriptions struct {
	Package   []byte
	Croissant []byte
}

// Describe writes both descriptions of a manifest's tables as indented JSON. It fails when there is no
// table, or a table has no columns.
func Describe(m pipeline.Manifest) (Descriptions, error) {
	var d Descriptions
	if len(m.Tables) == 0 {
		return d, fmt.Errorf("metadata: release %s has no tables", m.ID)
	}
	for _, t := range m.Tables {
		if len(t.Columns) == 0 {
			return d, fmt.Errorf("metadata: table %s has no columns", t.FullName())
		}
	}
	var err error
	if d.Package, err = JSON(dataPackage(m)); err != nil {
		return d, fmt.Errorf("metadata: %s: %w", PackageFile, err)
	}
	if d.Croissant, err = JSON(croissant(m)); err != nil {
		return d, fmt.Errorf("metadata: %s: %w", CroissantFile, err)
	}
	return d, nil
}

// JSON writes a value as a person reads it, ending with a line end.
func JSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
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

// credits are the sources that gave a file, and their licences, each licence once.
func credits(entries []pipeline.SourceEntry) (sources []source, licences []licence) {
	for _, entry := range entries {
		if len(entry.Files) == 0 {
			continue // skipped, or not asked for
		}
		s, l := credit(entry)
		sources = append(sources, s)
		if l != nil && !slices.Contains(licences, *l) {
			licences = append(licences, *l)
		}
	}
	return sources, licences
}

// creditsOf are those of a raw table's own source; what is made of several sources bears the whole's.
func creditsOf(t pipeline.TableEntry, entries []pipeline.SourceEntry) ([]source, []licence) {
	for _, entry := range entries {
		if t.Source != "" && entry.Name == t.Source {
			return credits([]pipeline.SourceEntry{entry})
		}
	}
	return nil, nil
}

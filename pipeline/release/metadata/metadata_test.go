package metadata_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"entente/pipeline"
	"entente/pipeline/release/metadata"
)

var update = flag.Bool("update", false, "write golden files")

// manifest has a raw table, one in parts, one without files, and sources whose terms are told in each way.
func manifest() pipeline.Manifest {
	file := func(path string) pipeline.DataFile {
		return pipeline.DataFile{Path: path, Bytes: 1, Rows: 2, SHA256: strings.Repeat("ca", 32)}
	}
	return pipeline.Manifest{
		ID: "r1", FinishedAt: time.Date(2026, 11, 23, 12, 30, 0, 0, time.FixedZone("", 3600)),
		Sources: []pipeline.SourceEntry{
			{Name: "rolls", Files: []pipeline.File{{Name: "roll_calls.csv", Version: "33.0"}}, Upstream: pipeline.Upstream{
				Title: "Roll calls", Publisher: "A library", Homepage: "https://example.org/rolls",
				Licence: "CC0-1.0", LicenceURL: "https://creativecommons.org/publicdomain/zero/1.0/", Citation: "A library: Roll calls.",
			}},
			{Name: "terms", Files: []pipeline.File{{Name: "a"}}, Upstream: pipeline.Upstream{Licence: "Free for research, see site"}},
			{Name: "bare", Files: []pipeline.File{{Name: "a"}}},
			{Name: "skipped", Upstream: pipeline.Upstream{Title: "Not in the release", Licence: "Not for sale"}},
		},
		Tables: []pipeline.TableEntry{
			{
				Schema: "raw", Name: "roll_calls", Description: "One roll call.", Source: "rolls", Key: []string{"rcid"}, Rows: 2,
				Columns: []pipeline.ColumnEntry{
					{Name: "rcid", Type: "INTEGER", Description: "number of the roll call"},
					{Name: "date", Type: "DATE", Unit: "day", Description: "day of the vote"},
				},
				Files: []pipeline.DataFile{file("lake/raw/roll_calls/part-0.parquet")},
			},
			{
				Schema: "core", Name: "resolutions", Description: "One text put to a vote.", Key: []string{"resolution_id"}, Rows: 4,
				Columns: []pipeline.ColumnEntry{{Name: "resolution_id", Type: "VARCHAR", Description: "the source's own name"}},
				Files: []pipeline.DataFile{
					file("lake/core/resolutions/year=2011/part-0.parquet"), file("lake/core/resolutions/year=2012/part-0.parquet"),
				},
			},
			{
				Schema: "core", Name: "empty", Description: "No rows yet.", Key: []string{"k"},
				Columns: []pipeline.ColumnEntry{{Name: "k", Type: "BIGINT"}},
			},
			{
				Schema: "core", Name: "kinds", Description: "A column of each kind.", Key: []string{"k"}, Rows: 2,
				Files: []pipeline.DataFile{file("core.kinds.csv")},
				Columns: []pipeline.ColumnEntry{
					{Name: "k", Type: "BIGINT"}, {Name: "a", Type: "VARCHAR[]"}, {Name: "n", Type: "DECIMAL(18,3)"}, {Name: "u", Type: "UTINYINT"},
					{Name: "t", Type: "TIMESTAMP WITH TIME ZONE"}, {Name: "f", Type: "BOOLEAN"}, {Name: "s", Type: "STRUCT(a INTEGER)"}, {Name: "x", Type: "INTERVAL"},
				},
			},
		},
	}
}

func TestDescribe(t *testing.T) {
	got, err := metadata.Describe(manifest())
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{metadata.PackageFile: got.Package, metadata.CroissantFile: got.Croissant} {
		golden := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(golden, text, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(text)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	wantProfile(t, got.Package)
	wantAgreement(t, got)
}

func TestDescribeRefuses(t *testing.T) {
	none, bare := manifest(), manifest()
	none.Tables = nil
	bare.Tables[0].Columns = nil
	for want, m := range map[string]pipeline.Manifest{"has no tables": none, "raw.roll_calls has no columns": bare} {
		if _, err := metadata.Describe(m); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one that says %q", err, want)
		}
	}
}

// wantAgreement checks that both descriptions list the same files, tables that have one, and columns, and that
// Croissant's references lead somewhere.
func wantAgreement(t *testing.T, d metadata.Descriptions) {
	t.Helper()
	var p struct {
		Resources []struct {
			Name   string
			Path   []string
			Schema struct{ Fields []struct{ Name string } }
		}
	}
	type id struct {
		ID string `json:"@id"`
	}
	var c struct {
		Distribution []struct {
			id
			Type       string `json:"@type"`
			ContentURL string
			SHA256     string
		}
		RecordSet []struct {
			id
			Key   []id
			Field []struct {
				id
				Name   string
				Source struct {
					FileObject, FileSet *id
					Extract             struct{ Column string }
				}
			}
		}
	}
	for _, from := range []struct {
		text []byte
		into any
	}{{d.Package, &p}, {d.Croissant, &c}} {
		if err := json.Unmarshal(from.text, from.into); err != nil {
			t.Fatal(err)
		}
	}
	var tables, columns, files, listed []string
	ids := map[string]bool{}
	for _, r := range p.Resources {
		if len(r.Path) == 0 {
			continue // there is nothing to read
		}
		tables, files = append(tables, r.Name), append(files, r.Path...)
		for _, f := range r.Schema.Fields {
			columns = append(columns, r.Name+"/"+f.Name)
		}
	}
	var sets, fields []string
	for _, f := range c.Distribution {
		ids[f.ID] = true
		if f.Type == "cr:FileObject" {
			listed = append(listed, f.ContentURL)
			if len(f.SHA256) != 64 {
				t.Errorf("%s: SHA-256 %q", f.ID, f.SHA256)
			}
		}
	}
	for _, r := range c.RecordSet {
		sets = append(sets, r.ID)
		for _, f := range r.Field {
			fields, ids[f.ID] = append(fields, f.ID), true
			from := f.Source.FileObject
			if from == nil {
				from = f.Source.FileSet
			}
			if from == nil || !ids[from.ID] || f.Source.Extract.Column != f.Name {
				t.Errorf("%s is read from %+v, column %q", f.ID, from, f.Source.Extract.Column)
			}
		}
		for _, k := range r.Key {
			if !ids[k.ID] {
				t.Errorf("%s: its key %s is no field", r.ID, k.ID)
			}
		}
	}
	for what, pair := range map[string][2][]string{"tables": {tables, sets}, "columns": {columns, fields}, "files": {files, listed}} {
		if diff := cmp.Diff(pair[0], pair[1]); diff != "" {
			t.Errorf("%s (-data package +croissant):\n%s", what, diff)
		}
	}
}

// wantProfile checks what the Data Package 2.0 profile demands of the properties in use.
func wantProfile(t *testing.T, text []byte) {
	t.Helper()
	type licences []struct{ Name, Path *string }
	type sources []map[string]any
	var p struct {
		Schema    string `json:"$schema"`
		Created   string
		Licenses  licences
		Sources   sources
		Resources []struct {
			Name, Type, MediaType string
			Path                  []string
			Data                  any
			Hash                  *string
			Licenses              licences
			Sources               sources
			Schema                struct {
				Fields     []struct{ Name, Type string }
				PrimaryKey []string
			}
		}
	}
	if err := json.Unmarshal(text, &p); err != nil {
		t.Fatal(err)
	}
	path := regexp.MustCompile(`^([^./~:\\][^:\\]*|https?://.*)$`)
	types := regexp.MustCompile(`^(string|number|integer|boolean|object|array|list|datetime|date|time|year|yearmonth|duration|geopoint|geojson|any)$`)
	credit := func(where string, ls licences, ss sources) {
		if ls != nil && len(ls) == 0 {
			t.Errorf("%s: licenses is empty", where)
		}
		for _, l := range ls {
			if l.Name == nil && l.Path == nil || l.Name != nil && !regexp.MustCompile(`^[-a-zA-Z0-9._]+$`).MatchString(*l.Name) || l.Path != nil && !path.MatchString(*l.Path) {
				t.Errorf("%s: licence %v", where, l)
			}
		}
		for _, s := range ss {
			if len(s) == 0 {
				t.Errorf("%s: empty source", where)
			}
		}
	}
	credit("package", p.Licenses, p.Sources)
	if len(p.Resources) == 0 || !strings.Contains(p.Schema, "/profiles/2.0/") || p.Created == "" {
		t.Errorf("package: %d resources, profile %q, created %q", len(p.Resources), p.Schema, p.Created)
	}
	for _, r := range p.Resources {
		credit(r.Name, r.Licenses, r.Sources)
		if r.Name == "" || r.Type != "table" || (r.Path == nil) == (r.Data == nil) || r.Path != nil && len(r.Path) == 0 {
			t.Errorf("resource %q: type %q, path %v, data %v", r.Name, r.Type, r.Path, r.Data)
		}
		for _, f := range r.Path {
			if !path.MatchString(f) || strings.Contains(f, "..") {
				t.Errorf("resource %q: path %q", r.Name, f)
			}
		}
		if r.Hash != nil && !regexp.MustCompile(`^[^:]+:[a-fA-F0-9]+$`).MatchString(*r.Hash) {
			t.Errorf("resource %q: hash %q", r.Name, *r.Hash)
		}
		if len(r.Schema.Fields) == 0 {
			t.Errorf("resource %q: no fields", r.Name)
		}
		for _, f := range r.Schema.Fields {
			if f.Name == "" || !types.MatchString(f.Type) {
				t.Errorf("resource %q: field %v", r.Name, f)
			}
		}
	}
}

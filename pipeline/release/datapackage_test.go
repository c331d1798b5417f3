package release_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entente/pipeline"
	"entente/pipeline/release"
)

var update = flag.Bool("update", false, "write golden files")

func TestDataPackage(t *testing.T) {
	m := manifest("r1", dataFile(sharedFile, "a"), dataFile(ownFile, "b"))
	m.Sources = append(m.Sources,
		pipeline.SourceEntry{Name: "terms", Upstream: pipeline.Upstream{Licence: "Free for research, see site"}},
		pipeline.SourceEntry{Name: "bare"})
	m.Tables = append(m.Tables, pipeline.TableEntry{
		Schema: "core", Name: "empty", Description: "No rows yet.", Key: []string{"k"},
		Columns: []pipeline.ColumnEntry{
			{Name: "k", Type: "BIGINT"}, {Name: "a", Type: "VARCHAR[]"}, {Name: "n", Type: "DECIMAL(18,3)"}, {Name: "u", Type: "UTINYINT"},
			{Name: "t", Type: "TIMESTAMP WITH TIME ZONE"}, {Name: "f", Type: "BOOLEAN"}, {Name: "s", Type: "STRUCT(a INTEGER)"}, {Name: "x", Type: "INTERVAL"},
		},
	})
	got, err := release.DataPackage(m)
	if err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("testdata", "datapackage.json")
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("data package (-want +got):\n%s", diff)
	}
	wantProfile(t, got)
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

package schedules_test

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entente/pipeline"
	"entente/schedules"
)

var names = []string{"reference", "atop", "comtrade", "contiguity", "cowalliances", "cownmc", "cowstates", "cowtrade", "imts", "sciencespo", "scvetoes", "tota", "unga", "unsc", "voeten", "worldbank"}

// fake is a source that remembers its settings.
type fake struct {
	Version string `yaml:"version"`
	Parts   int    `yaml:"parts"`
}

func (*fake) About() pipeline.Upstream                                          { return pipeline.Upstream{} }
func (*fake) Tables() []pipeline.Table                                          { return nil }
func (*fake) Fetch(context.Context, *http.Client, *pipeline.Snapshot) error     { return nil }
func (*fake) Parse(_ context.Context, _ fs.FS, _ string, s pipeline.Sink) error { return s.Close() }
func strict(decode func(any) error) (pipeline.Source, error) {
	f := &fake{}
	if err := decode(f); err != nil {
		return nil, err
	}
	if f.Parts < 0 {
		return nil, errors.New("parts: must not be negative")
	}
	return f, nil
}

// lenient takes the embedded settings, whatever they are.
func lenient(decode func(any) error) (pipeline.Source, error) {
	return &fake{}, decode(&map[string]any{})
}

func registry() pipeline.Registry {
	r := pipeline.Registry{}
	for _, name := range names {
		r[name] = lenient
	}
	return r
}

func TestLoadDefaults(t *testing.T) {
	jobs, err := schedules.Load(registry(), "")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, j := range jobs {
		got = append(got, j.Name)
		if j.Approved {
			t.Errorf("job %s is approved by default", j.Name)
		}
	}
	if diff := cmp.Diff(names, got); diff != "" {
		t.Error(diff)
	}
}

func TestLoadOverride(t *testing.T) {
	r := registry()
	r["unga"] = strict
	dir := t.TempDir()
	write(t, dir, "unga.yaml", "source: unga\napproved: true\nsettings:\n  version: \"7\"\n")
	write(t, dir, "notes.txt", "not a schedule")
	jobs, err := schedules.Load(r, dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(jobs) != len(names) {
		t.Fatalf("%d jobs, want %d", len(jobs), len(names))
	}
	for _, j := range jobs {
		if j.Name != "unga" {
			continue
		}
		if diff := cmp.Diff(&fake{Version: "7"}, j.Source); diff != "" || !j.Approved {
			t.Errorf("approved %t, source %s", j.Approved, diff)
		}
	}
}

func TestLoadRefuses(t *testing.T) {
	for _, c := range []struct{ name, file, text, want string }{
		{"unknown key", "unga.yaml", "source: unga\naproved: true\n", "unga.yaml:2: "},
		{"unknown setting", "unga.yaml", "source: unga\nsettings:\n  version: \"1\"\n  edition: 4\n", "unga.yaml:4: "},
		{"wrong type", "unga.yaml", "source: unga\napproved: perhaps\n", "unga.yaml:2: "},
		{"wrong type of setting", "unga.yaml", "source: unga\nsettings:\n  parts: many\n", "unga.yaml:3: "},
		{"not YAML", "unga.yaml", "source: unga\n  approved: [\n", "unga.yaml:"},
		{"unknown source", "unga.yaml", "source: ungas\n", `unga.yaml: no source is named "ungas"; there are `},
		{"name and source differ", "votes.yaml", "source: unga\n", "must be named unga.yaml"},
		{"the source refuses", "unga.yaml", "source: unga\nsettings:\n  parts: -1\n", "unga.yaml: parts: must not be negative"},
		{"short extension", "unga.yml", "source: unga\n", "rename the file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := registry()
			r["unga"] = strict
			dir := t.TempDir()
			write(t, dir, c.file, c.text)
			_, err := schedules.Load(r, dir)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q in it", err, c.want)
			}
		})
	}
	if _, err := schedules.Load(registry(), filepath.Join(t.TempDir(), "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder that is not there: %v", err)
	}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

package sources

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestEverySourceIsComplete demands of each source what the documentation promises a newcomer.
func TestEverySourceIsComplete(t *testing.T) {
	seen := map[string]string{}
	for name, factory := range All() {
		t.Run(name, func(t *testing.T) {
			readme, err := os.ReadFile(filepath.Join(name, "README.md"))
			if err != nil {
				t.Errorf("no README: %v", err)
			}
			if !strings.HasPrefix(string(readme), "# "+name) {
				t.Errorf("the README is not headed %q", "# "+name)
			}
			if cases, _ := filepath.Glob(filepath.Join(name, "testdata", "*", "snapshot", "*")); len(cases) == 0 {
				t.Error("no case to parse")
			}
			src, err := factory(func(any) error { return nil })
			if err != nil {
				t.Fatal(err)
			}
			for _, table := range src.Tables() {
				if !strings.Contains(string(readme), "`"+table.FullName()+"`") {
					t.Errorf("the README does not name %s", table.FullName())
				}
				if other, taken := seen[table.FullName()]; taken {
					t.Errorf("%s is a table of %s, too", table.FullName(), other)
				}
				seen[table.FullName()] = name
			}
		})
	}
}

// TestEveryFolderIsListed finds a source that was written and never registered.
func TestEveryFolderIsListed(t *testing.T) {
	readmes, err := filepath.Glob("*/README.md")
	if err != nil || len(readmes) == 0 {
		t.Fatalf("no README: %v", err)
	}
	for _, readme := range readmes {
		if name := filepath.Dir(readme); All()[name] == nil && name != "sample" {
			t.Errorf("source %s is not in All", name)
		}
	}
}

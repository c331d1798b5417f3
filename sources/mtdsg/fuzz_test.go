package mtdsg

import (
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"entente/pipeline/pipelinetest"
)

// FuzzParse feeds the parser files that nobody publishes: it may refuse them, but whatever it takes must add up
// to the file.
func FuzzParse(f *testing.F) {
	src := newSource(f, "{}")
	cases, err := filepath.Glob("testdata/*/snapshot/mtdsg.zip/*.xml")
	if err != nil || len(cases) == 0 {
		f.Fatalf("no case: %v", err)
	}
	for _, name := range cases {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		snapshot := fstest.MapFS{"IV-1.en.xml": {Data: data}}
		for _, table := range src.Tables() {
			rows, err := pipelinetest.Parse(t.Context(), src, snapshot, table)
			if err == nil {
				pipelinetest.Account(t, snapshot, rows)
			}
		}
	})
}

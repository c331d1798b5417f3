package tota

import (
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"entente/pipeline/pipelinetest"
)

// FuzzParse feeds the parser treaties that nobody publishes: it may refuse them, but whatever it takes must add
// up to the file.
func FuzzParse(f *testing.F) {
	src := newSource(f)
	cases, err := filepath.Glob("testdata/*/snapshot/tota.zip/*/*.xml")
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
		snapshot := pipelinetest.Zip(t, fstest.MapFS{"tota.zip/xml/pta_1.xml": {Data: data}})
		for _, table := range src.Tables() {
			rows, err := pipelinetest.Parse(t.Context(), src, snapshot, table)
			if err == nil && table.Name == articlesTable { // the others are not read to the end
				pipelinetest.Account(t, snapshot, rows)
			}
		}
	})
}

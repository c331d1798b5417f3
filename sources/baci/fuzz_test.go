package baci

import (
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"entente/pipeline/pipelinetest"
)

// FuzzParse feeds the parser years that nobody publishes: it may refuse them, but whatever it takes must add
// up to the file.
func FuzzParse(f *testing.F) {
	src := newSource(f, nil)
	cases, err := filepath.Glob("testdata/*/snapshot/baci.zip/BACI_HS17_Y2020_*.csv")
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
		snapshot := pipelinetest.Zip(t, fstest.MapFS{"baci.zip/BACI_HS17_Y2020_V202301.csv": {Data: data}})
		rows, err := pipelinetest.Parse(t.Context(), src, snapshot, src.Tables()[0])
		if err == nil {
			pipelinetest.Account(t, snapshot, rows)
		}
	})
}

package scvetoes

import (
	"testing"
	"testing/fstest"

	"entente/pipeline/pipelinetest"
)

func FuzzParse(f *testing.F) {
	pipelinetest.Fuzz(f, newSource(f), []string{"testdata/*/snapshot/vetoes.csv"}, func(data []byte) fstest.MapFS {
		return fstest.MapFS{vetoesFile: {Data: data}}
	})
}

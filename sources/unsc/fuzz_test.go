package unsc

import (
	"testing"
	"testing/fstest"

	"entente/pipeline/pipelinetest"
)

func FuzzParse(f *testing.F) {
	pipelinetest.Fuzz(f, newSource(f), []string{"testdata/*/snapshot/sc_voting.csv"}, func(data []byte) fstest.MapFS {
		return fstest.MapFS{votesFile: {Data: data}}
	})
}

package unga

import (
	"testing"
	"testing/fstest"

	"entente/pipeline/pipelinetest"
)

func FuzzParse(f *testing.F) {
	pipelinetest.Fuzz(f, newSource(f), []string{"testdata/*/snapshot/ga_voting.csv"}, func(data []byte) fstest.MapFS {
		return fstest.MapFS{votesFile: {Data: data}}
	})
}

package cowstates

import (
	"testing"
	"testing/fstest"

	"entente/pipeline/pipelinetest"
)

func FuzzParse(f *testing.F) {
	pipelinetest.Fuzz(f, newSource(f), []string{"testdata/*/snapshot/states.csv"}, func(data []byte) fstest.MapFS {
		return fstest.MapFS{statesFile: {Data: data}}
	})
}

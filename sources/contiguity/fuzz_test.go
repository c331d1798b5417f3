package contiguity

import (
	"testing"
	"testing/fstest"

	"entente/pipeline/pipelinetest"
)

func FuzzParse(f *testing.F) {
	pipelinetest.Fuzz(f, newSource(f), []string{"testdata/*/snapshot/contiguity.zip/*/contdir.csv"}, func(data []byte) fstest.MapFS {
		return fstest.MapFS{"contiguity.zip/contdir.csv": {Data: data}}
	})
}

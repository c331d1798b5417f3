package atop

import (
	"testing"
	"testing/fstest"

	"entente/pipeline/pipelinetest"
)

func FuzzParse(f *testing.F) {
	pipelinetest.Fuzz(f, newSource(f), []string{"testdata/*/snapshot/atop.zip/*/atop*a.csv", "testdata/*/snapshot/atop.zip/*/atop*m.csv"}, func(data []byte) fstest.MapFS {
		return fstest.MapFS{
			"atop.zip/atop5_0a.csv": {Data: data},
			"atop.zip/atop5_0m.csv": {Data: data},
		}
	})
}

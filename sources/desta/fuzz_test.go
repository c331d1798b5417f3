package desta

import (
	"testing"
	"testing/fstest"

	"entente/pipeline/pipelinetest"
)

func FuzzParse(f *testing.F) {
	pipelinetest.Fuzz(f, newSource(f), []string{"testdata/*/snapshot/list_of_treaties.csv"}, func(data []byte) fstest.MapFS {
		return fstest.MapFS{listFile: {Data: data}}
	})
}

package mtdsg

import (
	"testing"
	"testing/fstest"

	"entente/pipeline/pipelinetest"
)

func FuzzParse(f *testing.F) {
	pipelinetest.Fuzz(f, newSource(f, "{}"), []string{"testdata/*/snapshot/mtdsg.zip/*.xml"}, func(data []byte) fstest.MapFS {
		return fstest.MapFS{"IV-1.en.xml": {Data: data}}
	})
}

package tota

import (
	"testing"
	"testing/fstest"

	"entente/pipeline/pipelinetest"
)

func FuzzParse(f *testing.F) {
	pipelinetest.Fuzz(f, newSource(f), []string{"testdata/*/snapshot/tota.zip/*/*.xml"}, func(data []byte) fstest.MapFS {
		return fstest.MapFS{"tota.zip/xml/pta_1.xml": {Data: data}}
	}, articlesTable) // the others are not read to the end
}

package voeten

import (
	"testing"
	"testing/fstest"

	"entente/pipeline/pipelinetest"
)

func FuzzParse(f *testing.F) {
	pipelinetest.Fuzz(f, newSource(f), []string{"testdata/*/snapshot/*.csv"}, func(data []byte) fstest.MapFS {
		return fstest.MapFS{rollCallsFile: {Data: data}, idealPointsFile: {Data: data}}
	})
}

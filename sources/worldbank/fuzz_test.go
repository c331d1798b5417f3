package worldbank

import (
	"testing"
	"testing/fstest"

	"entente/pipeline/pipelinetest"
)

func FuzzParse(f *testing.F) {
	pipelinetest.Fuzz(f, newSource(f, "optional_indicators: []"), []string{"testdata/*/snapshot/*.json"}, func(data []byte) fstest.MapFS {
		return fstest.MapFS{fileName("NY.GDP.MKTP.CD", 1): {Data: data}}
	})
}

package ucdp

import (
	"testing"
	"testing/fstest"

	"entente/pipeline/pipelinetest"
)

func FuzzParse(f *testing.F) {
	pipelinetest.Fuzz(f, newSource(f), []string{"testdata/*/snapshot/conflicts.zip/*.csv"}, func(data []byte) fstest.MapFS {
		return fstest.MapFS{"conflicts.zip/UcdpPrioConflict_v25_1.csv": {Data: data}}
	})
}

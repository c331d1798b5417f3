package cowtrade

import (
	"testing"
	"testing/fstest"

	"entente/pipeline/pipelinetest"
)

func FuzzParse(f *testing.F) {
	pipelinetest.Fuzz(f, newSource(f), []string{"testdata/*/snapshot/trade.zip/*/Dyadic*.csv", "testdata/*/snapshot/trade.zip/*/National*.csv"}, func(data []byte) fstest.MapFS {
		return fstest.MapFS{
			"trade.zip/Dyadic_COW_4.0.csv":   {Data: data},
			"trade.zip/National_COW_4.0.csv": {Data: data},
		}
	})
}

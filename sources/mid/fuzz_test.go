package mid

import (
	"testing"
	"testing/fstest"

	"entente/pipeline/pipelinetest"
)

func FuzzParse(f *testing.F) {
	pipelinetest.Fuzz(f, newSource(f), []string{"testdata/*/snapshot/disputes.zip/MIDA*.csv", "testdata/*/snapshot/dyads.zip/*.csv"}, func(data []byte) fstest.MapFS {
		return fstest.MapFS{
			"disputes.zip/MIDA 5.0.csv":      {Data: data},
			"dyads.zip/cow_mid_ddydisps.csv": {Data: data},
		}
	})
}

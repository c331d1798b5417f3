package imts

import (
	"testing"
	"testing/fstest"

	"entente/pipeline/pipelinetest"
)

func FuzzParse(f *testing.F) {
	pipelinetest.Fuzz(f, newSource(f, "indicators: [XG_FOB_USD]"), []string{"testdata/*/snapshot/*.csv"}, func(data []byte) fstest.MapFS {
		return fstest.MapFS{"XG_FOB_USD_from_1948.csv": {Data: data}}
	})
}

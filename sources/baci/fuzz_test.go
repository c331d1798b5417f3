package baci

import (
	"testing"
	"testing/fstest"

	"entente/pipeline/pipelinetest"
)

func FuzzParse(f *testing.F) {
	pipelinetest.Fuzz(f, newSource(f, nil), []string{"testdata/*/snapshot/baci.zip/BACI_HS17_Y2020_*.csv"}, func(data []byte) fstest.MapFS {
		return fstest.MapFS{"baci.zip/BACI_HS17_Y2020_V202301.csv": {Data: data}}
	})
}

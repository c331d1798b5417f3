package cowalliances

import (
	"testing"
	"testing/fstest"

	"entente/pipeline/pipelinetest"
)

func FuzzParse(f *testing.F) {
	pipelinetest.Fuzz(f, newSource(f), []string{"testdata/*/snapshot/alliances.zip/*/*_by_directed_yearly.csv"}, func(data []byte) fstest.MapFS {
		return fstest.MapFS{"alliances.zip/by_directed_yearly.csv": {Data: data}}
	})
}

package cownmc

import (
	"testing"
	"testing/fstest"

	"entente/pipeline/pipelinetest"
)

func FuzzParse(f *testing.F) {
	pipelinetest.Fuzz(f, newSource(f), []string{"testdata/*/snapshot/capabilities.zip/*/*/*.csv"}, func(data []byte) fstest.MapFS {
		return fstest.MapFS{"capabilities.zip/inner/NMC-abridged.zip/NMC-70-abridged.csv": {Data: data}}
	})
}

package contiguity

import (
	"testing"

	"entente/pipeline/pipelinetest"
)

func TestFetch(t *testing.T) {
	pipelinetest.TestOneFile(t, pipelinetest.OneFile{
		New: New, Source: name, File: contiguityFile, Page: page,
		Address:   "correlatesofwar.org/wp-content/uploads/DirectContiguity320.zip",
		Version:   "DirectContiguity320",
		Another:   func(into any) { into.(*settings).Archive = "DirectContiguity330.zip" },
		AnotherAt: "correlatesofwar.org/wp-content/uploads/DirectContiguity330.zip",
		Imported:  func(into any) { into.(*settings).Imported = true },
		Is:        []string{"PK\x03\x04\x14\x00\x00\x00DirectContiguity320/contdir.csv"},
		IsNot:     []string{"PK\x03\x04\x14\x00\x00\x00baci.csv", "dyad,statelno"},
	})
}

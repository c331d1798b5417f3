package cownmc

import (
	"testing"

	"entente/pipeline/pipelinetest"
)

func TestFetch(t *testing.T) {
	pipelinetest.TestOneFile(t, pipelinetest.OneFile{
		New: New, Source: name, File: capabilitiesFile, Page: page,
		Address:   "correlatesofwar.org/wp-content/uploads/NMCv7.zip",
		Version:   "NMCv7",
		Another:   func(into any) { into.(*settings).Archive = "NMCv8.zip" },
		AnotherAt: "correlatesofwar.org/wp-content/uploads/NMCv8.zip",
		Imported:  func(into any) { into.(*settings).Imported = true },
		Is:        []string{"PK\x03\x04\x14\x00\x00\x00NMCv7/NMC-v7-abridged.zip"},
		IsNot:     []string{"PK\x03\x04\x14\x00\x00\x00baci.csv", "stateabb,ccode"},
	})
}

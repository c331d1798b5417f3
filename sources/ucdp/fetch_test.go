package ucdp

import (
	"testing"

	"entente/pipeline/pipelinetest"
)

func TestFetch(t *testing.T) {
	pipelinetest.TestOneFile(t, pipelinetest.OneFile{
		New: New, Source: name, File: conflictsFile, Page: page,
		Address:   "ucdp.uu.se/downloads/ucdpprio/ucdp-prio-acd-251-csv.zip",
		Version:   "ucdp-prio-acd-251-csv",
		Another:   func(into any) { into.(*settings).Archive = "ucdp-prio-acd-261-csv.zip" },
		AnotherAt: "ucdp.uu.se/downloads/ucdpprio/ucdp-prio-acd-261-csv.zip",
		Imported:  func(into any) { into.(*settings).Imported = true },
		Is:        []string{"PK\x03\x04\x14\x00\x00\x00UcdpPrioConflict_v25_1.csv"},
		IsNot:     []string{"PK\x03\x04\x14\x00\x00\x00baci.csv", "conflict_id,UcdpPrio"},
	})
}

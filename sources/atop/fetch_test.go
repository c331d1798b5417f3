package atop

import (
	"testing"

	"entente/pipeline/pipelinetest"
)

func TestFetch(t *testing.T) {
	pipelinetest.TestOneFile(t, pipelinetest.OneFile{
		New: New, Source: name, File: atopFile, Page: page,
		Address:   "www.atopdata.org/uploads/6/9/1/3/69134503/atop_5.0__.csv_.zip",
		Version:   "atop_5.0__.csv_",
		Another:   func(into any) { into.(*settings).Archive = "atop_5.1__.csv_.zip" },
		AnotherAt: "www.atopdata.org/uploads/6/9/1/3/69134503/atop_5.1__.csv_.zip",
		Imported:  func(into any) { into.(*settings).Imported = true },
		Is:        []string{"PK\x03\x04\x14\x00\x00\x00ATOP 5.0 (.csv)/atop5_0a.csv"},
		IsNot:     []string{"PK\x03\x04\x14\x00\x00\x00baci.csv", "atopid,member"},
	})
}

package cowalliances

import (
	"testing"

	"entente/pipeline/pipelinetest"
)

func TestFetch(t *testing.T) {
	pipelinetest.TestOneFile(t, pipelinetest.OneFile{
		New: New, Source: name, File: alliancesFile, Page: page,
		Address:   "correlatesofwar.org/wp-content/uploads/version4.1_csv.zip",
		Version:   "version4.1_csv",
		Another:   func(into any) { into.(*settings).Archive = "version5_csv.zip" },
		AnotherAt: "correlatesofwar.org/wp-content/uploads/version5_csv.zip",
		Imported:  func(into any) { into.(*settings).Imported = true },
		LeftOut:   true,
		Is:        []string{"PK\x03\x04\x14\x00\x00\x00version4.1_csv/alliance_v4.1_by_directed_yearly.csv"},
		IsNot:     []string{"PK\x03\x04\x14\x00\x00\x00baci.csv", "ccode1,ccode2,year"},
	})
}

package cowtrade

import (
	"testing"

	"entente/pipeline/pipelinetest"
)

func TestFetch(t *testing.T) {
	pipelinetest.TestOneFile(t, pipelinetest.OneFile{
		New: New, Source: name, File: tradeFile, Page: page,
		Address:   "correlatesofwar.org/wp-content/uploads/COW_Trade_4.0.zip",
		Version:   "COW_Trade_4.0",
		Another:   func(into any) { into.(*settings).Archive = "COW_Trade_5.0.zip" },
		AnotherAt: "correlatesofwar.org/wp-content/uploads/COW_Trade_5.0.zip",
		Imported:  func(into any) { into.(*settings).Imported = true },
		Is:        []string{"PK\x03\x04\x14\x00\x00\x00COW_Trade_4.0/Dyadic_COW_4.0.csv"},
		IsNot:     []string{"PK\x03\x04\x14\x00\x00\x00baci.csv", "ccode1,ccode2,year"},
	})
}

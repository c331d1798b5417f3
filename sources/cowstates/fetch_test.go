package cowstates

import (
	"testing"

	"entente/pipeline/pipelinetest"
)

func TestFetch(t *testing.T) {
	pipelinetest.TestOneFile(t, pipelinetest.OneFile{
		New: New, Source: name, File: statesFile, Page: page,
		Address:   "correlatesofwar.org/wp-content/uploads/states2016.csv",
		Version:   "states2016",
		Another:   func(into any) { into.(*settings).File = "states2024.csv" },
		AnotherAt: "correlatesofwar.org/wp-content/uploads/states2024.csv",
		Imported:  func(into any) { into.(*settings).Imported = true },
		Is:        []string{"stateabb,ccode,statenme,styear,stmonth,stday,endyear,endmonth,endday,version"},
		IsNot:     []string{"ccode,year,cinc", "PK\x03\x04"},
	})
}

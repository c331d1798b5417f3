package desta

import (
	"testing"

	"entente/pipeline/pipelinetest"
)

func TestFetch(t *testing.T) {
	pipelinetest.TestOneFile(t, pipelinetest.OneFile{
		New: New, Source: name, File: listFile, Page: page,
		Address:   "www.designoftradeagreements.org/media/filer_public/list_of_treaties.csv",
		Version:   "list_of_treaties.csv",
		Another:   func(into any) { into.(*settings).File = "ab/cd/list_v3.csv" },
		AnotherAt: "www.designoftradeagreements.org/media/filer_public/ab/cd/list_v3.csv",
		Imported:  func(into any) { into.(*settings).Imported = true },
		Is:        []string{`"number";"base_treaty";"name";"entry_type";"consolidated";"year";"entryforceyear"`},
		IsNot:     []string{"number,base_treaty,entryforceyear", "PK\x03\x04"},
	})
}

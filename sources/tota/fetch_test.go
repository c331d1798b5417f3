package tota

import (
	"testing"

	"entente/pipeline/pipelinetest"
)

func TestFetch(t *testing.T) {
	pipelinetest.TestOneFile(t, pipelinetest.OneFile{
		New: New, Source: name, File: archiveFile, Page: page,
		Address:   "codeload.github.com/mappingtreaties/tota/zip/refs/heads/master",
		Version:   "master",
		Another:   func(into any) { into.(*settings).Revision = "v0.6.0" },
		AnotherAt: "codeload.github.com/mappingtreaties/tota/zip/v0.6.0",
		Imported:  func(into any) { into.(*settings).Imported = true },
		Is:        []string{"PK\x03\x04tota-master/README.md\ntota-master/xml/pta_1.xml\n"},
		IsNot:     []string{"PK\x03\x04baci.csv\n", "<treaty>"},
	})
}

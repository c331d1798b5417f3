package runner_test

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"io/fs"
	"net/http"
	"testing"
	"testing/fstest"

	"entente/pipeline"
	"entente/pipeline/archive"
	"entente/pipeline/delimited"
)

// nested is a source whose table lies in an archive in an archive.
type nested struct{ yearly }

const nestedFile = "flows.zip/v7/inner.zip/flows.csv"

func (n *nested) Fetch(_ context.Context, _ *http.Client, into *pipeline.Snapshot) error {
	pack := func(name string, data []byte) []byte {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		m, err := w.Create(name)
		if err == nil {
			_, err = io.Copy(m, bytes.NewReader(data))
		}
		if err != nil || w.Close() != nil {
			return nil
		}
		return b.Bytes()
	}
	table := []byte("year,iso3,flow\n2019,CHN,1\n2019,USA,x\n2019,FRA,3\n2019,DEU,oops\n")
	return into.Embed("flows.zip", pack("v7/inner.zip", pack("flows.csv", table)))
}

func (n *nested) Tables() []pipeline.Table {
	tables := n.yearly.Tables()
	tables[0].PartitionBy = ""
	return tables
}

func (n *nested) Parse(ctx context.Context, snapshot fs.FS, _ string, out pipeline.Sink) error {
	l := delimited.Layout{Source: "nested", File: nestedFile, Columns: n.columns()}
	return l.Parse(ctx, archive.New("nested", snapshot, archive.Limits{}), out)
}

// whole hides that the source could be parsed in parts.
type whole struct{ pipeline.Source }

// TestRejectsOfAnArchiveInAnArchive finds the bytes of rejected rows again.
func TestRejectsOfAnArchiveInAnArchive(t *testing.T) {
	h := newHouse(t, "")
	h.other, h.sql = whole{&nested{}}, fstest.MapFS{"core/totals.sql": {Data: []byte(flowTotals)}}
	if _, err := h.run("p"); err != nil {
		t.Fatal(err)
	}
	got := h.ask("select file, cast(raw as varchar) from meta.quarantine order by 2")
	if want := nestedFile + "|2019,DEU,oops\n" + nestedFile + "|2019,USA,x"; got != want {
		t.Errorf("quarantine:\n%s\nwant:\n%s", got, want)
	}
}

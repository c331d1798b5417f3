package tota

import (
	"archive/tar"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"entente/pipeline/pipelinetest"
)

const landed = "../../../shared/data/treaties/tota"

// published returns the landed texts in the layout of the archive.
func published(t testing.TB) fstest.MapFS {
	t.Helper()
	f, err := os.Open(filepath.Join(landed, "tota_v0.5.0_xml.tar.gz"))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the landed upstream data (../shared/data) are not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	plain, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{}
	for members := tar.NewReader(plain); ; {
		m, err := members.Next()
		if errors.Is(err, io.EOF) {
			return pipelinetest.Zip(t, files)
		}
		if err != nil {
			t.Fatal(err)
		}
		if m.Typeflag != tar.TypeReg {
			continue
		}
		data, err := io.ReadAll(members)
		if err != nil {
			t.Fatal(err)
		}
		files[archiveFile+"/tota-master/"+strings.TrimPrefix(m.Name, "./")] = &fstest.MapFile{Data: data}
	}
}

// TestLandedTreaties parses all the landed texts and compares the metadata with the landed index of them.
func TestLandedTreaties(t *testing.T) {
	snapshot := published(t)
	src := newSource(t)
	got := map[string]*pipelinetest.Recorder{}
	for _, table := range src.Tables() {
		rows, err := pipelinetest.Parse(t.Context(), src, snapshot, table)
		if err != nil {
			t.Fatal(err)
		}
		if len(rows.Rejects) > 0 && table.Name != articlesTable {
			t.Errorf("%s: %+v", table.Name, rows.Rejects[0])
		}
		got[table.Name] = rows
	}
	if n := len(got[treatiesTable].Rows); n != 450 {
		t.Errorf("%d treaties, want 450", n)
	}
	codes, without := len(got[partiesTable].Rows), int64(0)
	for _, f := range got[partiesTable].Filtered {
		without += f.Rows
	}
	if int64(codes)+without != 5_041 || without != 159 {
		t.Errorf("%d parties with a code and %d without; want 5,041 in all and 159", codes, without)
	}
	articles := got[articlesTable]
	if n := len(articles.Rows) + len(articles.Rejects); n != 40_993 || len(articles.Rejects) != 2 {
		t.Errorf("%d articles, %d of them rejected; want 40,993 and 2", n, len(articles.Rejects))
	}
	compareIndex(t, got[treatiesTable].Rows, articles)
}

// compareIndex compares treaties with the landed index, which a different program made.
func compareIndex(t *testing.T, treaties [][]string, articles *pipelinetest.Recorder) {
	t.Helper()
	f, err := os.Open(filepath.Join(landed, "tota_index.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	index, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for i, column := range index[0] {
		at[column] = i
	}
	rows := map[string][]string{}
	for _, r := range treaties {
		rows[r[0]] = r
	}
	for _, want := range index[1:] {
		row := rows[want[at[identifier]]]
		if row == nil {
			t.Errorf("treaty %s is not there", want[at[identifier]])
			continue
		}
		for i, column := range single() {
			published := strings.NewReplacer("Yes", "true", "No", "false").Replace(want[at[column]])
			if column != allInWTO && column != crossing {
				published = want[at[column]]
			}
			if row[i] != published {
				t.Errorf("treaty %s: %s is %q, want %q", row[0], column, row[i], published)
			}
		}
	}
}

// BenchmarkArticles parses every article of the landed texts.
func BenchmarkArticles(b *testing.B) {
	snapshot := published(b)
	src := newSource(b)
	for b.Loop() {
		got := &pipelinetest.Counter{}
		if err := src.Parse(b.Context(), snapshot, articlesTable, got); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(got.Rows), "articles")
	}
}

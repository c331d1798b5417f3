package cownmc

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"testing"
	"testing/fstest"

	"entente/pipeline/pipelinetest"

	"github.com/apache/arrow-go/v18/arrow"
)

// landed returns the landed table, whose missing cells are empty, with -9 as published, in the archive in an
// archive that the upstream hands out.
func landed(t *testing.T) fstest.MapFS {
	t.Helper()
	f, err := os.Open("../../../shared/data/treaties/cow/cow_nmc_abridged.csv.gz")
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
	rows, err := csv.NewReader(plain).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		for i, cell := range row {
			if cell == "" {
				row[i] = missing
			}
		}
	}
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	return pipelinetest.Zip(t, fstest.MapFS{"capabilities.zip/NMCv7/NMC-v7-abridged.zip/NMC-70-abridged.csv": {Data: b.Bytes()}})
}

// nulls counts rows and, per column, what is null.
type nulls struct {
	pipelinetest.Counter
	of map[string]int64
}

// Batch implements pipeline.Sink.
func (n *nulls) Batch(rows arrow.RecordBatch) error {
	for i, column := range rows.Columns() {
		n.of[rows.ColumnName(i)] += int64(column.NullN())
	}
	return n.Counter.Batch(rows)
}

// TestLandedTable parses all that is landed: every row is loaded, with a state for every number, and what is
// missing is null.
func TestLandedTable(t *testing.T) {
	src := newSource(t)
	table := src.Tables()[0]
	got := &nulls{of: map[string]int64{}}
	if err := src.Parse(t.Context(), landed(t), table.Name, pipelinetest.Through(table, got)); err != nil {
		t.Fatal(err)
	}
	if got.Rows != 17_121 || len(got.Rejects) != 0 || got.Filtered != 0 {
		t.Errorf("%d rows, %d rejected, %d filtered; want 17,121, none and none", got.Rows, len(got.Rejects), got.Filtered)
	}
	for column, n := range map[string]int64{"milper": 456, "irst": 26, "pec": 448, "tpop": 0, "upop": 68, "cinc": 0} {
		if got.of[column] != n {
			t.Errorf("%s is null in %d rows, want %d", column, got.of[column], n)
		}
	}
	// each row has its expenditures in one of two currencies, and 2,360 have none
	if n := got.of["milex_kusd"] + got.of["milex_kgbp"] - got.Rows; n != 2_360 {
		t.Errorf("%d rows have no expenditures, want 2,360", n)
	}
}

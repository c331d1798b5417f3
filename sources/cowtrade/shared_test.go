package cowtrade

import (
	"bufio"
	"bytes"
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

	"github.com/apache/arrow-go/v18/arrow"
)

// published returns a landed table, whose missing cells are empty, with the published header and -9.
func published(t *testing.T, file, header string) []byte {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "..", "shared", "data", "trade", "cow", file))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the landed upstream data (../shared/data) are not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	plain, err := gzip.NewReader(bufio.NewReader(f))
	if err != nil {
		t.Fatal(err)
	}
	rows := csv.NewReader(plain)
	landed, err := rows.Read()
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for i, column := range landed {
		at[column] = i
	}
	var b bytes.Buffer
	b.WriteString(header + "\n")
	columns := strings.Split(header, ",")
	cells := make([]string, len(columns))
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return b.Bytes()
		}
		if err != nil {
			t.Fatal(err)
		}
		for i, column := range columns {
			cells[i] = ""
			if from, ok := at[column]; ok {
				cells[i] = row[from]
				if row[from] == "" {
					cells[i] = missing
				}
			}
		}
		b.WriteString(strings.Join(cells, ",") + "\n")
	}
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

// TestLandedTables parses all that is landed: every row is loaded, with a state for every number.
func TestLandedTables(t *testing.T) {
	if testing.Short() {
		t.Skip("some 700,000 rows")
	}
	snapshot := pipelinetest.Zip(t, fstest.MapFS{
		"trade.zip/COW_Trade_4.0/Dyadic_COW_4.0.csv":   {Data: published(t, "cow_trade_4.0_dyadic_rounded.csv.gz", strings.Join(append([]string{"ccode1", "ccode2", "year", "flow1", "flow2", "smoothflow1", "smoothflow2", "source1", "source2", "version"}, dyadIgnored...), ","))},
		"trade.zip/COW_Trade_4.0/National_COW_4.0.csv": {Data: published(t, "cow_trade_4.0_national.csv.gz", strings.Join(append([]string{"ccode", "year", "imports", "exports", "version"}, nationalIgnored...), ","))},
	})
	src := newSource(t)
	want := map[string]map[string]int64{
		dyadsTable:  {"": 673_654, "flow1_musd": 22_937, "flow2_musd": 27_896},
		statesTable: {"": 14_410, "imports_musd": 1_548, "exports_musd": 821},
	}
	for _, table := range src.Tables() {
		got := &nulls{of: map[string]int64{}}
		if err := src.Parse(t.Context(), snapshot, table.Name, pipelinetest.Through(table, got)); err != nil {
			t.Fatal(err)
		}
		if got.Rows != want[table.Name][""] || len(got.Rejects) != 0 || got.Filtered != 0 {
			t.Errorf("%s: %d rows, %d rejected, %d filtered; want %d, none and none", table.Name, got.Rows, len(got.Rejects), got.Filtered, want[table.Name][""])
		}
		for column, n := range want[table.Name] {
			if column != "" && got.of[column] != n {
				t.Errorf("%s.%s is null in %d rows, want %d", table.Name, column, got.of[column], n)
			}
		}
	}
}

package sql_test

import (
	stdsql "database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	gocmp "github.com/google/go-cmp/cmp"

	"entente/pipeline"
	"entente/transforms/dyads"
	"entente/transforms/findings"
	"entente/transforms/gravity"
	"entente/transforms/idealpoints"
	"entente/transforms/networks"
	"entente/transforms/portfolios"
	"entente/transforms/resemblance"
	"entente/transforms/terms"
	"entente/transforms/trade"
)

// transforms are those that definitions may name.
func transforms() map[string]pipeline.Transform {
	list := map[string]pipeline.Transform{}
	for _, t := range []pipeline.Transform{
		dyads.New(memory.DefaultAllocator),
		trade.New(memory.DefaultAllocator),
		gravity.New(memory.DefaultAllocator),
		gravity.NewEstimates(memory.DefaultAllocator),
		networks.New(memory.DefaultAllocator),
		networks.NewShapes(memory.DefaultAllocator),
		idealpoints.New(memory.DefaultAllocator),
		portfolios.New(),
		terms.New(),
		resemblance.New(),
		findings.New(),
	} {
		list[t.Name()] = t
	}
	return list
}

// transform makes the table of a definition that names a transform, through Parquet as a run does.
func transform(t testing.TB, db *stdsql.DB, v pipeline.View) error {
	t.Helper()
	in, out := filepath.Join(t.TempDir(), "in.parquet"), filepath.Join(t.TempDir(), "out.parquet")
	if _, err := db.ExecContext(t.Context(), fmt.Sprintf("copy (%s\n) to '%s' (format parquet)", v.SQL, in)); err != nil {
		return err
	}
	rows := readParquet(t, in)
	defer rows.Release()
	made, err := transforms()[v.Transform].Columns(rows.Schema())
	if err != nil {
		return err
	}
	var produced, documented []string
	for _, f := range made.Fields() {
		produced = append(produced, f.Name)
	}
	for _, c := range v.Columns {
		documented = append(documented, c.Name)
	}
	if diff := gocmp.Diff(documented, produced); diff != "" {
		return fmt.Errorf("columns documented (-) and produced (+) by transform %s:\n%s", v.Transform, diff)
	}
	f, err := os.Create(out)
	if err != nil {
		return err
	}
	w, err := pqarrow.NewFileWriter(made, f, parquet.NewWriterProperties(), pqarrow.DefaultWriterProps())
	if err != nil {
		return err
	}
	into := transforms()[v.Transform].Apply(writer{w})
	batches := array.NewTableReader(rows, -1)
	defer batches.Release()
	for batches.Next() {
		if err := into.Batch(batches.RecordBatch()); err != nil {
			return err
		}
	}
	if err := errors.Join(batches.Err(), into.Close()); err != nil {
		return err
	}
	_, err = db.ExecContext(t.Context(), "create table "+v.FullName()+" as from '"+out+"'")
	return err
}

func readParquet(t testing.TB, path string) arrow.Table {
	t.Helper()
	source, err := file.OpenParquetFile(path, false)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	var options pqarrow.ArrowReadProperties
	for i := range source.MetaData().Schema.NumColumns() {
		options.SetReadDict(i, source.MetaData().Schema.Column(i).PhysicalType() == parquet.Types.ByteArray)
	}
	reader, err := pqarrow.NewFileReader(source, options, memory.DefaultAllocator)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := reader.ReadTable(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// writer is the end of a transform: a Parquet file.
type writer struct{ *pqarrow.FileWriter }

func (w writer) Batch(rows arrow.RecordBatch) error { return w.Write(rows) }

func (w writer) Reject(r pipeline.Reject) error { return fmt.Errorf("rejected: %s", r.Reason) }

func (w writer) Filter(string, int64) error { return nil }

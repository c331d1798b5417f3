package export

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// arrowRows is how many rows a record batch of an Arrow file has.
const arrowRows = 1 << 16

// arrowFile turns a Parquet file that DuckDB wrote into an Arrow IPC file ("Feather version 2").
func arrowFile(ctx context.Context, from, to string) (err error) {
	source, err := file.OpenParquetFile(from, false)
	if err != nil {
		return fmt.Errorf("arrow: %w", err)
	}
	defer source.Close()
	reader, err := pqarrow.NewFileReader(source, pqarrow.ArrowReadProperties{BatchSize: arrowRows}, memory.DefaultAllocator)
	if err != nil {
		return fmt.Errorf("arrow: %w", err)
	}
	batches, err := reader.GetRecordReader(ctx, nil, nil)
	if err != nil {
		return fmt.Errorf("arrow: %w", err)
	}
	defer batches.Release()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	writer, err := ipc.NewFileWriter(out, ipc.WithSchema(batches.Schema()), ipc.WithZstd())
	if err != nil {
		return fmt.Errorf("arrow: %w", err)
	}
	for batches.Next() {
		if err := writer.Write(batches.RecordBatch()); err != nil {
			return errors.Join(fmt.Errorf("arrow: %w", err), writer.Close())
		}
	}
	if err := batches.Err(); err != nil {
		return errors.Join(fmt.Errorf("arrow: %w", err), writer.Close())
	}
	return writer.Close()
}

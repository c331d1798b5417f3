package lake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"

	"entente/pipeline"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// RowGroupRows is the number of rows of a full row group: sixty DuckDB vectors.
const RowGroupRows = 122_880

// rowGroupBytes ends a row group of long texts earlier: whoever reads one holds it in memory.
const rowGroupBytes = 16 << 20

// part writes one Parquet file and hashes it while it is written.
type part struct {
	table   pipeline.Table
	path    string // relative to the release
	file    *os.File
	hash    hash.Hash
	size    int64
	writer  *file.Writer
	rows    int64
	sums    []uint64
	workers int
}

func newPart(root, path string, t pipeline.Table, workers int) (*part, error) {
	full := filepath.Join(root, filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(full, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return nil, err
	}
	p := &part{table: t, path: path, file: f, hash: sha256.New(), workers: workers, sums: make([]uint64, t.Columns.NumFields())}
	props := properties(t)
	schema, err := pqarrow.ToParquet(t.Columns, props, pqarrow.DefaultWriterProps())
	if err != nil {
		f.Close()
		return nil, err
	}
	p.writer, err = file.NewParquetWriterWithError(counter{p}, schema.Root(), file.WithWriterProps(props), file.WithWriteMetadata(keyValues(t)))
	if err != nil {
		f.Close()
		return nil, err
	}
	return p, nil
}

// counter passes bytes to a part's file, its hash and its size.
type counter struct{ p *part }

func (c counter) Write(b []byte) (int, error) {
	n, err := c.p.file.Write(b)
	c.p.hash.Write(b[:n])
	c.p.size += int64(n)
	return n, err
}

var _ io.Writer = counter{}

// writeGroup writes one row group, several columns at a time.
func (p *part) writeGroup(rows *group) error {
	group, err := p.writer.AppendBufferedRowGroupChecked()
	if err != nil {
		return err
	}
	if err := eachColumn(p.table.Columns.NumFields(), p.workers, func(i int) error {
		f := p.table.Columns.Field(i)
		values, sum := gather(f.Type, i, rows)
		defer values.Release()
		p.sums[i] += sum
		column, err := group.Column(i)
		if err != nil {
			return err
		}
		return writeColumn(column, f, values)
	}); err != nil {
		return err
	}
	p.rows += int64(rows.rows)
	return group.Close()
}

func writeColumn(w file.ColumnChunkWriter, f arrow.Field, values arrow.Array) error {
	var levels []int16
	if f.Nullable {
		levels = make([]int16, values.Len())
		for i := range levels {
			levels[i] = 1
		}
		if values.NullN() > 0 {
			for i := range levels {
				if values.IsNull(i) {
					levels[i] = 0
				}
			}
		}
	} else if values.NullN() > 0 {
		return fmt.Errorf("column %s: %d nulls where none is allowed", f.Name, values.NullN())
	}
	if err := writeValues(w, f, values, levels); err != nil {
		return fmt.Errorf("column %s: %w", f.Name, err)
	}
	// The row group would compress the last page of one column after the other; here columns go side by side.
	last, ok := w.(interface{ FlushCurrentPage() error })
	if ok && w.CurrentEncoder().EstimatedDataEncodedSize() > 0 {
		if err := last.FlushCurrentPage(); err != nil {
			return fmt.Errorf("column %s: %w", f.Name, err)
		}
	}
	return nil
}

func writeValues(w file.ColumnChunkWriter, f arrow.Field, values arrow.Array, levels []int16) error {
	d, ok := values.(*array.Dictionary)
	if ok && d.Dictionary().Len() > 0 {
		return writeTexts(w, d, levels)
	}
	if ok {
		// a column of nulls has no dictionary to write
		values = array.MakeArrayOfNull(memory.DefaultAllocator, d.DataType().(*arrow.DictionaryType).ValueType, d.Len())
		defer values.Release()
	}
	return pqarrow.WriteArrowToColumn(pqarrow.NewArrowWriteContext(context.Background(), nil), w, values, levels, nil, f.Nullable)
}

// writeTexts writes a dictionary of which every entry occurs, and the rows' places in it. WriteArrowToColumn, which does
// not know that, would hash every place for the statistics.
func writeTexts(w file.ColumnChunkWriter, d *array.Dictionary, levels []int16) error {
	texts, isText := w.(*file.ByteArrayColumnChunkWriter)
	encoder, isDictionary := w.CurrentEncoder().(interface{ PutDictionary(arrow.Array) error })
	if !isText || !isDictionary {
		return fmt.Errorf("%T with %T takes no dictionary", w, w.CurrentEncoder())
	}
	if err := encoder.PutDictionary(d.Dictionary()); err != nil {
		return err
	}
	stats := w.PageStatistics()
	stats.IncNulls(int64(d.NullN()))
	stats.IncNumValues(int64(d.Len() - d.NullN()))
	if err := stats.UpdateFromArrow(d.Dictionary(), false); err != nil {
		return err
	}
	return texts.WriteDictIndices(d.Indices(), levels, nil)
}

// close seals the file, flushes it to disk and describes it.
func (p *part) close() (pipeline.DataFile, error) {
	if err := p.writer.Close(); err != nil {
		p.file.Close()
		return pipeline.DataFile{}, err
	}
	if err := p.file.Sync(); err != nil {
		p.file.Close()
		return pipeline.DataFile{}, err
	}
	if err := p.file.Close(); err != nil {
		return pipeline.DataFile{}, err
	}
	checksums := make(map[string]string, len(p.sums))
	for i, sum := range p.sums {
		checksums[p.table.Columns.Field(i).Name] = fmt.Sprintf("%016x", sum)
	}
	return pipeline.DataFile{
		Path: p.path, Bytes: p.size, Rows: p.rows,
		SHA256: hex.EncodeToString(p.hash.Sum(nil)), Checksums: checksums,
	}, nil
}

func (p *part) abandon() { p.file.Close() }

// properties chooses each column's encoding: dictionaries and bloom filters for text and codes,
// differences for whole numbers, which rise or repeat along a sorted file.
func properties(t pipeline.Table) *parquet.WriterProperties {
	options := []parquet.WriterProperty{
		parquet.WithVersion(parquet.V2_LATEST),
		parquet.WithDataPageVersion(parquet.DataPageV2),
		parquet.WithCompression(compress.Codecs.Zstd),
		parquet.WithCompressionLevel(1),
		parquet.WithMaxRowGroupLength(RowGroupRows),
		parquet.WithDictionaryDefault(false),
		parquet.WithDictionaryPageSizeLimit(64 << 20),
		parquet.WithStats(true),
		parquet.WithCreatedBy("entente"),
		parquet.WithAdaptiveBloomFilterEnabled(true),
		parquet.WithMaxBloomFilterBytes(64 << 10),
	}
	for _, f := range t.Columns.Fields() {
		switch f.Type.ID() {
		case arrow.DICTIONARY:
			options = append(options, parquet.WithDictionaryFor(f.Name, true))
			if pipeline.Describe(f, pipeline.MetaRole) == pipeline.RoleCode {
				options = append(options, parquet.WithBloomFilterEnabledFor(f.Name, true))
			}
		case arrow.INT8, arrow.INT16, arrow.INT32, arrow.INT64, arrow.DATE32:
			options = append(options, parquet.WithEncodingFor(f.Name, parquet.Encodings.DeltaBinaryPacked))
		}
	}
	var sorting []parquet.SortingColumn
	for _, name := range t.Key {
		sorting = append(sorting, parquet.SortingColumn{ColumnIdx: int32(t.Columns.FieldIndices(name)[0])})
	}
	return parquet.NewWriterProperties(append(options, parquet.WithSortingColumns(sorting))...)
}

package lake

import (
	"errors"
	"fmt"
	"io"
	"os"

	"entente/pipeline"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/parquet-go/parquet-go"
)

// Verify reads a Parquet file with an implementation independent of the writer and returns its rows and
// column checksums. It fails when the file's columns are not those declared.
func Verify(path string, columns *arrow.Schema, workers int) (pipeline.DataFile, error) {
	f, err := os.Open(path)
	if err != nil {
		return pipeline.DataFile{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return pipeline.DataFile{}, err
	}
	pf, err := parquet.OpenFile(f, info.Size(), parquet.SkipBloomFilters(true), parquet.SkipPageIndex(true))
	if err != nil {
		return pipeline.DataFile{}, fmt.Errorf("read back: %w", err)
	}
	if err := sameSchema(pf.Schema(), columns); err != nil {
		return pipeline.DataFile{}, err
	}
	sums := make([]uint64, columns.NumFields())
	if err := eachColumn(columns.NumFields(), workers, func(i int) error {
		rows := int64(0)
		for _, group := range pf.RowGroups() {
			n, err := sumColumn(group.ColumnChunks()[i], &sums[i])
			if err != nil {
				return fmt.Errorf("read back: column %s: %w", columns.Field(i).Name, err)
			}
			rows += n
		}
		if rows != pf.NumRows() {
			return fmt.Errorf("read back: column %s has %d values in a file of %d rows", columns.Field(i).Name, rows, pf.NumRows())
		}
		return nil
	}); err != nil {
		return pipeline.DataFile{}, err
	}
	checksums := make(map[string]string, len(sums))
	for i, sum := range sums {
		checksums[columns.Field(i).Name] = fmt.Sprintf("%016x", sum)
	}
	return pipeline.DataFile{Bytes: info.Size(), Rows: pf.NumRows(), Checksums: checksums}, nil
}

func sumColumn(chunk parquet.ColumnChunk, sum *uint64) (rows int64, err error) {
	pages := chunk.Pages()
	defer func() { err = errors.Join(err, pages.Close()) }()
	var hashes []uint64 // of the dictionary's entries
	for {
		page, err := pages.ReadPage()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return rows, err
		}
		rows += page.NumRows()
		*sum += hashNull * uint64(page.NumNulls())
		if d := page.Dictionary(); d != nil {
			if hashes == nil {
				hashes = make([]uint64, d.Len())
				for i := range hashes {
					hashes[i] = hashText(string(d.Index(int32(i)).ByteArray()))
				}
			}
			data := page.Data()
			for _, i := range data.Int32() {
				*sum += hashes[i]
			}
		} else {
			sumPage(page, sum)
		}
		parquet.Release(page)
	}
}

func sumPage(page parquet.Page, sum *uint64) {
	data := page.Data()
	switch page.Type().Kind() {
	case parquet.Boolean:
		bits := data.Boolean()
		for i := range page.NumValues() - page.NumNulls() {
			*sum += hashBool(bits[i/8]>>(i%8)&1 == 1)
		}
	case parquet.Int32:
		for _, n := range data.Int32() {
			*sum += hashWhole(n)
		}
	case parquet.Int64:
		for _, n := range data.Int64() {
			*sum += hashWhole(n)
		}
	case parquet.Double:
		for _, x := range data.Double() {
			*sum += hashReal(x)
		}
	case parquet.ByteArray:
		text, offsets := data.ByteArray()
		for i := 1; i < len(offsets); i++ {
			*sum += hashText(string(text[offsets[i-1]:offsets[i]]))
		}
	}
}

// sameSchema compares a file's columns with the declared ones: name, type and whether null is allowed.
func sameSchema(got *parquet.Schema, want *arrow.Schema) error {
	fields := got.Fields()
	if len(fields) != want.NumFields() {
		return fmt.Errorf("read back: %d columns where %d were written", len(fields), want.NumFields())
	}
	for i, f := range want.Fields() {
		g := fields[i]
		if g.Name() != f.Name || g.Optional() != f.Nullable || g.Type().String() != parquetType(f.Type) {
			return fmt.Errorf("read back: column %d is %s %s (optional: %t) where %s %s (optional: %t) was written",
				i+1, g.Name(), g.Type(), g.Optional(), f.Name, parquetType(f.Type), f.Nullable)
		}
	}
	return nil
}

// parquetType is the name that parquet-go gives the type a column is stored as.
func parquetType(t arrow.DataType) string {
	switch t.ID() {
	case arrow.DICTIONARY:
		if arrow.TypeEqual(t, pipeline.BlobDictionary) {
			return "BYTE_ARRAY"
		}
		return "STRING"
	case arrow.INT8:
		return "INT(8,true)"
	case arrow.INT16:
		return "INT(16,true)"
	case arrow.INT32:
		return "INT(32,true)"
	case arrow.INT64:
		return "INT(64,true)"
	case arrow.DATE32:
		return "DATE"
	case arrow.FLOAT64:
		return "DOUBLE"
	case arrow.BOOL:
		return "BOOLEAN"
	}
	return t.String()
}

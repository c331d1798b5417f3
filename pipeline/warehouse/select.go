package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"entente/pipeline"
	"entente/pipeline/warehouse/statement"
)

// batchRows is how many rows Select hands on at a time, and at most has in memory of a transform's, which may be wide.
const batchRows = 1 << 14

// sortedRows is how many rows in order of the key DuckDB writes at a time: as many as it stores together. It holds many
// groups of fewer rows at once, and some millions of rows then do not fit into its memory beside what sorts them.
const sortedRows = 122_880

// restMemory is what DuckDB may keep while it has nothing to do.
const restMemory = "64MB"

// Select declares the table that a KindTable view makes. fill runs the select, through a temporary
// Parquet file, and pushes its rows through the view's transform: without a transform in order of the
// key, with one in the select's own order. A null in a key column is an error that names the row.
func (d *database) Select(ctx context.Context, v pipeline.View) (pipeline.Table, func(pipeline.Sink) error, error) {
	t, selected, err := d.declare(ctx, v)
	if err != nil {
		return pipeline.Table{}, nil, fmt.Errorf("sql/%s/%s.sql: %w", v.Schema, v.Name, err)
	}
	fill := func(out pipeline.Sink) error {
		if err := d.pump(ctx, v, t, selected, out); err != nil {
			return fmt.Errorf("sql/%s/%s.sql: %w", v.Schema, v.Name, err)
		}
		return nil
	}
	return t, fill, nil
}

// declare returns the view's table and the schema of its select, before the transform.
func (d *database) declare(ctx context.Context, v pipeline.View) (pipeline.Table, *arrow.Schema, error) {
	d.turn.Lock()
	defer d.turn.Unlock()
	var none pipeline.Table
	if v.Kind != pipeline.KindTable {
		return none, nil, fmt.Errorf("kind %s is not materialized", v.Kind)
	}
	selected, err := d.schemaOf(ctx, v)
	if err != nil {
		return none, nil, err
	}
	made := selected
	if v.Transform != "" {
		transform := d.transforms[v.Transform]
		if transform == nil {
			return none, nil, fmt.Errorf("no transform is named %q", v.Transform)
		}
		if made, err = transform.Columns(selected); err != nil {
			return none, nil, fmt.Errorf("transform %s: %w", v.Transform, err)
		}
	}
	var columns []string
	fields := slices.Clone(made.Fields())
	for i, f := range fields {
		columns = append(columns, f.Name)
		fields[i] = document(f, v)
	}
	if !slices.Equal(columns, v.ColumnNames()) {
		return none, nil, fmt.Errorf("the columns are %s, and the header documents %s",
			strings.Join(columns, ", "), strings.Join(v.ColumnNames(), ", "))
	}
	t := pipeline.Table{
		Schema: v.Schema, Name: v.Name, Description: v.Description, Key: v.Key,
		Columns: arrow.NewSchema(fields, nil),
	}
	if err := t.Check(); err != nil {
		return none, nil, err
	}
	return t, selected, nil
}

// schemaOf asks DuckDB for the types of a view's select.
func (d *database) schemaOf(ctx context.Context, v pipeline.View) (*arrow.Schema, error) {
	rows, err := d.db.QueryContext(ctx, "describe "+v.SQL)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var fields []arrow.Field
	for rows.Next() {
		var name, typ string
		var rest [4]sql.NullString
		if err := rows.Scan(&name, &typ, &rest[0], &rest[1], &rest[2], &rest[3]); err != nil {
			return nil, err
		}
		field := arrow.Field{Name: name, Nullable: true}
		for _, pair := range statement.Types {
			if pair.DuckDB == typ {
				field.Type = pair.Arrow
			}
		}
		switch {
		case field.Type == nil:
			return nil, fmt.Errorf("column %s is %s, which does not go into the lake; cast it to one of %s",
				name, typ, statement.KnownTypes)
		case typ == "VARCHAR":
			field.Type = pipeline.Dictionary
		}
		fields = append(fields, field)
	}
	return arrow.NewSchema(fields, nil), rows.Err()
}

// document gives a field what the view's header says of it.
func document(f arrow.Field, v pipeline.View) arrow.Field {
	f.Nullable = !slices.Contains(v.Key, f.Name)
	for _, c := range v.Columns {
		if c.Name != f.Name {
			continue
		}
		role := ""
		if c.Unit == unitCode || arrow.TypeEqual(f.Type, pipeline.Dictionary) && namesCode(f.Name) {
			role = pipeline.RoleCode
		}
		f.Metadata = arrow.NewMetadata(
			[]string{pipeline.MetaDescription, pipeline.MetaUnit, pipeline.MetaRole},
			[]string{c.Description, unitOf(c), role})
	}
	return f
}

// namesCode reports whether columns of that name hold codes wherever they stand.
func namesCode(name string) bool {
	return strings.HasSuffix(name, "_id") || strings.HasPrefix(name, "iso3") ||
		slices.Contains([]string{"symbol", "source", "body", "session"}, name)
}

// pump runs the select into a temporary file and its rows into out.
func (d *database) pump(ctx context.Context, v pipeline.View, t pipeline.Table, selected *arrow.Schema, out pipeline.Sink) (err error) {
	path := filepath.Join(d.temp, v.Schema+"."+v.Name+".parquet")
	defer func() {
		if gone := os.Remove(path); !errors.Is(gone, os.ErrNotExist) {
			err = errors.Join(err, gone)
		}
	}()
	query, rows := v.SQL, batchRows
	if v.Transform == "" {
		rows = sortedRows
		query = fmt.Sprintf("select %s from (%s\n) order by %s", statement.Names(v.ColumnNames()), v.SQL, statement.Names(v.Key))
	}
	if v.Transform != "" {
		giveBack()
	}
	if err := d.copy(ctx, query, path, rows); err != nil {
		return err
	}
	checked := &keyed{Sink: out, table: t}
	into := pipeline.Sink(checked)
	if v.Transform != "" {
		into = d.transforms[v.Transform].Apply(checked)
	} else {
		selected = t.Columns
	}
	return readBack(ctx, d.options.Memory, path, selected, into)
}

// copy writes the rows of a query into a file, in row groups of so many.
func (d *database) copy(ctx context.Context, query, path string, rows int) error {
	d.turn.Lock()
	defer d.turn.Unlock()
	_, err := d.db.ExecContext(ctx, fmt.Sprintf("copy (%s\n) to %s (format parquet, compression uncompressed, row_group_size %d)",
		query, statement.Text(path), rows))
	d.rest(ctx)
	return err
}

// mostKept is how much of the system's memory Go may keep when DuckDB begins a large select.
const mostKept = 96 << 20

// giveBack returns what Go's heap keeps and does not use to the system, where that may be much.
func giveBack() {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	if m.HeapSys-m.HeapReleased > mostKept {
		debug.FreeOSMemory()
	}
}

// rest has DuckDB give back what it keeps of files that it has read: while rows go through a transform and into the
// lake, nobody asks it. Where it cannot, because so much is in use, all stays as it is.
func (d *database) rest(ctx context.Context) {
	if d.options.LoadMemory == "" || d.options.MemoryLimit == "" {
		return
	}
	for _, limit := range []string{restMemory, d.options.MemoryLimit} {
		_, _ = d.db.ExecContext(ctx, "set memory_limit = "+statement.Text(limit))
	}
}

// readBack pushes a Parquet file's rows into a sink, as records of that schema, and closes the sink.
func readBack(ctx context.Context, mem memory.Allocator, path string, schema *arrow.Schema, out pipeline.Sink) error {
	props := parquet.NewReaderProperties(mem)
	props.BufferedStreamEnabled = true
	source, err := file.OpenParquetFile(path, false, file.WithReadProps(props))
	if err != nil {
		return fmt.Errorf("temporary file: %w", err)
	}
	defer source.Close()
	options := pqarrow.ArrowReadProperties{BatchSize: batchRows, Parallel: true}
	for i, f := range schema.Fields() {
		options.SetReadDict(i, arrow.TypeEqual(f.Type, pipeline.Dictionary))
	}
	reader, err := pqarrow.NewFileReader(source, options, mem)
	if err != nil {
		return fmt.Errorf("temporary file: %w", err)
	}
	columns := make([]int, schema.NumFields())
	for i := range columns {
		columns[i] = i
	}
	for group := range source.NumRowGroups() {
		if err := ctx.Err(); err != nil {
			return err
		}
		rows, err := reader.RowGroup(group).ReadTable(ctx, columns)
		if err != nil {
			return fmt.Errorf("temporary file: %w", err)
		}
		err = push(rows, schema, out)
		rows.Release()
		if err != nil {
			return err
		}
	}
	return out.Close()
}

// push hands a table on in batches; a batch's columns are slices of the table's.
func push(rows arrow.Table, schema *arrow.Schema, out pipeline.Sink) error {
	batches := array.NewTableReader(rows, batchRows)
	defer batches.Release()
	for batches.Next() {
		columns := batches.RecordBatch().Columns()
		for i, f := range schema.Fields() {
			if !arrow.TypeEqual(columns[i].DataType(), f.Type) {
				return fmt.Errorf("column %s: read back as %s, want %s", f.Name, columns[i].DataType(), f.Type)
			}
		}
		batch := array.NewRecordBatch(schema, columns, batches.RecordBatch().NumRows())
		err := out.Batch(batch)
		batch.Release()
		if err != nil {
			return err
		}
	}
	return batches.Err()
}

// keyed fails on a null in a key column.
type keyed struct {
	pipeline.Sink
	table pipeline.Table
	rows  int64
}

func (k *keyed) Batch(rows arrow.RecordBatch) error {
	for _, name := range k.table.Key {
		column := rows.Column(k.table.Columns.FieldIndices(name)[0])
		if column.NullN() == 0 {
			continue
		}
		for i := range column.Len() {
			if column.IsNull(i) {
				return fmt.Errorf("key column %s is null in row %d; leave such rows out, or give them a value",
					name, k.rows+int64(i)+1)
			}
		}
	}
	k.rows += rows.NumRows()
	return k.Sink.Batch(rows)
}

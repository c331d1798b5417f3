package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	duckdb "github.com/duckdb/duckdb-go/v2"

	"entente/pipeline"
)

// database implements pipeline.Database, and io.Closer for a run that ends before Finish.
type database struct {
	*Warehouse
	db      *sql.DB
	path    string
	temp    string // folder of its own for what DuckDB spills and Select passes on
	tables  []pipeline.Table
	defined []pipeline.View
}

// Create makes a new database file with the warehouse's schemas. It fails when the file exists.
func (w *Warehouse) Create(ctx context.Context, path string) (pipeline.Database, error) {
	if w.options.Now == nil {
		return nil, errors.New("warehouse: Options.Now is not set, and schema meta needs the time")
	}
	if _, err := os.Stat(path); err == nil {
		return nil, fmt.Errorf("warehouse %s: the file exists; a release's database is made once", path)
	}
	temp, err := os.MkdirTemp(w.options.TempDir, "entente-warehouse-")
	if err != nil {
		return nil, fmt.Errorf("warehouse: %w", err)
	}
	d := &database{Warehouse: w, path: path, temp: temp}
	settings := w.options.settings(temp)
	if d.db, err = open(path, settings); err != nil {
		return nil, errors.Join(err, os.RemoveAll(temp))
	}
	d.db.SetMaxOpenConns(1)
	for _, schema := range schemas {
		if _, err := d.db.ExecContext(ctx, "create schema "+quoteName(schema)); err != nil {
			return nil, errors.Join(fmt.Errorf("warehouse %s: schema %s: %w", path, schema, err), d.Close())
		}
	}
	if _, err := d.db.ExecContext(ctx, metaTables); err != nil {
		return nil, errors.Join(fmt.Errorf("warehouse %s: schema meta: %w", path, err), d.Close())
	}
	return d, nil
}

// settings are DuckDB's, with no extension ever fetched.
func (o Options) settings(temp string) url.Values {
	values := url.Values{
		"autoinstall_known_extensions": {"false"},
		"autoload_known_extensions":    {"false"},
		// Most time of a load goes into trying FSST on texts that a dictionary holds in a tenth of the space.
		"disabled_compression_methods": {"fsst"},
	}
	if o.Threads > 0 {
		values.Set("threads", strconv.Itoa(o.Threads))
	}
	if o.MemoryLimit != "" {
		values.Set("memory_limit", o.MemoryLimit)
	}
	if temp != "" {
		values.Set("temp_directory", temp)
	}
	return values
}

// open opens a file; the driver takes path and settings as one text, so some paths cannot be said.
func open(path string, settings url.Values) (*sql.DB, error) {
	if strings.Contains(path, "?") {
		return nil, fmt.Errorf("warehouse %s: DuckDB's driver takes no ? in a path; rename the folder", path)
	}
	connector, err := duckdb.NewConnector(path+"?"+settings.Encode(), nil)
	if err != nil {
		return nil, fmt.Errorf("warehouse %s: %w", path, err)
	}
	return sql.OpenDB(connector), nil
}

// Close closes the file and removes temporary files. Finish does so, too; twice is no error.
func (d *database) Close() error {
	return errors.Join(d.db.Close(), os.RemoveAll(d.temp))
}

// Load makes a table from Parquet files, with comments, and returns its number of rows. When it
// fails, the table is not there.
func (d *database) Load(ctx context.Context, t pipeline.Table, files []string) (int64, error) {
	rows, err := d.load(ctx, t, files)
	if err != nil {
		return 0, fmt.Errorf("warehouse table %s: %w", t.FullName(), err)
	}
	d.tables = append(d.tables, t)
	return rows, nil
}

func (d *database) load(ctx context.Context, t pipeline.Table, files []string) (rows int64, err error) {
	name := quoteName(t.Schema) + "." + quoteName(t.Name)
	columns := make([]string, t.Columns.NumFields())
	declared := make([]string, t.Columns.NumFields())
	for i, f := range t.Columns.Fields() {
		typ, err := columnType(f.Type)
		if err != nil {
			return 0, fmt.Errorf("column %s: %w", f.Name, err)
		}
		columns[i] = quoteName(f.Name)
		declared[i] = columns[i] + " " + typ
		if !f.Nullable {
			declared[i] += " not null"
		}
	}
	tx, err := d.db.BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, tx.Rollback())
		}
	}()
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("create table %s (%s)", name, strings.Join(declared, ", "))); err != nil {
		return 0, err
	}
	if len(files) > 0 {
		// The partition column is in the files, too, so the folders' names are not read.
		insert := fmt.Sprintf("insert into %s select %s from read_parquet([%s], hive_partitioning = false)",
			name, strings.Join(columns, ", "), quoteFiles(files))
		if _, err := tx.ExecContext(ctx, insert); err != nil {
			return 0, err
		}
	}
	if _, err := tx.ExecContext(ctx, d.tableComments(t)); err != nil {
		return 0, fmt.Errorf("comments: %w", err)
	}
	if err := tx.QueryRowContext(ctx, "select count(*) from "+name).Scan(&rows); err != nil {
		return 0, err
	}
	return rows, tx.Commit()
}

// tableComments are the statements that document a table.
func (d *database) tableComments(t pipeline.Table) string {
	text := t.Description
	for _, v := range d.views {
		if v.FullName() == t.FullName() {
			text = commentOf(v)
		}
	}
	name := quoteName(t.Schema) + "." + quoteName(t.Name)
	var b strings.Builder
	fmt.Fprintf(&b, "comment on table %s is %s;", name, quoteText(text))
	for _, f := range t.Columns.Fields() {
		fmt.Fprintf(&b, "comment on column %s.%s is %s;", name, quoteName(f.Name),
			quoteText(withUnit(pipeline.Describe(f, pipeline.MetaDescription), pipeline.Describe(f, pipeline.MetaUnit))))
	}
	return b.String()
}

// Define creates a view, a macro or a check, with comments. When it fails, nothing is there.
func (d *database) Define(ctx context.Context, v pipeline.View) error {
	if err := d.define(ctx, v); err != nil {
		return fmt.Errorf("sql/%s/%s.sql: %w", v.Schema, v.Name, err)
	}
	d.defined = append(d.defined, v)
	return nil
}

func (d *database) define(ctx context.Context, v pipeline.View) (err error) {
	name := quoteName(v.Schema) + "." + quoteName(v.Name)
	var statements []string
	switch v.Kind {
	case pipeline.KindView, pipeline.KindCheck:
		statements = append(statements,
			fmt.Sprintf("create view %s as %s", name, v.SQL),
			fmt.Sprintf("comment on view %s is %s", name, quoteText(commentOf(v))))
		for _, c := range v.Columns {
			statements = append(statements, fmt.Sprintf("comment on column %s.%s is %s",
				name, quoteName(c.Name), quoteText(withUnit(c.Description, unitOf(c)))))
		}
	case pipeline.KindMacro:
		statements = append(statements,
			fmt.Sprintf("create macro %s(%s) as table %s", name, v.Parameters, v.SQL),
			fmt.Sprintf("comment on macro table %s is %s", name, quoteText(commentOf(v))))
	default:
		return fmt.Errorf("kind %q cannot be defined; a table is selected, then loaded", v.Kind)
	}
	tx, err := d.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, tx.Rollback())
		}
	}()
	for _, statement := range statements {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// commentOf is what a reader of the database sees of a definition's header.
func commentOf(v pipeline.View) string {
	text := v.Description
	for _, part := range []struct{ label, text string }{
		{"Grain", v.Grain}, {"Units", v.Units}, {"Method", v.Method},
	} {
		if part.text != "" {
			text += "\n" + part.label + ": " + part.text
		}
	}
	return text
}

// unitCode in place of a column's unit marks a column of codes; it is no unit.
const unitCode = "code"

func unitOf(c pipeline.ViewColumn) string {
	if c.Unit == unitCode {
		return ""
	}
	return c.Unit
}

func withUnit(description, unit string) string {
	if unit == "" {
		return description
	}
	return description + " [" + unit + "]"
}

// columnType is DuckDB's type for a column of the lake.
func columnType(t arrow.DataType) (string, error) {
	if d, ok := t.(*arrow.DictionaryType); ok {
		t = d.ValueType
	}
	for _, pair := range columnTypes {
		if arrow.TypeEqual(pair.arrow, t) {
			return pair.duckdb, nil
		}
	}
	return "", fmt.Errorf("type %s does not go into the warehouse; %s do", t, knownTypes())
}

// columnTypes are the types that both the lake and the warehouse have.
var columnTypes = []struct {
	duckdb string
	arrow  arrow.DataType
}{
	{"BOOLEAN", arrow.FixedWidthTypes.Boolean},
	{"TINYINT", arrow.PrimitiveTypes.Int8},
	{"SMALLINT", arrow.PrimitiveTypes.Int16},
	{"INTEGER", arrow.PrimitiveTypes.Int32},
	{"BIGINT", arrow.PrimitiveTypes.Int64},
	{"DOUBLE", arrow.PrimitiveTypes.Float64},
	{"DATE", arrow.FixedWidthTypes.Date32},
	{"VARCHAR", arrow.BinaryTypes.String},
}

func knownTypes() string {
	var list []string
	for _, pair := range columnTypes {
		list = append(list, strings.ToLower(pair.duckdb))
	}
	return strings.Join(list, ", ")
}

func quoteName(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func quoteText(text string) string { return `'` + strings.ReplaceAll(text, `'`, `''`) + `'` }

// quoteFiles writes paths for read_parquet, which takes them as patterns.
func quoteFiles(files []string) string {
	literal := strings.NewReplacer("[", "[[]", "*", "[*]", "?", "[?]")
	quoted := make([]string, len(files))
	for i, file := range files {
		quoted[i] = quoteText(literal.Replace(filepath.ToSlash(file)))
	}
	return strings.Join(quoted, ", ")
}

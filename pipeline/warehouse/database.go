package warehouse

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"entente/pipeline"
	"entente/pipeline/warehouse/statement"
)

// database implements pipeline.Database. Its methods may be called side by side; DuckDB, whose limit of memory depends
// on what it does, does one thing at a time.
type database struct {
	*Warehouse
	db     *sql.DB
	path   string
	temp   string     // folder of its own for what DuckDB spills and Select passes on
	turn   sync.Mutex // held while DuckDB does something; guards made and checks
	made   []documented
	checks []pipeline.View
}

// documented is one table, view, macro or check with its columns, for comments and dictionary.
type documented struct {
	schema, name, kind, description string
	columns                         []pipeline.ViewColumn
	parameters                      int // of a macro
}

// Build makes a new database file with the warehouse's schemas, has fill put tables and views into it
// and closes it. It fails when the file exists; after an error, what is at path is of no use.
func (w *Warehouse) Build(ctx context.Context, path string, fill func(pipeline.Database) error) (err error) {
	if w.options.Now == nil {
		return errors.New("warehouse: Options.Now is not set, and schema meta needs the time")
	}
	if _, err := os.Stat(path); err == nil {
		return fmt.Errorf("warehouse %s: the file exists; a release's database is made once", path)
	}
	d := &database{Warehouse: w, path: path}
	if d.temp, err = os.MkdirTemp(w.options.TempDir, "entente-warehouse-"); err != nil {
		return fmt.Errorf("warehouse: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(d.temp)) }()
	if d.db, err = create(path, w.options.settings(d.temp)); err != nil {
		return err
	}
	// Meta's tables are there from the start, so that checks can be defined on them.
	_, err = d.db.ExecContext(ctx, empty)
	if err == nil {
		err = fill(d)
	}
	if err == nil {
		_, err = d.db.ExecContext(ctx, "force checkpoint")
	}
	if err = errors.Join(err, d.db.Close()); err != nil {
		return err
	}
	if _, err := os.Stat(path + ".wal"); !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("warehouse %s: a write-ahead log is left beside the closed file", path)
	}
	return nil
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

// create makes a new file, which all connections use. Nothing of it is kept if its making is cut off, so DuckDB need not
// write a log of what it does and wait for the disk at each step.
func create(path string, settings url.Values) (*sql.DB, error) {
	connector, err := duckdb.NewConnector(":memory:?"+settings.Encode(), func(conn driver.ExecerContext) error {
		for _, what := range []string{
			fmt.Sprintf("attach if not exists %s as warehouse (recovery_mode no_wal_writes)", statement.Text(path)), "use warehouse",
		} {
			if _, err := conn.ExecContext(context.Background(), what, nil); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("warehouse %s: %w", path, err)
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(1)
	return db, nil
}

// Load makes a table from Parquet files, with comments, and returns its number of rows. When it
// fails, the table is not there.
func (d *database) Load(ctx context.Context, t pipeline.Table, files []string) (int64, error) {
	d.turn.Lock()
	defer d.turn.Unlock()
	var rows int64
	err := d.limited(ctx, func() (err error) {
		rows, err = d.load(ctx, t, files)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("warehouse table %s: %w", t.FullName(), err)
	}
	return rows, nil
}

// limited runs do within the memory for loads. DuckDB keeps what it has written as long as its limit lets it.
func (d *database) limited(ctx context.Context, do func() error) error {
	if d.options.LoadMemory == "" || d.options.MemoryLimit == "" {
		return do()
	}
	set := func(limit string) error {
		_, err := d.db.ExecContext(ctx, "set memory_limit = "+statement.Text(limit))
		return err
	}
	if err := set(d.options.LoadMemory); err != nil {
		return err
	}
	return errors.Join(do(), set(d.options.MemoryLimit))
}

func (d *database) load(ctx context.Context, t pipeline.Table, files []string) (rows int64, err error) {
	table := documented{schema: t.Schema, name: t.Name, kind: pipeline.KindTable, description: t.Description}
	for _, f := range t.Columns.Fields() {
		table.columns = append(table.columns, pipeline.ViewColumn{
			Name: f.Name, Unit: pipeline.Describe(f, pipeline.MetaUnit), Description: pipeline.Describe(f, pipeline.MetaDescription),
		})
	}
	comment := t.Description
	for _, v := range d.views {
		if v.FullName() == t.FullName() {
			comment = commentOf(v)
		}
	}
	contents, err := d.contents(ctx, t, files)
	if err != nil {
		return 0, err
	}
	kind, statements, err := statement.Load(t, contents)
	if err != nil {
		return 0, err
	}
	name := statement.Name(t.Schema, t.Name)
	statements = append(statements, comments(kind, name, comment, table.columns)...)
	err = d.atomically(ctx, statements, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, "select count(*) from "+name).Scan(&rows)
	})
	if err == nil {
		d.made = append(d.made, table)
	}
	return rows, err
}

// contents asks the files of a table in parts for what its columns of text hold; of another table, nothing is asked.
func (d *database) contents(ctx context.Context, t pipeline.Table, files []string) ([]statement.File, error) {
	contents := make([]statement.File, len(files))
	for i, file := range files {
		f := &contents[i]
		f.Path = file
		if t.PartitionBy == "" {
			continue
		}
		parts, err := d.texts(ctx, statement.FirstPart(t, file))
		if err != nil {
			return nil, err
		}
		if len(parts) == 0 {
			continue // no row
		}
		f.Part, f.Texts = parts[0].String, map[string][]sql.NullString{}
		for _, field := range t.Columns.Fields() {
			if !statement.IsText(field) {
				continue
			}
			if f.Texts[field.Name], err = d.texts(ctx, statement.Distinct(field.Name, file)); err != nil {
				return nil, err
			}
		}
	}
	return contents, nil
}

// texts are the rows of a query of one column of text.
func (d *database) texts(ctx context.Context, query string) (all []sql.NullString, err error) {
	rows, err := d.db.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var text sql.NullString
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		all = append(all, text)
	}
	return all, rows.Err()
}

// atomically runs statements and then the rest, as a whole or not at all.
func (d *database) atomically(ctx context.Context, statements []string, rest func(*sql.Tx) error) error {
	tx, err := d.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	for _, statement := range statements {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return errors.Join(err, tx.Rollback())
		}
	}
	if err := rest(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// Define creates a view, a macro or a check, with comments. When it fails, nothing is there.
func (d *database) Define(ctx context.Context, v pipeline.View) error {
	name := statement.Name(v.Schema, v.Name)
	var statements []string
	switch v.Kind {
	case pipeline.KindView, pipeline.KindCheck:
		statements = append([]string{fmt.Sprintf("create view %s as %s", name, v.SQL)},
			comments("view", name, commentOf(v), v.Columns)...)
	case pipeline.KindMacro:
		statements = append([]string{fmt.Sprintf("create macro %s(%s) as table %s", name, v.Parameters, v.SQL)},
			comments("macro table", name, commentOf(v), nil)...)
	default:
		return fmt.Errorf("sql/%s/%s.sql: kind %q cannot be defined; a table is selected, then loaded", v.Schema, v.Name, v.Kind)
	}
	d.turn.Lock()
	defer d.turn.Unlock()
	if err := d.atomically(ctx, statements, func(*sql.Tx) error { return nil }); err != nil {
		return fmt.Errorf("sql/%s/%s.sql: %w", v.Schema, v.Name, err)
	}
	if v.Kind == pipeline.KindCheck {
		d.checks = append(d.checks, v)
	}
	d.made = append(d.made, documented{
		schema: v.Schema, name: v.Name, kind: v.Kind, description: v.Description,
		columns: v.Columns, parameters: v.ParameterCount(),
	})
	return nil
}

// comments are the statements that document what was made.
func comments(kind, name, text string, columns []pipeline.ViewColumn) []string {
	statements := []string{fmt.Sprintf("comment on %s %s is %s", kind, name, statement.Text(text))}
	for _, c := range columns {
		description := c.Description
		if unit := unitOf(c); unit != "" {
			description += " [" + unit + "]"
		}
		statements = append(statements, fmt.Sprintf("comment on column %s.%s is %s", name, statement.Name(c.Name), statement.Text(description)))
	}
	return statements
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

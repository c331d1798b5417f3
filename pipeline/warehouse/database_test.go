package warehouse_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"github.com/google/go-cmp/cmp"

	"entente/pipeline"
	"entente/pipeline/warehouse"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// votes is a raw table with every type that a source may declare.
func votes() pipeline.Table {
	return pipeline.Table{
		Schema: "raw", Name: "votes", Description: "One row per ballot; it's a test's.",
		Key: []string{"iso3", "year"},
		Columns: arrow.NewSchema([]arrow.Field{
			pipeline.NotNull(pipeline.Code("iso3", "state")),
			pipeline.NotNull(pipeline.Int16("year", "year", "calendar year")),
			pipeline.Day("date", "day of the vote"),
			pipeline.Flag("important", "whether it counts"),
			pipeline.Int8("vote", "", "ballot"),
			pipeline.Int32("yes_count", "states", "states that voted yes"),
			pipeline.Int64("undl_id", "", "record"),
			pipeline.Real("theta", "scale", "position"),
		}, nil),
	}
}

const votesJSON = `[
	{"iso3":"CHN","year":2006,"date":"2006-01-02","important":true,"vote":1,"yes_count":120,"undl_id":9000000000,"theta":-0.5},
	{"iso3":"RUS","year":2006,"date":null,"important":null,"vote":null,"yes_count":null,"undl_id":null,"theta":null},
	{"iso3":"USA","year":2007,"date":"2007-12-31","important":false,"vote":3,"yes_count":1,"undl_id":2,"theta":2.25}
]`

// parquetFile writes rows, given as JSON, as the lake would.
func parquetFile(t testing.TB, path string, schema *arrow.Schema, rows string) {
	t.Helper()
	record, _, err := array.RecordFromJSON(memory.DefaultAllocator, plain(schema), strings.NewReader(rows))
	if err != nil {
		t.Fatal(err)
	}
	defer record.Release()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w, err := pqarrow.NewFileWriter(record.Schema(), f, parquet.NewWriterProperties(), pqarrow.DefaultWriterProps())
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Write(record), w.Close()); err != nil {
		t.Fatal(err)
	}
}

// plain is a schema with text in place of dictionaries, which JSON cannot give.
func plain(s *arrow.Schema) *arrow.Schema {
	fields := append([]arrow.Field(nil), s.Fields()...)
	for i := range fields {
		if fields[i].Type.ID() == arrow.DICTIONARY {
			fields[i].Type = arrow.BinaryTypes.String
		}
	}
	return arrow.NewSchema(fields, nil)
}

func sqlFiles(files map[string]string) fs.FS {
	folder := fstest.MapFS{}
	for name, content := range files {
		folder[name] = &fstest.MapFile{Data: []byte(content)}
	}
	return folder
}

// release is a warehouse under construction, with table raw.votes loaded.
type release struct {
	*warehouse.Warehouse
	db        pipeline.Database
	dir, path string
}

// build makes a database, has fill work on it and closes it, however that ends.
func build(t *testing.T, definitions map[string]string, transforms map[string]pipeline.Transform, fill func(release) error) (release, error) {
	t.Helper()
	w, err := warehouse.New(sqlFiles(definitions), transforms, warehouse.Options{
		Threads: 2, MemoryLimit: "512MB", LoadMemory: "256MB", TempDir: t.TempDir(), Now: func() time.Time { return noon },
	})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	r := release{Warehouse: w, dir: dir, path: filepath.Join(dir, "warehouse.duckdb")}
	// The folder's name holds what read_parquet takes for patterns, and a quote.
	file := filepath.Join(dir, "lake", "it's [a] *", "year=1", "part-0.parquet")
	parquetFile(t, file, votes().Columns, votesJSON)
	err = w.Build(t.Context(), r.path, func(db pipeline.Database) error {
		r.db = db
		rows, err := db.Load(t.Context(), votes(), []string{file})
		if rows != 3 || err != nil {
			return fmt.Errorf("loaded %d rows, want 3: %w", rows, err)
		}
		return fill(r)
	})
	return r, err
}

// materialize selects a view, checks what comes and loads what a loader would write.
func (r release) materialize(t *testing.T, v pipeline.View) {
	t.Helper()
	table, fill, err := r.db.Select(t.Context(), v)
	if err != nil {
		t.Fatal(err)
	}
	var got sink
	if err := fill(&got); err != nil {
		t.Fatal(err)
	}
	equal(t, "rows", got.rows, []string{
		"2006|CHN|2006-01-02|true|1|120|9000000000|-0.5|X",
		"2006|RUS|(null)|(null)|(null)|(null)|(null)|(null)|(null)",
		"2007|USA|2007-12-31|false|3|1|2|2.25|(null)",
	})
	if !got.closed || !got.schema.Equal(table.Columns) {
		t.Errorf("closed %t; rows came as %s, declared as %s", got.closed, got.schema, table.Columns)
	}
	equal(t, "key", table.Key, []string{"iso3", "year"})
	file := filepath.Join(r.dir, "lake", "core", "ballots", "part-0.parquet")
	parquetFile(t, file, table.Columns, `[{"iso3":"CHN","year":2006,"theta":-0.5},{"iso3":"RUS","year":2006},{"iso3":"USA","year":2007,"theta":2.25}]`)
	if _, err := r.db.Load(t.Context(), table, []string{file}); err != nil {
		t.Fatal(err)
	}
}

// answer runs a query on a finished file and renders its rows.
func answer(t *testing.T, path, query string) []string {
	t.Helper()
	db, err := warehouse.OpenReadOnly(path, warehouse.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	return rowsOf(t, db, query)
}

func rowsOf(t *testing.T, db *sql.DB, query string) []string {
	t.Helper()
	var out []string
	err := warehouse.Stream(t.Context(), db, query, func([]warehouse.Column) error { return nil }, func(row []any) error {
		var cells []string
		for _, v := range row {
			switch v := v.(type) {
			case time.Time:
				cells = append(cells, v.Format(time.RFC3339))
			default:
				cells = append(cells, fmt.Sprint(v))
			}
		}
		out = append(out, strings.Join(cells, "|"))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func equal[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: want (-), got (+):\n%s", what, diff)
	}
}

var definitions = map[string]string{
	"core/ballots.sql": `-- Ballots of states.
-- kind: table
-- key: iso3, year
-- grain: one state and year
-- units: ballots
-- method: as cast
-- column year [year]: calendar year
-- column iso3: the state
-- column date [day]: day
-- column important: flag
-- column vote: ballot
-- column yes_count [states]: yes
-- column undl_id: record
-- column theta [scale]: position
-- column note [code]: a code
select v.year, v.iso3, v.date, v.important, v.vote, v.yes_count, v.undl_id, v.theta,
    case when v.vote = 1 then 'X' end as note,
from raw.votes as v
`,
	"indicators/positions.sql": `-- Positions of states.
-- grain: one state
-- column iso3: the state
-- column theta [scale]: mean position
select b.iso3, avg(b.theta) as theta
from core.ballots as b
group by b.iso3
`,
	"indicators/near.sql": `-- States near a position.
-- kind: macro
-- parameters: middle, width
-- grain: one state
-- column iso3: the state
-- column distance [scale]: distance from the position
select p.iso3, abs(p.theta - middle) as distance
from indicators.positions as p
where abs(p.theta - middle) <= width
`,
	"checks/theta_known.sql": `-- Ballots without a position.
-- level: warning
-- grain: one ballot
-- column iso3: the state
select b.iso3 from core.ballots as b where b.theta is null
`,
	"checks/accounts_balance.sql": `-- Tables whose account does not add up.
-- grain: one table
-- column table_name: the table
select a.table_name
from meta.row_accounts as a
where a.read_count <> a.loaded_count + a.quarantined_count + a.duplicate_count + a.filtered_count
`,
}

// sink keeps what it is given as JSON lines.
type sink struct {
	rows    []string
	batches []int64
	schema  *arrow.Schema
	closed  bool
}

func (s *sink) Batch(rows arrow.RecordBatch) error {
	s.schema = rows.Schema()
	s.batches = append(s.batches, rows.NumRows())
	if len(s.rows) > 1000 {
		return nil
	}
	for i := range int(min(rows.NumRows(), 1000)) {
		var cells []string
		for _, c := range rows.Columns() {
			cells = append(cells, c.ValueStr(i))
		}
		s.rows = append(s.rows, strings.Join(cells, "|"))
	}
	return nil
}
func (s *sink) Reject(r pipeline.Reject) error { return fmt.Errorf("rejected: %s", r.Reason) }
func (s *sink) Filter(string, int64) error     { return nil }
func (s *sink) Close() error                   { s.closed = true; return nil }

func (r release) view(t *testing.T, name string) pipeline.View {
	t.Helper()
	for _, v := range r.Views() {
		if v.FullName() == name {
			return v
		}
	}
	t.Fatalf("no view %s", name)
	return pipeline.View{}
}

// writeQuarantine writes one row set aside, as the lake would, and returns its path in the release.
func (r release) writeQuarantine(t *testing.T) string {
	t.Helper()
	parquetFile(t, filepath.Join(r.dir, "lake", "quarantine", "votes.parquet"), arrow.NewSchema([]arrow.Field{
		{Name: "source", Type: arrow.BinaryTypes.String}, {Name: "table_name", Type: arrow.BinaryTypes.String},
		{Name: "file", Type: arrow.BinaryTypes.String}, {Name: "sha256", Type: arrow.BinaryTypes.String},
		{Name: "line", Type: arrow.PrimitiveTypes.Int64}, {Name: "byte_offset", Type: arrow.PrimitiveTypes.Int64},
		{Name: "reason", Type: arrow.BinaryTypes.String}, {Name: "raw", Type: arrow.BinaryTypes.Binary},
	}, nil), `[{"source":"un","table_name":"votes","file":"a.csv","sha256":"ab","line":7,"byte_offset":99,"reason":"vote \"Q\"","raw":"cQ=="}]`)
	return "lake/quarantine/votes.parquet"
}

// manifest is a release's with one source and one table.
func manifest(quarantine string) pipeline.Manifest {
	return pipeline.Manifest{
		ID: "r2", Previous: "r1", RunID: "run", Program: "entente test", Views: "ff",
		StartedAt: noon.Add(-time.Hour),
		Runs: []pipeline.RunRecord{
			{ID: "run", Jobs: []string{"reference", "un"}, StartedAt: noon.Add(-time.Hour), FinishedAt: noon, Outcome: pipeline.RunPublished, Release: "r2", Program: "entente test",
				Occasion: pipeline.Occasion{Schedule: "un", ScheduledAt: noon.Add(-2 * time.Hour), Attempt: 1, Trigger: "catch-up"}},
			{ID: "hand", Jobs: []string{"un"}, StartedAt: noon.Add(-3 * time.Hour), Outcome: pipeline.RunFailed, Error: "no answer", Program: "entente test"},
		},
		Sources: []pipeline.SourceEntry{{Name: "un", Upstream: pipeline.Upstream{Title: "Votes", Licence: "CC", Automated: true, MaxRejectShare: 0.01},
			Files: []pipeline.File{{Name: "a.csv", SHA256: "ab", Bytes: 12, Outcome: pipeline.OutcomeDownloaded, FetchedAt: noon, ETag: `"x"`}}}},
		Tables: []pipeline.TableEntry{{Schema: "raw", Name: "votes", Source: "un",
			Account:    pipeline.Account{Read: 5, Loaded: 3, Quarantined: 1, Filtered: 2, Filters: map[string]int64{"not a state": 2}},
			Quarantine: []pipeline.DataFile{{Path: quarantine}}}},
	}
}

// TestRelease takes a database from nothing to closed as a run does, and reads everything back.
func TestRelease(t *testing.T) {
	var results []pipeline.CheckResult
	r, err := build(t, definitions, nil, func(r release) (err error) {
		for _, v := range r.Views() {
			if v.Kind == pipeline.KindTable {
				r.materialize(t, v)
			} else if err := r.db.Define(t.Context(), v); err != nil {
				return err
			}
		}
		results, err = r.db.Finish(t.Context(), manifest(r.writeQuarantine(t)))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "checks", results, []pipeline.CheckResult{
		{Name: "accounts_balance", Level: "error", Description: "Tables whose account does not add up.", Offending: 1},
		{Name: "theta_known", Level: "warning", Description: "Ballots without a position.", Offending: 1},
	})
	left, err := filepath.Glob(filepath.Join(r.dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "files left", left, []string{filepath.Join(r.dir, "lake"), r.path})
	for query, want := range map[string][]string{
		"from indicators.near(2.0, 1.0)": {"USA|0.25"},
		"from checks.theta_known":        {"RUS"},
		"from checks.accounts_balance":   {"raw.votes"},
		"from meta.release":              {"r2|r1|run|entente test|ff"},
		"from meta.runs": {
			"run|un|2026-11-23T10:00:00Z|1|catch-up|reference, un|2026-11-23T11:00:00Z|2026-11-23T12:00:00Z|published|r2|<nil>|entente test",
			"hand|<nil>|<nil>|<nil>|<nil>|un|2026-11-23T09:00:00Z|<nil>|failed|<nil>|no answer|entente test",
		},
		"select source, licence, automated from meta.sources": {"un|CC|true"},
		"from meta.snapshots":                                          {`un|a.csv|ab|12|<nil>|<nil>|downloaded|2026-11-23T12:00:00Z|<nil>|"x"|<nil>`},
		"from meta.licences":                                           {"un|CC|<nil>|<nil>|<nil>"},
		"from meta.row_accounts":                                       {"raw.votes|un|5|3|1|0|2"},
		"from meta.row_filters":                                        {"raw.votes|not a state|2"},
		"from meta.quarantine":                                         {`un|votes|a.csv|ab|7|99|vote "Q"|[113]`},
		"select name, level, offending_count from meta.checks":         {"accounts_balance|error|1", "theta_known|warning|1"},
		"select comment from duckdb_tables() where table_name='votes'": {"One row per ballot; it's a test's."},
		"select comment from duckdb_tables() where table_name='ballots'": {
			"Ballots of states.\nGrain: one state and year\nUnits: ballots\nMethod: as cast"},
		"select comment from duckdb_views() where view_name='positions'":                                                                     {"Positions of states.\nGrain: one state"},
		"select comment from duckdb_functions() where function_name='near'":                                                                  {"States near a position.\nGrain: one state"},
		"select schema_name, table_name, column_name from duckdb_columns() where comment is null and schema_name <> 'main' and not internal": nil,
		"select column_name, data_type, is_nullable, comment from duckdb_columns() where schema_name = 'raw' and column_index < 4 order by column_index": {
			"iso3|VARCHAR|false|state", "year|SMALLINT|false|calendar year [year]", "date|DATE|true|day of the vote [day]"},
		"select comment from duckdb_columns() where table_name = 'positions' order by column_index":  {"the state", "mean position [scale]"},
		"select comment from duckdb_columns() where table_name = 'ballots' and column_name = 'note'": {"a code"},
		"select kind, table_name, column_name, data_type, unit from meta.columns where schema_name = 'indicators' order by all": {
			"macro|near|distance|DOUBLE|scale", "macro|near|iso3|VARCHAR|<nil>",
			"view|positions|iso3|VARCHAR|<nil>", "view|positions|theta|DOUBLE|scale"},
		"select count(*) from meta.columns where table_description = '' or description = ''": {"0"},
		"select unit from meta.columns where schema_name = 'meta' and column_name = 'bytes'": {"bytes"},
	} {
		equal(t, query, answer(t, r.path, query), want)
	}
}

// TestEmptyRelease finishes a database with nothing in it: schema meta is there all the same.
func TestEmptyRelease(t *testing.T) {
	w, err := warehouse.New(sqlFiles(nil), nil, warehouse.Options{Now: func() time.Time { return noon }, TempDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "w.duckdb")
	finish := func(db pipeline.Database) error {
		_, err := db.Load(t.Context(), votes(), nil)
		_, failed := db.Finish(t.Context(), pipeline.Manifest{ID: "r"})
		return errors.Join(err, failed)
	}
	if err := w.Build(t.Context(), path, finish); err != nil {
		t.Fatal(err)
	}
	equal(t, "quarantine", answer(t, path, "select count(*) from meta.quarantine"), []string{"0"})
	equal(t, "votes", answer(t, path, "select count(*) from raw.votes"), []string{"0"})
	if err := w.Build(t.Context(), path, finish); err == nil || !strings.Contains(err.Error(), "exists") {
		t.Errorf("a second database at the same path: %v", err)
	}
}

func TestDictionary(t *testing.T) {
	r, err := build(t, nil, nil, func(r release) error {
		_, err := r.db.Finish(t.Context(), pipeline.Manifest{})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	file, err := warehouse.OpenReadOnly(r.path, warehouse.Options{Threads: 1, TempDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	entries, err := warehouse.Dictionary(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	var found []warehouse.DictionaryEntry
	for _, e := range entries {
		if e.Schema == "raw" && e.Column == "yes_count" {
			found = append(found, e)
		}
	}
	equal(t, "entry", found, []warehouse.DictionaryEntry{{
		Schema: "raw", Table: "votes", Kind: "table", TableDescription: votes().Description,
		Column: "yes_count", Type: "INTEGER", Unit: "states", Description: "states that voted yes",
	}})
	if _, err := file.ExecContext(t.Context(), "create table x (a int)"); err == nil {
		t.Error("a file opened for reading was written to")
	}
	if _, err := warehouse.OpenReadOnly(r.path+".no", warehouse.Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
}

func TestLoadFails(t *testing.T) {
	file := filepath.Join(t.TempDir(), "part.parquet")
	parquetFile(t, file, arrow.NewSchema([]arrow.Field{
		{Name: "iso3", Type: arrow.BinaryTypes.String, Nullable: true}, {Name: "year", Type: arrow.PrimitiveTypes.Int16, Nullable: true},
	}, nil), `[{"iso3":null,"year":2001}]`)
	short := votes()
	short.Name = "short"
	short.Columns = arrow.NewSchema(short.Columns.Fields()[:2], nil)
	wide := votes()
	wide.Name = "wide"
	wide.Columns = arrow.NewSchema([]arrow.Field{{Name: "a", Type: arrow.PrimitiveTypes.Uint64}}, nil)
	_, err := build(t, nil, nil, func(r release) error {
		for _, c := range []struct {
			table pipeline.Table
			want  string
		}{
			{short, "NOT NULL constraint failed"},
			{wide, "column a: type uint64 does not go into the warehouse"},
			{votes(), "already exists"},
		} {
			_, err := r.db.Load(t.Context(), c.table, []string{file})
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), c.table.FullName()) {
				t.Errorf("%s: got %v, want %q", c.table.FullName(), err, c.want)
			}
		}
		// Nothing of a table that failed is left: the same name loads.
		short.Columns = arrow.NewSchema([]arrow.Field{pipeline.Text("iso3", "state"), pipeline.Int16("year", "", "year")}, nil)
		rows, err := r.db.Load(t.Context(), short, []string{file})
		if rows != 1 {
			t.Errorf("after a failed load: %d rows", rows)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// TestBuildClosesAfterFailure has a manifest that names a file nobody wrote, and a run that is stopped.
func TestBuildClosesAfterFailure(t *testing.T) {
	r, err := build(t, nil, nil, func(r release) error {
		_, err := r.db.Finish(t.Context(), manifest("lake/none.parquet"))
		return err
	})
	if err == nil || !strings.Contains(err.Error(), "none.parquet") {
		t.Fatalf("got %v", err)
	}
	if _, err := r.db.Load(t.Context(), votes(), nil); err == nil {
		t.Error("the file is still open")
	}
	if err := os.Remove(r.path); err != nil {
		t.Error(err)
	}
	stopped, stop := context.WithCancel(t.Context())
	_, err = build(t, nil, nil, func(r release) error {
		stop()
		_, err := r.db.Finish(stopped, pipeline.Manifest{})
		return err
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("a run that was stopped: %v", err)
	}
}

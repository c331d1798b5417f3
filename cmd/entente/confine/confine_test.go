package confine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	_ "github.com/duckdb/duckdb-go/v2"
	"github.com/google/go-cmp/cmp"
)

// TestMain makes the test binary the confined process when it is called as such.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == Command {
		os.Exit(Main(os.Stdin, os.Stdout))
	}
	os.Exit(m.Run())
}

// warehouseFile makes a small database.
func warehouseFile(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "warehouse.duckdb")
	db, err := sql.Open("duckdb", file)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{
		"create schema core",
		"create table core.states as select * from (values ('CHN', 'China', 1.5), ('USA', null, 2)) t (iso3, name, x)",
	} {
		if _, err := db.Exec(s); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return file
}

func runner(t *testing.T, limits Limits) *Runner {
	t.Helper()
	r, err := New(limits, 2)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

var usual = Limits{Time: 10 * time.Second, Memory: 256, Rows: 1000, Bytes: 1 << 20}

func TestAnswers(t *testing.T) {
	file, r := warehouseFile(t), runner(t, Limits{Time: 10 * time.Second, Memory: 256, Rows: 3, Bytes: 1 << 20})
	for _, c := range []struct {
		sql     string
		columns []string
		rows    []string
		more    bool
	}{
		{"from core.states order by iso3", []string{"iso3", "name", "x"}, []string{"CHN|China|1.5", "USA|null|2"}, false},
		{"select 1 as one;", []string{"one"}, []string{"1"}, false},
		{"-- a comment\nwith a as (select 7 as b) select b from a", []string{"b"}, []string{"7"}, false},
		{"values (date '2012-12-31')", []string{"col0"}, []string{"2012-12-31"}, false},
		{"from range(4)", []string{"range"}, []string{"0", "1", "2"}, true},
		{"from range(3)", []string{"range"}, []string{"0", "1", "2"}, false},
		{"select 1 where false", []string{"1"}, nil, false},
	} {
		a, err := r.Ask(t.Context(), file, c.sql)
		if err != nil {
			t.Errorf("%s: %v", c.sql, err)
			continue
		}
		var names, rows []string
		for _, column := range a.Columns {
			names = append(names, column.Name)
		}
		for _, row := range a.Rows {
			var cells []string
			for _, cell := range row {
				text := "null"
				if cell != nil {
					text = *cell
				}
				cells = append(cells, text)
			}
			rows = append(rows, strings.Join(cells, "|"))
		}
		if diff := cmp.Diff(c.columns, names) + cmp.Diff(c.rows, rows); diff != "" || a.More != c.more {
			t.Errorf("%s: more %v\n%s", c.sql, a.More, diff)
		}
	}
}

// What hostile SQL is refused with. Each runs in a process of its own, so that none spoils the next.
var hostile = []struct{ sql, want string }{
	// Files and the network.
	{"select * from read_csv('/etc/passwd')", "disabled by configuration"},
	{"select * from '/etc/passwd'", "does not exist"},
	{"from '/etc/passwd.csv'", "disabled by configuration"},
	{"select * from read_text('/etc/passwd')", "disabled by configuration"},
	{"select * from read_blob('/etc/hostname')", "disabled by configuration"},
	{"select * from read_json('/etc/passwd')", "disabled by configuration"},
	{"select * from read_parquet('https://example.org/x.parquet')", "disabled by configuration"},
	{"select * from read_csv('https://example.org/x.csv')", "disabled by configuration"},
	{"select * from read_csv('s3://bucket/x.csv')", "disabled by configuration"},
	{"select * from read_duckdb('/tmp/x.duckdb')", "disabled by configuration"},
	{"select * from glob('/etc/*')", "disabled by configuration"},
	{"select * from sniff_csv('/etc/passwd')", "disabled by configuration"},
	{"select * from parquet_metadata('/etc/passwd')", "disabled by configuration"},
	{"select * from duckdb_secrets()", "disabled by configuration"},
	{"select getenv('HOME')", "does not exist"},
	{"from query('select * from read_text(''/etc/passwd'')')", "disabled by configuration"},
	{"from query_table('/etc/passwd')", "does not exist"},
	{"attach '/tmp/x.duckdb' as x", "only one statement"},
	{"attach ':memory:' as x", "only one statement"},
	{"copy core.states to '/tmp/x.csv'", "disabled by configuration"},
	{"copy core.states from '/etc/passwd'", "disabled by configuration"},
	{"export database '/tmp/x'", "disabled by configuration"},
	{"import database '/tmp/x'", "disabled by configuration"},
	{"install httpfs", "only one statement"},
	{"load httpfs", "only one statement"},
	{"load '/tmp/x.duckdb_extension'", "only one statement"},
	{"create secret s (type s3)", "disabled by configuration"},
	// What would change the session, the data or the limits.
	{"set enable_external_access = true", "only one statement"},
	{"set memory_limit = '100GB'", "only one statement"},
	{"reset lock_configuration", "only one statement"},
	{"set variable x = 1", "only one statement"},
	{"pragma memory_limit = '100GB'", "only one statement"},
	{"pragma enable_profiling", "only one statement"},
	{"call enable_logging()", "only one statement"},
	{"use core", "only one statement"},
	{"begin", "only one statement"},
	{"prepare p as select 1", "only one statement"},
	{"checkpoint", "only one statement"},
	{"vacuum", "only one statement"},
	{"drop table core.states", "only one statement"},
	{"delete from core.states", "only one statement"},
	{"insert into core.states values ('X', 'x', 1)", "only one statement"},
	{"update core.states set x = 0", "only one statement"},
	{"create table t (a int)", "only one statement"},
	{"create temp table t (a int)", "only one statement"},
	{"create macro f(x) as x", "only one statement"},
	{"explain analyze select 1", "only one statement"},
	// More than one statement.
	{"select 1; select 2", "only one statement"},
	{"select 1; attach '/tmp/x.duckdb' as x; select 2", "only one statement"},
	{"select 1;; drop table core.states", "only one statement"},
	{"", "only one statement"},
	{";", "only one statement"},
	{"-- nothing", "only one statement"},
	// Time.
	{"with recursive t(n) as (select 1 union all select n + 1 from t) select max(n) from t", "stopped"},
	{"select count(*) from range(10000000000000)", "stopped"},
	{"select count(*) from range(10000000) a, range(10000000) b where hash(a.range) = hash(b.range) + 1", "stopped|emory"},
	{"select levenshtein(repeat('a', 1000000), repeat('b', 1000000))", "stopped"}, // heeds no interruption
	// Memory.
	{"select * from range(1000000000) order by hash(range)", "emory|stopped"},
	{"select repeat('x', 4000000000)", "emory"}, // heeds no limit of DuckDB's
	{"select length(repeat(repeat('x', 1000000), 100000))", "maximum supported string size"},
	{"select list_sort(range(1000000000))", "emory"},
	{"select array_agg(range) from range(1000000000)", "emory|stopped"},
	{"select string_agg(range::varchar, repeat('x', 1000)) from range(10000000)", "emory"},
	{"select lpad('x', 2000000000, 'y')", "emory|stopped"},
	{"select count(distinct hash(range)) from range(10000000000)", "emory|stopped"},
	// Size of the answer, depth of the question.
	{"select repeat('x', 2000000)", "more than 1.0 MB"},
	{"select repeat('x', 2000) from range(900)", "more than 1.0 MB"},
	{"select " + strings.Repeat("(", 5000) + "1" + strings.Repeat(")", 5000), ""},
	{"select " + strings.Repeat("[", 3000) + strings.Repeat("]", 3000), ""},
	{"select 1" + strings.Repeat("+1", 20000), ""},
	{"select * from " + strings.Repeat("(select * from ", 800) + "core.states" + strings.Repeat(")", 800), ""},
	{"select \x00", ""},
	{"select '\xff\xfe'", ""},
}

func TestHostileSQLIsRefused(t *testing.T) {
	file := warehouseFile(t)
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	limits := usual
	limits.Time = 4 * time.Second
	r := runner(t, limits)
	for i, h := range hostile {
		t.Run(fmt.Sprintf("%02d_%.40s", i, h.sql), func(t *testing.T) {
			start := time.Now()
			_, err := r.Ask(t.Context(), file, h.sql)
			if took := time.Since(start); took > limits.Time+3*time.Second {
				t.Errorf("it took %s", took)
			}
			var refused *RefusedError
			if h.want == "" && err == nil {
				return // an odd question, answered within the limits
			}
			if !errors.As(err, &refused) {
				t.Fatalf("error %v, want a refusal", err)
			}
			for _, want := range strings.Split(h.want, "|") {
				if strings.Contains(refused.Reason, want) {
					return
				}
			}
			t.Errorf("refused with %q, want %q", refused.Reason, h.want)
		})
	}
	after, err := os.ReadFile(file)
	if err != nil || string(after) != string(before) {
		t.Errorf("the warehouse changed (%v)", err)
	}
	entries, err := os.ReadDir(filepath.Dir(file))
	if err != nil || len(entries) != 1 {
		t.Errorf("beside the warehouse lie %v (%v)", entries, err)
	}
}

// DuckDB takes enable_logging for a select, although it changes the whole instance and writes files. Here it
// can only spoil its own process.
func TestNothingLastsFromQueryToQuery(t *testing.T) {
	file, r := warehouseFile(t), runner(t, usual)
	logs := filepath.Join(t.TempDir(), "logs")
	_, _ = r.Ask(t.Context(), file, "from enable_logging(storage = 'file', storage_config = {'path': '"+logs+"'})")
	if _, err := os.Stat(logs); err == nil {
		t.Error("a query wrote files")
	}
	if _, err := r.Ask(t.Context(), file, "from core.states"); err != nil {
		t.Errorf("the next query: %v", err)
	}
}

// The environment, where secrets are, is not the confined process's.
func TestQueryCannotLearnSecrets(t *testing.T) {
	t.Setenv("ENTENTE_COMTRADE_KEY", "very-secret-key")
	t.Setenv("s3_access_key_id", "very-secret-key")
	file, r := warehouseFile(t), runner(t, usual)
	for _, query := range []string{"from duckdb_settings()", "select current_setting('home_directory')", "from duckdb_variables()"} {
		a, err := r.Ask(t.Context(), file, query)
		if err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		for _, row := range a.Rows {
			for _, cell := range row {
				if cell != nil && strings.Contains(*cell, "very-secret-key") {
					t.Errorf("%s shows %s", query, *cell)
				}
			}
		}
	}
}

func TestQueriesWaitTheirTurn(t *testing.T) {
	file := warehouseFile(t)
	r := runner(t, Limits{Time: 2 * time.Second, Memory: 256, Rows: 10, Bytes: 1 << 20})
	r.slots = make(chan struct{}, 1)
	r.slots <- struct{}{}
	if _, err := r.Ask(t.Context(), file, "select 1"); !errors.Is(err, ErrBusy) {
		t.Errorf("error %v, want ErrBusy", err)
	}
	<-r.slots
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(300*time.Millisecond, cancel)
	start := time.Now()
	if _, err := r.Ask(ctx, file, "select count(*) from range(10000000000000)"); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want the context's", err)
	}
	if took := time.Since(start); took > 1500*time.Millisecond {
		t.Errorf("a reader who left is served for %s", took)
	}
}

// No process outlives its question.
func TestNoProcessIsLeft(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("counts processes in /proc, which is Linux's")
	}
	file := warehouseFile(t)
	r := runner(t, Limits{Time: time.Second, Memory: 256, Rows: 10, Bytes: 1 << 20})
	_, _ = r.Ask(t.Context(), file, "select levenshtein(repeat('a', 1000000), repeat('b', 1000000))")
	var status syscall.WaitStatus
	if pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG, nil); pid > 0 || err == nil {
		t.Errorf("process %d is left (%v)", pid, err)
	}
}

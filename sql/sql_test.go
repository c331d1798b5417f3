package sql_test

import (
	"bytes"
	"encoding/csv"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"entente/pipeline"
	"entente/pipeline/warehouse"
	"entente/sql"
)

var update = flag.Bool("update", false, "rewrite want.csv of every case with what came out")

// views reads the definitions as the warehouse does: headers, columns, order.
func views(t testing.TB) []pipeline.View {
	t.Helper()
	w, err := warehouse.New(sql.Files, transforms(), warehouse.Options{})
	if err != nil {
		t.Fatalf("definitions:\n%v", err)
	}
	return w.Views()
}

// TestDefinitionsBind creates everything over empty tables of the sources' real types.
func TestDefinitionsBind(t *testing.T) {
	db := emptyWarehouse(t)
	for _, v := range views(t) {
		if err := define(t, db, v); err != nil {
			t.Errorf("%s: %v", v.FullName(), err)
		}
	}
}

// TestCases runs testdata/<schema>.<name>.txtar for every definition; each must have one.
//
// A case holds given/<schema>.<table>.csv files: each stands in for that table or view, in the real
// column types (or those in a header cell "name:type"); columns left out are null, and so are empty
// cells; the cell ” is the empty text. What the definition reads and nothing gives is computed by its
// own definition, or empty. A macro's case has a file call: the argument list. want.csv names the
// columns to compare; "name~" compares seven significant digits.
func TestCases(t *testing.T) {
	all := views(t)
	known := map[string]bool{}
	for _, v := range all {
		known[v.FullName()+".txtar"] = true
		t.Run(v.FullName(), func(t *testing.T) {
			t.Parallel()
			file := filepath.Join("testdata", v.FullName()+".txtar")
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatalf("every definition has a case: %v", err)
			}
			runCase(t, file, txtar.Parse(content), v, all)
		})
	}
	files, err := fs.Glob(os.DirFS("testdata"), "*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !known[file] {
			t.Errorf("testdata/%s: no definition of that name", file)
		}
	}
}

func runCase(t *testing.T, file string, archive *txtar.Archive, v pipeline.View, all []pipeline.View) {
	if len(bytes.TrimSpace(archive.Comment)) == 0 {
		t.Errorf("%s: say above the files what the case shows", file)
	}
	given := map[string][][]string{}
	call, want := "", -1
	for i, f := range archive.Files {
		name, isGiven := strings.CutPrefix(f.Name, "given/")
		switch {
		case isGiven:
			rows, err := csv.NewReader(bytes.NewReader(f.Data)).ReadAll()
			if err != nil || len(rows) == 0 {
				t.Fatalf("%s: %s: %d rows: %v", file, f.Name, len(rows), err)
			}
			given[strings.TrimSuffix(name, ".csv")] = rows
		case f.Name == "call":
			call = strings.TrimSpace(string(f.Data))
		case f.Name == "want.csv":
			want = i
		default:
			t.Fatalf("%s: unknown file %q", file, f.Name)
		}
	}
	if want < 0 {
		t.Fatalf("%s: no want.csv", file)
	}
	db := emptyWarehouse(t)
	build(t, db, v, all, given)
	wanted, err := csv.NewReader(bytes.NewReader(archive.Files[want].Data)).ReadAll()
	if err != nil {
		t.Fatalf("%s: want.csv: %v", file, err)
	}
	header := headerOf(wanted, v)
	got := query(t, db, v, call, header)
	if *update {
		var b bytes.Buffer
		if err := csv.NewWriter(&b).WriteAll(append([][]string{header}, got...)); err != nil {
			t.Fatal(err)
		}
		archive.Files[want].Data = b.Bytes()
		if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if len(wanted) == 0 {
		t.Fatalf("%s: want.csv is empty; fill it with: go test ./sql -update, and read what came out", file)
	}
	if diff := gocmp.Diff(lines(header, wanted[1:]), lines(header, got)); diff != "" {
		t.Errorf("%s: columns %s: want (-), got (+):\n%s", file, strings.Join(header, ","), diff)
	}
}

func headerOf(wanted [][]string, v pipeline.View) []string {
	if len(wanted) > 0 {
		return wanted[0]
	}
	var header []string
	for _, c := range v.Columns {
		header = append(header, c.Name)
	}
	return header
}

// lines renders rows for comparison, in an order of their own, with columns named "x~" rounded.
func lines(header []string, rows [][]string) []string {
	var out []string
	for _, row := range rows {
		row = slices.Clone(row)
		for i, name := range header {
			if n, err := strconv.ParseFloat(row[i], 64); err == nil && strings.HasSuffix(name, "~") {
				row[i] = strconv.FormatFloat(n, 'g', 7, 64)
			}
		}
		out = append(out, strings.Join(row, ","))
	}
	slices.Sort(out)
	return out
}

// TestTracesBind demands that every trace names columns that are there.
func TestTracesBind(t *testing.T) {
	db := emptyWarehouse(t)
	traces := 0
	for _, v := range views(t) {
		if err := define(t, db, v); err != nil {
			t.Fatalf("%s: %v", v.FullName(), err)
		}
		for _, trace := range v.Traces {
			traces++
			if _, err := db.Exec("select 1 from " + v.FullName() + " as r cross join " + trace.Table + " as t where " + trace.Condition); err != nil {
				t.Errorf("%s: trace %s: %v", v.FullName(), trace.Table, err)
			}
		}
	}
	if traces == 0 {
		t.Error("no definition has a trace")
	}
}

// TestMeasuresAreThere demands that core.measures names columns that exist.
func TestMeasuresAreThere(t *testing.T) {
	all := views(t)
	columns := map[string]bool{}
	db := emptyWarehouse(t)
	for _, v := range all {
		for _, c := range v.Columns {
			columns[v.FullName()+"."+c.Name] = true
		}
		if v.FullName() == "core.measures" {
			if err := define(t, db, v); err != nil {
				t.Fatal(err)
			}
		}
	}
	rows, err := db.Query("select id, view_name || '.' || column_name from core.measures")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	count := 0
	for rows.Next() {
		var id, column string
		if err := rows.Scan(&id, &column); err != nil {
			t.Fatal(err)
		}
		if count++; !columns[column] {
			t.Errorf("%s: no column %s", id, column)
		}
	}
	if err := rows.Err(); err != nil || count < 60 {
		t.Errorf("%d measures: %v", count, err)
	}
}

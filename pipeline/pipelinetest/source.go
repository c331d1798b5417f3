package pipelinetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"

	"entente/pipeline"

	"github.com/google/go-cmp/cmp"
)

// TestSource is the contract of a pipeline.Source: it fails t where src breaks it on a snapshot from which
// every table can be parsed.
func TestSource(t *testing.T, src pipeline.Source, snapshot fs.FS) {
	t.Helper()
	t.Run("about", func(t *testing.T) { testAbout(t, src.About()) })
	t.Run("unknown table", func(t *testing.T) {
		into := &Recorder{}
		err := src.Parse(t.Context(), snapshot, "no_such_table", into)
		if err == nil || !strings.Contains(err.Error(), "no_such_table") {
			t.Errorf("Parse of a table that is not declared: got %v, want an error that names it", err)
		}
		if len(into.Rows) > 0 {
			t.Errorf("%d rows came of a table that is not declared", len(into.Rows))
		}
	})
	tables := src.Tables()
	if len(tables) == 0 {
		t.Error("no table is declared")
	}
	seen := map[string]bool{}
	for _, table := range tables {
		if seen[table.FullName()] {
			t.Errorf("table %s is declared twice", table.FullName())
		}
		seen[table.FullName()] = true
		t.Run(table.Name, func(t *testing.T) {
			testDeclaration(t, table)
			testParse(t, src, snapshot, table)
			testInterrupted(t, src, snapshot, table)
		})
	}
}

func testAbout(t *testing.T, about pipeline.Upstream) {
	for what, text := range map[string]string{
		"title": about.Title, "publisher": about.Publisher, "homepage": about.Homepage,
		"licence": about.Licence, "licence URL": about.LicenceURL, "citation": about.Citation,
	} {
		if text == "" {
			t.Errorf("the %s is not stated", what)
		}
	}
	if about.MaxRejectShare < 0 || about.MaxRejectShare > 0.1 {
		t.Errorf("a share of %v rejected rows is allowed; want between 0 and 0.1", about.MaxRejectShare)
	}
	names := map[string]bool{}
	for _, kind := range about.Files {
		if kind.Name == "" || kind.Header == nil || names[kind.Name] {
			t.Errorf("file kind %q has no name or header, or comes twice", kind.Name)
			continue
		}
		names[kind.Name] = true
		if kind.Header("") || kind.Header("<!DOCTYPE html>") {
			t.Errorf("file kind %q takes a line that is no header of its kind", kind.Name)
		}
	}
}

func testDeclaration(t *testing.T, table pipeline.Table) {
	t.Helper()
	if err := table.Check(); err != nil {
		t.Error(err)
	}
	fields, last := table.Columns.Fields(), pipeline.Provenance()
	if table.Schema != "raw" {
		t.Errorf("schema %q; a source's tables are raw", table.Schema)
	}
	if len(fields) <= len(last) {
		t.Fatalf("%d columns", len(fields))
	}
	for i, f := range fields[len(fields)-len(last):] {
		if !f.Equal(last[i]) {
			t.Errorf("column %s stands where %s of the provenance should", f.Name, last[i].Name)
		}
	}
}

func testParse(t *testing.T, src pipeline.Source, snapshot fs.FS, table pipeline.Table) {
	t.Helper()
	got, err := Parse(t.Context(), src, snapshot, table)
	if err != nil {
		t.Fatal(err)
	}
	if got.Closed != 1 || got.late {
		t.Errorf("the sink was closed %d times, used after that: %v; want once and not", got.Closed, got.late)
	}
	if len(got.Rows) == 0 {
		t.Fatal("no row came; the contract needs a snapshot with rows of every table")
	}
	if !got.Schema.Equal(table.Columns) {
		t.Errorf("batches are of schema\n%s\nand not, as declared,\n%s", got.Schema, table.Columns)
	}
	again, err := Parse(t.Context(), src, snapshot, table)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(got.CSV()+got.Aside(), again.CSV()+again.Aside()); diff != "" {
		t.Errorf("the same bytes gave other rows the second time:\n%s", diff)
	}
	Account(t, snapshot, got)
}

// Account fails t unless every byte of the files that rows came from belongs to the header, to a row, to a
// reject or to as many lines as were filtered, and unless line and position of each agree. Of a JSON file it
// is every element of the array that holds the rows, of an XML file every element of a row's name; in a text
// records are whole lines.
func Account(t *testing.T, snapshot fs.FS, r *Recorder) {
	t.Helper()
	files := map[string][]pipeline.Reject{}
	for _, x := range r.Rejects {
		if x.Reason == "" {
			t.Errorf("%s:%d is rejected without a reason", x.File, x.Line)
		}
		files[x.File] = append(files[x.File], x)
	}
	for _, x := range r.Origins {
		files[x.File] = append(files[x.File], x)
	}
	var filtered int64
	for _, f := range r.Filtered {
		filtered += f.Rows
	}
	for name, records := range files {
		content, err := fs.ReadFile(snapshot, name)
		if err != nil {
			t.Errorf("rows say they come from %q: %v", name, err)
			continue
		}
		slices.SortStableFunc(records, func(a, b pipeline.Reject) int { return int(a.Offset - b.Offset) })
		judge := account
		switch path.Ext(name) {
		case ".json":
			judge = accountJSON
		case ".xml":
			judge = accountXML
		case ".md", ".html", ".txt":
			judge = accountText
		}
		gaps, err := judge(content, records)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if gaps > filtered {
			t.Errorf("%s: %d records were neither loaded nor rejected, and %d filtered", name, gaps, filtered)
		}
	}
}

// account checks records in the order of their offsets and counts the lines that none of them covers.
func account(content []byte, records []pipeline.Reject) (gaps int64, err error) {
	covered, lines := int64(0), int64(1)
	var last pipeline.Reject
	for _, x := range records {
		end := x.Offset + int64(x.Length)
		switch {
		case x.Offset == last.Offset && x.Length == last.Length && x.Line == last.Line:
			continue
		case x.Line < 2 || x.Offset < 1 || x.Offset < covered || x.Length < 1 || end > int64(len(content)):
			return gaps, fmt.Errorf("line %d at byte %d, length %d: outside of the file or over another record", x.Line, x.Offset, x.Length)
		case content[x.Offset-1] != '\n' || end < int64(len(content)) && content[end] != '\n' && content[end] != '\r':
			return gaps, fmt.Errorf("line %d at byte %d, length %d: not from a line's start to a line's end", x.Line, x.Offset, x.Length)
		}
		between := content[covered:x.Offset]
		lines += int64(bytes.Count(between, []byte{'\n'}))
		if x.Line != lines {
			return gaps, fmt.Errorf("the record at byte %d is said to be on line %d and is on %d", x.Offset, x.Line, lines)
		}
		gaps += uncovered(between)
		lines += int64(bytes.Count(content[x.Offset:end], []byte{'\n'}))
		covered, last = end, x
	}
	return gaps + uncovered(content[covered:]), nil
}

// accountText checks that records are whole lines of a text, which several may share.
func accountText(content []byte, records []pipeline.Reject) (gaps int64, err error) {
	for _, x := range records {
		end := x.Offset + int64(x.Length)
		switch {
		case x.Offset < 0 || x.Length < 0 || end > int64(len(content)):
			return 0, fmt.Errorf("line %d at byte %d, length %d: outside of the file", x.Line, x.Offset, x.Length)
		case x.Offset > 0 && content[x.Offset-1] != '\n', end < int64(len(content)) && content[end] != '\n' && content[end] != '\r':
			return 0, fmt.Errorf("line %d at byte %d, length %d: not from a line's start to a line's end", x.Line, x.Offset, x.Length)
		}
		if line := int64(1 + bytes.Count(content[:x.Offset], []byte{'\n'})); x.Line != line {
			return 0, fmt.Errorf("the record at byte %d is said to be on line %d and is on %d", x.Offset, x.Line, line)
		}
	}
	return 0, nil
}

// uncovered counts the lines between two records or after the header. The rest of the line before them
// is always there, too.
func uncovered(between []byte) int64 {
	lines := int64(bytes.Count(between, []byte{'\n'})) - 1
	if len(between) > 0 && between[len(between)-1] != '\n' {
		lines++
	}
	return max(lines, 0)
}

var errFull = errors.New("the sink is full")

func testInterrupted(t *testing.T, src pipeline.Source, snapshot fs.FS, table pipeline.Table) {
	t.Helper()
	full := &Recorder{Fail: errFull}
	err := src.Parse(t.Context(), snapshot, table.Name, Through(table, full))
	if !errors.Is(err, errFull) {
		t.Errorf("the sink failed with %v, Parse returned %v", errFull, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Parse(ctx, src, snapshot, table); !errors.Is(err, context.Canceled) {
		t.Errorf("Parse with a context that has ended returned %v", err)
	}
}

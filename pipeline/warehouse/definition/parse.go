package definition

import (
	"cmp"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"entente/pipeline"
)

// definition is one parsed file of the sql folder.
type definition struct {
	pipeline.View
	file string // in the folder: "core/votes.sql"
	line int    // on which the select begins
}

// problems collects what is wrong with the definitions.
type problems struct{ list []problem }

type problem struct {
	file string
	line int
	what string
}

func (p *problems) add(file string, line int, format string, args ...any) {
	p.list = append(p.list, problem{file, line, fmt.Sprintf(format, args...)})
}

// err returns all problems in one error, a line each and in order of place, or nil.
func (p *problems) err() error {
	slices.SortFunc(p.list, func(a, b problem) int {
		return cmp.Or(strings.Compare(a.file, b.file), a.line-b.line, strings.Compare(a.what, b.what))
	})
	var lines []error
	for _, found := range p.list {
		lines = append(lines, fmt.Errorf("%s:%d: %s", found.file, found.line, found.what))
	}
	return errors.Join(lines...)
}

var (
	identifier   = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	headerKey    = regexp.MustCompile(`^([A-Za-z_]+):(?:\s+(.*))?$`)
	headerTrace  = regexp.MustCompile(`^trace\s+([a-z_]+\.[a-z0-9_]+)\s*:\s*(.*)$`)
	headerColumn = regexp.MustCompile(`^column\s+([^\s:\[]+)\s*(?:\[([^\]]*)\])?\s*:\s*(.*)$`)
)

// entry is one line of a header, with the lines that continue it.
type entry struct {
	key, name, unit, text string // key "column" has a name and perhaps a unit, key "trace" a name
	line                  int
}

// parse reads one file. What is wrong with it goes to p; the definition is then of no use.
func parse(file, content string, transforms map[string]pipeline.Transform, p *problems) definition {
	schema := path.Dir(file)
	name := strings.TrimSuffix(path.Base(file), ".sql")
	d := definition{View: pipeline.View{Schema: schema, Name: name}, file: file}
	if !identifier.MatchString(name) {
		p.add(file, 1, "file name %q: only lower-case letters, digits and _ make a name", name)
	}
	if !slices.Contains(definable, schema) {
		p.add(file, 1, "folder %q: definitions are in %s", schema, strings.Join(definable, ", "))
	}
	header, rest, line := split(content)
	d.line, d.SQL = line, strings.TrimRight(rest, " \t\n")
	entries := entriesOf(file, header, p)
	d.fill(entries, p)
	d.check(entries, transforms, p)
	return d
}

// split parts a file into its header lines and the select, with the line the select begins on.
func split(content string) (header []string, rest string, line int) {
	content = strings.ReplaceAll(content, "\r\n", "\n")
	for line = 1; ; line++ {
		first, after, more := strings.Cut(content, "\n")
		if !strings.HasPrefix(first, "--") {
			return header, content, line
		}
		header = append(header, strings.TrimPrefix(first, "--"))
		content = after
		if !more {
			return header, "", line
		}
	}
}

// entriesOf reads the header's lines. A line that is indented, or that is neither "key: text" nor
// "column name [unit]: text" nor "trace table: condition", continues the one before it.
func entriesOf(file string, header []string, p *problems) []entry {
	entries := []entry{{key: "description", line: 1}}
	for i, raw := range header {
		text := strings.TrimSpace(raw)
		e := entry{line: i + 1}
		column := headerColumn.FindStringSubmatch(text)
		key := headerKey.FindStringSubmatch(text)
		trace := headerTrace.FindStringSubmatch(text)
		switch {
		case text == "":
			continue
		case strings.HasPrefix(raw, "  ") || key == nil && trace == nil && !strings.HasPrefix(text, "column "):
			last := &entries[len(entries)-1]
			last.text = strings.TrimSpace(last.text + " " + text)
			continue
		case trace != nil:
			e.key, e.name, e.text = "trace", trace[1], trace[2]
		case column != nil:
			e.key, e.name, e.unit, e.text = "column", column[1], strings.TrimSpace(column[2]), column[3]
		case key == nil:
			p.add(file, e.line, `a column's line reads "-- column name [unit]: description"`)
			continue
		default:
			e.key, e.text = key[1], strings.TrimSpace(key[2])
		}
		entries = append(entries, e)
	}
	return entries
}

// fill sets the view's fields from the header's entries.
func (d *definition) fill(entries []entry, p *problems) {
	var parameters, key string
	into := map[string]*string{
		"description": &d.Description, "kind": &d.Kind, "parameters": &parameters, "key": &key,
		"transform": &d.Transform, "level": &d.Level, "grain": &d.Grain, "units": &d.Units, "method": &d.Method,
	}
	seen := map[string]bool{}
	for _, e := range entries {
		id := strings.TrimSpace(e.key + " " + e.name)
		switch value := into[e.key]; {
		case seen[id]:
			p.add(d.file, e.line, "%s is given twice", id)
		case value != nil:
			*value = e.text
		case e.key == "trace":
			d.Traces = append(d.Traces, pipeline.Trace{Table: e.name, Condition: e.text})
		case e.key != "column":
			p.add(d.file, e.line, "unknown header key %q; known are kind, parameters, key, transform, level, grain, units, method, trace, column", e.key)
		case e.text == "":
			p.add(d.file, e.line, "column %s has no description", e.name)
		default:
			d.Columns = append(d.Columns, pipeline.ViewColumn{Name: e.name, Unit: e.unit, Description: e.text})
		}
		seen[id] = true
	}
	d.Parameters, d.Key = strings.Join(list(parameters), ", "), list(key)
	if d.Kind == "" {
		d.Kind = pipeline.KindView
		if d.Schema == checks {
			d.Kind = pipeline.KindCheck
		}
	}
	if d.Level == "" && d.Kind == pipeline.KindCheck {
		d.Level = levelError
	}
}

// list splits "a, b, c".
func list(text string) []string {
	var items []string
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}

// check tells what the header lacks or contradicts; nil transforms are not looked up.
func (d *definition) check(entries []entry, transforms map[string]pipeline.Transform, p *problems) {
	lineOf := func(key string) int {
		for _, e := range entries {
			if e.key == key {
				return e.line
			}
		}
		return 1
	}
	if d.Description == "" {
		p.add(d.file, 1, "the header has no description")
	}
	if d.Grain == "" {
		p.add(d.file, lineOf("grain"), "the header has no grain")
	}
	if len(d.Columns) == 0 {
		p.add(d.file, 1, "the header documents no column")
	}
	kinds := []string{pipeline.KindView, pipeline.KindTable, pipeline.KindMacro, pipeline.KindCheck}
	if !slices.Contains(kinds, d.Kind) {
		p.add(d.file, lineOf("kind"), "unknown kind %q; known are %s", d.Kind, strings.Join(kinds, ", "))
	}
	if (d.Kind == pipeline.KindCheck) != (d.Schema == checks) {
		p.add(d.file, lineOf("kind"), "kind %s in folder %s: checks, and nothing else, are in folder %s", d.Kind, d.Schema, checks)
	}
	for _, only := range []struct {
		key, kind       string
		given, required bool
	}{
		{"parameters", pipeline.KindMacro, d.Parameters != "", true},
		{"key", pipeline.KindTable, len(d.Key) > 0, true},
		{"transform", pipeline.KindTable, d.Transform != "", false},
		{"level", pipeline.KindCheck, d.Level != "", false},
	} {
		switch {
		case only.given && d.Kind != only.kind:
			p.add(d.file, lineOf(only.key), "%s belongs to kind %s, and this is kind %s", only.key, only.kind, d.Kind)
		case !only.given && only.required && d.Kind == only.kind:
			p.add(d.file, 1, "kind %s needs the header key %q", only.kind, only.key)
		}
	}
	if d.Level != "" && d.Level != levelError && d.Level != levelWarning {
		p.add(d.file, lineOf("level"), "unknown level %q; known are %s, %s", d.Level, levelError, levelWarning)
	}
	if d.Transform != "" && transforms != nil && transforms[d.Transform] == nil {
		p.add(d.file, lineOf("transform"), "no transform is named %q", d.Transform)
	}
	for _, key := range d.Key {
		if !slices.ContainsFunc(d.Columns, func(c pipeline.ViewColumn) bool { return c.Name == key }) {
			p.add(d.file, lineOf("key"), "key column %q is not among the columns", key)
		}
	}
	switch {
	case d.SQL == "":
		p.add(d.file, d.line, "no select follows the header")
	case strings.HasSuffix(d.SQL, ";"):
		p.add(d.file, d.line+strings.Count(d.SQL, "\n"), "the select ends without a semicolon")
	}
}

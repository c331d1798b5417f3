package definition

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// selection is what DuckDB's parser says of a select.
type selection struct {
	columns []string       // names of the output columns; "" where one has none, "*" for a star
	reads   map[string]int // full names of the tables and macros read, with their place in the text
	bare    map[string]int // tables named without schema that are no common table expression
	fault   string         // why the text is not one select
	at      int            // where in the text the fault is
}

// The parser's tree is asked for instead of the driver's GetTableNames, because that lists no table
// functions, and nothing at all for a join with using (...) over tables that do not exist yet.
const parseQuery = `select json_serialize_sql(cast(? as varchar), skip_empty := true, skip_null := true, skip_default := true)::varchar`

// inspect parses a select with the prepared parseQuery. The error is the database's; a fault of the text is in the selection.
func inspect(ctx context.Context, parser *sql.Stmt, text string) (selection, error) {
	s := selection{reads: map[string]int{}, bare: map[string]int{}}
	var serialized string
	if err := parser.QueryRowContext(ctx, text).Scan(&serialized); err != nil {
		return s, fmt.Errorf("parser: %w", err)
	}
	var tree struct {
		Error      bool   `json:"error"`
		Kind       string `json:"error_type"`
		Message    string `json:"error_message"`
		Position   string `json:"position"`
		Statements []struct {
			Node map[string]any `json:"node"`
		} `json:"statements"`
	}
	if err := json.Unmarshal([]byte(serialized), &tree); err != nil {
		return s, fmt.Errorf("parser's answer: %w", err)
	}
	switch {
	case tree.Error && tree.Kind == "not implemented":
		s.fault = "a definition is a header and one bare select"
		return s, nil
	case tree.Error:
		s.fault = tree.Message
		s.at, _ = strconv.Atoi(tree.Position)
		return s, nil
	case len(tree.Statements) != 1:
		s.fault = fmt.Sprintf("one select is wanted, and %d statements are here", len(tree.Statements))
		return s, nil
	}
	node := tree.Statements[0].Node
	s.columns = outputColumns(node)
	local := map[string]bool{}
	s.walk(node, local)
	maps.DeleteFunc(s.bare, func(name string, _ int) bool { return local[name] })
	return s, nil
}

// Reads lists the tables, views and macros of the warehouse that a query names, sorted. It fails when the text is not
// one select.
func Reads(ctx context.Context, db *sql.DB, query string) ([]string, error) {
	parser, err := db.PrepareContext(ctx, parseQuery)
	if err != nil {
		return nil, fmt.Errorf("parser: %w", err)
	}
	defer parser.Close()
	s, err := inspect(ctx, parser, query)
	if err != nil {
		return nil, err
	}
	if s.fault != "" {
		return nil, fmt.Errorf("query: %s", s.fault)
	}
	return slices.Sorted(maps.Keys(s.reads)), nil
}

// outputColumns names the columns of a query node: those of the left side of a union.
func outputColumns(node map[string]any) []string {
	for {
		left, ok := node["left"].(map[string]any)
		if !ok {
			break
		}
		node = left
	}
	items, _ := node["select_list"].([]any)
	var names []string
	for _, item := range items {
		expression, _ := item.(map[string]any)
		name, _ := expression["alias"].(string)
		path, _ := expression["column_names"].([]any)
		switch {
		case expression["class"] == "STAR":
			name = "*"
		case name == "" && expression["class"] == "COLUMN_REF" && len(path) > 0:
			name, _ = path[len(path)-1].(string)
		}
		names = append(names, name)
	}
	return names
}

// walk notes every table and every function with a schema of the warehouse, and in local the names
// of common table expressions.
func (s *selection) walk(node any, local map[string]bool) {
	switch n := node.(type) {
	case []any:
		for _, child := range n {
			s.walk(child, local)
		}
	case map[string]any:
		word := func(key string) string {
			text, _ := n[key].(string)
			return text
		}
		at, _ := n["query_location"].(float64)
		switch {
		case n["type"] == "BASE_TABLE" && word("catalog_name") != "":
			s.reads[word("catalog_name")+"."+word("schema_name")+"."+word("table_name")] = int(at)
		case n["type"] == "BASE_TABLE" && word("schema_name") == "":
			s.bare[word("table_name")] = int(at)
		case n["type"] == "BASE_TABLE":
			s.reads[word("schema_name")+"."+word("table_name")] = int(at)
		case n["class"] == "FUNCTION" && slices.Contains(definable, word("schema")):
			s.reads[word("schema")+"."+word("function_name")] = int(at)
		}
		if ctes, ok := n["cte_map"].(map[string]any); ok {
			entries, _ := ctes["map"].([]any)
			for _, entry := range entries {
				named, _ := entry.(map[string]any)
				name, _ := named["key"].(string)
				local[name] = true
			}
		}
		for _, child := range n {
			s.walk(child, local)
		}
	}
}

// inspect compares a definition with its select and sets Reads.
func (d *definition) inspect(ctx context.Context, parser *sql.Stmt, p *problems) error {
	if d.SQL == "" {
		return nil
	}
	s, err := inspect(ctx, parser, d.SQL)
	if err != nil {
		return fmt.Errorf("%s: %w", d.file, err)
	}
	if s.fault != "" {
		p.add(d.file, d.lineAt(s.at), "%s", s.fault)
		return nil
	}
	for name, at := range s.bare {
		p.add(d.file, d.lineAt(at), "table %s is named without its schema", name)
	}
	for name := range s.reads {
		d.Reads = append(d.Reads, name)
	}
	slices.Sort(d.Reads)
	for _, t := range d.Traces {
		if !slices.Contains(d.Reads, t.Table) {
			p.add(d.file, 1, "a trace leads to %s, which is not read", t.Table)
		}
	}
	for i, name := range s.columns {
		switch name {
		case "":
			p.add(d.file, d.line, `output column %d has no name; give it one with "as"`, i+1)
		case "*":
			p.add(d.file, d.line, "output column %d is a star; name the columns", i+1)
		}
	}
	if d.Transform == "" {
		d.compareColumns(s.columns, p)
	}
	for name, at := range s.reads {
		if problem := d.readProblem(name); problem != "" {
			p.add(d.file, d.lineAt(at), "%s", problem)
		}
	}
	return nil
}

// compareColumns tells where the documented columns and the select's part ways.
func (d *definition) compareColumns(selected []string, p *problems) {
	documented, before := d.ColumnNames(), len(p.list)
	for _, name := range selected {
		if name != "" && name != "*" && !slices.Contains(documented, name) {
			p.add(d.file, d.line, "column %s is selected and not documented", name)
		}
	}
	for _, name := range documented {
		if !slices.Contains(selected, name) {
			p.add(d.file, d.line, "column %s is documented and not selected", name)
		}
	}
	if len(p.list) == before && !slices.Equal(documented, selected) {
		p.add(d.file, d.line, "columns are documented as %s and selected as %s",
			strings.Join(documented, ", "), strings.Join(selected, ", "))
	}
}

// lineAt is the file's line for a place in the select.
func (d *definition) lineAt(at int) int {
	return d.line + strings.Count(d.SQL[:min(max(at, 0), len(d.SQL))], "\n")
}

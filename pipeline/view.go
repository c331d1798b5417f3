package pipeline

import (
	"context"
	"strings"
)

// Kinds of SQL definitions.
const (
	KindView  = "view"
	KindTable = "table" // a select that is materialized: its rows go to the lake as a table's do
	KindMacro = "macro" // a table macro with parameters
	KindCheck = "check" // a view of offending rows in schema checks
)

// View is one file of the sql folder: a documented select.
type View struct {
	Schema, Name string
	Kind         string
	Description  string       // one sentence
	Grain        string       // what a row is
	Units        string       // units of the columns in general
	Method       string       // citation of the formula, or the rule in words
	Columns      []ViewColumn // in the order of the select
	Parameters   string       // of a macro: "body, a, b"
	Key          []string     // of a table
	Transform    string       // of a table: name of the transform that its rows pass through
	Level        string       // of a check: "error" or "warning"
	SQL          string       // the bare select
	Reads        []string     // full names of what the select reads, sorted
	Traces       []Trace      // how a row is followed into what is read, where columns of one name do not tell
}

// Trace says which rows of a table that a view reads a row of the view is made from.
type Trace struct {
	Table     string // full name of what is read
	Condition string // SQL over r, the row, and t, the table
}

// ViewColumn documents one column of a View.
type ViewColumn struct{ Name, Unit, Description string }

// FullName is "schema.name", as SQL writes it.
func (v View) FullName() string { return v.Schema + "." + v.Name }

// ColumnNames are the names of the columns, in the order of the select.
func (v View) ColumnNames() []string {
	names := make([]string, len(v.Columns))
	for i, c := range v.Columns {
		names[i] = c.Name
	}
	return names
}

// ParameterCount is how many parameters a macro has.
func (v View) ParameterCount() int {
	if v.Parameters == "" {
		return 0
	}
	return strings.Count(v.Parameters, ",") + 1
}

// Warehouse builds DuckDB files.
type Warehouse interface {
	// Views returns every definition, each after all that it reads.
	Views() []View
	// Build makes a new database file at path and has fill put tables and views into it. However
	// fill ends, the file is closed afterwards.
	Build(ctx context.Context, path string, fill func(Database) error) error
}

// Database is a warehouse under construction.
type Database interface {
	// Load makes a table from Parquet files, with comments, and returns its number of rows.
	Load(ctx context.Context, t Table, files []string) (int64, error)
	// Select runs a KindTable view's select and declares the table it makes: fill pushes the rows,
	// which have already passed the view's transform.
	Select(ctx context.Context, v View) (t Table, fill func(Sink) error, err error)
	// Define creates a view, a macro or a check, with comments.
	Define(ctx context.Context, v View) error
	// Finish runs the checks, writes schema meta and returns the checks' results.
	Finish(ctx context.Context, m Manifest) ([]CheckResult, error)
}

// CheckResult is what a check found.
type CheckResult struct {
	Name        string `json:"name"`
	Level       string `json:"level"` // "error" or "warning"
	Description string `json:"description"`
	Offending   int64  `json:"offending_count"`
}

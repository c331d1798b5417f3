package pipeline

import (
	"context"
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"
)

// Table declares one table: what its rows are, how they are keyed, ordered and described.
type Table struct {
	Schema      string        // schema in the warehouse and folder in the lake: "raw", "core" or "meta"
	Name        string        // "unga_votes"
	Description string        // one sentence: what a row is
	Key         []string      // unique and never null; rows are sorted on it
	PartitionBy string        // "" or the first key column; one folder a value
	Partition   string        // the only value of PartitionBy that rows have, when a table is loaded part by part
	Selection   string        // which of the snapshot's rows the settings ask for; another one makes the table anew
	Columns     *arrow.Schema // after Transforms; field metadata carries unit, role and description
	Transforms  []Transform   // applied in order to what Parse hands over
}

// FullName is "schema.name", as SQL writes it.
func (t Table) FullName() string { return t.Schema + "." + t.Name }

// Complete sets Columns to what the transforms make of the columns that are parsed. It fails where a transform lacks one.
func (t *Table) Complete(parsed *arrow.Schema) error {
	t.Columns = parsed
	for _, transform := range t.Transforms {
		var err error
		if t.Columns, err = transform.Columns(t.Columns); err != nil {
			return fmt.Errorf("table %s: %w", t.Name, err)
		}
	}
	return nil
}

// Check returns an error that names what is wrong with the declaration, or nil.
func (t Table) Check() error {
	if t.Schema == "" || t.Name == "" || t.Description == "" {
		return fmt.Errorf("table %q: schema, name and description are required", t.FullName())
	}
	if len(t.Key) == 0 {
		return fmt.Errorf("table %s: a key is required", t.FullName())
	}
	for _, column := range t.Key {
		at := t.Columns.FieldIndices(column)
		if len(at) != 1 {
			return fmt.Errorf("table %s: key column %q is not in the schema once", t.FullName(), column)
		}
		if t.Columns.Field(at[0]).Nullable {
			return fmt.Errorf("table %s: key column %q may not be nullable", t.FullName(), column)
		}
	}
	if t.PartitionBy != "" && t.PartitionBy != t.Key[0] {
		return fmt.Errorf("table %s: partition column %q must be the first of the key", t.FullName(), t.PartitionBy)
	}
	for _, f := range t.Columns.Fields() {
		if Describe(f, MetaDescription) == "" {
			return fmt.Errorf("table %s: column %q has no description", t.FullName(), f.Name)
		}
	}
	return nil
}

// Sink receives the rows of one table, batch by batch.
//
// A parser pushes into the first transform's sink, each transform into the next one's, the last into a
// Loader's. Any method may fail; the caller then stops and returns that error.
type Sink interface {
	// Batch takes rows. The sink retains the record if it keeps it; the caller releases its own.
	Batch(rows arrow.RecordBatch) error
	// Reject sets a row aside, with the reason. It fails when too many rows were set aside.
	Reject(r Reject) error
	// Filter counts rows left out by a stated rule, such as "aggregate, not a state".
	Filter(rule string, rows int64) error
	// Close says that no more rows follow. A transform that held rows back passes them on now.
	Close() error
}

// Reject names a row that cannot be loaded. Its bytes are read back from the snapshot, so a parser, a
// transform and a loader can all reject by position alone.
type Reject struct {
	File   string // of the snapshot
	Line   int64  // counted from 1 with the header
	Offset int64  // of the first byte
	Length int32  // without the line end
	Reason string // for a person: what is wrong and with which value
}

// Transform is a pure rewrite of a stream of rows.
type Transform interface {
	// Name says what it does, for errors: "resolve states".
	Name() string
	// Columns gives the schema of what Apply emits for rows of schema in, or says what in lacks.
	Columns(in *arrow.Schema) (*arrow.Schema, error)
	// Apply returns a sink that passes rewritten rows to next.
	Apply(next Sink) Sink
}

// Loader puts a table's rows where readers find them.
type Loader interface {
	// Load runs fill with a sink for t's rows and stores what arrives. It is atomic: when it returns
	// an error, nothing of the table is left behind. It may run fill twice, from the start: fill gives
	// the same rows each time.
	Load(ctx context.Context, t Table, fill func(Sink) error) (Loaded, error)
}

// Loaded says what a Loader stored.
type Loaded struct {
	Files     []DataFile // in order; paths relative to the release
	Rows      int64      // counted when the files were read back
	Duplicate int64      // rows equal in every value to one that was kept
	Conflicts []Reject   // rows that share a key and differ; none of them is stored
}

// DataFile is one Parquet file of the lake.
type DataFile struct {
	Path      string            `json:"path"`      // relative to the release, with slashes
	Bytes     int64             `json:"bytes"`     // size
	Rows      int64             `json:"rows"`      // counted when read back
	SHA256    string            `json:"sha256"`    // of the file
	Checksums map[string]string `json:"checksums"` // per column: order-free checksum of its values, hexadecimal
}

package pipeline

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
)

// WarehouseFile is the name of a release's DuckDB file.
const WarehouseFile = "warehouse.duckdb"

// Manifest says what a release is made of: enough to check it, cite it and rebuild it.
type Manifest struct {
	ID         string        `json:"id"`          // "20261123T103000Z-1a2b3c4d"
	Previous   string        `json:"previous"`    // release that was current before, or ""
	RunID      string        `json:"run_id"`      // of the run that made it
	Program    string        `json:"program"`     // version and hash of the program
	StartedAt  time.Time     `json:"started_at"`  // of the run
	FinishedAt time.Time     `json:"finished_at"` // when the release was sealed
	Sources    []SourceEntry `json:"sources"`     // by name
	Tables     []TableEntry  `json:"tables"`      // in order of loading
	Checks     []CheckResult `json:"checks"`
	Warehouse  FileEntry     `json:"warehouse"`          // the DuckDB file
	Package    FileEntry     `json:"data_package"`       // datapackage.json; filled on publishing
	Croissant  FileEntry     `json:"croissant,omitzero"` // croissant.json; filled on publishing
	Views      string        `json:"views"`              // SHA-256 of all SQL definitions
	Runs       []RunRecord   `json:"-"`                  // the newest, this one first, for the warehouse; the ledger keeps them
}

// SourceEntry is a source as it went into a release.
type SourceEntry struct {
	Name     string   `json:"name"`
	Upstream Upstream `json:"upstream"`
	Files    []File   `json:"files"`
}

// TableEntry is a table of the lake.
type TableEntry struct {
	Schema      string        `json:"schema"`
	Name        string        `json:"name"`
	Description string        `json:"description"`
	Source      string        `json:"source,omitempty"` // of a raw table
	Key         []string      `json:"key"`
	Columns     []ColumnEntry `json:"columns"`
	Fingerprint string        `json:"fingerprint"` // of everything the rows depend on
	Rows        int64         `json:"rows"`
	Files       []DataFile    `json:"files"`
	Quarantine  []DataFile    `json:"quarantine,omitempty"`
	Account     Account       `json:"account"`
	Parts       []PartEntry   `json:"parts,omitempty"` // of a table that changes part by part; the rest of the entry is their sum
}

// PartEntry is one part of a table.
type PartEntry struct {
	Value       string     `json:"value"` // of the column that the table is partitioned by
	Fingerprint string     `json:"fingerprint"`
	Files       []DataFile `json:"files"`
	Quarantine  []DataFile `json:"quarantine,omitempty"`
	Account     Account    `json:"account"`
}

// FullName is "schema.name", as SQL writes it.
func (t TableEntry) FullName() string { return t.Schema + "." + t.Name }

// ColumnEntry documents a column.
type ColumnEntry struct {
	Name        string `json:"name"`
	Type        string `json:"type"` // as DuckDB names it
	Unit        string `json:"unit,omitempty"`
	Description string `json:"description"`
}

// FileEntry is a file of a release that is no table.
type FileEntry struct {
	Path   string `json:"path"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Account says what became of the rows that were read for a table. It adds up, or the run fails.
type Account struct {
	Read        int64            `json:"read_count"`
	Loaded      int64            `json:"loaded_count"`
	Quarantined int64            `json:"quarantined_count"`
	Duplicate   int64            `json:"duplicate_count"`
	Filtered    int64            `json:"filtered_count"`
	Filters     map[string]int64 `json:"filters,omitempty"` // filtered rows by rule
}

// Add counts another account's rows in.
func (a *Account) Add(b Account) {
	a.Read += b.Read
	a.Loaded += b.Loaded
	a.Quarantined += b.Quarantined
	a.Duplicate += b.Duplicate
	a.Filtered += b.Filtered
	for rule, n := range b.Filters {
		if a.Filters == nil {
			a.Filters = map[string]int64{}
		}
		a.Filters[rule] += n
	}
}

// Balanced reports whether read = loaded + quarantined + duplicate + filtered.
func (a Account) Balanced() bool {
	return a.Read == a.Loaded+a.Quarantined+a.Duplicate+a.Filtered
}

// TypeName is the name that DuckDB gives a column of Arrow type t.
func TypeName(t arrow.DataType) string {
	switch t.ID() {
	case arrow.DICTIONARY:
		if arrow.TypeEqual(t, BlobDictionary) {
			return "BLOB"
		}
		return "VARCHAR"
	case arrow.INT8:
		return "TINYINT"
	case arrow.INT16:
		return "SMALLINT"
	case arrow.INT32:
		return "INTEGER"
	case arrow.INT64:
		return "BIGINT"
	case arrow.FLOAT64:
		return "DOUBLE"
	case arrow.DATE32:
		return "DATE"
	case arrow.BOOL:
		return "BOOLEAN"
	}
	return strings.ToUpper(t.String())
}

// typeOf undoes TypeName.
func typeOf(name string) (arrow.DataType, error) {
	for _, t := range []arrow.DataType{
		Dictionary, BlobDictionary, arrow.PrimitiveTypes.Int8, arrow.PrimitiveTypes.Int16, arrow.PrimitiveTypes.Int32,
		arrow.PrimitiveTypes.Int64, arrow.PrimitiveTypes.Float64, arrow.FixedWidthTypes.Date32, arrow.FixedWidthTypes.Boolean,
	} {
		if TypeName(t) == name {
			return t, nil
		}
	}
	return nil, fmt.Errorf("type %q is not one that the lake holds", name)
}

// Table declares the table again from a release's manifest.
func (e TableEntry) Table() (Table, error) {
	t := Table{Schema: e.Schema, Name: e.Name, Description: e.Description, Key: e.Key}
	var fields []arrow.Field
	for _, c := range e.Columns {
		typ, err := typeOf(c.Type)
		if err != nil {
			return Table{}, fmt.Errorf("table %s: column %s: %w", e.FullName(), c.Name, err)
		}
		f := field(c.Name, typ, c.Unit, "", c.Description)
		f.Nullable = !slices.Contains(e.Key, c.Name)
		fields = append(fields, f)
	}
	t.Columns = arrow.NewSchema(fields, nil)
	return t, nil
}

// ColumnEntries documents the columns of a table.
func ColumnEntries(s *arrow.Schema) []ColumnEntry {
	entries := make([]ColumnEntry, 0, s.NumFields())
	for _, f := range s.Fields() {
		entries = append(entries, ColumnEntry{
			Name: f.Name, Type: TypeName(f.Type),
			Unit: Describe(f, MetaUnit), Description: Describe(f, MetaDescription),
		})
	}
	return entries
}

package pipeline

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/apache/arrow-go/v18/arrow"
)

// build is one run's way from snapshots to a release.
type build struct {
	*Runner
	order     Order
	report    *Report
	current   Manifest
	snapshots map[string]*Snapshot

	prints map[string]string // fingerprint by full name of table or view
	stale  []string          // tables whose fingerprint is not the current release's

	mu       sync.Mutex // guards the manifest's tables, the report's and the order's observer while tables are made
	manifest Manifest
}

// plan computes what every table depends on and which of them must be made anew.
func (b *build) plan() {
	b.prints = map[string]string{}
	for _, job := range b.order.Jobs {
		files := b.files(job)
		for _, t := range job.Source.Tables() {
			b.prints[t.FullName()] = b.rawPrint(job, t, files)
			b.judge(t.FullName())
		}
	}
	for _, v := range b.Warehouse.Views() {
		b.prints[v.FullName()] = b.viewPrint(v)
		if v.Kind == KindTable {
			b.judge(v.FullName())
		}
	}
	if len(b.stale) == 0 && b.current.Views != b.viewsPrint() {
		b.stale = append(b.stale, "views")
	}
}

func (b *build) judge(table string) {
	if b.order.Rebuild == RebuildAll {
		b.stale = append(b.stale, table)
		return
	}
	if e := b.entry(table); e == nil || e.Fingerprint != b.prints[table] {
		b.stale = append(b.stale, table)
	}
}

func (b *build) isStale(table string) bool { return slices.Contains(b.stale, table) }

// entry is the table's entry in the current release, or nil.
func (b *build) entry(table string) *TableEntry {
	for i := range b.current.Tables {
		if b.current.Tables[i].FullName() == table {
			return &b.current.Tables[i]
		}
	}
	return nil
}

// files are what the source's tables are made of: the run's snapshot, or what the current release has
// of a source that was not asked.
func (b *build) files(job Job) []File {
	if s := b.snapshots[job.Name]; s != nil {
		return s.Data()
	}
	for _, s := range b.current.Sources {
		if s.Name == job.Name {
			return NewSnapshot(s.Name, false, b.Vault, s.Files...).Data()
		}
	}
	return nil
}

// snapshot is files as Parse sees them.
func (b *build) snapshot(job Job) *Snapshot {
	return NewSnapshot(job.Name, false, b.Vault, b.files(job)...)
}

func (b *build) rawPrint(job Job, t Table, files []File) string {
	parts := []string{"raw", b.Program, job.Name, t.FullName(), strings.Join(t.Key, ","), t.PartitionBy, t.Selection, t.Columns.String()}
	for _, f := range files {
		parts = append(parts, f.Name, f.SHA256)
	}
	return digest(parts...)
}

func (b *build) viewPrint(v View) string {
	parts := []string{"view", b.Program, v.FullName(), v.Kind, v.Parameters, v.Transform, strings.Join(v.Key, ","), v.SQL}
	for _, name := range v.Reads {
		parts = append(parts, name, b.prints[name])
	}
	return digest(parts...)
}

// viewsPrint covers every definition and what it reads.
func (b *build) viewsPrint() string {
	var parts []string
	for _, v := range b.Warehouse.Views() {
		parts = append(parts, b.prints[v.FullName()], fmt.Sprintf("%q", v.Columns), v.Description, v.Grain, v.Units, v.Method, v.Level)
	}
	return digest(parts...)
}

func digest(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:", len(p))
		io.WriteString(h, p)
	}
	return hex.EncodeToString(h.Sum(nil))
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

func columnEntries(s *arrow.Schema) []ColumnEntry {
	entries := make([]ColumnEntry, 0, s.NumFields())
	for _, f := range s.Fields() {
		entries = append(entries, ColumnEntry{
			Name: f.Name, Type: TypeName(f.Type),
			Unit: Describe(f, MetaUnit), Description: Describe(f, MetaDescription),
		})
	}
	return entries
}

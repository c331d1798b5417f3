// Package warehouse builds a release's DuckDB file: it loads Parquet files as tables, creates the
// views, macros and checks that the sql folder defines, selects the materialized ones, and writes
// schema meta. It also opens a finished file for reading.
package warehouse

import (
	"context"
	"io/fs"
	"slices"
	"time"

	"github.com/apache/arrow-go/v18/arrow/memory"

	"entente/pipeline"
	"entente/pipeline/warehouse/definition"
)

// Options bound what DuckDB may use and say where it and Select put temporary files.
type Options struct {
	Threads     int              // 0: one a core
	MemoryLimit string           // as DuckDB writes it, such as "2GB"; "": DuckDB's own choice
	LoadMemory  string           // the same while tables are loaded, which is no faster with more; "": MemoryLimit
	TempDir     string           // "": the system's
	Now         func() time.Time // for meta; required to build, not to read
	Memory      memory.Allocator // of the rows that Select hands on; nil: Go's
}

// Warehouse implements pipeline.Warehouse on DuckDB.
type Warehouse struct {
	views      []pipeline.View
	transforms map[string]pipeline.Transform
	options    Options
}

// New reads every definition of a sql folder: <schema>/<name>.sql. It fails with all that is wrong
// with them, each as "file:line: what". With nil transforms, tables may name any transform, and
// Select fails on those that do.
func New(definitions fs.FS, transforms map[string]pipeline.Transform, options Options) (*Warehouse, error) {
	db, err := open(":memory:", options.settings(""))
	if err != nil {
		return nil, err
	}
	defer db.Close()
	views, err := definition.All(context.Background(), db, definitions, transforms)
	if err != nil {
		return nil, err
	}
	if options.Memory == nil {
		options.Memory = memory.DefaultAllocator
	}
	return &Warehouse{views: views, transforms: transforms, options: options}, nil
}

// Views returns every definition, each after all that it reads.
func (w *Warehouse) Views() []pipeline.View { return slices.Clone(w.views) }

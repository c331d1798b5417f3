package runner

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"entente/pipeline"
)

// maxRejects bounds how many rejected rows a run keeps of a table that is over its source's threshold.
const maxRejects = 20_000

// intake reads one table of a snapshot and keeps its account: rows are counted where the parser hands
// them over, and again where they end up.
type intake struct {
	job      pipeline.Job
	table    pipeline.Table
	part     *pipeline.Part // that the intake reads, or nil for the whole table
	snapshot *pipeline.Snapshot
	tell     func(stage, subject string, done, total int64)
	read     int64
	rejects  []pipeline.Reject
	filters  map[string]int64
}

// parse runs the source's parser through the table's transforms into out.
func (in *intake) parse(ctx context.Context, out pipeline.Sink) error {
	in.filters, in.rejects = map[string]int64{}, nil
	if len(in.snapshot.Files) == 0 {
		return out.Close()
	}
	var sink pipeline.Sink = &collector{in: in, next: out}
	for _, t := range slices.Backward(in.table.Transforms) {
		sink = t.Apply(sink)
	}
	c := &counted{next: sink, batch: in.progress}
	var err error
	if in.part == nil {
		err = in.job.Source.Parse(ctx, in.snapshot, in.table.Name, c)
	} else {
		err = in.job.Source.(pipeline.Parted).ParsePart(ctx, in.snapshot, in.table.Name, *in.part, c)
	}
	in.read = c.read
	return err
}

// progress reports how far into its file a batch reaches.
func (in *intake) progress(rows arrow.RecordBatch) {
	column := rows.Schema().FieldIndices(pipeline.SourceOffset)
	if column == nil || rows.NumRows() == 0 {
		return
	}
	offsets := rows.Column(column[0]).(*array.Int64)
	total := int64(0)
	for _, f := range in.snapshot.Files {
		total = max(total, f.Bytes)
	}
	at := offsets.Value(offsets.Len() - 1)
	if at > total {
		total = 0 // a member of an archive: its file's size says nothing of it
	}
	in.tell("parse", in.table.FullName(), at, total)
}

// account closes the books after the loader has stored the rows.
func (in *intake) account(loaded pipeline.Loaded) pipeline.Account {
	a := pipeline.Account{
		Read: in.read, Loaded: loaded.Rows, Duplicate: loaded.Duplicate,
		Quarantined: int64(len(in.rejects)), Filters: in.filters,
	}
	for n := range maps.Values(in.filters) {
		a.Filtered += n
	}
	return a
}

// tolerable fails when more rows were set aside than the source allows.
func (in *intake) tolerable(a pipeline.Account) error {
	limit := in.job.Source.About().MaxRejectShare
	if a.Quarantined == 0 || float64(a.Quarantined) <= limit*float64(a.Read) {
		return nil
	}
	return in.tooMany(a.Read, limit)
}

func (in *intake) tooMany(read int64, limit float64) error {
	return &pipeline.RejectsError{
		Source: in.job.Name, Table: in.table.FullName(), Rejected: int64(len(in.rejects)), Read: read,
		MaxShare: limit, First: in.rejects[0],
	}
}

// quarantined reads the rejected rows' bytes back from the snapshot.
func (in *intake) quarantined() ([]pipeline.QuarantinedRow, error) {
	originals := in.snapshot.Originals()
	defer originals.Close()
	rows := make([]pipeline.QuarantinedRow, 0, len(in.rejects))
	for _, r := range in.rejects {
		raw, err := originals.Bytes(r)
		if err != nil {
			return nil, err
		}
		rows = append(rows, pipeline.QuarantinedRow{
			Source: in.job.Name, Table: in.table.FullName(), File: r.File, SHA256: in.snapshot.SHA256(r.File),
			Line: r.Line, Offset: r.Offset, Reason: r.Reason, Raw: raw,
		})
	}
	return rows, nil
}

// collector takes over what parser and transforms set aside and passes rows on.
type collector struct {
	in   *intake
	next pipeline.Sink
}

func (c *collector) Batch(rows arrow.RecordBatch) error { return c.next.Batch(rows) }
func (c *collector) Close() error                       { return c.next.Close() }

func (c *collector) Reject(r pipeline.Reject) error {
	c.in.rejects = append(c.in.rejects, r)
	if len(c.in.rejects) < maxRejects {
		return nil
	}
	// the whole file's rows are at least those before this line
	limit := c.in.job.Source.About().MaxRejectShare
	if float64(len(c.in.rejects)) > limit*float64(r.Line) {
		return c.in.tooMany(r.Line, limit)
	}
	return nil
}

func (c *collector) Filter(rule string, rows int64) error {
	c.in.filters[rule] += rows
	return nil
}

// counted counts what its owner pushes.
type counted struct {
	next  pipeline.Sink
	read  int64
	batch func(arrow.RecordBatch)
}

func (c *counted) Batch(rows arrow.RecordBatch) error {
	c.read += rows.NumRows()
	if c.batch != nil {
		c.batch(rows)
	}
	return c.next.Batch(rows)
}

func (c *counted) Reject(r pipeline.Reject) error {
	c.read++
	return c.next.Reject(r)
}

func (c *counted) Filter(rule string, rows int64) error {
	c.read += rows
	return c.next.Filter(rule, rows)
}

func (c *counted) Close() error { return c.next.Close() }

// storeQuarantine writes a table's rejected rows beside the lake's tables.
func storeQuarantine(ctx context.Context, loader pipeline.Loader, t pipeline.Table, rows []pipeline.QuarantinedRow) ([]pipeline.DataFile, error) {
	name := "quarantine_" + t.Name
	if t.Partition != "" {
		name += "_" + t.Partition
	}
	q := pipeline.Table{
		Schema: "meta", Name: name,
		Description: "a row of " + t.FullName() + " that could not be loaded, with its bytes",
		Key:         []string{"file", "line", "byte_offset", "reason"},
		Columns: arrow.NewSchema([]arrow.Field{
			pipeline.Code("source", "source of the row"),
			pipeline.Code("table_name", "table that the row was meant for"),
			pipeline.NotNull(pipeline.Text("file", "file of the snapshot")),
			pipeline.Code("sha256", "SHA-256 of the file"),
			pipeline.NotNull(pipeline.Int64("line", "line", "line on which the row begins, counted from 1 with the header")),
			pipeline.NotNull(pipeline.Int64("byte_offset", "bytes", "position of the row's first byte in the file")),
			pipeline.NotNull(pipeline.Text("reason", "why it could not be loaded")),
			pipeline.Blob("raw", "the row's bytes as published"),
		}, nil),
	}
	loaded, err := loader.Load(ctx, q, func(out pipeline.Sink) error {
		n := len(rows)
		text := func(of func(pipeline.QuarantinedRow) string) arrow.Array {
			return pipeline.TextArray(distinct(rows, of))
		}
		lines, offsets := make([]int64, n), make([]int64, n)
		for i, r := range rows {
			lines[i], offsets[i] = r.Line, r.Offset
		}
		columns := []arrow.Array{
			text(func(r pipeline.QuarantinedRow) string { return r.Source }),
			text(func(r pipeline.QuarantinedRow) string { return r.Table }),
			text(func(r pipeline.QuarantinedRow) string { return r.File }),
			text(func(r pipeline.QuarantinedRow) string { return r.SHA256 }),
			pipeline.FixedArray(arrow.PrimitiveTypes.Int64, lines, nil),
			pipeline.FixedArray(arrow.PrimitiveTypes.Int64, offsets, nil),
			text(func(r pipeline.QuarantinedRow) string { return r.Reason }),
			pipeline.BlobArray(distinct(rows, func(r pipeline.QuarantinedRow) string { return string(r.Raw) })),
		}
		batch := array.NewRecordBatch(q.Columns, columns, int64(n))
		defer batch.Release()
		for _, c := range columns {
			c.Release()
		}
		return errors.Join(out.Batch(batch), out.Close())
	})
	if err != nil {
		return nil, err
	}
	if loaded.Rows+loaded.Duplicate != int64(len(rows)) {
		return nil, fmt.Errorf("table %s: %d rows set aside, %d stored", q.FullName(), len(rows), loaded.Rows)
	}
	return loaded.Files, nil
}

func distinct(rows []pipeline.QuarantinedRow, of func(pipeline.QuarantinedRow) string) (texts []string, index []int32) {
	known := map[string]int32{}
	for _, r := range rows {
		at, ok := known[of(r)]
		if !ok {
			at = int32(len(texts))
			known[of(r)] = at
			texts = append(texts, of(r))
		}
		index = append(index, at)
	}
	return texts, index
}

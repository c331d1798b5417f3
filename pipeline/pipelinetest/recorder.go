package pipelinetest

import (
	"context"
	"encoding/csv"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"entente/pipeline"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
)

// Recorder is a Sink that writes down what reaches it.
type Recorder struct {
	Schema   *arrow.Schema // of the first batch; nil while none came
	Rows     [][]string    // as text; "" for null
	Origins  []pipeline.Reject
	Rejects  []pipeline.Reject
	Filtered []Filtered
	Closed   int   // calls of Close
	Fail     error // what Batch returns, if not nil
	late     bool  // something came after Close
}

// Filtered is one call of Filter.
type Filtered struct {
	Rule string
	Rows int64
}

// Batch implements pipeline.Sink.
func (r *Recorder) Batch(rows arrow.RecordBatch) error {
	r.late = r.late || r.Closed > 0
	if r.Fail != nil {
		return r.Fail
	}
	if r.Schema == nil {
		r.Schema = rows.Schema()
	}
	if !rows.Schema().Equal(r.Schema) {
		return fmt.Errorf("recorder: a batch of schema %s follows one of %s", rows.Schema(), r.Schema)
	}
	first := len(r.Rows)
	for range rows.NumRows() {
		r.Rows = append(r.Rows, make([]string, rows.NumCols()))
	}
	for c, column := range rows.Columns() {
		for i := range column.Len() {
			if !column.IsNull(i) {
				r.Rows[first+i][c] = text(column, i)
			} else if !rows.Schema().Field(c).Nullable {
				return fmt.Errorf("recorder: column %s is null in row %d and may not be", rows.ColumnName(c), first+i)
			}
		}
	}
	return r.originate(rows, first)
}

// originate reads the provenance columns.
func (r *Recorder) originate(rows arrow.RecordBatch, first int) error {
	var at [4]int
	for i, f := range pipeline.Provenance() {
		found := rows.Schema().FieldIndices(f.Name)
		if len(found) != 1 {
			return fmt.Errorf("recorder: no column %s", f.Name)
		}
		at[i] = found[0]
	}
	for _, row := range r.Rows[first:] {
		var n [3]int64
		for i := range n {
			n[i], _ = strconv.ParseInt(row[at[i+1]], 10, 64)
		}
		r.Origins = append(r.Origins, pipeline.Reject{File: row[at[0]], Line: n[0], Offset: n[1], Length: int32(n[2])})
	}
	return nil
}

// Reject implements pipeline.Sink.
func (r *Recorder) Reject(rejected pipeline.Reject) error {
	r.late = r.late || r.Closed > 0
	r.Rejects = append(r.Rejects, rejected)
	return nil
}

// Filter implements pipeline.Sink.
func (r *Recorder) Filter(rule string, rows int64) error {
	r.late = r.late || r.Closed > 0
	r.Filtered = append(r.Filtered, Filtered{rule, rows})
	return nil
}

// Close implements pipeline.Sink.
func (r *Recorder) Close() error {
	r.Closed++
	return nil
}

// CSV is the rows as CSV with a header, "" when no batch came.
func (r *Recorder) CSV() string {
	if r.Schema == nil {
		return ""
	}
	header := make([]string, 0, r.Schema.NumFields())
	for _, f := range r.Schema.Fields() {
		header = append(header, f.Name)
	}
	return table(append([][]string{header}, r.Rows...))
}

// Aside is what was rejected and filtered as CSV with a header, "" when nothing was.
func (r *Recorder) Aside() string {
	rows := [][]string{{"what", "file", "line", "offset", "length", "rows", "reason"}}
	for _, x := range r.Rejects {
		rows = append(rows, []string{"reject", x.File, fmt.Sprint(x.Line), fmt.Sprint(x.Offset), fmt.Sprint(x.Length), "1", x.Reason})
	}
	for _, x := range r.Filtered {
		rows = append(rows, []string{"filter", "", "", "", "", fmt.Sprint(x.Rows), x.Rule})
	}
	if len(rows) == 1 {
		return ""
	}
	return table(rows)
}

// Parse reads a table of a source through the table's transforms into a new recorder.
func Parse(ctx context.Context, src pipeline.Source, snapshot fs.FS, t pipeline.Table) (*Recorder, error) {
	into := &Recorder{}
	return into, src.Parse(ctx, snapshot, t.Name, Through(t, into))
}

// Through puts a table's transforms in front of a sink.
func Through(t pipeline.Table, next pipeline.Sink) pipeline.Sink {
	for i := len(t.Transforms) - 1; i >= 0; i-- {
		next = t.Transforms[i].Apply(next)
	}
	return next
}

func table(rows [][]string) string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	// A strings.Builder takes everything.
	_ = w.WriteAll(rows)
	return b.String()
}

func text(a arrow.Array, i int) string {
	if d, ok := a.(*array.Dictionary); ok {
		return d.Dictionary().ValueStr(d.GetValueIndex(i))
	}
	return a.ValueStr(i)
}

// Counter is a Sink that counts, for files too large to write down.
type Counter struct {
	Rows     int64
	Rejects  []pipeline.Reject
	Filtered int64
}

// Batch implements pipeline.Sink.
func (c *Counter) Batch(rows arrow.RecordBatch) error {
	c.Rows += rows.NumRows()
	return nil
}

// Reject implements pipeline.Sink.
func (c *Counter) Reject(r pipeline.Reject) error {
	c.Rejects = append(c.Rejects, r)
	return nil
}

// Filter implements pipeline.Sink.
func (c *Counter) Filter(_ string, rows int64) error {
	c.Filtered += rows
	return nil
}

// Close implements pipeline.Sink.
func (c *Counter) Close() error { return nil }

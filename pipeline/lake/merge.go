package lake

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"entente/pipeline"

	"github.com/apache/arrow-go/v18/arrow"
)

// cursor walks one sorted stream of rows: a run in memory or a spilled one.
type cursor struct {
	run  *run
	next int
	from *spill // nil for a run in memory
	seq  int    // order of arrival, which breaks ties
}

// advance moves to the next row. It reports false at the end.
func (c *cursor) advance() (bool, error) {
	c.next++
	if c.next < int(c.run.rows.NumRows()) {
		return true, nil
	}
	if c.from == nil {
		return false, nil
	}
	r, err := c.from.read()
	if errors.Is(err, io.EOF) {
		return false, nil
	}
	c.run, c.next = r, 0
	return err == nil, err
}

func (c *cursor) row() ref { return ref{c.run, c.run.at(c.next)} }

// ref is one row of a run.
type ref struct {
	run *run
	row int32
}

// merger hands out the rows of several sorted streams in key order, equal keys in order of arrival.
type merger struct {
	heap []*cursor
}

func newMerger(cursors []*cursor) *merger {
	m := &merger{}
	for i, c := range cursors {
		c.seq = i
		if c.run.rows.NumRows() > 0 {
			m.heap = append(m.heap, c)
		}
	}
	for i := len(m.heap)/2 - 1; i >= 0; i-- {
		m.down(i)
	}
	return m
}

// pop returns the next row, or false at the end.
func (m *merger) pop() (ref, bool, error) {
	if len(m.heap) == 0 {
		return ref{}, false, nil
	}
	top := m.heap[0]
	row := top.row()
	more, err := top.advance()
	if err != nil {
		return ref{}, false, err
	}
	if !more {
		last := len(m.heap) - 1
		m.heap[0] = m.heap[last]
		m.heap = m.heap[:last]
	}
	m.down(0)
	return row, true, nil
}

func (m *merger) down(i int) {
	for {
		child := 2*i + 1
		if child >= len(m.heap) {
			return
		}
		if child+1 < len(m.heap) && less(m.heap[child+1], m.heap[child]) {
			child++
		}
		if !less(m.heap[child], m.heap[i]) {
			return
		}
		m.heap[i], m.heap[child] = m.heap[child], m.heap[i]
		i = child
	}
}

func less(a, b *cursor) bool {
	c := compare(a.run, a.run.at(a.next), b.run, b.run.at(b.next))
	return c < 0 || c == 0 && a.seq < b.seq
}

// distinct passes each key on once. Rows equal in every value are duplicates; rows that share a key and
// differ conflict, and none of them passes.
type distinct struct {
	table     pipeline.Table
	values    []int // columns that must agree: all but provenance
	duplicate int64
	conflicts []pipeline.Reject
}

func newDistinct(t pipeline.Table) *distinct {
	d := &distinct{table: t}
	for i, f := range t.Columns.Fields() {
		if !provenance(f.Name) {
			d.values = append(d.values, i)
		}
	}
	return d
}

func provenance(name string) bool {
	switch name {
	case pipeline.SourceFile, pipeline.SourceLine, pipeline.SourceOffset, pipeline.SourceLength:
		return true
	}
	return false
}

// settle decides about the rows of one key.
func (d *distinct) settle(rows []ref, keep func(ref)) error {
	if len(rows) == 1 {
		keep(rows[0])
		return nil
	}
	for _, r := range rows[1:] {
		if !d.same(rows[0], r) {
			return d.conflict(rows)
		}
	}
	d.duplicate += int64(len(rows) - 1)
	keep(rows[0])
	return nil
}

func (d *distinct) same(a, b ref) bool {
	for _, i := range d.values {
		if !a.run.cols[i].same(a.row, &b.run.cols[i], b.row) {
			return false
		}
	}
	return true
}

func (d *distinct) conflict(rows []ref) error {
	at := d.table.Columns.FieldIndices(pipeline.SourceLine)
	key := d.describe(rows[0])
	if at == nil {
		return fmt.Errorf("table %s: %d rows share the key %s and differ", d.table.FullName(), len(rows), key)
	}
	lines := make([]string, len(rows))
	for i, r := range rows {
		lines[i] = fmt.Sprint(r.run.cols[at[0]].i64[r.row])
	}
	for _, r := range rows {
		d.conflicts = append(d.conflicts, position(d.table.Columns, r,
			fmt.Sprintf("lines %s give different values for the key %s", strings.Join(lines, ", "), key)))
	}
	return nil
}

func (d *distinct) describe(r ref) string {
	parts := make([]string, len(d.table.Key))
	for i, name := range d.table.Key {
		at := d.table.Columns.FieldIndices(name)[0]
		parts[i] = name + "=" + r.run.rows.Column(at).ValueStr(int(r.row))
	}
	return strings.Join(parts, ", ")
}

// position makes a reject of a row from its provenance columns.
func position(schema *arrow.Schema, r ref, reason string) pipeline.Reject {
	column := func(name string) *column { return &r.run.cols[schema.FieldIndices(name)[0]] }
	file := column(pipeline.SourceFile)
	return pipeline.Reject{
		File:   file.texts[file.index[r.row]],
		Line:   column(pipeline.SourceLine).i64[r.row],
		Offset: column(pipeline.SourceOffset).i64[r.row],
		Length: column(pipeline.SourceLength).i32[r.row],
		Reason: reason,
	}
}

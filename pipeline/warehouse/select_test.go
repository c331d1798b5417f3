package warehouse_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"entente/pipeline"
	"entente/pipeline/warehouse"
)

// numbers is a materialized select of n rows: a key, a text of few values, one of n values, nulls.
func numbers(n int) string {
	return fmt.Sprintf(`-- Numbers.
-- kind: table
-- key: id
-- grain: one number
-- column id: a number
-- column few: one of seven words, null now and then
-- column many: a word of its own
select cast(%[1]d - 1 - r.i as bigint) as id,
    case when r.i %% 11 <> 0 then 'word ' || r.i %% 7 end as few,
    'a longer word, so that no dictionary page holds them all: ' || r.i as many
from range(%[1]d) as r(i)
`, n)
}

// counter checks the rows of numbers as they come.
type counter struct {
	sink
	t    *testing.T
	n    int64
	rows int64
	fail error
}

func (c *counter) Batch(rows arrow.RecordBatch) error {
	if c.fail != nil && c.rows > 0 {
		return c.fail
	}
	if rows.NumRows() > 128<<10 {
		c.t.Errorf("a batch of %d rows", rows.NumRows())
	}
	ids := rows.Column(0).(*array.Int64)
	few, many := rows.Column(1), rows.Column(2)
	for i := range ids.Len() {
		id := ids.Value(i)
		source := c.n - 1 - id // the i of the select
		want := []string{fmt.Sprintf("word %d", source%7), fmt.Sprintf("a longer word, so that no dictionary page holds them all: %d", source)}
		if source%11 == 0 {
			want[0] = array.NullValueStr
		}
		if got := []string{few.ValueStr(i), many.ValueStr(i)}; id != c.rows || !slices.Equal(got, want) {
			c.t.Fatalf("row %d: id %d, texts %q, want %q", c.rows, id, got, want)
		}
		c.rows++
	}
	return nil
}

// TestSelectManyBatches crosses batches, row groups and dictionary pages, and gives all memory back,
// also when the sink fails half way.
func TestSelectManyBatches(t *testing.T) {
	const n = 300_000
	mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
	defer mem.AssertSize(t, 0)
	temp := t.TempDir()
	w, err := warehouse.New(sqlFiles(map[string]string{"core/numbers.sql": numbers(n)}), nil,
		warehouse.Options{TempDir: temp, Memory: mem, Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	err = w.Build(t.Context(), filepath.Join(t.TempDir(), "w.duckdb"), func(db pipeline.Database) error {
		_, fill, err := db.Select(t.Context(), w.Views()[0])
		if err != nil {
			return err
		}
		got := &counter{t: t, n: n}
		if err := fill(got); err != nil || got.rows != n || !got.closed {
			t.Errorf("%d rows, closed %t: %v", got.rows, got.closed, err)
		}
		full := fmt.Errorf("disk full")
		if err := fill(&counter{t: t, n: n, fail: full}); err == nil || !strings.Contains(err.Error(), "sql/core/numbers.sql: disk full") {
			t.Errorf("a sink that fails: %v", err)
		}
		if left, _ := filepath.Glob(filepath.Join(temp, "*", "*.parquet")); len(left) > 0 {
			t.Errorf("temporary files are left: %v", left)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(temp); len(left) > 0 {
		t.Errorf("temporary folders are left: %v", left)
	}
}

// double is a transform that replaces a column "n" by "twice".
type double struct{}

func (double) Name() string { return "double" }

func (double) Columns(in *arrow.Schema) (*arrow.Schema, error) {
	if len(in.FieldIndices("n")) != 1 {
		return nil, fmt.Errorf("no column n")
	}
	return doubled, nil
}

var doubled = arrow.NewSchema([]arrow.Field{{Name: "twice", Type: arrow.PrimitiveTypes.Int64, Nullable: true}}, nil)

func (double) Apply(next pipeline.Sink) pipeline.Sink { return doubler{next} }

type doubler struct{ pipeline.Sink }

func (d doubler) Batch(rows arrow.RecordBatch) error {
	b := array.NewInt64Builder(memory.DefaultAllocator)
	n := rows.Column(rows.Schema().FieldIndices("n")[0]).(*array.Int16)
	for i := range n.Len() {
		if n.IsNull(i) {
			b.AppendNull()
			continue
		}
		b.Append(2 * int64(n.Value(i)))
	}
	column := b.NewArray()
	defer column.Release()
	batch := array.NewRecordBatch(doubled, []arrow.Array{column}, rows.NumRows())
	defer batch.Release()
	return d.Sink.Batch(batch)
}

const twice = `-- Doubles.
-- kind: table
-- key: twice
-- transform: double
-- grain: one number
-- column twice [ones]: the double
`

// selects runs a materialized view into a sink and returns the rows.
func (r release) selects(t *testing.T, name string) (pipeline.Table, []string, error) {
	t.Helper()
	table, fill, err := r.db.Select(t.Context(), r.view(t, "core."+name))
	if err != nil {
		return table, nil, err
	}
	var got sink
	err = fill(&got)
	return table, got.rows, err
}

func TestSelectThroughTransform(t *testing.T) {
	_, err := build(t, map[string]string{
		"core/twice.sql": twice + "select cast(r.i as smallint) as n from range(3) as r(i) order by r.i desc\n",
		"core/nulls.sql": twice + "select cast(v.vote as smallint) as n from raw.votes as v order by v.iso3\n",
		"core/wrong.sql": twice + "select 1 as m\n",
	}, map[string]pipeline.Transform{"double": double{}}, func(r release) error {
		table, rows, err := r.selects(t, "twice")
		if err != nil {
			return err
		}
		equal(t, "rows in the select's order", rows, []string{"4", "2", "0"})
		equal(t, "unit", pipeline.Describe(table.Columns.Field(0), pipeline.MetaUnit), "ones")
		for name, want := range map[string]string{
			"nulls": "key column twice is null in row 2",
			"wrong": "transform double: no column n",
		} {
			if _, _, err := r.selects(t, name); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: got %v, want %q", name, err, want)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestSelectTypes: what DuckDB computes wider than the lake stores is refused, with the remedy.
func TestSelectTypes(t *testing.T) {
	header := "-- Sums.\n-- kind: table\n-- key: k\n-- grain: all\n-- column k: key\n-- column s: sum\n"
	_, err := build(t, map[string]string{
		"core/huge.sql":    header + "select 1 as k, sum(v.yes_count) as s from raw.votes as v",
		"core/decimal.sql": header + "select 1 as k, 1.5 as s",
		"core/cast.sql":    header + "select 1 as k, cast(sum(v.yes_count) as bigint) as s from raw.votes as v",
		"core/missing.sql": header + "select 1 as k, v.none as s from raw.votes as v",
		"core/nulls.sql":   header + "select v.vote as k, 1 as s from raw.votes as v",
	}, nil, func(r release) error {
		for name, want := range map[string]string{
			"huge":    "sql/core/huge.sql: column s is HUGEINT, which does not go into the lake; cast it to one of boolean,",
			"decimal": "column s is DECIMAL(2,1), which does not go into the lake",
			"missing": `"none"`,
			"nulls":   "key column k is null in row 3",
		} {
			if _, _, err := r.selects(t, name); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: got %v, want %q", name, err, want)
			}
		}
		_, rows, err := r.selects(t, "cast")
		equal(t, "rows", rows, []string{"1|121"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

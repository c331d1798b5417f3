package lake_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"entente/pipeline"
	"entente/pipeline/lake"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"
)

// ballot is a row of the test's table.
type ballot struct {
	rcid  int32
	iso3  string
	vote  string // "" is null
	score float64
	line  int64
}

func table() pipeline.Table {
	return pipeline.Table{
		Schema: "raw", Name: "ballots", Description: "one ballot", Key: []string{"rcid", "iso3"},
		Columns: arrow.NewSchema(append([]arrow.Field{
			pipeline.NotNull(pipeline.Int32("rcid", "", "roll call")),
			pipeline.NotNull(pipeline.Code("iso3", "state")),
			pipeline.Text("vote", "ballot"),
			pipeline.Real("score", "points", "a number"),
			pipeline.Flag("flag", "a truth"),
			pipeline.Day("date", "a day"),
		}, pipeline.Provenance()...), nil),
	}
}

func batch(rows []ballot) arrow.RecordBatch {
	n := len(rows)
	rcid, lines, offsets, lengths := make([]int32, n), make([]int64, n), make([]int64, n), make([]int32, n)
	scores, flags, dates, valid := make([]float64, n), make([]bool, n), make([]int32, n), make([]bool, n)
	var states, votes []string
	stateAt, voteAt := make([]int32, n), make([]int32, n)
	index := func(texts *[]string, s string) int32 {
		if at := slices.Index(*texts, s); at >= 0 {
			return int32(at)
		}
		*texts = append(*texts, s)
		return int32(len(*texts) - 1)
	}
	for i, r := range rows {
		rcid[i], lines[i], offsets[i], lengths[i] = r.rcid, r.line, r.line*10, 9
		scores[i], flags[i], dates[i], valid[i] = r.score, r.rcid%2 == 0, r.rcid, r.vote != ""
		stateAt[i] = index(&states, r.iso3)
		voteAt[i] = -1
		if r.vote != "" {
			voteAt[i] = index(&votes, r.vote)
		}
	}
	columns := []arrow.Array{
		pipeline.FixedArray(arrow.PrimitiveTypes.Int32, rcid, nil),
		pipeline.TextArray(states, stateAt),
		pipeline.TextArray(votes, voteAt),
		pipeline.FixedArray(arrow.PrimitiveTypes.Float64, scores, nil),
		pipeline.BoolArray(flags, valid),
		pipeline.FixedArray(arrow.FixedWidthTypes.Date32, dates, nil),
		pipeline.TextArray([]string{"ballots.csv"}, make([]int32, n)),
		pipeline.FixedArray(arrow.PrimitiveTypes.Int64, lines, nil),
		pipeline.FixedArray(arrow.PrimitiveTypes.Int64, offsets, nil),
		pipeline.FixedArray(arrow.PrimitiveTypes.Int32, lengths, nil),
	}
	return array.NewRecordBatch(table().Columns, columns, int64(n))
}

// load stores rows in batches of the given size and returns what is in the files, read by parquet-go.
func load(t *testing.T, tb pipeline.Table, opts lake.Options, rows []ballot, size int) (string, pipeline.Loaded, []string) {
	t.Helper()
	root := t.TempDir()
	loaded, err := lake.New(root, opts).Load(context.Background(), tb, func(out pipeline.Sink) error {
		for chunk := range slices.Chunk(rows, size) {
			if err := out.Batch(batch(chunk)); err != nil {
				return err
			}
		}
		return out.Close()
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range loaded.Files {
		got = append(got, contents(t, filepath.Join(root, f.Path))...)
	}
	if left, _ := filepath.Glob(filepath.Join(root, ".sort-*")); left != nil {
		t.Errorf("left behind: %v", left)
	}
	return root, loaded, got
}

func contents(t *testing.T, path string) []string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := parquet.NewReader(f)
	defer r.Close()
	var rows []string
	buf := make([]parquet.Row, 64)
	for {
		n, err := r.ReadRows(buf)
		for _, row := range buf[:n] {
			vote := row[2].String()
			if row[2].IsNull() {
				vote = ""
			}
			rows = append(rows, fmt.Sprintf("%d %s %s %g %d", row[0].Int32(), row[1].String(), vote, row[3].Double(), row[7].Int64()))
		}
		if err != nil {
			return rows
		}
	}
}

func render(rows []ballot) []string {
	var text []string
	for _, r := range rows {
		text = append(text, fmt.Sprintf("%d %s %s %g %d", r.rcid, r.iso3, r.vote, r.score, r.line))
	}
	return text
}

// random makes n ballots with distinct keys in random order.
func random(n int) []ballot {
	rng := rand.New(rand.NewPCG(7, 8))
	rows := make([]ballot, n)
	for i := range rows {
		rows[i] = ballot{rcid: int32(i/50) - 3, iso3: fmt.Sprintf("S%d-a-long-name", i%50), vote: []string{"Y", "N", ""}[rng.IntN(3)], score: rng.NormFloat64()}
	}
	rng.Shuffle(n, func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	for i := range rows {
		rows[i].line = int64(i + 2)
	}
	return rows
}

func sorted(rows []ballot) []ballot {
	return slices.SortedFunc(slices.Values(rows), func(a, b ballot) int {
		if a.rcid != b.rcid {
			return int(a.rcid - b.rcid)
		}
		return strings.Compare(a.iso3, b.iso3)
	})
}

func TestLoadSorts(t *testing.T) {
	rows := random(5000)
	_, loaded, got := load(t, table(), lake.Options{}, rows, 700)
	if diff := cmp.Diff(render(sorted(rows)), got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if loaded.Rows != 5000 || loaded.Duplicate != 0 {
		t.Errorf("loaded %d rows, %d duplicates", loaded.Rows, loaded.Duplicate)
	}
}

// Rows that do not fit the budget are sorted on disk, with the same file as the result.
func TestLoadSpills(t *testing.T) {
	rows := random(30_000)
	_, inMemory, want := load(t, table(), lake.Options{}, rows, 1000)
	_, spilled, got := load(t, table(), lake.Options{MemoryBytes: 200_000}, rows, 1000)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows (-in memory +spilled):\n%.2000s", diff)
	}
	if inMemory.Files[0].SHA256 != spilled.Files[0].SHA256 {
		t.Error("the file differs when rows were spilled")
	}
}

func TestLoadDuplicatesAndConflicts(t *testing.T) {
	rows := []ballot{
		{1, "USA", "Y", 1, 2}, {1, "CHN", "N", 1, 3}, {1, "USA", "Y", 1, 4}, {2, "CHN", "N", 1, 5},
		{1, "CHN", "Y", 1, 6}, {1, "USA", "Y", 1, 7}, {2, "FRA", "", 1, 8}, {2, "FRA", "Y", 1, 9},
	}
	_, loaded, got := load(t, table(), lake.Options{}, rows, 3)
	if diff := cmp.Diff([]string{"1 USA Y 1 2", "2 CHN N 1 5"}, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if loaded.Duplicate != 2 {
		t.Errorf("%d duplicates, want 2", loaded.Duplicate)
	}
	var conflicts []string
	for _, c := range loaded.Conflicts {
		conflicts = append(conflicts, fmt.Sprintf("%s:%d@%d+%d %s", c.File, c.Line, c.Offset, c.Length, c.Reason))
	}
	want := []string{
		"ballots.csv:3@30+9 lines 3, 6 give different values for the key rcid=1, iso3=CHN",
		"ballots.csv:6@60+9 lines 3, 6 give different values for the key rcid=1, iso3=CHN",
		"ballots.csv:8@80+9 lines 8, 9 give different values for the key rcid=2, iso3=FRA",
		"ballots.csv:9@90+9 lines 8, 9 give different values for the key rcid=2, iso3=FRA",
	}
	if diff := cmp.Diff(want, conflicts); diff != "" {
		t.Errorf("conflicts (-want +got):\n%s", diff)
	}
}

func TestLoadPartitions(t *testing.T) {
	tb := table()
	tb.PartitionBy = "rcid"
	rows := random(150)
	root, loaded, got := load(t, tb, lake.Options{}, rows, 40)
	var paths []string
	for _, f := range loaded.Files {
		paths = append(paths, f.Path)
	}
	want := []string{
		"lake/raw/ballots/rcid=-3/part-0.parquet", "lake/raw/ballots/rcid=-2/part-0.parquet", "lake/raw/ballots/rcid=-1/part-0.parquet",
	}
	if diff := cmp.Diff(want, paths); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(render(sorted(rows)), got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if n := len(contents(t, filepath.Join(root, paths[1]))); n != 50 {
		t.Errorf("partition -2 has %d rows, want 50", n)
	}
}

func TestLoadEmpty(t *testing.T) {
	_, loaded, got := load(t, table(), lake.Options{}, nil, 1)
	if len(loaded.Files) != 1 || loaded.Rows != 0 || got != nil {
		t.Errorf("loaded %+v, rows %v", loaded, got)
	}
}

// A file says in itself what its columns mean, which rows to skip and where codes are not.
func TestFileIsDescribed(t *testing.T) {
	rows := random(lake.RowGroupRows + 1000)
	root, loaded, _ := load(t, table(), lake.Options{}, rows, 60_000)
	f, err := os.Open(filepath.Join(root, loaded.Files[0].Path))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	pf, err := parquet.OpenFile(f, loaded.Files[0].Bytes)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(pf.RowGroups()); n != 2 || pf.RowGroups()[0].NumRows() != lake.RowGroupRows {
		t.Errorf("%d row groups, the first of %d rows", n, pf.RowGroups()[0].NumRows())
	}
	text, _ := pf.Lookup("entente.columns")
	if !strings.Contains(text, `{"name":"score","unit":"points","description":"a number"}`) {
		t.Errorf("column notes are %s", text)
	}
	if key, _ := pf.Lookup("entente.key"); key != `["rcid","iso3"]` {
		t.Errorf("key is %s", key)
	}
	schema := arrowSchema(t, filepath.Join(root, loaded.Files[0].Path))
	for _, want := range table().Columns.Fields() {
		got, _ := schema.FieldsByName(want.Name)
		for _, key := range []string{pipeline.MetaUnit, pipeline.MetaDescription} {
			if unit := pipeline.Describe(got[0], key); unit != pipeline.Describe(want, key) {
				t.Errorf("Arrow reads %q as the %s of %s, want %q", unit, key, want.Name, pipeline.Describe(want, key))
			}
		}
		if got[0].Type.ID() == arrow.DICTIONARY {
			t.Errorf("Arrow reads %s as %s", want.Name, got[0].Type)
		}
	}
	chunk := pf.RowGroups()[0].ColumnChunks()[1]
	for value, want := range map[string]bool{"S7-a-long-name": true, "nobody": false} {
		if got, err := chunk.BloomFilter().Check(parquet.ValueOf(value)); err != nil || got != want {
			t.Errorf("bloom filter on %q says %t, %v", value, got, err)
		}
	}
	if pf.RowGroups()[0].ColumnChunks()[2].BloomFilter() != nil {
		t.Error("a column of free text has a bloom filter")
	}
	meta := pf.Metadata().RowGroups[0].Columns[0].MetaData
	if meta.Codec.String() != "ZSTD" || len(meta.Statistics.MinValue) == 0 {
		t.Errorf("codec %s, statistics %v", meta.Codec, meta.Statistics)
	}
	if len(pf.RowGroups()[0].SortingColumns()) != 2 {
		t.Errorf("sorting columns %v", pf.RowGroups()[0].SortingColumns())
	}
}

// arrowSchema is a file's schema as Arrow's reader has it.
func arrowSchema(t *testing.T, path string) *arrow.Schema {
	t.Helper()
	f, err := file.OpenParquetFile(path, false)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	reader, err := pqarrow.NewFileReader(f, pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
	if err != nil {
		t.Fatal(err)
	}
	schema, err := reader.Schema()
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// A file that does not hold what was written is not accepted.
func TestVerifyFindsDamage(t *testing.T) {
	rows := random(2000)
	root, loaded, _ := load(t, table(), lake.Options{}, rows, 500)
	path := filepath.Join(root, loaded.Files[0].Path)
	got, err := lake.Verify(path, table().Columns, 2)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(loaded.Files[0].Checksums, got.Checksums); diff != "" {
		t.Errorf("checksums (-written +read):\n%s", diff)
	}
	rows[77].score += 1e-9
	_, other, _ := load(t, table(), lake.Options{}, rows, 500)
	for column, sum := range other.Files[0].Checksums {
		if same := sum == got.Checksums[column]; same != (column != "score") {
			t.Errorf("one changed score: checksum of %s the same: %t", column, same)
		}
	}
	narrow := arrow.NewSchema(table().Columns.Fields()[:9], nil)
	if _, err := lake.Verify(path, narrow, 1); err == nil {
		t.Error("a file with another schema was accepted")
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	os.Chmod(path, 0o644)
	for _, at := range []int{5, len(raw) / 3, len(raw) / 2} {
		damaged := slices.Clone(raw)
		damaged[at] ^= 0xff
		if err := os.WriteFile(path, damaged, 0o644); err != nil {
			t.Fatal(err)
		}
		if read, err := lake.Verify(path, table().Columns, 1); err == nil && cmp.Equal(read.Checksums, got.Checksums) {
			t.Errorf("a flipped byte at %d went unnoticed", at)
		}
	}
}

func TestLoadIsAtomic(t *testing.T) {
	root := t.TempDir()
	broken := errors.New("the parser broke")
	_, err := lake.New(root, lake.Options{}).Load(context.Background(), table(), func(out pipeline.Sink) error {
		if err := out.Batch(batch(random(100))); err != nil {
			return err
		}
		return broken
	})
	if !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
	var files []string
	filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if !d.IsDir() {
			files = append(files, path)
		}
		return err
	})
	if files != nil {
		t.Errorf("left behind: %v", files)
	}
}

func TestLoadRefusesOtherColumns(t *testing.T) {
	tb := table()
	tb.Columns = arrow.NewSchema(tb.Columns.Fields()[:9], nil)
	_, err := lake.New(t.TempDir(), lake.Options{}).Load(context.Background(), tb, func(out pipeline.Sink) error {
		return out.Batch(batch(random(10)))
	})
	if err == nil || !strings.Contains(err.Error(), "10 columns where 9 are declared") {
		t.Errorf("error %v", err)
	}
}

package main

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"entente/cmd/entente/work"
	"entente/pipeline"
	"entente/pipeline/lake"
	"entente/pipeline/warehouse"
	"entente/sources"
	"entente/sources/baci/bacitest"
	"entente/transforms/states"
)

// made is a folder with made years of trade by product, as files and in baci.zip.
type made struct {
	dir   string
	years []int
	rows  int64
}

// fromEnvironment is a whole number that a variable gives.
func fromEnvironment(b *testing.B, variable string, otherwise int) int {
	text := os.Getenv(variable)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		b.Fatal(err)
	}
	return n
}

// traders are codes of UN Comtrade that name a state or territory in 2020: as many as BACI has.
func traders(t testing.TB) []int {
	t.Helper()
	resolver, err := states.Load()
	if err != nil {
		t.Fatal(err)
	}
	day := arrow.Date32FromTime(time.Date(2020, time.July, 1, 0, 0, 0, 0, time.UTC))
	var codes []int
	for code := 1; code < 1000 && len(codes) < 207; code++ {
		if _, status := resolver.Resolve(states.Comtrade, strconv.Itoa(code), day, true); status == states.Known {
			codes = append(codes, code)
		}
	}
	return codes
}

// makeYears makes years up to 2021 of about n rows each.
func makeYears(t testing.TB, years, n int) made {
	t.Helper()
	m := made{dir: t.TempDir()}
	codes := traders(t)
	var files []string
	for year := 2022 - years; year < 2022; year++ {
		file := filepath.Join(m.dir, bacitest.Name(year))
		f, err := os.Create(file)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := bacitest.WriteYear(f, codes, year, n, 1)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		m.rows += int64(rows)
		m.years, files = append(m.years, year), append(files, file)
	}
	if err := bacitest.Pack(filepath.Join(m.dir, "baci.zip"), files...); err != nil {
		t.Fatal(err)
	}
	return m
}

// BenchmarkBACI times years of trade by product from the zip to a checked table in DuckDB, and DuckDB alone doing
// typed read_csv of the unpacked files, zstd Parquet and a table, in turn, and reports the median ratio
// of seconds and of processor time.
// ENTENTE_YEARS and ENTENTE_ROWS say how much is made.
func BenchmarkBACI(b *testing.B) {
	m := makeYears(b, fromEnvironment(b, "ENTENTE_YEARS", 1), fromEnvironment(b, "ENTENTE_ROWS", bacitest.FullYear))
	work.Bound()
	b.ResetTimer()
	for _, who := range []string{"entente", "duckdb", "both"} {
		b.Run(who, func(b *testing.B) {
			var ours, theirs, ratios, work []float64
			for range b.N {
				var our, their cost
				if who != "duckdb" {
					our = costOf(b, func() { baciByEntente(b, m) })
				}
				if who != "entente" {
					their = costOf(b, func() { baciByDuckDB(b, m) })
				}
				ours, theirs = append(ours, our.wall), append(theirs, their.wall)
				ratios, work = append(ratios, our.wall/their.wall), append(work, our.processor/their.processor)
			}
			if who == "both" {
				b.ReportMetric(median(ours), "entente-s/op")
				b.ReportMetric(median(theirs), "duckdb-s/op")
				b.ReportMetric(median(ratios), "ratio")
				b.ReportMetric(median(work), "processor-ratio")
			}
			b.ReportMetric(float64(spending(b).Maxrss)/1024, "peak-MiB")
		})
	}
}

// cost is seconds on the clock and of processors; on a machine with other work the second tells more.
type cost struct{ wall, processor float64 }

func costOf(b *testing.B, do func()) cost {
	before := spending(b)
	wall := timed(do).Seconds()
	after := spending(b)
	spent := after.Utime.Nano() - before.Utime.Nano() + after.Stime.Nano() - before.Stime.Nano()
	return cost{wall, float64(spent) / 1e9}
}

func spending(b *testing.B) (u syscall.Rusage) {
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return u
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

func baciByEntente(b *testing.B, m made) {
	source, err := sources.All()["baci"](func(any) error { return nil })
	if err != nil {
		b.Fatal(err)
	}
	root := b.TempDir()
	w, err := warehouse.New(fstest.MapFS{}, nil, warehouse.Options{Threads: 2, MemoryLimit: memoryLimit(), LoadMemory: work.LoadMemory, TempDir: root, Now: time.Now})
	if err != nil {
		b.Fatal(err)
	}
	if err := w.Build(b.Context(), filepath.Join(root, "x.duckdb"), func(db pipeline.Database) error {
		files, err := baciLake(b, source.(pipeline.Parted), m, root)
		if err != nil {
			return err
		}
		n, err := db.Load(b.Context(), source.Tables()[0], files)
		if err == nil && n != m.rows {
			err = fmt.Errorf("%d rows of %d", n, m.rows)
		}
		return err
	}); err != nil {
		b.Fatal(err)
	}
}

// baciLake parses every year into a Parquet file and returns the files.
func baciLake(b *testing.B, source pipeline.Parted, m made, root string) (files []string, err error) {
	t := source.Tables()[0]
	parts, err := source.Parts(b.Context(), os.DirFS(m.dir), t.Name)
	if err != nil {
		return nil, err
	}
	loader := lake.New(root, lake.Options{Workers: 2, MemoryBytes: work.LakeMemoryBytes})
	for _, part := range parts {
		t.Partition = part.Value
		loaded, err := loader.Load(b.Context(), t, func(out pipeline.Sink) error {
			for _, transform := range slices.Backward(t.Transforms) {
				out = transform.Apply(out)
			}
			return source.ParsePart(b.Context(), os.DirFS(m.dir), t.Name, part, out)
		})
		if err != nil {
			return nil, err
		}
		for _, f := range loaded.Files {
			files = append(files, filepath.Join(root, f.Path))
		}
	}
	return files, nil
}

func baciByDuckDB(b *testing.B, m made) {
	root := b.TempDir()
	db, err := sql.Open("duckdb", filepath.Join(root, "x.duckdb")+"?threads=2")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	var queries, files []string
	for _, year := range m.years {
		file := fmt.Sprintf("'%s/%d.parquet'", root, year)
		files = append(files, file)
		queries = append(queries, fmt.Sprintf(`copy (select t, i, j, k, v, q from read_csv('%s', header = true, auto_detect = false,
			delim = ',', quote = '"', nullstr = '           NA', columns = {'t': 'smallint', 'i': 'smallint', 'j': 'smallint',
			'k': 'varchar', 'v': 'double', 'q': 'double'})) to %s (format parquet, compression zstd)`,
			filepath.Join(m.dir, bacitest.Name(year)), file))
	}
	queries = append(queries, fmt.Sprintf("create table x as from read_parquet([%s])", strings.Join(files, ", ")), "checkpoint")
	for _, query := range queries {
		if _, err := db.ExecContext(b.Context(), query); err != nil {
			b.Fatal(err)
		}
	}
	var n int64
	if err := db.QueryRow("select count(*) from x").Scan(&n); err != nil || n != m.rows {
		b.Fatalf("%d rows of %d, %v", n, m.rows, err)
	}
}

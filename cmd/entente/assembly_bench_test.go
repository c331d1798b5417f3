package main

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"entente/cmd/entente/work"
	"entente/pipeline"
	"entente/pipeline/lake"
	"entente/pipeline/warehouse"
	"entente/sources"
)

// assembly returns the Library's whole Assembly file as ga_voting.csv in a folder: the stand-in's, with
// its roll calls ENTENTE_TIMES times over under other record numbers.
func assembly(b *testing.B) (dir string, rows int64) {
	url, _ := upstream(b)
	dir = b.TempDir()
	times := 1
	if text := os.Getenv("ENTENTE_TIMES"); text != "" {
		var err error
		if times, err = strconv.Atoi(text); err != nil {
			b.Fatal(err)
		}
	}
	answer, err := http.Get(url + "/digitallibrary.un.org/record/4060887/files/2022_01_10_ga_voting.csv")
	if err != nil {
		b.Fatal(err)
	}
	defer answer.Body.Close()
	once, err := os.Create(filepath.Join(dir, "once.csv"))
	if err != nil {
		b.Fatal(err)
	}
	defer once.Close()
	if _, err := io.Copy(once, answer.Body); err != nil {
		b.Fatal(err)
	}
	out, err := os.Create(filepath.Join(dir, "ga_voting.csv"))
	if err != nil {
		b.Fatal(err)
	}
	defer out.Close()
	w := bufio.NewWriterSize(out, 1<<20)
	for k := range times {
		once.Seek(0, io.SeekStart)
		lines := bufio.NewReaderSize(once, 1<<20)
		for n := 0; ; n++ {
			line, err := lines.ReadBytes('\n')
			if err == io.EOF {
				break
			}
			if err != nil {
				b.Fatal(err)
			}
			if n > 0 {
				rows++
			}
			if n > 0 && k > 0 {
				id, rest, _ := bytes.Cut(line, []byte{','})
				number, err := strconv.Atoi(string(id))
				if err != nil {
					b.Fatal(err)
				}
				fmt.Fprintf(w, "%d,%s", number+k*100_000_000, rest)
			} else if n > 0 || k == 0 {
				w.Write(line)
			}
		}
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	return dir, rows
}

// BenchmarkAssembly times the whole Assembly file from CSV to a checked table in DuckDB, and DuckDB alone
// doing typed read_csv, zstd Parquet and a table, in turn, and reports the ratio.
func BenchmarkAssembly(b *testing.B) {
	dir, rows := assembly(b)
	work.Bound()
	b.ResetTimer()
	for _, who := range []string{"entente", "duckdb", "both"} {
		b.Run(who, func(b *testing.B) {
			var ours, theirs time.Duration
			for range b.N {
				if who != "duckdb" {
					ours += timed(func() { assemblyByEntente(b, dir, rows) })
				}
				if who != "entente" {
					theirs += timed(func() { assemblyByDuckDB(b, dir, rows) })
				}
			}
			if who == "both" {
				b.ReportMetric(ours.Seconds()/float64(b.N), "entente-s/op")
				b.ReportMetric(theirs.Seconds()/float64(b.N), "duckdb-s/op")
				b.ReportMetric(ours.Seconds()/theirs.Seconds(), "ratio")
			}
			var usage syscall.Rusage
			if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err == nil {
				b.ReportMetric(float64(usage.Maxrss)/1024, "peak-MiB")
			}
		})
	}
}

func timed(do func()) time.Duration {
	start := time.Now()
	do()
	return time.Since(start)
}

func assemblyByEntente(b *testing.B, dir string, rows int64) {
	source, err := sources.All()["unga"](func(any) error { return nil })
	if err != nil {
		b.Fatal(err)
	}
	root := b.TempDir()
	w, err := warehouse.New(fstest.MapFS{}, nil, warehouse.Options{
		Threads: 2, MemoryLimit: memoryLimit(), LoadMemory: work.LoadMemory, TempDir: root, Now: time.Now,
	})
	if err != nil {
		b.Fatal(err)
	}
	t := source.Tables()[0]
	if err := w.Build(b.Context(), filepath.Join(root, "x.duckdb"), func(db pipeline.Database) error {
		loaded, err := lake.New(root, lake.Options{Workers: 2, MemoryBytes: work.LakeMemoryBytes}).Load(b.Context(), t, func(out pipeline.Sink) error {
			for _, transform := range t.Transforms {
				out = transform.Apply(out)
			}
			return source.Parse(b.Context(), os.DirFS(dir), t.Name, out)
		})
		if err != nil {
			return err
		}
		n, err := db.Load(b.Context(), t, []string{filepath.Join(root, loaded.Files[0].Path)})
		if err == nil && n != rows {
			err = fmt.Errorf("%d rows of %d", n, rows)
		}
		return err
	}); err != nil {
		b.Fatal(err)
	}
}

func assemblyByDuckDB(b *testing.B, dir string, rows int64) {
	root := b.TempDir()
	db, err := sql.Open("duckdb", filepath.Join(root, "x.duckdb")+"?threads=2")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	for _, query := range []string{
		fmt.Sprintf(`copy (select * from read_csv('%s/ga_voting.csv', header = true, quote = '"', escape = '"', columns = {
			'undl_id': 'bigint', 'ms_code': 'varchar', 'ms_name': 'varchar', 'ms_vote': 'varchar', 'date': 'varchar',
			'session': 'varchar', 'resolution': 'varchar', 'draft': 'varchar', 'committee_report': 'varchar',
			'meeting': 'varchar', 'title': 'varchar', 'agenda_title': 'varchar', 'subjects': 'varchar',
			'vote_note': 'varchar', 'total_yes': 'double', 'total_no': 'double', 'total_abstentions': 'double',
			'total_non_voting': 'double', 'total_ms': 'double', 'undl_link': 'varchar'}))
			to '%s/x.parquet' (format parquet, compression zstd)`, dir, root),
		fmt.Sprintf("create table x as select * from read_parquet('%s/x.parquet')", root),
		"checkpoint",
	} {
		if _, err := db.ExecContext(context.Background(), query); err != nil {
			b.Fatal(err)
		}
	}
	var n int64
	if err := db.QueryRow("select count(*) from x").Scan(&n); err != nil || n != rows {
		b.Fatalf("%d rows of %d, %v", n, rows, err)
	}
}

func memoryLimit() string {
	if text := os.Getenv("ENTENTE_DUCK_MEMORY"); text != "" {
		return text
	}
	return work.DuckMemory
}

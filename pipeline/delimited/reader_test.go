package delimited_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"entente/pipeline/delimited"

	"github.com/google/go-cmp/cmp"
)

// read returns every record behind the header: its cells, or its problem in angle brackets.
func read(t testing.TB, file string) (header []string, records [][]string, positions []delimited.Record) {
	t.Helper()
	r := delimited.NewReader(strings.NewReader(file), ',')
	header, err := r.Header()
	if err != nil {
		t.Fatal(err)
	}
	for {
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			return header, records, positions
		}
		if err != nil {
			t.Fatal(err)
		}
		if rec.Problem != "" {
			records = append(records, []string{"<" + rec.Problem + ">"})
		} else {
			var cells []string
			for _, c := range rec.Cells {
				cells = append(cells, string(c))
			}
			records = append(records, cells)
		}
		positions = append(positions, delimited.Record{Line: rec.Line, Offset: rec.Offset, Length: rec.Length})
	}
}

func TestReader(t *testing.T) {
	for name, c := range map[string]struct {
		file string
		want [][]string
	}{
		"plain":           {"a,b\n1,2\n3,4\n", [][]string{{"1", "2"}, {"3", "4"}}},
		"byte order mark": {"\xef\xbb\xbfa,b\n1,2\n", [][]string{{"1", "2"}}},
		"CRLF":            {"a,b\r\n1,2\r\n3,\r\n", [][]string{{"1", "2"}, {"3", ""}}},
		"quotes":          {"a,b\n\"x,y\",\"say \"\"no\"\"\"\n", [][]string{{"x,y", `say "no"`}}},
		"quoted line end": {"a,b\n\"x\ny\",2\n3,4\n", [][]string{{"x\ny", "2"}, {"3", "4"}}},
		"quote inside":    {"a,b\n5\" gun,2\n", [][]string{{`5" gun`, "2"}}},
		"empty cells":     {"a,b\n,\n\"\",\"\"\n", [][]string{{"", ""}, {"", ""}}},
		"repeated tail":   {"a,b,c\n1,x,y\n2,x,y\n3,x,z\n4,x,z\n", [][]string{{"1", "x", "y"}, {"2", "x", "y"}, {"3", "x", "z"}, {"4", "x", "z"}}},
		"repeated quoted": {"a,b\n1,\"x\"\"y\"\n2,\"x\"\"y\"\n", [][]string{{"1", `x"y`}, {"2", `x"y`}}},
		"field missing":   {"a,b\n1\n3,4\n", [][]string{{"<1 fields where the header has 2>"}, {"3", "4"}}},
		"field too many":  {"a,b\n1,2,3\n3,4\n", [][]string{{"<3 fields where the header has 2>"}, {"3", "4"}}},
		"open quote":      {"a,b\n\"1,2\n3,4\n5,6\n", [][]string{{"<a quote is opened and never closed>"}, {"3", "4"}, {"5", "6"}}},
		"quote closed by a later line": {"a,b\n\"1,2\n\"3\",4\n", [][]string{
			{"<text follows a closing quote>"}, {"3", "4"}}},
		"no line end":         {"a,b\n1,2", [][]string{{"<the file ends without a line end, so this last record may be cut>"}}},
		"CR inside":           {"a,b\n1\r2,3\n", [][]string{{"1\r2", "3"}}},
		"nothing but headers": {"a,b\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			_, got, _ := read(t, c.file)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("records (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReaderPositions(t *testing.T) {
	file := "\xef\xbb\xbfa,b\r\n\"x\ny\",2\r\nbad\r\n\r\n3,4\r\n"
	_, _, got := read(t, file)
	want := []delimited.Record{
		{Line: 2, Offset: 8, Length: 7}, {Line: 4, Offset: 17, Length: 3}, {Line: 5, Offset: 22, Length: 0}, {Line: 6, Offset: 24, Length: 3},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("positions (-want +got):\n%s", diff)
	}
	if raw := file[17 : 17+3]; raw != "bad" {
		t.Errorf("the position of the bad line holds %q", raw)
	}
}

func TestReaderRefusesEndlessRecords(t *testing.T) {
	file := "a,b\n\"" + strings.Repeat("x", 3<<20) + "\n1,2\n"
	_, got, _ := read(t, file)
	last := got[len(got)-1]
	if diff := cmp.Diff([]string{"1", "2"}, last); diff != "" {
		t.Errorf("the record behind an open quote (-want +got):\n%s", diff)
	}
	for _, rec := range got[:len(got)-1] {
		if !strings.HasPrefix(rec[0], "<") {
			t.Errorf("part of an endless record was taken for one: %.60q", rec)
		}
	}
}

// The reader agrees with encoding/csv on every well-formed file, whatever repeats in it.
func TestReaderLikeStandardLibrary(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	words := []string{"", "x", "yes", "a,b", `say "no"`, "two\nlines", "1", "2", "Côte d’Ivoire", strings.Repeat("long ", 50)}
	for range 300 {
		columns := 1 + rng.IntN(6)
		var file bytes.Buffer
		w := csv.NewWriter(&file)
		w.UseCRLF = rng.IntN(2) == 0
		header := make([]string, columns)
		for i := range header {
			header[i] = fmt.Sprint("c", i)
		}
		w.Write(header)
		var want [][]string
		row := make([]string, columns)
		for range rng.IntN(40) {
			for i := range row {
				if rng.IntN(3) == 0 {
					row[i] = words[rng.IntN(len(words))]
				}
			}
			if columns == 1 && row[0] == "" {
				continue
			}
			w.Write(row)
			want = append(want, append([]string(nil), row...))
		}
		w.Flush()
		if w.UseCRLF {
			for _, row := range want {
				for i := range row {
					row[i] = strings.ReplaceAll(row[i], "\n", "\r\n")
				}
			}
		}
		_, got, _ := read(t, file.String())
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("file %q (-want +got):\n%s", file.String(), diff)
		}
	}
}

// Every byte of a file belongs to the header, to a record or to a line end.
func FuzzReader(f *testing.F) {
	for _, seed := range []string{"a,b\n1,2\n", "a,b\n\"1,2\n3,4\n", "a\r\n\"x\"\"\r\n", "\xef\xbb\xbfa\n\n\n", "a,b\n1,\"2\"x\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		r := delimited.NewReader(bytes.NewReader(file), ',')
		if _, err := r.Header(); err != nil {
			return
		}
		at, line := int64(-1), int64(0)
		for {
			rec, err := r.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if at >= 0 {
				between := file[at:rec.Offset]
				if len(bytes.Trim(between, "\r\n")) != 0 {
					t.Fatalf("bytes %q lie between two records", between)
				}
			}
			if rec.Line <= line {
				t.Fatalf("line %d follows line %d", rec.Line, line)
			}
			if want := int64(bytes.Count(file[:rec.Offset], []byte{'\n'})) + 1; rec.Line != want {
				t.Fatalf("record at byte %d is said to be on line %d, is on %d", rec.Offset, rec.Line, want)
			}
			at, line = rec.Offset+int64(rec.Length), rec.Line
		}
		if at >= 0 && len(bytes.Trim(file[at:], "\r\n")) != 0 {
			t.Fatalf("bytes %q lie behind the last record", file[at:])
		}
	})
}

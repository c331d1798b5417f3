package delimited

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"entente/pipeline"

	"github.com/apache/arrow-go/v18/arrow"
)

// aside is a sink for what does not become a row.
type aside struct {
	rejects  []pipeline.Reject
	filtered int64
	closed   bool
}

func (a *aside) Batch(arrow.RecordBatch) error { return nil }
func (a *aside) Reject(r pipeline.Reject) error {
	a.rejects = append(a.rejects, r)
	return nil
}
func (a *aside) Filter(_ string, rows int64) error {
	a.filtered += rows
	return nil
}
func (a *aside) Close() error {
	a.closed = true
	return nil
}

func oneFile(content string) fs.FS { return fstest.MapFS{"f.csv": {Data: []byte(content)}} }

func TestRead(t *testing.T) {
	out := &aside{}
	var cells []string
	ended := false
	start := func(header []string) (ReadRecord, error) {
		return func(rec *Record) (string, error) {
			if string(rec.Cells[0]) == "bad" {
				return "it is bad", nil
			}
			cells = append(cells, string(rec.Cells[1]))
			return "", nil
		}, nil
	}
	l := Layout{Source: "s", File: "f.csv", BareEnd: true}
	err := l.Read(t.Context(), oneFile("a,b\n1,x\nbad,y\n\n3\n4,z"), out, start, func() error {
		ended = !out.closed
		return nil
	})
	if err != nil || strings.Join(cells, " ") != "x z" || !ended || !out.closed {
		t.Errorf("cells %q, ended before the sink was closed: %v, closed: %v, %v", cells, ended, out.closed, err)
	}
	if len(out.rejects) != 2 || out.rejects[0].Line != 3 || out.rejects[0].Reason != "it is bad" || out.rejects[1].Line != 5 || out.filtered != 1 {
		t.Errorf("rejects %+v, %d filtered; want lines 3 and 5, and 1", out.rejects, out.filtered)
	}
}

func TestReadStops(t *testing.T) {
	stop := errors.New("stop")
	header := func(err error) func([]string) (ReadRecord, error) {
		return func([]string) (ReadRecord, error) {
			return func(*Record) (string, error) { return "", stop }, err
		}
	}
	l := Layout{Source: "s", File: "f.csv"}
	for name, start := range map[string]func([]string) (ReadRecord, error){"header": header(stop), "record": header(nil)} {
		out := &aside{}
		if err := l.Read(t.Context(), oneFile("a\n1\n"), out, start, nil); !errors.Is(err, stop) || out.closed {
			t.Errorf("%s: got %v, closed: %v; want %v and not", name, err, out.closed, stop)
		}
	}
}

// TestBareEnd shows that only a layout that says so takes a last line without a line end.
func TestBareEnd(t *testing.T) {
	for bare, rejects := range map[bool]int{true: 0, false: 1} {
		out := &aside{}
		l := Layout{Source: "s", File: "f.csv", BareEnd: bare, Columns: []Column{Text(pipeline.Text("a", "a"), "a")}}
		if err := l.Parse(t.Context(), oneFile("a\nx\ny"), out); err != nil || len(out.rejects) != rejects {
			t.Errorf("bare end allowed: %v: rejects %+v, %v; want %d", bare, out.rejects, err, rejects)
		}
	}
}

func TestAlias(t *testing.T) {
	vote := OneOf(pipeline.Code("vote", "vote"), []string{"Y", "X"}, "vote").Alias("NV", "X")
	for cell, want := range map[string]string{"NV": "X", "X": "X", "Y": "Y"} {
		if v, err := vote.decode([]byte(cell)); err != nil || string(v.text) != want {
			t.Errorf("%q is read as %q, %v; want %q", cell, v.text, err, want)
		}
	}
	if _, err := vote.decode([]byte("nv")); err == nil {
		t.Error("nv is read, which is no alias")
	}
	flag := Truth(pipeline.Flag("f", "f"), "f").Alias("", "0")
	if v, err := flag.decode(nil); err != nil || v.null || v.whole != 0 {
		t.Errorf("the empty cell is read as %+v, %v; want false", v, err)
	}
}

func TestHeaderHas(t *testing.T) {
	for line, want := range map[string]bool{
		"a,b,c":              true,
		"\xef\xbb\xbfb, a ,": true,
		`"b","a"`:            true,
		"ab":                 false,
		"":                   false,
		`"a`:                 false,
	} {
		if got := HeaderHas(line, "a", "b"); got != want {
			t.Errorf("%q: got %v", line, got)
		}
	}
}

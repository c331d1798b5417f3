package comtrade

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"entente/pipeline/pipelinetest"
)

// FuzzParse feeds the parser answers that the service never gives: it may refuse them, but whatever it takes
// must add up to the answer.
func FuzzParse(f *testing.F) {
	src := newSource(f)
	cases, err := filepath.Glob("testdata/*/snapshot/flows_*.json")
	if err != nil || len(cases) == 0 {
		f.Fatalf("no case: %v", err)
	}
	for _, name := range cases {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(`{"data":[{"ref\u0059ear":2000,"a\"b":[1,{"c":"}"}]},7,"x",[],null],"count":5}`))
	f.Add([]byte("\xef\xbb\xbf{\"count\":0,\"data\":[ ]\n}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		const file = "flows_M_842_2020.json"
		var snapshot fs.FS = fstest.MapFS{file: {Data: data}}
		rows, err := pipelinetest.Parse(t.Context(), src, snapshot, src.Tables()[0])
		if err != nil {
			return
		}
		if json.Valid(data) {
			pipelinetest.Account(t, snapshot, rows)
		}
		var filtered int64
		for _, x := range rows.Filtered {
			filtered += x.Rows
		}
		for _, x := range append(rows.Origins, rows.Rejects...) {
			if x.Line < 1 || x.Offset < 1 || x.Length < 1 || x.Offset+int64(x.Length) > int64(len(data)) {
				t.Errorf("a record is said to be on line %d at byte %d, length %d, of %d bytes", x.Line, x.Offset, x.Length, len(data))
			}
		}
		var body struct {
			Count int64             `json:"count"`
			Data  []json.RawMessage `json:"data"`
		}
		if got := int64(len(rows.Rows)+len(rows.Rejects)) + filtered; json.Unmarshal(data, &body) == nil && got != int64(len(body.Data)) {
			t.Errorf("%d records came to %d rows, %d rejects and %d filtered", len(body.Data), len(rows.Rows), len(rows.Rejects), filtered)
		}
	})
}

// FuzzExtent compares the end that is found of a value with where the standard library finds it.
func FuzzExtent(f *testing.F) {
	for _, text := range []string{`{"a":"\"}"},`, `"x\\",1`, `-1.5e3]`, `[[{}],"]"] `, `true`, `nul`, `"\`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		n, whole := extent(text)
		if n < 0 || n > len(text) {
			t.Fatalf("%d of %d bytes", n, len(text))
		}
		for short := range text {
			if m, ok := extent(text[:short]); ok && (!whole || m != n) {
				t.Fatalf("the first %d bytes have a value of %d bytes, all of them one of %d, %v", short, m, n, whole)
			}
		}
	})
}

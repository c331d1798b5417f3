package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"entente/cmd/entente/folder"
	"entente/cmd/entente/why"
)

// TestWhy takes a row of every view of indicators that has rows in the sample, by a number that looks random and is
// not, and demands that it is followed to raw lines whose bytes are in the vault under the hash that is told.
func TestWhy(t *testing.T) {
	data := t.TempDir()
	must(t, data, "run", "--sample")
	f := &folder.Folder{Dir: data, Now: time.Now}
	vault, err := f.Reader()
	if err != nil {
		t.Fatal(err)
	}
	whole := map[string][]byte{}
	object := func(sum string) []byte {
		if whole[sum] == nil {
			file, err := vault.Open(sum)
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			text, err := io.ReadAll(file)
			if err != nil {
				t.Fatal(err)
			}
			if got := sha256.Sum256(text); hex.EncodeToString(got[:]) != sum {
				t.Fatalf("%s is not what the vault has under it", sum)
			}
			whole[sum] = text
		}
		return whole[sum]
	}
	followed := 0
	for _, table := range rowsOf(t, data, "select distinct schema_name || '.' || table_name from meta.columns where schema_name = 'indicators' and kind in ('view', 'table') order by all") {
		name := table[0]
		// sums of many numbers may differ in their last digit from one query to the next
		columns := rowsOf(t, data, "select string_agg('cast(' || column_name || ' as varchar) as ' || column_name, ', ') from meta.columns where schema_name || '.' || table_name = '"+
			name+"' and data_type <> 'DOUBLE'")[0][0]
		var rows []map[string]*string
		if err := json.Unmarshal([]byte(must(t, data, "query", "--format", "json",
			"select "+columns+" from "+name+" order by hash("+strings.ReplaceAll(columnsOf(columns), " ", "")+") limit 1")), &rows); err != nil {
			t.Fatal(err)
		}
		if len(rows) == 0 {
			continue
		}
		args := []string{"why", "--json", name}
		for column, value := range rows[0] {
			if value != nil {
				args = append(args, column+"="+*value)
			}
		}
		var a why.Answer
		if err := json.Unmarshal([]byte(must(t, data, args...)), &a); err != nil {
			t.Fatal(err)
		}
		lines := 0
		for _, s := range a.Steps {
			for _, l := range s.Lines {
				lines++
				text := object(l.SHA256)
				if !strings.Contains(l.File, ".zip/") && !bytes.Equal(text[l.Offset:l.Offset+int64(l.Length)], []byte(l.Bytes)) {
					t.Errorf("%s: %s:%d: the vault has other bytes", name, l.File, l.Line)
				}
				if l.Bytes == "" {
					t.Errorf("%s: %s:%d: no bytes", name, l.File, l.Line)
				}
			}
		}
		if lines == 0 {
			t.Errorf("%s: no raw line is reached; it was followed to %s", name, strings.Join(tables(a), ", "))
		}
		followed++
	}
	t.Logf("%d cells followed to their lines", followed)
	if followed < 10 {
		t.Errorf("%d views have a row in the sample", followed)
	}

	// a ballot ends at its own line
	ballot := rowsOf(t, data, "select source, iso3, resolution_id from core.votes where is_veto order by all limit 1")[0]
	var a why.Answer
	if err := json.Unmarshal([]byte(must(t, data, "why", "--json", "core.votes", "source="+ballot[0], "iso3="+ballot[1], "resolution_id="+ballot[2])), &a); err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(a.Steps, func(s why.Step) bool { return s.Table == "raw.sciencespo_votes" })
	if at < 0 || !slices.ContainsFunc(a.Steps[at].Lines, func(l why.Line) bool { return l.Bytes != "" }) {
		t.Errorf("the ballot of %v leads to %v", ballot, tables(a))
	}
	for want, args := range map[string][]string{
		"say which row":   {"core.votes"},
		"no column":       {"core.votes", "state=USA"},
		"no such row":     {"core.votes", "iso3=XXX"},
		"several such":    {"core.votes", "iso3=USA"},
		"is a macro":      {"indicators.pair_alignment", "iso3_a=USA"},
		"COLUMN=VALUE":    {"core.votes", "iso3"},
		"say which table": nil,
	} {
		if code, _, said := entente(t, data, append([]string{"why"}, args...)...); code != exitUsage || !strings.Contains(said, want) {
			t.Errorf("%v: code %d, %q", args, code, said)
		}
	}
}

// columnsOf lists the names of a list of casts.
func columnsOf(casts string) string {
	var names []string
	for cast := range strings.SplitSeq(casts, ", ") {
		names = append(names, cast[strings.LastIndexByte(cast, ' ')+1:])
	}
	return strings.Join(names, ", ")
}

func tables(a why.Answer) []string {
	var names []string
	for _, s := range a.Steps {
		names = append(names, s.Table)
	}
	return slices.Clip(names)
}

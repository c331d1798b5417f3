package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"io"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"entente/cmd/entente/folder"
	"entente/cmd/entente/why"
	"entente/pipeline"
)

var (
	cells     = flag.Int("cells", 10, "random cells that TestWhy follows")
	cellsSeed = flag.Uint64("cells-seed", 0, "`SEED` of their draw; 0 for one of the clock")
	cellsData = flag.String("cells-data", "", "data `DIR` to draw them from in place of the sample")
)

// vaultBytes reads objects of a data folder's vault, each once, and holds them against their hash.
type vaultBytes struct {
	t     *testing.T
	vault pipeline.Keeper
	whole map[string][]byte
}

func newVaultBytes(t *testing.T, data string) *vaultBytes {
	f := &folder.Folder{Dir: data, Now: time.Now}
	vault, err := f.Reader()
	if err != nil {
		t.Fatal(err)
	}
	return &vaultBytes{t, vault, map[string][]byte{}}
}

func (v *vaultBytes) object(sum string) []byte {
	if v.whole[sum] == nil {
		file, err := v.vault.Open(sum)
		if err != nil {
			v.t.Fatal(err)
		}
		defer file.Close()
		text, err := io.ReadAll(file)
		if err != nil {
			v.t.Fatal(err)
		}
		if got := sha256.Sum256(text); hex.EncodeToString(got[:]) != sum {
			v.t.Fatalf("%s is not what the vault has under it", sum)
		}
		v.whole[sum] = text
	}
	return v.whole[sum]
}

// unzipped is a member of an archive, or by "inner.zip/member" of one in it.
func (v *vaultBytes) unzipped(archive []byte, name string) []byte {
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		v.t.Fatal(err)
	}
	outer, inner, nested := strings.Cut(name, ".zip/")
	for _, m := range z.File {
		if m.Name != name && !(nested && m.Name == outer+".zip") {
			continue
		}
		r, err := m.Open()
		if err != nil {
			v.t.Fatal(err)
		}
		defer r.Close()
		text, err := io.ReadAll(r)
		if err != nil {
			v.t.Fatal(err)
		}
		if m.Name == name {
			return text
		}
		return v.unzipped(text, inner)
	}
	v.t.Fatalf("no %s in the archive", name)
	return nil
}

// check cuts a line out of the vault, without what why uses for that.
func (v *vaultBytes) check(name string, l why.Line) {
	text := v.object(l.SHA256)
	if _, member, inside := strings.Cut(l.File, ".zip/"); inside {
		key := l.SHA256 + "/" + member
		if v.whole[key] == nil {
			v.whole[key] = v.unzipped(text, member)
		}
		text = v.whole[key]
	}
	told := append([]byte(l.Bytes), l.Base64...)
	switch end := l.Offset + int64(l.Length); {
	case len(told) == 0:
		v.t.Errorf("%s: %s:%d: no bytes", name, l.File, l.Line)
	case end > int64(len(text)) || !bytes.Equal(text[l.Offset:end], told):
		v.t.Errorf("%s: %s:%d: the vault has other bytes", name, l.File, l.Line)
	}
}

// views are those of a schema that have columns.
func views(t *testing.T, data string) (names []string) {
	for _, row := range rowsOf(t, data, "select distinct schema_name || '.' || table_name from meta.columns where schema_name = 'indicators' and kind in ('view', 'table') order by all") {
		names = append(names, row[0])
	}
	return names
}

// anyRow draws a row of a view, as arguments of why; nil if it has none. Sums of many numbers may differ in their last
// digit from one query to the next, so that they do not name a row.
func anyRow(t *testing.T, data, name, seed string) []string {
	columns := rowsOf(t, data, "select string_agg('cast(' || column_name || ' as varchar) as ' || column_name, ', ') from meta.columns where schema_name || '.' || table_name = '"+
		name+"' and data_type <> 'DOUBLE'")[0][0]
	var rows []map[string]*string
	if err := json.Unmarshal([]byte(must(t, data, "query", "--format", "json",
		"select "+columns+" from "+name+" order by hash("+columnsOf(columns)+", "+seed+") limit 1")), &rows); err != nil {
		t.Fatal(err)
	}
	if len(rows) == 0 {
		return nil
	}
	args := []string{"why", "--json", name}
	for column, value := range rows[0] {
		if value != nil {
			args = append(args, column+"="+*value)
		}
	}
	return args
}

// followed asks why of a row and demands raw lines whose bytes are in the vault.
func followed(t *testing.T, data string, v *vaultBytes, args []string) why.Answer {
	var a why.Answer
	if err := json.Unmarshal([]byte(must(t, data, args...)), &a); err != nil {
		t.Fatal(err)
	}
	lines := 0
	for _, s := range a.Steps {
		for _, l := range s.Lines {
			lines++
			v.check(a.Table, l)
		}
	}
	if lines == 0 {
		t.Errorf("entente %s: no raw line is reached; it was followed to %s", strings.Join(args, " "), strings.Join(tables(a), ", "))
	}
	return a
}

// TestWhy follows rows of the sample to raw lines whose bytes are in the vault under the hash that is told: one of every
// view of indicators, and cells drawn at random.
func TestWhy(t *testing.T) {
	t.Parallel()
	data := *cellsData
	if data == "" {
		data = sampled(t)
	}
	vault := newVaultBytes(t, data)
	var full []string
	if *cellsData == "" {
		for _, name := range views(t, data) {
			if args := anyRow(t, data, name, "0"); args != nil {
				full = append(full, name)
				followed(t, data, vault, args)
			}
		}
		if len(full) < 10 {
			t.Errorf("%d views have a row in the sample", len(full))
		}
	} else {
		full = views(t, data)
	}

	seed := *cellsSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("%d random cells: go test ./cmd/entente -run TestWhy -cells-seed %d", *cells, seed)
	draw := rand.New(rand.NewPCG(seed, 0))
	for drawn := 0; drawn < *cells; {
		name := full[draw.IntN(len(full))]
		begun := time.Now()
		args := anyRow(t, data, name, strconv.FormatUint(draw.Uint64(), 10))
		if args == nil {
			continue
		}
		drawn++
		a := followed(t, data, vault, args)
		var valued []why.Cell
		for _, c := range a.Row {
			if c.Value != nil {
				valued = append(valued, c)
			}
		}
		cell := valued[draw.IntN(len(valued))]
		t.Logf("%s.%s = %s: %d steps, %.1f s", a.Table, cell.Column, *cell.Value, len(a.Steps), time.Since(begun).Seconds())
	}
	if *cellsData != "" {
		return
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
	// of the ballots that decide whether a text is contested, those of the two states come first
	alignment := followed(t, data, vault, []string{"why", "--json", "indicators.vote_alignment_by_year", "source=voeten", "iso3_a=CHN", "iso3_b=RUS", "year=2012", "scope=all"})
	at = slices.IndexFunc(alignment.Steps, func(s why.Step) bool { return s.Table == "raw.voeten_votes" })
	if at < 0 || alignment.Steps[at].Rows <= 3 || slices.ContainsFunc(alignment.Steps[at].Lines, func(l why.Line) bool {
		return !strings.Contains(l.Bytes, "2012-") || !strings.Contains(l.Bytes, "China") && !strings.Contains(l.Bytes, "Russia")
	}) {
		t.Errorf("how China and Russia voted in 2012 leads to %v", alignment.Steps)
	}
	// São Tomé is published in a charset that is not UTF-8, and its bytes survive JSON
	positions := followed(t, data, vault, []string{"why", "--json", "indicators.ideal_points", "iso3=STP", "session=71", "method=published", "scope=all"})
	if !slices.ContainsFunc(positions.Steps, func(s why.Step) bool {
		return slices.ContainsFunc(s.Lines, func(l why.Line) bool { return bytes.Contains(l.Base64, []byte("S\xe3o Tom\xe9")) })
	}) {
		t.Errorf("the position of STP leads to %v, and to no line of other bytes", tables(positions))
	}
	// and a treaty at the line of its own number
	var pact why.Answer
	if err := json.Unmarshal([]byte(must(t, data, "why", "--json", "core.treaties", "treaty_id=atop:3180")), &pact); err != nil {
		t.Fatal(err)
	}
	at = slices.IndexFunc(pact.Steps, func(s why.Step) bool { return s.Table == "raw.atop_alliances" })
	if at < 0 || pact.Steps[at].Rows != 1 || !strings.HasPrefix(pact.Steps[at].Lines[0].Bytes, "3180,") {
		t.Errorf("NATO leads to %v", pact.Steps)
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

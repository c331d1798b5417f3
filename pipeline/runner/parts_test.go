package runner_test

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"entente/pipeline"
	"entente/pipeline/archive"
	"entente/pipeline/delimited"

	"github.com/google/go-cmp/cmp"
)

// yearly is a source with a file a year in one archive.
type yearly struct {
	years  map[string]string
	from   string   // first year asked for
	parsed []string // years, in the order of parsing
}

func (y *yearly) About() pipeline.Upstream {
	return pipeline.Upstream{Title: "test", Automated: true, MaxRejectShare: 0.5}
}

func (y *yearly) columns() []delimited.Column {
	return []delimited.Column{
		delimited.Whole(pipeline.NotNull(pipeline.Int16("year", "year", "year")), "year"),
		delimited.Text(pipeline.NotNull(pipeline.Code("iso3", "state")), "iso3"),
		delimited.Whole(pipeline.Int32("flow", "", "value"), "flow"),
	}
}

func (y *yearly) Tables() []pipeline.Table {
	return []pipeline.Table{{
		Schema: "raw", Name: "flows", Description: "one flow", Key: []string{"year", "iso3"}, PartitionBy: "year",
		Selection: y.from, Columns: delimited.Schema(y.columns()),
	}}
}

func (y *yearly) Fetch(_ context.Context, _ *http.Client, into *pipeline.Snapshot) error {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, year := range slices.Sorted(maps.Keys(y.years)) {
		m, err := w.CreateHeader(&zip.FileHeader{Name: year + ".csv", Method: zip.Deflate})
		if err != nil {
			return err
		}
		if _, err := io.WriteString(m, y.years[year]); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	return into.Embed("flows.zip", b.Bytes())
}

func (y *yearly) Parse(context.Context, fs.FS, string, pipeline.Sink) error {
	panic("a table in parts is parsed whole")
}

func (y *yearly) Parts(_ context.Context, snapshot fs.FS, _ string) ([]pipeline.Part, error) {
	files := archive.New("yearly", snapshot, archive.Limits{})
	members, err := files.Members("flows.zip")
	if err != nil {
		return nil, err
	}
	var parts []pipeline.Part
	for _, m := range members {
		sum, err := files.Fingerprint(m.Path)
		if err != nil {
			return nil, err
		}
		if year := strings.TrimSuffix(m.Name, ".csv"); year >= y.from {
			parts = append(parts, pipeline.Part{Value: year, Fingerprint: sum})
		}
	}
	return parts, nil
}

func (y *yearly) ParsePart(ctx context.Context, snapshot fs.FS, _ string, part pipeline.Part, out pipeline.Sink) error {
	y.parsed = append(y.parsed, part.Value)
	l := delimited.Layout{Source: "yearly", File: "flows.zip/" + part.Value + ".csv", Columns: y.columns()}
	return l.Parse(ctx, archive.New("yearly", snapshot, archive.Limits{}), out)
}

const flowTotals = `-- Flows by year.
-- kind: table
-- key: year
-- grain: one row a year
-- units: none
-- method: sum
-- column year: year
-- column flow: sum
select year, cast(sum(flow) as bigint) as flow,
from raw.flows
group by year
`

// TestRunChangesOneYear adds a year and revises another: only these are parsed, and only their files are
// new on disk; bad rows of a year that did not change stay in quarantine.
func TestRunChangesOneYear(t *testing.T) {
	h := newHouse(t, "")
	y := &yearly{years: map[string]string{
		"2019": "year,iso3,flow\n2019,CHN,1\n2019,USA,x\n2019,FRA,3\n",
		"2020": "year,iso3,flow\n2020,CHN,10\n2020,USA,20\n2020,DEU,oops\n",
	}}
	h.other, h.sql = y, fstest.MapFS{"core/totals.sql": {Data: []byte(flowTotals)}}
	if _, err := h.run("p"); err != nil {
		t.Fatal(err)
	}
	before := stamps(t, h)
	first := h.current()

	y.years["2021"] = "year,iso3,flow\n2021,CHN,100\n"
	y.years["2022"] = "year,iso3,flow\n"
	y.years["2020"] = "year,iso3,flow\n2020,CHN,11\n2020,USA,20\n"
	y.parsed = nil
	if _, err := h.run("p"); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"2020", "2021", "2022"}, y.parsed); d != "" {
		t.Errorf("years parsed (-want +got):\n%s", d)
	}
	after := stamps(t, h)
	if before["year=2019"] != after["year=2019"] || before["year=2020"] == after["year=2020"] {
		t.Errorf("files before %v, after %v: 2019 should be the same file and 2020 another", before, after)
	}
	if got := h.ask("select year, flow from core.totals order by year"); got != "2019|4\n2020|31\n2021|100" {
		t.Errorf("totals:\n%s", got)
	}
	if got := h.ask("select cast(raw as varchar) from meta.quarantine"); got != "2019,USA,x" {
		t.Errorf("quarantine:\n%s", got)
	}
	entry := h.current().Tables[0]
	want := pipeline.Account{Read: 6, Loaded: 5, Quarantined: 1}
	if d := cmp.Diff(want, entry.Account); d != "" || entry.Rows != 5 || len(entry.Parts) != 4 || len(entry.Files) != 4 {
		t.Errorf("entry %+v; account (-want +got):\n%s", entry, d)
	}
	if len(first.Tables[0].Quarantine) != 2 {
		t.Errorf("quarantine files of the first release: %+v", first.Tables[0].Quarantine)
	}

	y.parsed = nil
	if report, err := h.run("p"); err != nil || report.Run.Outcome != pipeline.RunUnchanged || y.parsed != nil {
		t.Errorf("third run: %s, parsed %v, %v", report.Run.Outcome, y.parsed, err)
	}
}

// TestRunSelectsYears asks the same bytes for more years, then for fewer: only those are parsed that were not there.
func TestRunSelectsYears(t *testing.T) {
	h := newHouse(t, "")
	y := &yearly{from: "2020", years: map[string]string{
		"2019": "year,iso3,flow\n2019,CHN,1\n",
		"2020": "year,iso3,flow\n2020,CHN,10\n",
	}}
	h.other, h.sql = y, fstest.MapFS{"core/totals.sql": {Data: []byte(flowTotals)}}
	for _, step := range []struct {
		from   string
		parsed []string
		rows   int64
	}{{"2020", []string{"2020"}, 1}, {"", []string{"2019"}, 2}, {"2020", nil, 1}} {
		y.from, y.parsed = step.from, nil
		report, err := h.run("p")
		if err != nil || report.Run.Outcome != pipeline.RunPublished {
			t.Fatalf("from %q: %s, %v", step.from, report.Run.Outcome, err)
		}
		if d := cmp.Diff(step.parsed, y.parsed); d != "" || h.current().Tables[0].Rows != step.rows {
			t.Errorf("from %q: %d rows, want %d; years parsed (-want +got):\n%s", step.from, h.current().Tables[0].Rows, step.rows, d)
		}
	}
}

// stamps gives the inode and time of change of every partition's file.
func stamps(t *testing.T, h *house) map[string]time.Time {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(h.data, "current", "lake", "raw", "flows", "*", "*.parquet"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	found := map[string]time.Time{}
	for _, f := range files {
		info, err := os.Stat(f)
		if err != nil {
			t.Fatal(err)
		}
		found[filepath.Base(filepath.Dir(f))] = info.ModTime()
	}
	return found
}

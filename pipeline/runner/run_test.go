package runner_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"entente/pipeline"
	"entente/pipeline/delimited"
	"entente/pipeline/lake"
	"entente/pipeline/ledger"
	"entente/pipeline/release"
	"entente/pipeline/runner"
	"entente/pipeline/vault"
	"entente/pipeline/warehouse"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/google/go-cmp/cmp"
)

// council is a source whose file is a string.
type council struct {
	file  string
	fetch error
	share float64
	lose  bool // drops every fifth row without saying so
}

func (c *council) About() pipeline.Upstream {
	return pipeline.Upstream{Title: "test", Automated: true, MaxRejectShare: c.share}
}

func (c *council) layout() delimited.Layout {
	return delimited.Layout{Source: "council", File: "votes.csv", Columns: []delimited.Column{
		delimited.Text(pipeline.NotNull(pipeline.Code("iso3", "state")), "iso3"),
		delimited.OneOf(pipeline.Code("vote", "ballot"), []string{"Y", "N"}, "vote"),
	}}
}

func (c *council) Tables() []pipeline.Table {
	columns := append([]arrow.Field{
		pipeline.NotNull(pipeline.Code("iso3", "state")), pipeline.Code("vote", "ballot"),
	}, pipeline.Provenance()...)
	return []pipeline.Table{{
		Schema: "raw", Name: "votes", Description: "one ballot", Key: []string{"iso3"},
		Columns: arrow.NewSchema(columns, nil), Transforms: []pipeline.Transform{leaky{c}},
	}}
}

func (c *council) Fetch(_ context.Context, _ *http.Client, into *pipeline.Snapshot) error {
	if c.fetch != nil {
		return c.fetch
	}
	return into.Embed("votes.csv", []byte(c.file))
}

func (c *council) Parse(ctx context.Context, snapshot fs.FS, table string, out pipeline.Sink) error {
	return c.layout().Parse(ctx, snapshot, out)
}

// leaky is a transform that can lose rows.
type leaky struct{ c *council }

func (leaky) Name() string                                    { return "lose rows" }
func (leaky) Columns(in *arrow.Schema) (*arrow.Schema, error) { return in, nil }
func (l leaky) Apply(next pipeline.Sink) pipeline.Sink        { return leakySink{next, l.c} }

type leakySink struct {
	pipeline.Sink
	c *council
}

func (l leakySink) Batch(rows arrow.RecordBatch) error {
	if !l.c.lose {
		return l.Sink.Batch(rows)
	}
	part := rows.NewSlice(0, rows.NumRows()-1)
	defer part.Release()
	return l.Sink.Batch(part)
}

const tally = `-- Ballots counted by vote.
-- kind: table
-- key: vote
-- grain: one row per vote
-- units: counts
-- method: count
-- column vote: ballot
-- column ballot_count [count]: how many
select
    vote,
    count(*) as ballot_count,
from raw.votes
where vote is not null
group by vote
`

const noNays = `-- Nobody votes against.
-- level: error
-- grain: one row per ballot against
-- units: none
-- method: comparison
-- column iso3: state
select iso3,
from raw.votes
where vote = 'N'
`

// house wires a runner over a data folder with the real vault, lake, warehouse, releases and ledger.
type house struct {
	t      *testing.T
	data   string
	source *council
	other  pipeline.Source // in place of source, unless nil
	sql    fstest.MapFS
	clock  time.Time
	ledger *ledger.Ledger
}

func newHouse(t *testing.T, file string) *house {
	l, err := ledger.Open(filepath.Join(t.TempDir(), "state.sqlite"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return &house{
		t: t, data: t.TempDir(), source: &council{file: file}, ledger: l,
		sql:   fstest.MapFS{"core/tally.sql": {Data: []byte(tally)}},
		clock: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC),
	}
}

func (h *house) run(program string) (runner.Report, error) {
	h.t.Helper()
	now := func() time.Time { h.clock = h.clock.Add(time.Second); return h.clock }
	v, err := vault.Open(filepath.Join(h.data, "vault"), vault.Options{Now: now})
	if err != nil {
		h.t.Fatal(err)
	}
	w, err := warehouse.New(h.sql, nil, warehouse.Options{Now: now, TempDir: h.t.TempDir()})
	if err != nil {
		h.t.Fatal(err)
	}
	r := runner.Runner{
		Vault: v, Client: http.DefaultClient, Releases: h.store(), Warehouse: w, Ledger: h.ledger, Program: program, Now: now,
		Loader: func(root string) pipeline.Loader { return lake.New(root, lake.Options{}) },
		Log:    slog.New(slog.DiscardHandler),
	}
	job := pipeline.Job{Name: "council", Source: h.source}
	if h.other != nil {
		job.Source = h.other
	}
	return r.Run(context.Background(), runner.Order{Command: "test", Jobs: []pipeline.Job{job}})
}

func (h *house) store() *release.Store {
	s, err := release.Open(h.data)
	if err != nil {
		h.t.Fatal(err)
	}
	return s
}

func (h *house) current() pipeline.Manifest {
	m, err := h.store().Current()
	if err != nil {
		h.t.Fatal(err)
	}
	return m
}

// ask runs a query on the current release.
func (h *house) ask(query string) string {
	h.t.Helper()
	db, err := warehouse.OpenReadOnly(filepath.Join(h.data, "current", release.WarehouseFile), warehouse.Options{})
	if err != nil {
		h.t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(query)
	if err != nil {
		h.t.Fatal(err)
	}
	defer rows.Close()
	names, _ := rows.Columns()
	var lines []string
	for rows.Next() {
		values := make([]any, len(names))
		for i := range values {
			values[i] = new(any)
		}
		if err := rows.Scan(values...); err != nil {
			h.t.Fatal(err)
		}
		var cells []string
		for _, v := range values {
			cells = append(cells, fmt.Sprint(*v.(*any)))
		}
		lines = append(lines, strings.Join(cells, "|"))
	}
	return strings.Join(lines, "\n")
}

const three = "iso3,vote\nCHN,Y\nUSA,N\nFRA,Y\n"

func TestRunPublishes(t *testing.T) {
	h := newHouse(t, three)
	report, err := h.run("p1")
	if err != nil {
		t.Fatal(err)
	}
	if report.Run.Outcome != pipeline.RunPublished || h.current().ID != report.Run.Release {
		t.Errorf("outcome %s, release %s, current %s", report.Run.Outcome, report.Run.Release, h.current().ID)
	}
	if got := h.ask("select * from core.tally order by 1"); got != "N|1\nY|2" {
		t.Errorf("tally is %q", got)
	}
	want := pipeline.Account{Read: 3, Loaded: 3}
	if diff := cmp.Diff(want, h.current().Tables[0].Account); diff != "" {
		t.Errorf("account (-want +got):\n%s", diff)
	}
}

func TestRunWithoutChangePublishesNothing(t *testing.T) {
	h := newHouse(t, three)
	if _, err := h.run("p1"); err != nil {
		t.Fatal(err)
	}
	first := h.current().ID
	report, err := h.run("p1")
	if err != nil {
		t.Fatal(err)
	}
	if report.Run.Outcome != pipeline.RunUnchanged || h.current().ID != first {
		t.Errorf("outcome %s, current %s after %s", report.Run.Outcome, h.current().ID, first)
	}
}

// A changed view leaves the tables that it does not touch where they are: the same file, by hard link.
func TestRunLinksWhatDidNotChange(t *testing.T) {
	h := newHouse(t, three)
	if _, err := h.run("p1"); err != nil {
		t.Fatal(err)
	}
	before := h.current()
	h.sql["core/tally.sql"] = &fstest.MapFile{Data: []byte(strings.Replace(tally, "count(*)", "2 * count(*)", 1))}
	report, err := h.run("p1")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]bool{"core.tally": true}, report.Fresh); diff != "" {
		t.Errorf("made anew (-want +got):\n%s", diff)
	}
	path := before.Tables[0].Files[0].Path
	old, err1 := os.Stat(filepath.Join(h.data, "releases", before.ID, path))
	now, err2 := os.Stat(filepath.Join(h.data, "releases", h.current().ID, path))
	if err1 != nil || err2 != nil || !os.SameFile(old, now) {
		t.Errorf("%s is not the same file in both releases: %v, %v", path, err1, err2)
	}
	if got := h.ask("select * from core.tally order by 1"); got != "N|2\nY|4" {
		t.Errorf("tally is %q", got)
	}
}

func TestRunOfAnotherProgramMakesEverythingAgain(t *testing.T) {
	h := newHouse(t, three)
	if _, err := h.run("p1"); err != nil {
		t.Fatal(err)
	}
	report, err := h.run("p2")
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Fresh) != 2 {
		t.Errorf("made anew: %v", report.Fresh)
	}
}

func TestRunQuarantinesBadRows(t *testing.T) {
	h := newHouse(t, three+"GBR,Q\nRUS,Y\nRUS,Y\nDEU,Y\nDEU,N\n")
	h.source.share = 0.5
	report, err := h.run("p1")
	if err != nil {
		t.Fatal(err)
	}
	want := pipeline.Account{Read: 8, Loaded: 4, Quarantined: 3, Duplicate: 1, Filters: map[string]int64{}}
	if diff := cmp.Diff(want, report.Tables[0].Account); diff != "" {
		t.Errorf("account (-want +got):\n%s", diff)
	}
	got := h.ask("select line, reason, decode(raw) from meta.quarantine order by line")
	for _, part := range []string{"5|column vote: \"Q\" is not one of Y, N|GBR,Q", "8|lines 8, 9 give different values for the key iso3=DEU|DEU,Y", "9|lines 8, 9"} {
		if !strings.Contains(got, part) {
			t.Errorf("quarantine lacks %q:\n%s", part, got)
		}
	}
}

func TestRunRefusesTooManyBadRows(t *testing.T) {
	h := newHouse(t, three)
	if _, err := h.run("p1"); err != nil {
		t.Fatal(err)
	}
	before := h.current().ID
	h.source.file, h.source.share = three+"GBR,Q\n", 0.1
	_, err := h.run("p1")
	var rejects *pipeline.RejectsError
	if !errors.As(err, &rejects) || rejects.Rejected != 1 || rejects.Read != 4 {
		t.Fatalf("error %v", err)
	}
	if h.current().ID != before {
		t.Error("a release was published all the same")
	}
	kept, err := h.ledger.QuarantineRows(context.Background(), ledger.Filter{})
	if err != nil || len(kept) != 1 || string(kept[0].Raw) != "GBR,Q" {
		t.Errorf("the ledger keeps %v, %v", kept, err)
	}
	h.noLeftovers()
}

// A row that vanishes on the way fails the run.
func TestRunRefusesUnaccountedRows(t *testing.T) {
	h := newHouse(t, three)
	h.source.lose = true
	_, err := h.run("p1")
	if err == nil || !strings.Contains(err.Error(), "does not add up: 3 rows read, 2 loaded") {
		t.Errorf("error %v", err)
	}
	h.noLeftovers()
}

func TestRunStopsAtErrorChecks(t *testing.T) {
	h := newHouse(t, three)
	h.sql["checks/no_nays.sql"] = &fstest.MapFile{Data: []byte(noNays)}
	_, err := h.run("p1")
	var checks *runner.ChecksError
	if !errors.As(err, &checks) || !strings.Contains(err.Error(), "no_nays (1 rows)") {
		t.Fatalf("error %v", err)
	}
	if _, err := h.store().Current(); !errors.Is(err, pipeline.ErrNoRelease) {
		t.Errorf("current release: %v", err)
	}
	h.noLeftovers()
	h.source.file = "iso3,vote\nCHN,Y\n"
	if _, err := h.run("p1"); err != nil {
		t.Fatal(err)
	}
}

func TestRunRefusesAKeyThatIsNotUnique(t *testing.T) {
	h := newHouse(t, three)
	h.sql["core/tally.sql"] = &fstest.MapFile{Data: []byte(strings.NewReplacer("count(*)", "1", "group by vote\n", "").Replace(tally))}
	if _, err := h.run("p1"); err == nil || !strings.Contains(err.Error(), "its key is not unique") {
		t.Errorf("error %v", err)
	}
}

func TestRunKeepsTheReleaseWhenASourceFails(t *testing.T) {
	h := newHouse(t, three)
	if _, err := h.run("p1"); err != nil {
		t.Fatal(err)
	}
	before := h.current().ID
	h.source.fetch = &pipeline.UpstreamError{Source: "council", Problem: "status 503"}
	report, err := h.run("p1")
	var upstream *pipeline.UpstreamError
	if !errors.As(err, &upstream) || report.Run.Outcome != pipeline.RunFailed || h.current().ID != before {
		t.Errorf("error %v, outcome %s, current %s", err, report.Run.Outcome, h.current().ID)
	}
	runs, err := h.ledger.Runs(context.Background(), 1)
	if err != nil || runs[0].Outcome != pipeline.RunFailed || !strings.Contains(runs[0].Error, "status 503") {
		t.Errorf("ledger: %v, %v", runs, err)
	}
	h.source.fetch = fmt.Errorf("council: %w", pipeline.ErrNotAutomated)
	report, err = h.run("p1")
	if err != nil || report.Run.Outcome != pipeline.RunUnchanged || report.Sources[0].Skipped == "" {
		t.Errorf("a source whose terms forbid download: %v, %+v", err, report)
	}
}

func (h *house) noLeftovers() {
	h.t.Helper()
	left, _ := filepath.Glob(filepath.Join(h.data, "releases", ".*"))
	if left != nil {
		h.t.Errorf("left behind: %v", left)
	}
}

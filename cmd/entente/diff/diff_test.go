package diff

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	"entente/pipeline"
	"entente/pipeline/release"
)

// made makes a release of three ballots, a sum and a measure.
func made(t *testing.T, id, edition string, ballots, sum, share string) Release {
	t.Helper()
	dir := t.TempDir()
	db, err := sql.Open("duckdb", filepath.Join(dir, release.WarehouseFile))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, statement := range []string{
		"create schema core; create schema indicators",
		"create table core.votes as select * from (values " + ballots + ") as v (source, iso3, resolution_id, vote)",
		"create table core.trade as select 'a''b' as source, 2019 as year, " + sum + "::double as value_usd",
		`create view indicators.trade_dependence as select 'm' as method, source, year, 'CHN' as iso3_a, 'USA' as iso3_b, true as is_default,
			` + share + `::double as weak_link_share from core.trade`,
	} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	entry := func(name, sha string, key []string, rows int64, columns ...pipeline.ColumnEntry) pipeline.TableEntry {
		return pipeline.TableEntry{Schema: "core", Name: name, Key: key, Rows: rows, Columns: columns, Files: []pipeline.DataFile{{SHA256: sha}}}
	}
	return Release{Dir: dir, Manifest: pipeline.Manifest{
		ID:      id,
		Sources: []pipeline.SourceEntry{{Name: "voeten", Files: []pipeline.File{{Name: "roll_calls.csv", SHA256: edition, Version: edition}}}},
		Tables: []pipeline.TableEntry{
			entry("votes", ballots, []string{"source", "iso3", "resolution_id"}, 3, pipeline.ColumnEntry{Name: "source", Type: "VARCHAR"},
				pipeline.ColumnEntry{Name: "iso3", Type: "VARCHAR"}, pipeline.ColumnEntry{Name: "resolution_id", Type: "VARCHAR"}, pipeline.ColumnEntry{Name: "vote", Type: "VARCHAR"}),
			entry("trade", sum, []string{"source", "year"}, 1, pipeline.ColumnEntry{Name: "source", Type: "VARCHAR"},
				pipeline.ColumnEntry{Name: "year", Type: "INTEGER"}, pipeline.ColumnEntry{Name: "value_usd", Type: "DOUBLE"}),
		},
	}}
}

func TestCompare(t *testing.T) {
	views := []pipeline.View{{Schema: "indicators", Name: "trade_dependence", Reads: []string{"core.trade"}}}
	from := made(t, "A", "33.0", "('v', 'FRA', '1', 'yes'), ('v', 'USA', '1', 'no'), ('v', 'USA', '2', 'no')", "100", "0.1")
	to := made(t, "B", "34.0", "('v', 'FRA', '1', 'abstain'), ('v', 'USA', '1', 'no'), ('v', 'CHN', '2', null)", "130", "0.4")
	r, err := Compare(t.Context(), from, to, views, 5)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := Write(&b, r); err != nil {
		t.Fatal(err)
	}
	want := `From release A to B

What the upstreams published
  voeten: roll_calls.csv changed (33.0, then 34.0)

What that changed
  core.votes: 1 changed, 1 added, 1 removed
    other values of vote in 1
    source v, iso3 FRA, resolution_id 1: vote was yes, is abstain
    added: source v, iso3 CHN, resolution_id 2
    removed: source v, iso3 USA, resolution_id 2
  core.trade: 1 changed
    other values of value_usd in 1
    source a'b, year 2019: value_usd was 100.0, is 130.0

How far indicators moved, the farthest first
  indicators.trade_dependence.weak_link_share: 1 rows
    method m, source a'b, year 2019, iso3_a CHN, iso3_b USA: was 0.1, is 0.4
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}

	// a last digit is no change
	again := made(t, "C", "34.0", "('v', 'FRA', '1', 'abstain'), ('v', 'USA', '1', 'no'), ('v', 'CHN', '2', null)", "130.00000000000003", "0.4")
	if r, err = Compare(t.Context(), to, again, views, 5); err != nil || len(r.Tables)+len(r.Moved)+len(r.Sources) > 0 {
		t.Errorf("got %+v, %v", r, err)
	}
}

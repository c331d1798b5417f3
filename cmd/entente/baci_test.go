package main

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// TestNewYear adds a year to BACI's archive: its partition is written, the other year's file stays the same file,
// and both are in the warehouse.
func TestNewYear(t *testing.T) {
	t.Parallel()
	data, schedules := t.TempDir(), t.TempDir()
	text := "source: baci\nsettings:\n  imported: true\nschedule:\n  cron: \"5 1 13 * *\"\n"
	if err := os.WriteFile(filepath.Join(schedules, "baci.yaml"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	file := func(year int) os.FileInfo {
		t.Helper()
		info, err := os.Stat(filepath.Join(data, "current", "lake", "raw", "baci_flows", "year="+strconv.Itoa(year), "part-0.parquet"))
		if err != nil {
			t.Fatal(err)
		}
		return info
	}
	var before os.FileInfo
	for years := 1; years <= 2; years++ {
		m := makeYears(t, years, 60_000)
		must(t, data, "import", "baci", filepath.Join(m.dir, "baci.zip"))
		must(t, data, "run", "reference", "baci", "--offline", "--schedules", schedules)
		if got := rowsOf(t, data, "select count(*) from core.product_flows")[0][0]; got != strconv.FormatInt(m.rows, 10) || m.rows < 10_000 {
			t.Errorf("%d years: %s rows, want %d of at least 10,000", years, got, m.rows)
		}
		if years == 1 {
			before = file(2021)
		}
	}
	if after := file(2021); !os.SameFile(before, after) || !after.ModTime().Equal(before.ModTime()) {
		t.Error("the year that did not change was written again")
	}
	if os.SameFile(before, file(2020)) {
		t.Error("both years are one file")
	}
	for _, e := range current(t, data).Tables {
		if e.FullName() == "raw.baci_flows" && (len(e.Parts) != 2 || !e.Account.Balanced()) {
			t.Errorf("%d parts, account %+v", len(e.Parts), e.Account)
		}
	}
	sums := rowsOf(t, data, `select count(*), count(*) filter (abs(s - 1) > 1e-9)
		from (select year, exporter_iso3, sum(export_share) as s from indicators.export_advantage where level = 'section' group by all)`)[0]
	if sums[0] == "0" || sums[1] != "0" {
		t.Errorf("of %s exporters' shares by section %s do not add up to 1", sums[0], sums[1])
	}
}

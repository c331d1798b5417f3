package main

import "testing"

// TestUpstreamAgreementsAndConflicts loads what the stand-in has of trade agreements and conflicts: the counts are those
// of the landed data's description.
func TestUpstreamAgreementsAndConflicts(t *testing.T) {
	t.Parallel()
	url, _ := upstream(t)
	data := t.TempDir()
	must(t, data, "run", "reference", "desta", "mid", "ucdp", "--mirror", url)
	for query, want := range map[string]string{
		"select count(*) from raw.desta_treaties":                                                                                        "1217",
		"select count(distinct base_treaty) from raw.desta_treaties":                                                                     "931",
		"select count(*) from raw.desta_treaties where entry_type = 'base_treaty'":                                                       "842",
		"select count(*) from raw.mid_disputes":                                                                                          "2436",
		"select count(*) from raw.mid_dyads":                                                                                             "10234",
		"select count(*) from raw.ucdp_conflicts":                                                                                        "2752",
		"select count(distinct conflict_id) from raw.ucdp_conflicts":                                                                     "303",
		"select min(year) || ' ' || max(year) from core.conflicts where source = 'mid'":                                                  "1816 2014",
		"select min(year) || ' ' || max(year) from raw.ucdp_conflicts":                                                                   "1946 2024",
		"select count(*) from meta.row_accounts where read_count <> loaded_count + quarantined_count + duplicate_count + filtered_count": "0",
	} {
		if rows := rowsOf(t, data, query); len(rows) != 1 || rows[0][0] != want {
			t.Errorf("%s: %v, want %s", query, rows, want)
		}
	}
}

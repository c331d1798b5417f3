package main

import (
	"flag"
	"fmt"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite docs/dictionary.md and docs/questions.md")

// testAnswers runs the query of every question. One may have no answer only where the question says what is missing:
// a source that it needs and the release has not, or one that does not exist.
func testAnswers(t *testing.T, data string) {
	loaded := map[string]bool{}
	for _, row := range rowsOf(t, data, "select distinct source from meta.row_accounts where loaded_count > 0 and source is not null") {
		loaded[row[0]] = true
	}
	asked := rowsOf(t, data, "select id, query, sources, coalesce(missing_source, '') from core.questions order by id[2:]::integer")
	var counts []string
	for _, q := range asked {
		counts = append(counts, fmt.Sprintf("select '%s', count(*) from (%s)", q[0], q[1]))
	}
	answered := map[string]bool{}
	for _, row := range rowsOf(t, data, strings.Join(counts, "\nunion all\n")) {
		answered[row[0]] = row[1] != "0"
	}
	empty := 0
	for i, q := range asked {
		if want := fmt.Sprintf("P%d", i+1); q[0] != want {
			t.Fatalf("question %s, want %s", q[0], want)
		}
		complete := true
		for needed := range strings.SplitSeq(q[2], ", ") {
			any := needed == ""
			for source := range strings.SplitSeq(needed, "|") {
				any = any || loaded[source]
			}
			complete = complete && any
		}
		if !answered[q[0]] {
			empty++
			if complete && q[3] == "" {
				t.Errorf("%s has no answer, and every source that it names is loaded: %s", q[0], q[1])
			}
		}
	}
	if len(asked) != 29 || empty > 12 {
		t.Errorf("%d questions, %d without an answer in the sample", len(asked), empty)
	}
}

// questions is docs/questions.md as the release's tables have it.
func questions(t *testing.T, data string) string {
	var b strings.Builder
	b.WriteString("# Questions\n\n" +
		"Each question of the founding paper (P1 to P29) is one query, on other states, groups, regions and years too. In the\n" +
		"warehouse the same is `core.questions`: `from core.questions where id = 'P13'`. Where a source is not loaded the answer is\n" +
		"empty; in the sample some are not. What a column means: `entente dictionary VIEW`.\n\n" +
		"| | question | query | needs | cannot show | missing source |\n|---|---|---|---|---|---|\n")
	for _, row := range rowsOf(t, data, `select id, question, regexp_replace(query, '\s+', ' ', 'g'), replace(sources, '|', ' or '),
		cannot_show, coalesce(missing_source, '') from core.questions order by id[2:]::integer`) {
		fmt.Fprintf(&b, "| %s | %s | `%s` | %s | %s | %s |\n", row[0], row[1], row[2], row[3], row[4], row[5])
	}
	b.WriteString("\n## Measures\n\n" +
		"Which column has which measure (`core.measures`). V votes, A alliances, E economic ties, R regions, C conflict, X composites.\n\n" +
		"| | measure | column | note |\n|---|---|---|---|\n")
	for _, row := range rowsOf(t, data, `select id, measure, view_name || '.' || column_name, coalesce(note, '') from core.measures
		order by list_position(['V', 'A', 'E', 'R', 'C', 'X'], id[1]), regexp_extract(id, '\d+')::integer, id, view_name, column_name`) {
		fmt.Fprintf(&b, "| %s | %s | `%s` | %s |\n", row[0], row[1], row[2], row[3])
	}
	return b.String()
}

package paper

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"entente/cmd/entente/chart"
)

// allies is question 2: formal and informal alliances, and how far members depend on the dominant ally.
func (a *author) allies(ctx context.Context) (Question, error) {
	q := Question{
		ID: "allies", Title: "Who depends on whom in formal and informal alliances?",
		Claim: "Alliances are formal or informal, bilateral or multilateral, symmetric or asymmetric; a dominant ally from outside a region stands " +
			"in the way of cooperation inside it.",
	}
	structure, err := a.finding(ctx, "hub_structure", Finding{
		Title: "The dominant ally of every state", Table: Table{Cut: 25},
		Caveat: "Allies are states that owe defence. Capability is the Composite Index of National Capability. An alliance is symmetric here if the dominant " +
			"ally has less than three times the state's own capability: a threshold of ours; indicators.alliance_structure_by takes another.",
	}, func(f *Finding) {
		t := f.Table
		outside, known := 0, 0
		hubs := map[string]int{}
		for _, row := range t.Rows {
			if t.text(row, "dominant_iso3") == "" {
				continue
			}
			known++
			hubs[t.text(row, "dominant_iso3")]++
			if yes, _ := row[t.column("is_extra_regional")].(bool); yes {
				outside++
			}
		}
		var names []string
		for name := range hubs {
			names = append(names, name)
		}
		slices.SortFunc(names, func(x, y string) int {
			if hubs[x] != hubs[y] {
				return hubs[y] - hubs[x]
			}
			return strings.Compare(x, y)
		})
		if len(names) > 3 {
			names = names[:3]
		}
		var most []string
		for _, name := range names {
			most = append(most, fmt.Sprintf("%s of %d", name, hubs[name]))
		}
		f.Answer = fmt.Sprintf("In %s, %d states had an ally that owes them defence and whose capability is known; for %d of them (%s) the most capable one "+
			"is from outside their region. Most often that ally is %s.", t.text(t.Rows[0], "year"), known, outside,
			percent(0)(float64(outside)/float64(max(known, 1))), strings.Join(most, ", "))
	})
	if err != nil {
		return q, err
	}
	informal, err := a.finding(ctx, "informal", Finding{
		Title: "Commitments of the United States without a treaty",
		Caveat: "A short list with a citation each, never inferred from votes or trade. Dependence is exports and imports with the United States over the " +
			"partner's GDP, in the last year for which both are known.",
	}, func(f *Finding) {
		t := f.Table
		var said []string
		for _, row := range t.Rows {
			if share, ok := t.number(row, "dependence_share"); ok {
				said = append(said, fmt.Sprintf("%s %s (%s)", t.text(row, "partner"), percent(1)(share), t.text(row, "trade_year")))
			}
		}
		f.Answer = fmt.Sprintf("The list has %d partners that the United States is committed to without a treaty.", len(t.Rows))
		if said != nil {
			f.Answer += " Trade with the United States as a share of their GDP: " + strings.Join(said, ", ") + "."
		}
	})
	q.Findings = []Finding{structure, informal}
	return q, err
}

// nato is question 3: enlargement, cohesion, drift, and trade with China.
func (a *author) nato(ctx context.Context) (Question, error) {
	q := Question{
		ID: "nato", Title: "NATO: enlargement, cohesion, and drift",
		Claim: "The alliance moved eastward four times after 1999 and had 30 members in 2020; it coheres from inside, while Europe and the United States drift apart and " +
			"European members trade with China.",
	}
	members, err := a.finding(ctx, "nato_members", Finding{
		Title: "Members", Caveat: "Counted from the day on which the treaty or the accession took effect, not from signature.",
	}, func(f *Finding) {
		t := f.Table
		last := t.Rows[len(t.Rows)-1]
		in2020, rounds := "", 0
		for _, row := range t.Rows {
			year, _ := t.number(row, "year")
			if year <= 2020 {
				in2020 = t.text(row, "member_count")
			}
			if year > 1999 && year <= 2020 && t.text(row, "entered_iso3") != "" {
				rounds++
			}
		}
		f.Answer = fmt.Sprintf("%s members at the end of 2020, after %d rounds since 1999; %s since %s, when %s entered.",
			in2020, rounds, t.text(last, "member_count"), day(t.text(last, "valid_from")), t.text(last, "entered_iso3"))
	})
	if err != nil {
		return q, err
	}
	cohesion, err := a.finding(ctx, "nato_cohesion", Finding{
		Title: "Cohesion in the Assembly", Table: Table{Cut: 12},
		Caveat: "Share of pairs of members' ballots on a contested text that are alike. Members are those of the day of the vote. Hollow points rest on fewer than ten roll calls.",
	}, func(f *Finding) {
		t := f.Table
		s := t.line("NATO", t.Rows, "pairwise")
		for i, row := range t.Rows {
			n, _ := t.number(row, "rollcall_count")
			s.Points[i].Hollow = n < 10
		}
		f.Chart = drawn(chart.Chart{ID: "nato-cohesion", Title: "How alike NATO's members voted", Description: "Share of pairs of ballots alike, contested texts of the General Assembly, by year.",
			Format: percent(0), Max: 1, Zero: true, Series: []chart.Series{s}})
		first, last := t.Rows[0], t.Rows[len(t.Rows)-1]
		x, _ := t.number(first, "pairwise")
		y, _ := t.number(last, "pairwise")
		f.Answer = fmt.Sprintf("Members' ballots were alike in %s of pairs in %s and in %s in %s.", percent(0)(x), t.text(first, "year"), percent(0)(y), t.text(last, "year"))
	})
	if err != nil {
		return q, err
	}
	drift, err := a.finding(ctx, "nato_drift", Finding{
		Title: "European members and the United States", Table: Table{Cut: 12},
		Caveat: "Mean over European members of their agreement with the United States on contested texts, half credit for abstentions. Which questions are voted on changes, too.",
	}, func(f *Finding) {
		t := f.Table
		f.Chart = drawn(chart.Chart{ID: "nato-drift", Title: "Agreement of European members with the United States", Description: "Mean over members, contested texts of the General Assembly, by year.",
			Format: percent(0), Max: 1, Zero: true, Series: []chart.Series{t.line("European members", t.Rows, "agree_half")}})
		low, lowYear, high, highYear := 2.0, "", -1.0, ""
		for _, row := range t.Rows {
			x, _ := t.number(row, "agree_half")
			if x < low {
				low, lowYear = x, t.text(row, "year")
			}
			if x > high {
				high, highYear = x, t.text(row, "year")
			}
		}
		last := t.Rows[len(t.Rows)-1]
		x, _ := t.number(last, "agree_half")
		f.Answer = fmt.Sprintf("Agreement was highest in %s (%s) and lowest in %s (%s); in %s it was %s.", highYear, percent(0)(high), lowYear, percent(0)(low), t.text(last, "year"), percent(0)(x))
	})
	if err != nil {
		return q, err
	}
	trade, err := a.finding(ctx, "nato_china", Finding{
		Title: "European members' trade with China and with the United States", Table: Table{Cut: 12},
		Caveat: "Trade of all European members for which trade and GDP are known, over their GDP; the number of members is in the table.",
	}, func(f *Finding) {
		t := f.Table
		china, america := t.where("pole", "CHN"), t.where("pole", "USA")
		f.Chart = drawn(chart.Chart{ID: "nato-china", Title: "Trade of European members over their GDP", Description: "With China and with the United States, by year.", Format: percent(1), Zero: true,
			Series: []chart.Series{t.line("with China", china, "dependence_share"), t.line("with the United States", america, "dependence_share")}})
		said := func(rows [][]any) string {
			first, last := rows[0], rows[len(rows)-1]
			x, _ := t.number(first, "dependence_share")
			y, _ := t.number(last, "dependence_share")
			return fmt.Sprintf("from %s of GDP in %s to %s in %s", percent(1)(x), t.text(first, "year"), percent(1)(y), t.text(last, "year"))
		}
		if len(china) > 0 && len(america) > 0 {
			f.Answer = fmt.Sprintf("Trade with China went %s, trade with the United States %s.", said(china), said(america))
		}
	})
	q.Findings = []Finding{members, cohesion, drift, trade}
	return q, err
}

// day is a date without a time of day.
func day(text string) string {
	before, _, _ := strings.Cut(text, " ")
	return before
}

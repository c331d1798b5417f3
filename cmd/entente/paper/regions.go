package paper

import (
	"context"
	"fmt"
	"strings"

	"entente/cmd/entente/chart"
)

// compared are the regions of the report; those of the paper first, then those it names as its gap.
var compared = []struct{ id, name string }{
	{"east_asia", "East Asia"}, {"europe", "Europe"}, {"middle_east", "Middle East"}, {"africa", "Africa"}, {"latin_america", "Latin America"},
}

// regions is question 4: do alliances go with regional integration, or against it?
func (a *author) regions(ctx context.Context) (Question, error) {
	q := Question{
		ID: "regions", Title: "Do alliances go with regional integration, or against it?",
		Claim: "In Europe security came first and integration followed; in East Asia economies grew together while security stayed fragmented. The Middle East, Africa " +
			"and Latin America are the paper's gap: here they are measured alike.",
	}
	trade, err := a.finding(ctx, "regions_trade", Finding{
		Title: "How inward trade is", Table: Table{Cut: 15},
		Caveat: "Introversion corrects for the size of a region, which the share of trade inside it does not. Regions are those of version 2026; version 2026-alt asks whether a " +
			"result hangs on where Turkey, Russia and others are put. A source with few states, such as the sample, has few members of some regions: the table counts them.",
	}, func(f *Finding) {
		t := f.Table
		c := chart.Chart{ID: "regions-trade", Title: "Introversion of trade", Description: "By region and year; 0 is neutral.", Format: plain(2), Min: -1, Max: 1}
		var said []string
		for _, region := range compared {
			rows := t.where("region_id", region.id)
			if len(rows) == 0 {
				continue
			}
			last := rows[len(rows)-1]
			x, _ := t.number(last, "introversion")
			said = append(said, fmt.Sprintf("%s %s (%s members, %s)", region.name, plain(2)(x), t.text(last, "member_count"), t.text(last, "year")))
			if len(c.Series) < chart.MaxSeries {
				c.Series = append(c.Series, t.line(region.name, rows, "introversion"))
			}
		}
		f.Chart = drawn(c)
		f.Answer = "Introversion in the last year on record: " + strings.Join(said, ", ") + "."
	})
	if err != nil {
		return q, err
	}
	side, err := a.finding(ctx, "regions_side", Finding{
		Title:  "Five regions side by side",
		Caveat: "Each measure in its last year; a measure whose source is not in the release is not in the table.",
	}, func(f *Finding) {
		t := f.Table
		var said []string
		for _, row := range t.Rows {
			best, at := 0.0, ""
			for _, region := range compared {
				if x, ok := t.number(row, region.id); ok && (at == "" || x > best) {
					best, at = x, region.name
				}
			}
			if at != "" {
				said = append(said, fmt.Sprintf("%s is highest in %s (%s)", t.text(row, "measure"), at, plain(2)(best)))
			}
		}
		f.Answer = "Of five regions, " + strings.Join(said, "; ") + "."
	})
	q.Findings = []Finding{trade, side}
	return q, err
}

// consequences is question 5: conflict, formation, survival and the effects on trade.
func (a *author) consequences(ctx context.Context) (Question, error) {
	q := Question{
		ID: "consequences", Title: "Conflict, formation and survival of alliances, and what they do to trade",
		Claim: "The paper's conclusion asks for numbers: the rate of conflict inside and outside alliances, how alliances form and end, and their economic effects.",
	}
	conflict, err := a.finding(ctx, "conflict", Finding{
		Title: "Militarized disputes among allied and other pairs",
		Caveat: "Onsets per thousand pairs and years inside a region since 1946. Allies are mostly neighbours, and neighbours fight more: the rates are no effect of the alliance. " +
			"The Correlates of War end in 2014.",
	}, func(f *Finding) {
		t := f.Table
		var said []string
		for _, region := range compared {
			var rates []string
			for _, row := range t.where("region_id", region.id) {
				if x, ok := t.number(row, "conflict_rate"); ok {
					rates = append(rates, fmt.Sprintf("%s %s", strings.ReplaceAll(t.text(row, "tie"), "_", " "), plain(1)(x)))
				}
			}
			if rates != nil {
				said = append(said, region.name+": "+strings.Join(rates, ", "))
			}
		}
		f.Answer = "Onsets per thousand pairs and years. " + strings.Join(said, "; ") + "."
	})
	if err != nil {
		return q, err
	}
	formation, err := a.finding(ctx, "formation", Finding{
		Title: "Formation", Table: Table{Cut: 12}, Caveat: "Pairs of which one owes the other defence, by ATOP, which ends in 2018. One multilateral treaty makes many pairs.",
	}, func(f *Finding) {
		t := f.Table
		f.Chart = drawn(chart.Chart{ID: "formation", Title: "Pairs of states allied for defence", Description: "By year, ATOP.", Format: plain(0), Zero: true,
			Series: []chart.Series{t.line("allied pairs", t.Rows, "dyad_count")}})
		last := t.Rows[len(t.Rows)-1]
		most, year := -1.0, ""
		for _, row := range t.Rows {
			if x, ok := t.number(row, "new_dyad_count"); ok && x > most {
				most, year = x, t.text(row, "year")
			}
		}
		f.Answer = fmt.Sprintf("%s pairs were allied for defence in %s. Most new pairs in one year: %.0f, in %s.", t.text(last, "dyad_count"), t.text(last, "year"), most, year)
	})
	if err != nil {
		return q, err
	}
	survival, err := a.finding(ctx, "survival", Finding{
		Title: "Survival", Table: Table{Cut: 12}, Caveat: "Kaplan and Meier's estimate; alliances in force when ATOP ends (2018) are censored.",
	}, func(f *Finding) {
		t := f.Table
		var said []string
		for _, class := range []struct{ id, name string }{{"defense", "defence pacts"}, {"nonaggression_only", "pacts of non-aggression alone"}} {
			share, at := 1.0, ""
			for _, row := range t.where("class", class.id) {
				age, _ := t.number(row, "age")
				x, ok := t.number(row, "survival_share")
				if ok && age <= 20 {
					share, at = x, t.text(row, "age")
				}
			}
			if at != "" {
				said = append(said, fmt.Sprintf("%s of %s", percent(0)(share), class.name))
			}
		}
		f.Answer = "Twenty years after signature there still are " + strings.Join(said, " and ") + "."
	})
	if err != nil {
		return q, err
	}
	gravity, err := a.finding(ctx, "gravity", Finding{
		Title: "What distance and agreements do to trade", Table: Table{Cut: 12},
		Caveat: "Coefficients of the gravity model, each year on its own, with effects of exporters and importers. Agreements are made where trade is: the coefficient is no effect of signing one.",
	}, func(f *Finding) {
		t := f.Table
		c := chart.Chart{ID: "gravity", Title: "Coefficients of the gravity model", Description: "By year, with 95 % intervals.", Format: plain(1)}
		var said []string
		for _, r := range []struct{ id, name string }{{"ln_distance", "ln distance"}, {"contiguity", "contiguity"}, {"agreement", "trade agreement"}} {
			rows := t.where("regressor", r.id)
			s := t.line(r.name, rows, "coefficient")
			for i, row := range rows {
				e, _ := t.number(row, "std_error")
				s.Points[i].Low, s.Points[i].High = s.Points[i].Y-1.96*e, s.Points[i].Y+1.96*e
			}
			c.Series = append(c.Series, s)
			if len(rows) > 0 {
				last := rows[len(rows)-1]
				x, _ := t.number(last, "coefficient")
				e, _ := t.number(last, "std_error")
				said = append(said, fmt.Sprintf("%s %s (standard error %s, %s)", r.name, plain(2)(x), plain(2)(e), t.text(last, "year")))
			}
		}
		f.Chart = drawn(c)
		f.Answer = "Last estimates: " + strings.Join(said, ", ") + "."
	})
	q.Findings = []Finding{conflict, formation, survival, gravity}
	return q, err
}

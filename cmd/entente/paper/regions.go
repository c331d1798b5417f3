package paper

import (
	"context"

	"entente/cmd/entente/chart"
)

// compared are the regions of the report; those of the paper first, then those it names as its gap.
var compared = []struct{ id, name, short string }{
	{"east_asia", "East Asia", "E. Asia"}, {"europe", "Europe", ""}, {"middle_east", "Middle East", "M. East"},
	{"africa", "Africa", ""}, {"latin_america", "Latin America", "L. Am."},
}

// regions is question 4: do alliances go with regional integration, or against it?
func (a *author) regions(ctx context.Context) (Question, error) {
	parts := []part{
		{"regions_side", Finding{Title: "Five regions side by side"}, nil},
		{"regions_trade", Finding{Title: "How inward trade is", Table: Table{Cut: 15}}, func(t Table) Chart {
			c := chart.Chart{Title: "Introversion of trade", Description: "By region and year; 0 is neutral.", Format: plain(1), Min: -1, Max: 1}
			for _, region := range compared {
				s := t.line(region.name, t.where("region_id", region.id), "introversion")
				s.Short = region.short
				c.Series = append(c.Series, s)
			}
			return drawn(c)
		}},
	}
	for _, region := range compared {
		parts = append(parts, part{"region", Finding{ID: "region-" + region.id, Title: region.name, Table: Table{Cut: 6}, region: region.id}, func(t Table) Chart {
			c := chart.Chart{Title: region.name + ": trade, security and institutions", Description: "Introversion of trade, pairs allied for defence, and pairs with a trade agreement, by year.",
				Format: plain(1), Min: -1, Max: 1}
			for _, line := range []struct{ column, name, short string }{
				{"introversion", "introversion", "trade"}, {"allied_share", "allied pairs", "allied"}, {"agreement_share", "with agreement", "agreem."},
			} {
				s := t.line(line.name, t.Rows, line.column)
				s.Short = line.short
				c.Series = append(c.Series, s)
			}
			return drawn(c)
		}})
	}
	return a.question(ctx, Question{
		ID: "regions", Title: "Do alliances go with regional integration, or against it?",
		Claim: "In Europe security came first and integration followed; in East Asia economies grew together while security stayed fragmented. The Middle East, Africa " +
			"and Latin America are the paper's gap: here they are measured alike.",
	}, parts)
}

// consequences is question 5: entrapment and abandonment, conflict, formation, survival and the effects on trade.
func (a *author) consequences(ctx context.Context) (Question, error) {
	return a.question(ctx, Question{
		ID: "consequences", Title: "Entrapment, conflict, formation and survival, and what alliances go with in trade",
		Claim: "The paper speaks of entrapment and abandonment, and its conclusion asks for numbers: the rate of conflict inside and outside alliances, how alliances form and end, and their economic effects.",
	}, []part{
		{"exposure", Finding{Title: "Entrapment and abandonment", Table: Table{Cut: 15}}, nil},
		{"conflict", Finding{Title: "Militarized disputes among allied and other pairs"}, conflicts},
		{"formation", Finding{Title: "Formation", Table: Table{Cut: 12}}, func(t Table) Chart {
			return drawn(chart.Chart{Title: "Pairs of states allied for defence", Description: "By year, ATOP.", Format: whole, Zero: true,
				Series: []chart.Series{t.line("allied pairs", t.Rows, "dyad_count")}})
		}},
		{"survival", Finding{Title: "Survival", Table: Table{Cut: 12}}, func(t Table) Chart {
			c := chart.Chart{Title: "Alliances that outlast an age", Description: "By years since signature, with 95 % intervals.", Format: percent(0), Max: 1, Zero: true}
			for _, class := range []struct{ id, name, short string }{{"defense", "defence", ""}, {"nonaggression_only", "non-aggression alone", "non-aggr."}} {
				s := t.steps(class.name, t.where("class", class.id))
				s.Short = class.short
				c.Series = append(c.Series, s)
			}
			return drawn(c)
		}},
		{"gravity", Finding{Title: "What distance and agreements go with in trade", Table: Table{Cut: 12}}, func(t Table) Chart {
			c := chart.Chart{Title: "Coefficients of the gravity model", Description: "By year, with 95 % intervals.", Format: plain(1)}
			for _, r := range []struct{ id, name, short string }{{"ln_distance", "ln distance", "distance"}, {"contiguity", "common border", "border"}, {"agreement", "trade agreement", "agreem."}} {
				rows := t.where("regressor", r.id)
				s := t.line(r.name, rows, "coefficient")
				s.Short = r.short
				for i, row := range rows {
					e, _ := t.number(row, "std_error")
					s.Points[i].Low, s.Points[i].High = s.Points[i].Y-1.96*e, s.Points[i].Y+1.96*e
				}
				c.Series = append(c.Series, s)
			}
			return drawn(c)
		}},
	})
}

// conflicts draws the rates of allied and other pairs of each region.
func conflicts(t Table) Chart {
	d := dots{chart.Dots{
		Title: "Onsets of militarized disputes inside regions", Series: []string{"allied pairs", "other pairs"},
		Description: "For 1,000 pairs and years, with 95 % intervals.", Format: plain(0),
	}}
	for _, region := range compared {
		r := chart.DotRow{Name: region.name}
		for _, tie := range []string{"allied", "not_allied"} {
			for _, row := range t.where("region_id", region.id) {
				if t.text(row, "tie") == tie {
					y, _ := t.number(row, "conflict_rate")
					low, _ := t.number(row, "low")
					high, _ := t.number(row, "high")
					r.Values = append(r.Values, chart.Value{Y: y, Low: low, High: high})
					d.chart.Max = max(d.chart.Max, high)
				}
			}
		}
		if len(r.Values) == len(d.chart.Series) {
			d.chart.Rows = append(d.chart.Rows, r)
		}
	}
	if d.chart.Rows == nil || d.chart.Max == 0 {
		return nil
	}
	for d.chart.Max = float64(int(d.chart.Max) + 1); int(d.chart.Max)%20 != 0; d.chart.Max++ {
	}
	return d
}

package paper

import (
	"context"

	"entente/cmd/entente/chart"
)

// allies is question 2: formal and informal alliances, and how far members depend on the dominant ally.
func (a *author) allies(ctx context.Context) (Question, error) {
	return a.question(ctx, Question{
		ID: "allies", Title: "Who depends on whom in formal and informal alliances?",
		Claim: "Alliances are formal or informal, bilateral or multilateral, symmetric or asymmetric; a dominant ally from outside a region stands " +
			"in the way of cooperation inside it.",
	}, []part{
		{"hub_structure", Finding{Title: "The dominant ally of every state", Table: Table{Cut: 25}}, nil},
		{"informal", Finding{Title: "Commitments of the United States without a treaty"}, nil},
	})
}

// nato is question 3: enlargement, cohesion, drift, and trade with China.
func (a *author) nato(ctx context.Context) (Question, error) {
	return a.question(ctx, Question{
		ID: "nato", Title: "NATO: enlargement, cohesion, and drift",
		Claim: "The alliance moved eastward four times after 1999 and had 30 members in 2020; it coheres from inside, while Europe and the United States drift apart and " +
			"European members trade with China.",
	}, []part{
		{"nato_members", Finding{Title: "Members"}, nil},
		{"nato_cohesion", Finding{Title: "Cohesion in the Assembly", Table: Table{Cut: 12}}, func(t Table) Chart {
			return drawn(chart.Chart{Title: "How alike NATO's members voted", Description: "Share of pairs of ballots alike, contested texts of the General Assembly, by year.",
				Format: percent(0), Max: 1, Zero: true, Series: []chart.Series{t.hollow(t.line("NATO", t.Rows, "pairwise"), t.Rows)}})
		}},
		{"nato_drift", Finding{Title: "European members and the United States", Table: Table{Cut: 12}}, func(t Table) Chart {
			s := t.hollow(t.band("mean of European members", t.Rows, "agree_half", "lower_quarter", "upper_quarter"), t.Rows)
			s.Short = "mean"
			return drawn(chart.Chart{Title: "Agreement of European members with the United States",
				Description: "Mean over members and the middle half of them, contested texts of the General Assembly, by year.",
				Format:      percent(0), Max: 1, Zero: true, Series: []chart.Series{s}})
		}},
		{"nato_china", Finding{Title: "European members' trade with China and with the United States", Table: Table{Cut: 12}}, func(t Table) Chart {
			china := t.band("with China", t.where("pole", "CHN"), "dependence_share", "lower_quarter", "upper_quarter")
			america := t.band("with the United States", t.where("pole", "USA"), "dependence_share", "lower_quarter", "upper_quarter")
			china.Short, america.Short = "China", "USA"
			return drawn(chart.Chart{Title: "Trade of European members over their GDP", Description: "With China and with the United States, all members together and the middle half of them, by year.",
				Format: percent(1), Zero: true, Series: []chart.Series{china, america}})
		}},
	})
}

package paper

import (
	"context"
	"math"

	"entente/cmd/entente/chart"
)

// partners is question 1: is China–Russia an alliance without a treaty?
func (a *author) partners(ctx context.Context) (Question, error) {
	return a.question(ctx, Question{
		ID: "partners", Title: "Is China–Russia an alliance without a treaty?",
		Claim: "The founding paper counts 120 votes in the United Nations from 2006 to 2012, in which China never stood on the side of the " +
			"United States and agreed with Russia in 99 % of cases. It does not say which body, which texts, and what an abstention is.",
	}, []part{
		{"pair_votes", Finding{Title: "The claim, on every denominator", Table: Table{Cut: 24}}, denominators},
		{"pair_years", Finding{Title: "In the Assembly, year by year", Table: Table{Cut: 12}}, func(t Table) Chart {
			c := chart.Chart{Title: "Ballots of China that equal those of Russia and of the United States",
				Description: "Contested texts of the General Assembly, by year, with 95 % intervals.", Format: percent(0), Max: 1, Zero: true}
			for _, partner := range []struct{ code, name, short string }{{"RUS", "Russia", ""}, {"USA", "United States", "USA"}} {
				rows := t.where("partner", partner.code)
				s := t.hollow(t.band(partner.name, rows, "agree", "low", "high"), rows)
				s.Short = partner.short
				c.Series = append(c.Series, s)
			}
			return drawn(c)
		}},
		{"pair_informal", Finding{Title: "Among all pairs without a pact of defence", Table: Table{Cut: 12}}, nil},
		{"pair_pillars", Finding{Title: "What else binds the two"}, nil},
	})
}

// denominators draws agreement on every denominator on which an abstention is a ballot of its own.
func denominators(t Table) Chart {
	d := dots{chart.Dots{
		Title: "Ballots of China that equal those of Russia and of the United States", Series: []string{"with Russia", "with the United States"},
		Description: "By body, texts and source; share of texts on which both cast a ballot, with 95 % intervals.", Format: percent(0), Max: 1,
	}}
	value := func(row []any, partner string) chart.Value {
		y, ok := t.number(row, partner+"_share")
		if !ok {
			return chart.Value{Y: math.NaN()}
		}
		low, _ := t.number(row, partner+"_low")
		high, _ := t.number(row, partner+"_high")
		return chart.Value{Y: y, Low: low, High: high}
	}
	for _, row := range t.where("abstention", "a ballot") {
		if enough, _ := row[t.column("enough")].(bool); enough {
			d.chart.Rows = append(d.chart.Rows, chart.DotRow{
				Name:   t.text(row, "body") + ", " + t.text(row, "texts") + ", " + t.text(row, "source"),
				Values: []chart.Value{value(row, "russia"), value(row, "usa")},
			})
		}
	}
	if d.chart.Rows == nil {
		return nil
	}
	return d
}

// dots is a chart of categories of the report.
type dots struct{ chart chart.Dots }

func (d dots) Says() (title, description string) { return d.chart.Title, d.chart.Description }

func (d dots) Sized(id string, width int) Drawing {
	c := d.chart
	c.ID, c.Width = id, width
	return c
}

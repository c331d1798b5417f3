package paper

import (
	"context"
	"fmt"
	"strings"

	"entente/cmd/entente/chart"
)

// basis names a denominator of agreement.
func (t Table) basis(row []any) string {
	body := map[string]string{"SC": "Council", "GA": "Assembly"}[t.text(row, "body")]
	return fmt.Sprintf("%s, %s, %s", body, t.text(row, "source"), strings.ReplaceAll(t.text(row, "scope"), "_", " "))
}

// partners is question 1: is China–Russia an alliance without a treaty?
func (a *author) partners(ctx context.Context) (Question, error) {
	q := Question{
		ID: "partners", Title: "Is China–Russia an alliance without a treaty?",
		Claim: "The founding paper counts 120 votes in the United Nations from 2006 to 2012, in which China never stood on the side of the " +
			"United States and agreed with Russia in 99 % of cases. It does not say which body, which texts, and what an abstention is.",
	}
	votes, err := a.finding(ctx, "pair_votes", Finding{
		Title: "The claim, on every denominator", Table: Table{Cut: 24},
		Caveat: "n counts texts on which both cast a ballot. Files of adopted texts only overstate agreement in the Council, because vetoed " +
			"drafts are missing. Agreement is strict: an abstention equals only an abstention.",
	}, func(f *Finding) { f.Answer = f.Table.claim() })
	if err != nil {
		return q, err
	}
	years, err := a.finding(ctx, "pair_years", Finding{
		Title:  "In the Assembly, year by year",
		Caveat: "Half credit where one of the two abstained. Hollow points rest on fewer than ten roll calls.",
		Table:  Table{Cut: 12},
	}, func(f *Finding) {
		t := f.Table
		c := chart.Chart{ID: "pair-years", Title: "Agreement of China with Russia and the United States",
			Description: "Contested texts of the General Assembly, by year, half credit for abstentions.", Format: percent(0), Max: 1, Zero: true}
		var said []string
		for _, partner := range []struct{ code, name string }{{"RUS", "Russia"}, {"USA", "United States"}} {
			rows := t.where("partner", partner.code)
			s := t.line(partner.name, rows, "agree_half")
			for i, row := range rows {
				s.Points[i].Hollow, _ = row[t.column("low_n")].(bool)
			}
			c.Series = append(c.Series, s)
			if len(rows) > 0 {
				last := rows[len(rows)-1]
				agree, _ := t.number(last, "agree_half")
				n, _ := t.number(last, "n")
				said = append(said, fmt.Sprintf("with the %s in %s of %.0f contested texts of %s", partner.name, percent(0)(agree), n, t.text(last, "year")))
			}
		}
		f.Chart = drawn(c)
		f.Answer = strings.ReplaceAll("In the last year on record China agreed "+strings.Join(said, ", and ")+", half a point for an abstention.", "the Russia", "Russia")
	})
	if err != nil {
		return q, err
	}
	pillars, err := a.finding(ctx, "pair_pillars", Finding{
		Title:  "What else binds the two",
		Caveat: "Each pillar in the last year for which the release has it; the years differ. Level 3 is defence, 2 neutrality or consultation, 1 non-aggression.",
	}, func(f *Finding) {
		t := f.Table
		formal := "the release has no coding of alliances, so whether a treaty binds them is not known here"
		for _, row := range t.Rows {
			if level, ok := t.number(row, "value"); ok && strings.HasPrefix(t.text(row, "pillar"), "formal commitment, atop") {
				formal = fmt.Sprintf("ATOP has a commitment of level %.0f in %s, where 3 would be defence", level, t.text(row, "year"))
			}
		}
		f.Answer = "A treaty is one pillar among several: " + formal + "."
		for _, row := range t.Rows {
			if x, ok := t.number(row, "value"); ok && t.text(row, "unit") == "share" {
				f.Answer += fmt.Sprintf(" %s was %s in %s.", capital(t.text(row, "pillar")), percent(1)(x), t.text(row, "year"))
			}
		}
	})
	q.Findings = []Finding{votes, years, pillars}
	return q, err
}

// claim says which denominators bear the paper's two numbers out.
func (t Table) claim() string {
	type side struct {
		n, agree float64
	}
	russia, america := map[string]side{}, map[string]side{}
	var order []string
	for _, row := range t.Rows {
		n, _ := t.number(row, "n")
		agree, _ := t.number(row, "agree_count")
		at := t.basis(row)
		if t.text(row, "partner") == "RUS" {
			russia[at] = side{n, agree}
			order = append(order, at)
		} else {
			america[at] = side{n, agree}
		}
	}
	const enough = 10
	var high, never, both []string
	lowest, highest := 1.0, 0.0
	counted := 0
	for _, at := range order {
		r, usa := russia[at], america[at]
		if r.n < enough {
			continue
		}
		counted++
		share := r.agree / r.n
		lowest, highest = min(lowest, share), max(highest, share)
		if share >= 0.985 {
			high = append(high, fmt.Sprintf("%s (%.0f of %.0f)", at, r.agree, r.n))
		}
		if usa.n >= enough && usa.agree == 0 {
			never = append(never, fmt.Sprintf("%s (0 of %.0f)", at, usa.n))
			if share >= 0.985 {
				both = append(both, at)
			}
		}
	}
	text := fmt.Sprintf("On the %d denominators with ten texts or more, China and Russia cast the same ballot in %s to %s of cases.",
		counted, percent(0)(lowest), percent(0)(highest))
	list := func(what string, items []string) string {
		if items == nil {
			return " No denominator gives " + what + "."
		}
		return fmt.Sprintf(" %s: %d of them, %s.", capital(what), len(items), strings.Join(items, "; "))
	}
	text += list("98.5 % or more with Russia", high) + list("no common ballot with the United States", never)
	if both == nil {
		return text + " No single denominator gives both, so the claim is not borne out as one statement."
	}
	return text + fmt.Sprintf(" Both hold together only on: %s.", strings.Join(both, "; "))
}

func capital(text string) string {
	if text == "" {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

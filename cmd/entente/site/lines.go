package site

import (
	"fmt"
	"math"
	"strconv"

	"entente/cmd/entente/chart"
)

func alignmentTitle(w wish, c choices) string {
	return fmt.Sprintf("How alike %s and %s voted", plain(c.states, w.A), plain(c.states, w.B))
}

func alignmentLead(w wish) string {
	return fmt.Sprintf("%s, %s, source %s. Measure: %s. A hollow point rests on fewer than ten roll calls.",
		label(bodies, w.Body), scopeOf(w), w.Source, label(measures, w.Measure))
}

func alignmentLines(w wish, c choices, got []rows) *chart.Chart {
	others := []string{w.B, w.C}
	ch := chart.Chart{Title: alignmentTitle(w, c), Description: alignmentLead(w) + " The numbers stand in the table below."}
	share := w.Measure != "kappa" && w.Measure != "s_abs"
	if share {
		ch.Format, ch.Max = percent(0), 1
	} else {
		ch.Format, ch.Max, ch.Zero = plainNumber, 1, true
	}
	for i, r := range got {
		n, total, low := r.at("n"), r.at("rollcall_count"), r.at("low_n")
		ch.Series = append(ch.Series, chart.Series{
			Name: w.A + " and " + others[i], Short: w.A + "–" + others[i],
			Points: points(r, w.Measure, func(v []any) (bool, string) {
				few, _ := v[low].(bool)
				return few, fmt.Sprintf("%v of %v roll calls", v[n], v[total])
			}),
		})
	}
	return drawn(ch)
}

func dependenceTitle(w wish, c choices) string {
	return fmt.Sprintf("What the trade of %s and %s weighs", plain(c.states, w.A), plain(c.states, w.B))
}

func dependenceLead(w wish) string {
	return fmt.Sprintf("Exports and imports of the two as a share of each one’s gross domestic product, both in current dollars. Trade: %s, %s.",
		w.Trade, label(methods, w.Method))
}

func dependenceLines(w wish, c choices, got []rows) *chart.Chart {
	usd := got[0].at("trade_usd")
	more := func(v []any) (bool, string) {
		x, _ := number(v[usd])
		return false, fmt.Sprintf("trade of %s billion dollars", strconv.FormatFloat(x/1e9, 'f', 1, 64))
	}
	return drawn(chart.Chart{
		Title: dependenceTitle(w, c), Description: dependenceLead(w) + " The numbers stand in the table below.", Format: percent(1), Zero: true,
		Series: []chart.Series{
			{Name: "of " + w.A + "’s GDP", Short: w.A, Points: points(got[0], "first_share", more)},
			{Name: "of " + w.B + "’s GDP", Short: w.B, Points: points(got[0], "second_share", more)},
		},
	})
}

// scopeOf says what a vote set is.
func scopeOf(w wish) string {
	if w.Scope == "contested" {
		return "contested texts (at least two different ballots among all states)"
	}
	return "all texts put to a vote"
}

func cohesionTitle(w wish, c choices) string { return "How alike the members of " + w.Group + " voted" }

func cohesionLead(w wish) string {
	return fmt.Sprintf("Agreement index: 1 when all vote alike, 0 when they split in three equal parts. %s, %s, source %s.",
		label(bodies, w.Body), scopeOf(w), w.Source)
}

func cohesionLines(w wish, c choices, got []rows) *chart.Chart {
	n, present, low := got[0].at("rollcall_count"), got[0].at("mean_present"), got[0].at("low_n")
	return drawn(chart.Chart{
		Title: cohesionTitle(w, c), Description: cohesionLead(w) + " The numbers stand in the table below.", Format: plainNumber, Max: 1,
		Series: []chart.Series{{Name: w.Group, Points: points(got[0], "agreement_index", func(v []any) (bool, string) {
			few, _ := v[low].(bool)
			members, _ := number(v[present])
			return few, fmt.Sprintf("%v roll calls, %.1f members present", v[n], members)
		})}},
	})
}

func treatiesTitle(w wish, c choices) string {
	return fmt.Sprintf("Treaties that %s and %s have in common", plain(c.states, w.A), plain(c.states, w.B))
}

func treatiesLines(w wish, c choices, got []rows) *chart.Chart {
	ch := chart.Chart{Title: treatiesTitle(w, c), Description: "Treaties in force by year and source. The numbers stand in the table below.", Format: whole, Zero: true}
	y, source, n := got[0].at("year"), got[0].at("source"), got[0].at("treaty_count")
	for _, v := range got[0].values {
		name := fmt.Sprint(v[source])
		if len(ch.Series) == 0 || ch.Series[len(ch.Series)-1].Name != name {
			if len(ch.Series) == chart.MaxSeries {
				break // the table has all
			}
			ch.Series = append(ch.Series, chart.Series{Name: name})
		}
		last := &ch.Series[len(ch.Series)-1]
		count, _ := number(v[n])
		last.Points = append(last.Points, chart.Point{X: year(v[y]), Y: count})
	}
	return drawn(ch)
}

func plainNumber(y float64) string { return strconv.FormatFloat(math.Round(y*1000)/1000, 'f', -1, 64) }

// whole leaves the marks between whole numbers without a label.
func whole(y float64) string {
	if y != math.Trunc(y) {
		return ""
	}
	return strconv.FormatFloat(y, 'f', -1, 64)
}

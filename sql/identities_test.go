package sql_test

import (
	"database/sql"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

// table is the 3x3 table of two states' ballots: yes, abstain, no by yes, abstain, no.
type table [3][3]float64

// TestMeasures compares indicators.agreement_measures with the definitions, worked out from shares and
// weights and not from closed forms, on random tables; and checks what holds for every table: S is
// twice half-credit agreement less one, the order of the states makes no difference, nothing is NaN,
// and what chance explains wholly is null.
func TestMeasures(t *testing.T) {
	db := emptyWarehouse(t)
	for _, v := range views(t) {
		if v.FullName() == "indicators.agreement_measures" {
			define(t, db, v)
		}
	}
	random := rand.New(rand.NewPCG(7, 8))
	tables := make([]table, 400)
	turned := make([]table, len(tables))
	for trial := range tables {
		tables[trial] = randomTable(random)
		for i := range 3 {
			for j := range 3 {
				turned[trial][j][i] = tables[trial][i][j]
			}
		}
	}
	measured, mirrored := measure(t, db, tables), measure(t, db, turned)
	for trial, n := range tables {
		got, want := measured[trial], definitions(n)
		if len(got) != len(want) {
			t.Fatalf("%v: got %v, want %v", n, got, want)
		}
		for name, value := range want {
			if !near(got[name], value) {
				t.Errorf("%v: %s is %v, want %v", n, name, got[name], value)
			}
		}
		if got["n"] > 0 && !near(got["s_abs"], 2*got["agree_half"]-1) {
			t.Errorf("%v: s_abs %v, agree_half %v", n, got["s_abs"], got["agree_half"])
		}
		for name, value := range mirrored[trial] {
			if math.IsNaN(value) || math.IsInf(value, 0) || value > 1 && name != "n" || !near(value, got[name]) {
				t.Errorf("%v: %s is %v, and %v for the states in the other order", n, name, got[name], value)
			}
		}
	}
}

// measure asks the macro for the measures of each table; null ones are left out.
func measure(t *testing.T, db *sql.DB, tables []table) []map[string]float64 {
	t.Helper()
	var values strings.Builder
	for i, n := range tables {
		if i > 0 {
			values.WriteString(", ")
		}
		fmt.Fprintf(&values, "(%d, %v, %v, %v, %v, %v, %v, %v, %v, %v)", i, n[0][0], n[0][1], n[0][2],
			n[1][0], n[1][1], n[1][2], n[2][0], n[2][1], n[2][2])
	}
	names := []string{"n", "agree", "agree_half", "agree_yes_no", "s_abs", "s_sq", "kappa", "kappa_abs", "kappa_sq",
		"pi", "pi_sq", "alpha", "alpha_interval", "a_index", "degenerate"}
	rows, err := db.Query(`select m.` + strings.Join(names, "::double, m.") + `::integer::double
		from (values ` + values.String() + `) as c (trial, n11, n12, n13, n21, n22, n23, n31, n32, n33)
		cross join lateral indicators.agreement_measures(
			c.n11, c.n12, c.n13, c.n21, c.n22, c.n23, c.n31, c.n32, c.n33) as m
		order by c.trial`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []map[string]float64
	for rows.Next() {
		cells := make([]sql.NullFloat64, len(names))
		into := make([]any, len(names))
		for i := range cells {
			into[i] = &cells[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		got := map[string]float64{}
		for i, name := range names {
			if cells[i].Valid {
				got[name] = cells[i].Float64
			}
		}
		out = append(out, got)
	}
	if err := rows.Err(); err != nil || len(out) != len(tables) {
		t.Fatalf("%d rows for %d tables: %v", len(out), len(tables), err)
	}
	return out
}

// TestCohesionOfTwo demands that a group of two coheres as its only pair aligns.
func TestCohesionOfTwo(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 10))
	choices := []string{"yes", "abstain", "no"}
	for range 5 {
		n := randomTable(random)
		ballots := [][]string{{"group_id", "body", "source", "session", "year", "resolution_id", "contested", "is_default", "iso3", "vote"}}
		text := 0
		for i := range 3 {
			for j := range 3 {
				for range int(n[i][j]) {
					text++
					for member, choice := range []int{i, j} {
						ballots = append(ballots, []string{"G", "GA", "s", "66", "2011", strconv.Itoa(text), "true", "true",
							fmt.Sprintf("AA%d", member), choices[choice]})
					}
				}
			}
		}
		want := definitions(n)
		if want["n"] == 0 || want["degenerate"] == 1 {
			continue
		}
		db := emptyWarehouse(t)
		all := views(t)
		for _, v := range all {
			if v.FullName() == "indicators.group_session_cohesion" {
				build(t, db, v, all, map[string][][]string{"core.group_ballots": ballots})
			}
		}
		var alpha, interval, pairwise float64
		if err := db.QueryRow(`select alpha, alpha_interval, pairwise from indicators.group_session_cohesion
			where scope = 'all'`).Scan(&alpha, &interval, &pairwise); err != nil {
			t.Fatal(err)
		}
		if !near(alpha, want["alpha"]) || !near(interval, want["alpha_interval"]) || !near(pairwise, want["agree"]) {
			t.Errorf("%v: alpha %v, interval %v, pairwise %v; the pair has %v", n, alpha, interval, pairwise, want)
		}
	}
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

// randomTable is often sparse, so that empty rows, columns and tables occur.
func randomTable(random *rand.Rand) table {
	var n table
	sparse := random.Float64()
	for i := range 3 {
		for j := range 3 {
			if random.Float64() > sparse {
				n[i][j] = float64(random.IntN(30))
			}
		}
	}
	return n
}

// definitions works the measures out from observed and expected distances; a missing one is null.
func definitions(n table) map[string]float64 {
	var total, rows, columns = 0.0, [3]float64{}, [3]float64{}
	for i := range 3 {
		for j := range 3 {
			total += n[i][j]
			rows[i] += n[i][j]
			columns[j] += n[i][j]
		}
	}
	out := map[string]float64{"n": total, "degenerate": 0}
	if total == 0 {
		return out
	}
	nominal := func(i, j int) float64 { return min(1, math.Abs(float64(i-j))) }
	linear := func(i, j int) float64 { return math.Abs(float64(i - j)) }
	squared := func(i, j int) float64 { return float64((i - j) * (i - j)) }
	// distances returns the mean distance observed, expected of independent states, and expected of two
	// drawn from both states' ballots together.
	distances := func(weight func(i, j int) float64) (observed, independent, pooled float64) {
		for i := range 3 {
			for j := range 3 {
				observed += weight(i, j) * n[i][j] / total
				independent += weight(i, j) * rows[i] / total * columns[j] / total
				pooled += weight(i, j) * (rows[i] + columns[i]) / (2 * total) * (rows[j] + columns[j]) / (2 * total)
			}
		}
		return observed, independent, pooled
	}
	o1, e1, p1 := distances(nominal)
	o2, e2, _ := distances(linear)
	o3, e3, p3 := distances(squared)
	out["agree"], out["agree_half"] = 1-o1, 1-o2/2
	if both := n[0][0] + n[0][2] + n[2][0] + n[2][2]; both > 0 {
		out["agree_yes_no"] = (n[0][0] + n[2][2]) / both
	}
	out["s_abs"], out["s_sq"], out["a_index"] = 1-2*o2/2, 1-2*o3/4, e2-o2
	if e1 == 0 {
		out["degenerate"] = 1
		return out
	}
	out["kappa"], out["kappa_abs"], out["kappa_sq"] = 1-o1/e1, 1-o2/e2, 1-o3/e3
	out["pi"], out["pi_sq"] = 1-o1/p1, 1-o3/p3
	out["alpha"] = 1 - o1/p1*(2*total-1)/(2*total)
	out["alpha_interval"] = 1 - o3/p3*(2*total-1)/(2*total)
	return out
}

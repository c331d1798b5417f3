package main

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"entente/transforms/idealpoints"
	"entente/transforms/idealpoints/probit"
)

// voetenWhole is a data folder with all roll calls of version 33.0, to be read.
func voetenWhole(t *testing.T) string {
	url, _ := upstream(t)
	return voeten.folder(t, "voeten", "--mirror", url)
}

// Ideal points from the roll calls of version 33.0, against the published ones of April 2020. The variational
// ones are those of a run. The sampler is given the published list of repeated texts, and fewer sweeps than
// the 20,000 after 4,000 of the published run: 1,500 after 1,000, or ENTENTE_SWEEPS after 4,000.
func TestUpstreamIdealPoints(t *testing.T) {
	unhurried(t)
	t.Parallel()
	data := voetenWhole(t)
	published := map[[2]int]float64{}
	for _, row := range rowsOf(t, data, "select ccode, session, ideal_point from raw.voeten_ideal_points") {
		published[[2]int{whole(t, row[0]), whole(t, row[1])}] = real(t, row[2])
	}
	for _, c := range []struct {
		scope             string
		ballots, position int
	}{{"all", 797_627, 10_469}, {"me", 148_003, 7_896}} {
		rows := rowsOf(t, data, `select series, session, theta, sum(ballot_count) over () from core.ideal_points
			where scope = '`+c.scope+"' order by session, series")
		if len(rows) != c.position || whole(t, rows[0][3]) != c.ballots {
			t.Errorf("%s: %d positions from %s ballots, want %d from %d", c.scope, len(rows), rows[0][3], c.position, c.ballots)
		}
		if c.scope != "all" {
			continue
		}
		own := map[[2]int]float64{}
		for _, row := range rows {
			own[[2]int{whole(t, row[0]), whole(t, row[1])}] = real(t, row[2])
		}
		agrees(t, "variational, own links", own, published, 0.985, 0.995)
	}

	links := publishedLinks(t, data)
	record := publishedRecord(t, data, links)
	if record.Ballots() != 797_473 || len(record.Positions) != 10_469 || record.Apart != 0 {
		t.Errorf("%d ballots, %d positions, %d ballots apart; published are 797473, 10469 and none", record.Ballots(), len(record.Positions), record.Apart)
	}
	begin := time.Now()
	v := probit.FitVariational(record, probit.Default(runtime.GOMAXPROCS(0)))
	t.Logf("variational: %d sweeps in %.1f s", v.Sweeps, time.Since(begin).Seconds())
	agrees(t, "variational, published links", positions(record, v.Theta), published, 0.985, 0.995)

	plan := probit.Plan{Seed: 1, Burn: 1000, Sweeps: 1500, Thin: 10, Threads: runtime.GOMAXPROCS(0)}
	if more := os.Getenv("ENTENTE_SWEEPS"); more != "" {
		plan.Burn, plan.Sweeps = 4000, whole(t, more)
	}
	begin = time.Now()
	chain := probit.NewChain(record, plan)
	if err := chain.Run(t.Context(), func(int) error { return nil }); err != nil {
		t.Fatal(err)
	}
	t.Logf("Gibbs: %d sweeps, %.1f a second", chain.Done, float64(chain.Done)/time.Since(begin).Seconds())
	theta, _, _, _ := chain.Means()
	agrees(t, "Gibbs, published links", positions(record, theta), published, 0.999, 0.9995)
}

// What estimate makes is loaded by the next run and stands beside the other methods.
func TestUpstreamEstimate(t *testing.T) {
	unhurried(t)
	t.Parallel()
	data := copied(t, voetenWhole(t))
	flags := []string{"estimate", "ideal-points", "--sweeps", "24", "--burn", "6", "--thin", "3", "--scope"}
	if out := must(t, data, append(flags, "important")...); !strings.Contains(out, "run gibbs") {
		t.Errorf("the answer does not say what comes next:\n%s", out)
	}
	must(t, data, append(flags, "nu")...)
	must(t, data, "run", "gibbs", "--offline")
	got := rowsOf(t, data, `select scope, position_count, chains, sweeps,
			position_count = (select count(*) from core.ideal_points as i where i.scope = f.scope),
			input_hash = (select any_value(i.input_hash) from core.ideal_points as i where i.scope = f.scope)
		from indicators.ideal_point_fits as f where method = 'gibbs' order by scope`)
	if len(got) != 2 || !slices.Equal(got[0][2:], []string{"2", "48", "true", "true"}) || !slices.Equal(got[1][2:], got[0][2:]) {
		t.Errorf("fits %v", got)
	}
	if old := rowsOf(t, data, "from checks.old_estimates"); len(old) != 0 {
		t.Errorf("estimates of these very ballots are called old: %v", old)
	}
	if left, err := os.ReadDir(filepath.Join(data, "estimates")); err != nil || len(left) != 0 {
		t.Errorf("checkpoints %v are left, %v", left, err)
	}
}

// publishedLinks are the first roll calls of repeated texts by the published list, which has pairs: from the
// last one down, a roll call is renamed to the earliest that it is paired with. It also compares ours.
func publishedLinks(t *testing.T, data string) map[int]int {
	f, err := os.Open(filepath.Join(shared(t), "data", "un", "unga_voeten_matches.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	first, pairs := map[int]int{}, map[[2]int]bool{}
	for _, row := range rows[1:] {
		a, b := whole(t, row[1]), whole(t, row[2])
		pairs[[2]int{a, b}] = true
		if known, ok := first[b]; !ok || a < known {
			first[b] = a
		}
	}
	both, own, against := 0, 0, 0
	for _, row := range rowsOf(t, data, `select lag(resolution_id) over (partition by item order by cast(resolution_id as integer)),
			resolution_id from core.roll_call_links qualify row_number() over (partition by item order by cast(resolution_id as integer)) > 1`) {
		a, b := whole(t, row[0]), whole(t, row[1])
		own++
		switch {
		case pairs[[2]int{a, b}]:
			both++
		case first[b] != 0:
			against++
		}
	}
	t.Logf("repeated texts: %d pairs published, %d ours, %d both; %d of ours are paired otherwise", len(pairs), own, both, against)
	if both < 450 || against > 1 {
		t.Errorf("of %d published pairs our rule finds %d, and pairs %d otherwise", len(pairs), both, against)
	}
	links := map[int]int{}
	for b := range first {
		to := b
		for first[to] != 0 {
			to = first[to]
		}
		links[b] = to
	}
	return links
}

// publishedRecord indexes the ballots that enter, with the published links.
func publishedRecord(t *testing.T, data string, links map[int]int) *probit.Record {
	var ballots []probit.Ballot
	for _, row := range rowsOf(t, data, `select v.rcid, v.session, v.ccode, v.vote, min(v.iso3) over (partition by v.ccode, v.session)
		from raw.voeten_votes as v semi join core.roll_call_links as c on c.resolution_id = cast(v.rcid as varchar)
		where v.vote in (1, 2, 3) and v.ccode <> 511 and not (v.ccode = 560 and v.session = 48)`) {
		item := whole(t, row[0])
		if to, linked := links[item]; linked {
			item = to
		}
		ballots = append(ballots, probit.Ballot{
			Item: int32(item), Session: int16(whole(t, row[1])), Series: int16(whole(t, row[2])),
			Choice: probit.Choice(whole(t, row[3]) - 1), Code: row[4],
		})
	}
	record, err := probit.NewRecord(ballots, idealpoints.Poles("all"))
	if err != nil {
		t.Fatal(err)
	}
	return record
}

func positions(r *probit.Record, theta []float64) map[[2]int]float64 {
	values := map[[2]int]float64{}
	for i, p := range r.Positions {
		values[[2]int{int(p.Series), int(p.Session)}] = theta[i]
	}
	return values
}

// agrees demands correlations with the published positions: over all, and the median of those within
// sessions.
func agrees(t *testing.T, what string, own, published map[[2]int]float64, pooled, median float64) {
	t.Helper()
	var all [2][]float64
	sessions := map[int]*[2][]float64{}
	for at, theta := range own {
		other, ok := published[at]
		if !ok {
			t.Errorf("%s: series %d in session %d is not published", what, at[0], at[1])
			continue
		}
		if sessions[at[1]] == nil {
			sessions[at[1]] = &[2][]float64{}
		}
		for _, into := range []*[2][]float64{&all, sessions[at[1]]} {
			into[0], into[1] = append(into[0], theta), append(into[1], other)
		}
	}
	var within []float64
	for _, s := range sessions {
		within = append(within, pearson(s[0], s[1]))
	}
	slices.Sort(within)
	r, middle := pearson(all[0], all[1]), within[len(within)/2]
	t.Logf("%s: n %d, pooled r %.5f, within sessions median %.5f, 10 %% %.5f, least %.5f",
		what, len(all[0]), r, middle, within[len(within)/10], within[0])
	if r < pooled || middle < median {
		t.Errorf("%s: pooled r %.5f, within sessions %.5f; wanted %.4f and %.4f", what, r, middle, pooled, median)
	}
}

func pearson(x, y []float64) float64 {
	n := float64(len(x))
	var sx, sy, sxx, syy, sxy float64
	for i := range x {
		sx += x[i]
		sy += y[i]
	}
	for i := range x {
		dx, dy := x[i]-sx/n, y[i]-sy/n
		sxx += dx * dx
		syy += dy * dy
		sxy += dx * dy
	}
	return sxy / math.Sqrt(sxx*syy)
}

func whole(t *testing.T, text string) int {
	t.Helper()
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

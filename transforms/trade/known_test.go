package trade

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// graded is a world whose reporters err the more the higher their number, in another order as importers.
func graded(years int) world {
	return world{
		states: 60, years: years,
		exporter: func(s int) float64 { return 0.05 + 0.01*float64(s) },
		importer: func(s int) float64 { return 0.05 + 0.01*float64((s*7)%60) },
	}
}

// TestKnownErrors draws reports with known errors and demands them back: the order and the rough size of the
// sigmas, and values nearer the truth than either report or their mean.
func TestKnownErrors(t *testing.T) {
	w := graded(7)
	reconciled := of(Reconciled, apply(t, 4096, w.draw(rand.New(rand.NewPCG(7, 8)))))
	between(t, reconciled)

	var known, found []float64
	var value, exports, imports, mean float64
	for _, r := range reconciled {
		from, to := numberOf(r.exporter), numberOf(r.importer)
		truth := w.truth[[3]int{int(r.year) - 2001, from, to}]
		if r.year == 2004 && to == (from+1)%60 {
			known = append(known, w.exporter(from), w.importer(to))
			found = append(found, r.sigmas[0], r.sigmas[1])
		}
		distance := func(usd float64) float64 { return math.Abs(math.Log(usd / truth)) }
		value, exports = value+distance(r.usd), exports+distance(r.exports.usd)
		imports, mean = imports+distance(r.importsFOB), mean+distance((r.exports.usd+r.importsFOB)/2)
	}
	if value > 0.9*mean || value > exports || value > imports {
		n := float64(len(reconciled))
		t.Errorf("mean log error of the value %.3f, of the exporter's report %.3f, the importer's %.3f, their mean %.3f",
			value/n, exports/n, imports/n, mean/n)
	}
	if rho := spearman(known, found); rho < 0.9 {
		t.Errorf("rank correlation of known and found sigmas %.3f", rho)
	}
	if ratio := average(found) / average(known); ratio < 0.8 || ratio > 1.25 {
		t.Errorf("found sigmas are %.2f times the known ones on average", ratio)
	}
}

// TestKnownMargin demands back the margin that reports were drawn with. The logarithms of the two reports of a
// flow differ by 0.5 (standard deviation), so one world tells the margin of a kind of flow to about 0.015, a
// quarter of the first bound, and ten tell that of all flows to 0.001. Weights by the bare reports are
// off by 0.03.
func TestKnownMargin(t *testing.T) {
	const worlds = 10
	off := 0.0
	for seed := range uint64(worlds) {
		w := graded(7)
		f := stored(w.draw(rand.New(rand.NewPCG(seed, 8))))
		m, sum, flows := f.margin(), 0.0, 0
		kinds := map[[3]bool][]float64{}
		for i, year := range f.years {
			if !f.hasPlace(i) || f.marks[i]&importsFOB != 0 {
				continue
			}
			has := func(mark marks) bool { return f.marks[i]&mark != 0 }
			kind := [3]bool{has(contiguous), has(exporterLandlocked), has(importerLandlocked)}
			known := math.Log(w.known(int(year)-2001, 1000*math.Exp(f.logDistance[i]), kind[0], [2]bool{kind[1], kind[2]}))
			x := f.regressors(i)
			d := m.nearest(year).intercept + dot(m.slopes[:], x[:]) - known
			kinds[kind] = append(kinds[kind], d)
			sum, flows = sum+d, flows+1
		}
		for kind, of := range kinds {
			if d := average(of); len(of) > 1000 && math.Abs(d) > 0.06 {
				t.Errorf("seed %d: the margin of %d flows (contiguous, landlocked %v) is off by %.3f", seed, len(of), kind, d)
			}
		}
		off += sum / float64(flows) / worlds
	}
	t.Logf("mean error of the logarithm of the margin %.4f", off)
	if math.Abs(off) > 0.005 {
		t.Errorf("the margin is off by %.4f over %d worlds", off, worlds)
	}
}

// TestEqualErrors demands about even weights of reporters that err alike, and exactly even ones of sigmas
// that are equal or unknown.
func TestEqualErrors(t *testing.T) {
	for _, sigma := range []float64{0.01, 0.3, 2, nan} {
		if got := exporterWeight(sigma, sigma); got != 0.5 {
			t.Errorf("sigma %v of both: weight %v", sigma, got)
		}
	}
	if exporterWeight(0.3, 0.2) >= 0.5 {
		t.Error("the less reliable exporter has the larger weight")
	}
	w := world{
		states: 40, years: 5,
		exporter: func(int) float64 { return 0.3 }, importer: func(int) float64 { return 0.3 },
	}
	var weights []float64
	for _, r := range of(Reconciled, apply(t, 4096, w.draw(rand.New(rand.NewPCG(9, 10))))) {
		weights = append(weights, r.weight)
		if r.weight < 0.2 || r.weight > 0.8 {
			t.Errorf("%s %s %d: weight %.2f", r.exporter, r.importer, r.year, r.weight)
		}
	}
	if m := average(weights); math.Abs(m-0.5) > 0.05 {
		t.Errorf("mean weight %.3f", m)
	}
}

func average(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	return sum / float64(len(v))
}

// spearman is the rank correlation.
func spearman(a, b []float64) float64 {
	x, y := ranks(a), ranks(b)
	mx, my := average(x), average(y)
	var xy, xx, yy float64
	for i := range x {
		xy += (x[i] - mx) * (y[i] - my)
		xx += (x[i] - mx) * (x[i] - mx)
		yy += (y[i] - my) * (y[i] - my)
	}
	return xy / math.Sqrt(xx*yy)
}

func ranks(v []float64) []float64 {
	sorted := slices.Sorted(slices.Values(v))
	out := make([]float64, len(v))
	for i, x := range v {
		out[i], _ = func() (float64, bool) {
			at, found := slices.BinarySearch(sorted, x)
			return float64(at), found
		}()
	}
	return out
}

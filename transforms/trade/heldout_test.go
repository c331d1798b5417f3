package trade

import (
	"math"
	"math/rand/v2"
	"testing"
)

// heldOut hides the import report of every tenth twice-reported flow and demands that the sigmas of the others
// tell how far its two reports are apart, better than the mean of the year. The decision on the rules of the
// analysis of variance rests on what it prints when they are changed.
func heldOut(t *testing.T, list []flow) {
	f := stored(list)
	m, runs := f.margin(), f.byYear()
	states := 0
	for i := range f.years {
		states = max(states, int(f.exporters[i])+1, int(f.importers[i])+1)
	}
	type hidden struct {
		run, flow int
		distance  float64
		usd       float64
	}
	random := rand.New(rand.NewPCG(1, 1))
	var hide []hidden
	for at, run := range runs {
		for i := run.from; i < run.to; i++ {
			if f.twiceReported(i) && !f.derived(i) && max(f.exports[i], f.imports[i]) > countedUSD && random.IntN(10) == 0 {
				imports, _ := f.importsFOB(m, i)
				distance := min(math.Abs(math.Log(imports/f.exports[i])), maxDistance)
				hide = append(hide, hidden{at, i, distance, math.Sqrt(imports * f.exports[i])})
			}
		}
	}
	for _, h := range hide {
		f.imports[h.flow] = math.NaN()
	}
	known := f.reliabilities(m, runs, states)
	means := make([]float64, len(runs))
	for at, run := range runs {
		var distances []float64
		for _, m := range f.mismatches(m, run) {
			distances = append(distances, m.distance)
		}
		means[at] = average(distances)
	}

	// score has errors of a guess, and the log likelihood, for distances of an exponential distribution.
	type score struct{ all, large, likelihood float64 }
	var sigmas, mean score
	large := 0.0
	for _, h := range hide {
		x, m := known[h.run].exporter[f.exporters[h.flow]], known[h.run].importer[f.importers[h.flow]]
		for guess, s := range map[float64]*score{math.Sqrt(2/math.Pi) * math.Hypot(x, m): &sigmas, means[h.run]: &mean} {
			s.all += math.Abs(h.distance-guess) / float64(len(hide))
			s.likelihood -= (math.Log(guess) + h.distance/guess) / float64(len(hide))
			if h.usd > 1e9 {
				s.large += math.Abs(h.distance - guess)
			}
		}
		if h.usd > 1e9 {
			large++
		}
	}
	sigmas.large, mean.large = sigmas.large/large, mean.large/large
	t.Logf("%d flows held out, %.0f above 1000 million US dollars", len(hide), large)
	t.Logf("error of the log distance by the reporters' sigmas: %.3f, of large flows %.3f; log likelihood %.3f",
		sigmas.all, sigmas.large, sigmas.likelihood)
	t.Logf("by the mean of the year: %.3f, of large flows %.3f; log likelihood %.3f", mean.all, mean.large, mean.likelihood)
	if sigmas.all > 0.9*mean.all || sigmas.large > 0.5*mean.large || sigmas.likelihood < mean.likelihood {
		t.Errorf("the sigmas %+v, the mean of the year %+v", sigmas, mean)
	}
}

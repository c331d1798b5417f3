package trade

import (
	"cmp"
	"math"
	"runtime"
	"slices"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// TestDirectionOfTrade looks at 60 years of the IMF's reports: with -v it prints what
// docs/methods/reconciliation.md cites.
func TestDirectionOfTrade(t *testing.T) {
	list := dotsFlows(t)
	sink := &collector{rows: make([]result, 0, 2*len(list))}
	if err := push(memory.DefaultAllocator, 1<<16, list, sink); err != nil {
		t.Fatal(err)
	}
	plain, reconciled := of(ImportPriority, sink.rows), of(Reconciled, sink.rows)
	if len(plain) != len(list) || len(reconciled) != len(list) {
		t.Fatalf("%d flows, %d values by import priority, %d reconciled", len(list), len(plain), len(reconciled))
	}
	between(t, reconciled)
	t.Run("medians", func(t *testing.T) { medians(t, plain) })
	t.Run("margins", func(t *testing.T) { margins(t, list) })
	t.Run("reporters", func(t *testing.T) { reporters(t, reconciled) })
	t.Run("held out", func(t *testing.T) { heldOut(t, list) })
	t.Run("evidence", func(t *testing.T) { rests(t, reconciled) })
	t.Run("dyads", func(t *testing.T) { dyads(t, reconciled) })
}

// medians demands the ratio of the reports that the description of the data gives for every decade.
func medians(t *testing.T, rows []result) {
	ratios := map[int16][]float64{}
	for _, r := range rows {
		if !r.exports.estimate && !r.imports.estimate && r.exports.usd > 1e6 && r.imports.usd > 1e6 {
			ratios[r.year/10*10] = append(ratios[r.year/10*10], math.Exp(r.discrepancy))
		}
	}
	for decade := int16(1960); decade <= 2010; decade += 10 {
		m := quartiles(ratios[decade])[2]
		t.Logf("%ds: median of imports CIF over exports FOB %.3f, %d flows", decade, m, len(ratios[decade]))
		if m < 1.085 || m > 1.115 {
			t.Errorf("%ds: the median of imports over exports is %.3f, not 1.09 to 1.11", decade, m)
		}
	}
}

// margins demands that the margin rises with distance, and an average that fits the medians of the reports.
func margins(t *testing.T, list []flow) {
	f := stored(list)
	m := f.margin()
	t.Logf("sample of %d flows; slopes of ln distance, its square, contiguity, landlocked exporter and importer %.3f",
		len(f.sample()), m.slopes)
	flow := &flows{marks: []marks{placed}, years: []int16{0}, logDistance: []float64{0}}
	for _, year := range []int16{1965, 1975, 1985, 1995, 2005, 2015} {
		var rates []float64
		for _, km := range []float64{500, 1000, 3000, 6000, 10000, 16000} {
			flow.years[0], flow.logDistance[0] = year, math.Log(km/1000)
			rates = append(rates, m.rate(flow, 0))
		}
		average := math.Exp(m.nearest(year).average)
		t.Logf("%d: CIF over FOB of the average flow %.3f; at 500, 1000, 3000, 6000, 10,000, 16,000 km by sea %.3f",
			year, average, rates)
		if !slices.IsSorted(rates) || rates[0] > 1.05 || rates[5] < 1.15 || rates[5] > highestRate {
			t.Errorf("%d: the margin by distance is %.3f", year, rates)
		}
		if average < 1.07 || average > 1.14 {
			t.Errorf("%d: the average margin is %.3f, and the medians of imports over exports are 1.09 to 1.11", year, average)
		}
	}
}

// reporter is a state with its mean sigmas.
type reporter struct {
	iso3               string
	exporter, importer float64
}

// reporters prints who is most and least reliable, and demands that the order is not absurd.
func reporters(t *testing.T, rows []result) {
	type sums struct{ exporter, importer, exports, imports float64 }
	states := map[string]sums{}
	for _, r := range rows {
		if r.year < 2010 || r.year > 2019 || r.evidence != "both" {
			continue
		}
		x := states[r.exporter]
		x.exporter, x.exports = x.exporter+r.sigmas[0], x.exports+1
		states[r.exporter] = x
		m := states[r.importer]
		m.importer, m.imports = m.importer+r.sigmas[1], m.imports+1
		states[r.importer] = m
	}
	var list []reporter
	for iso3, s := range states {
		if s.exports >= 500 && s.imports >= 500 {
			list = append(list, reporter{iso3, s.exporter / s.exports, s.importer / s.imports})
		}
	}
	slices.SortFunc(list, func(a, b reporter) int {
		return cmp.Or(cmp.Compare(a.exporter+a.importer, b.exporter+b.importer), cmp.Compare(a.iso3, b.iso3))
	})
	t.Logf("2010-2019, %d reporters of 500 twice-reported flows each way or more: sigma as exporter, as importer", len(list))
	place := map[string]int{}
	for i, r := range list {
		place[r.iso3] = i
		switch {
		case i < 10:
			t.Logf("most reliable, %d: %s %.2f %.2f", i+1, r.iso3, r.exporter, r.importer)
		case i >= len(list)-10:
			t.Logf("least reliable, %d: %s %.2f %.2f", len(list)-i, r.iso3, r.exporter, r.importer)
		}
	}
	for _, iso3 := range []string{"DEU", "FRA", "ITA", "GBR", "SWE"} {
		if at, ok := place[iso3]; !ok || at > len(list)/4 {
			t.Errorf("%s is %d of %d in reliability", iso3, at+1, len(list))
		}
	}
}

// rests prints what values rest on, and how far the weights are from even.
func rests(t *testing.T, rows []result) {
	counts, worth, total := map[string]int{}, map[string]float64{}, 0.0
	var weights, exporters, importers []float64
	for _, r := range rows {
		counts[r.evidence]++
		worth[r.evidence] += r.usd
		total += r.usd
		if r.evidence == "both" {
			weights = append(weights, r.weight)
			exporters, importers = append(exporters, r.sigmas[0]), append(importers, r.sigmas[1])
		}
	}
	for _, evidence := range []string{"both", "exporter", "importer"} {
		t.Logf("rests on %s: %d flows, %.1f%% of value", evidence, counts[evidence], 100*worth[evidence]/total)
	}
	t.Logf("quartiles of the exporter's weight %.2f", quartiles(weights))
	t.Logf("quartiles of the exporter's sigma %.2f, the importer's %.2f", quartiles(exporters), quartiles(importers))
	if share := worth["both"] / total; share < 0.85 {
		t.Errorf("%.2f of the value rests on both reports", share)
	}
}

// dyads demands that values of flows on which the two states about agree are near both, and prints them beside
// some on which they do not.
func dyads(t *testing.T, rows []result) {
	for _, dyad := range []struct {
		exporter, importer string
		agree              bool
	}{
		{"CHN", "USA", true}, {"USA", "CHN", true}, {"DEU", "FRA", true}, {"FRA", "DEU", true}, {"RUS", "CHN", true},
		{"HKG", "CHN", false}, {"NGA", "IND", false},
	} {
		at := slices.IndexFunc(rows, func(r result) bool {
			return r.year == 2019 && r.exporter == dyad.exporter && r.importer == dyad.importer
		})
		if at < 0 {
			t.Fatalf("no flow from %s to %s", dyad.exporter, dyad.importer)
		}
		r := rows[at]
		t.Logf("2019 %s to %s: exporter %.0f, importer %.0f (%s), FOB %.0f; reconciled %.0f million, weight %.2f, sigmas %.2f",
			r.exporter, r.importer, r.exports.usd/1e6, r.imports.usd/1e6, r.valuation, r.importsFOB/1e6, r.usd/1e6, r.weight, r.sigmas)
		apart := max(math.Abs(math.Log(r.usd/r.exports.usd)), math.Abs(math.Log(r.usd/r.importsFOB)))
		if (apart < 0.1) != dyad.agree {
			t.Errorf("%s to %s: the value is %.2f from the farther report (log ratio)", r.exporter, r.importer, apart)
		}
	}
}

// quartiles sorts a list and returns its lowest, quartiles and highest.
func quartiles(v []float64) [5]float64 {
	slices.Sort(v)
	n := len(v) - 1
	return [5]float64{v[0], v[n/4], v[n/2], v[3*n/4], v[n]}
}

// BenchmarkTrade runs the whole transform, both methods, over 60 years of country totals.
func BenchmarkTrade(b *testing.B) {
	list := dotsFlows(b)
	var batches []arrow.RecordBatch
	for rows := range slices.Chunk(list, 1<<16) {
		batches = append(batches, record(memory.DefaultAllocator, rows))
	}
	reports := 0
	for _, f := range list {
		for _, r := range []report{f.exports, f.imports} {
			if !math.IsNaN(r.usd) {
				reports++
			}
		}
	}
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before, kept := heap(), uint64(0)
	for b.Loop() {
		in := New(memory.DefaultAllocator).Apply(&counter{})
		for _, batch := range batches {
			if err := in.Batch(batch); err != nil {
				b.Fatal(err)
			}
		}
		b.StopTimer()
		kept = heap() - before
		b.StartTimer()
		if err := in.Close(); err != nil {
			b.Fatal(err)
		}
	}
	seconds := b.Elapsed().Seconds() / float64(b.N)
	b.ReportMetric(float64(len(list)), "flows")
	b.ReportMetric(float64(reports), "reports")
	b.ReportMetric(seconds, "s/op")
	b.ReportMetric(float64(kept)/1e6, "MB-held")
	b.ReportMetric(2.5e6/float64(reports)*seconds, "s/2.5M-reports")
}

// counter is a sink that keeps nothing.
type counter struct {
	collector
	count int64
}

func (c *counter) Batch(in arrow.RecordBatch) error {
	c.count += in.NumRows()
	return nil
}

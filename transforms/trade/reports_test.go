package trade

import (
	"cmp"
	"math"
	"slices"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// TestDirectionOfTrade looks at 60 years of the IMF's reports: with -v it prints what
// docs/methods/reconciliation.md cites.
func TestDirectionOfTrade(t *testing.T) {
	list := dotsFlows(t)
	sink := &collector{}
	if err := push(memory.DefaultAllocator, 1<<16, list, sink); err != nil {
		t.Fatal(err)
	}
	plain, reconciled := of(ImportPriority, sink.rows), of(Reconciled, sink.rows)
	if len(plain) != len(list) || len(reconciled) != len(list) {
		t.Fatalf("%d flows, %d values by import priority, %d reconciled", len(list), len(plain), len(reconciled))
	}
	between(t, reconciled)

	ratios := map[int16][]float64{}
	for _, r := range plain {
		if !r.exports.estimate && !r.imports.estimate && r.exports.usd > 1e6 && r.imports.usd > 1e6 {
			ratios[r.year/10*10] = append(ratios[r.year/10*10], math.Exp(r.discrepancy))
		}
	}
	for decade := int16(1960); decade <= 2010; decade += 10 {
		m := median(ratios[decade])
		t.Logf("%ds: median of imports CIF over exports FOB %.3f, %d flows", decade, m, len(ratios[decade]))
		if m < 1.08 || m > 1.115 {
			t.Errorf("%ds: the median of imports over exports is %.3f, not 1.09 to 1.11", decade, m)
		}
	}
	rates(t, list)
	reporters(t, reconciled)
	evidences(t, reconciled)
	for _, dyad := range [][2]string{{"CHN", "USA"}, {"USA", "CHN"}, {"DEU", "FRA"}, {"FRA", "DEU"}, {"RUS", "CHN"}, {"HKG", "CHN"}, {"NGA", "IND"}} {
		for _, r := range reconciled {
			if r.year == 2019 && r.exporter == dyad[0] && r.importer == dyad[1] {
				t.Logf("2019 %s to %s: exporter %.0f, importer %.0f (%s), FOB %.0f; reconciled %.0f million, weight %.2f, sigmas %.2f %.2f",
					r.exporter, r.importer, r.exports.usd/1e6, r.imports.usd/1e6, r.valuation, r.importsFOB/1e6, r.usd/1e6,
					r.weight, r.sigmas[0], r.sigmas[1])
			}
		}
	}
}

// rates demands that the margin rises with distance and prints it.
func rates(t *testing.T, list []flow) {
	f, _ := stored(list)
	sample := f.sample()
	first := f.regress(sample)
	kept := first.typical(f, sample)
	m := f.regress(kept)
	t.Logf("sample of %d flows, %d without outliers; slopes %.4f, residual %.3f", len(sample), len(kept), m.slopes, m.sigma)
	flow := &flows{marks: []marks{placed}, years: []int16{0}, logDistance: []float64{0}}
	for _, year := range []int16{1965, 1975, 1985, 1995, 2005, 2015} {
		var of []float64
		for _, km := range []float64{500, 1000, 3000, 6000, 10000, 16000} {
			flow.years[0], flow.logDistance[0] = year, math.Log(km/1000)
			of = append(of, m.rate(flow, 0))
		}
		t.Logf("%d: rate of the average flow %.3f; at 500, 1000, 3000, 6000, 10,000, 16,000 km by sea %.3f", year, math.Exp(m.nearest(year).average), of)
		if !slices.IsSorted(of) || of[0] > 1.05 || of[5] < 1.1 || of[5] > 1.25 {
			t.Errorf("%d: the margin by distance is %.3f", year, of)
		}
	}
}

// reporters prints who is most and least reliable.
func reporters(t *testing.T, rows []result) {
	type sums struct{ exporter, importer, exports, imports, usd float64 }
	states := map[string]*sums{}
	of := func(state string) *sums {
		if states[state] == nil {
			states[state] = &sums{}
		}
		return states[state]
	}
	for _, r := range rows {
		if r.year < 2010 || r.year > 2019 || r.evidence != "both" {
			continue
		}
		x, m := of(r.exporter), of(r.importer)
		x.exporter, x.exports = x.exporter+r.sigmas[0], x.exports+1
		m.importer, m.imports = m.importer+r.sigmas[1], m.imports+1
		x.usd, m.usd = x.usd+r.usd, m.usd+r.usd
	}
	type reporter struct {
		iso3               string
		exporter, importer float64
	}
	var list []reporter
	for iso3, s := range states {
		if s.exports >= 500 && s.imports >= 500 {
			list = append(list, reporter{iso3, s.exporter / s.exports, s.importer / s.imports})
		}
	}
	slices.SortFunc(list, func(a, b reporter) int {
		return cmp.Compare(a.exporter+a.importer, b.exporter+b.importer)
	})
	t.Logf("2010-2019, %d reporters of 500 twice-reported flows each way or more: sigma as exporter, as importer", len(list))
	t.Logf("most reliable: %v", list[:10])
	t.Logf("least reliable: %v", list[len(list)-10:])
}

// evidences prints what values rest on, and how heavy the weights are.
func evidences(t *testing.T, rows []result) {
	counts, worth := map[string]int{}, map[string]float64{}
	var weights, exporters, importers []float64
	for _, r := range rows {
		counts[r.evidence]++
		worth[r.evidence] += r.usd
		if r.evidence == "both" {
			weights, exporters, importers = append(weights, r.weight), append(exporters, r.sigmas[0]), append(importers, r.sigmas[1])
		}
	}
	total := worth["both"] + worth["exporter"] + worth["importer"]
	for _, evidence := range []string{"both", "exporter", "importer"} {
		t.Logf("rests on %s: %d flows, %.1f%% of value", evidence, counts[evidence], 100*worth[evidence]/total)
	}
	quartiles := func(v []float64) [5]float64 {
		slices.Sort(v)
		n := len(v) - 1
		return [5]float64{v[0], v[n/4], v[n/2], v[3*n/4], v[n]}
	}
	t.Logf("quartiles of the exporter's weight %.2f, sigmas %.2f and %.2f", quartiles(weights), quartiles(exporters), quartiles(importers))
}

func median(v []float64) float64 {
	v = slices.Clone(v)
	slices.Sort(v)
	return v[len(v)/2]
}

// BenchmarkTrade runs the whole transform over 60 years of country totals.
func BenchmarkTrade(b *testing.B) {
	list := dotsFlows(b)
	batches := records(memory.DefaultAllocator, 1<<16, list)
	reports := 0
	for _, f := range list {
		for _, r := range []report{f.exports, f.imports} {
			if !math.IsNaN(r.usd) {
				reports++
			}
		}
	}
	b.ReportMetric(float64(reports), "reports")
	for b.Loop() {
		in := New(memory.DefaultAllocator).Apply(&counter{})
		for _, batch := range batches {
			if err := in.Batch(batch); err != nil {
				b.Fatal(err)
			}
		}
		if err := in.Close(); err != nil {
			b.Fatal(err)
		}
	}
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

// stored puts flows of one source and product into the transform's own form.
func stored(list []flow) (*flows, []string) {
	in := New(memory.DefaultAllocator).Apply(&counter{}).(*intake)
	for _, batch := range records(memory.DefaultAllocator, 1<<16, list) {
		if err := in.Batch(batch); err != nil {
			panic(err)
		}
		batch.Release()
	}
	return in.groups[0], in.states
}

package trade

import (
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/google/go-cmp/cmp"

	"entente/pipeline"
)

// told is a report of a state's own, guess one that the source estimated.
func told(usd float64) report  { return report{usd: usd} }
func guess(usd float64) report { return report{usd: usd, estimate: true} }

// few are flows of one source with fewer reports than a margin is fitted to: the margin is the IMF's factor, and
// nothing is known of the reporters. One flow after these is reported twice, so that values are reconciled.
func few(list ...flow) []flow {
	for i := range list {
		f := &list[i]
		f.source, f.product, f.exporter, f.importer, f.km = "s", "TOTAL", name(i), "USA", 5000
		if f.year == 0 {
			f.year = 2010
		}
	}
	return append(list, flow{
		source: "s", product: "TOTAL", year: 2010, exporter: "ZZZ", importer: "USA",
		exports: told(1), imports: told(1), valuation: valuedCIF, km: nan,
	})
}

func TestImportPriority(t *testing.T) {
	for _, c := range []struct {
		name   string
		flow   flow
		usd    float64
		rests  string
		factor float64
	}{
		{"the importer's report", flow{exports: told(100), imports: told(120), valuation: valuedCIF}, 120, "importer", nan},
		{"an estimate of it", flow{exports: told(100), imports: guess(120), valuation: valuedCIF}, 120, "importer", nan},
		{"a report of nothing", flow{exports: told(100), imports: told(0), valuation: valuedCIF}, 0, "importer", nan},
		{"no import report", flow{exports: told(100), imports: none, valuation: valuedCIF}, 106, "exporter", 1.06},
		{"no import report, old", flow{year: 1999, exports: told(100), imports: none, valuation: valuedCIF}, 110, "exporter", 1.10},
		{"no import report, FOB", flow{exports: told(100), imports: none, valuation: valuedFOB}, 100, "exporter", nan},
		{"no import report, unknown", flow{exports: told(100), imports: none}, 106, "exporter", 1.06},
		{"exports of nothing", flow{exports: told(0), imports: none, valuation: valuedCIF}, 0, "exporter", 1.06},
	} {
		t.Run(c.name, func(t *testing.T) {
			list := few(c.flow)
			got := of(ImportPriority, apply(t, 10, list))[0]
			want := result{
				method: ImportPriority, source: "s", product: "TOTAL", year: list[0].year, exporter: "AAX", importer: "USA",
				usd: c.usd, exports: c.flow.exports, imports: c.flow.imports, valuation: c.flow.valuation, evidence: c.rests,
				discrepancy: discrepancy(c.flow.exports.usd, c.flow.imports.usd), factor: c.factor, importsFOB: nan,
				weight: nan, sigmas: [2]float64{nan, nan},
			}
			if diff := cmp.Diff(want, got, same); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestReconciled(t *testing.T) {
	for _, c := range []struct {
		name               string
		flow               flow
		usd                float64
		rests              string
		factor, importsFOB float64
	}{
		{"both", flow{exports: told(100), imports: told(212), valuation: valuedCIF}, 150, "both", 1.06, 200},
		{"importer values FOB", flow{exports: told(100), imports: told(120), valuation: valuedFOB}, 110, "both", nan, 120},
		{"valuation unknown", flow{exports: told(100), imports: told(212)}, 150, "both", 1.06, 200},
		{"margin would widen the gap", flow{exports: told(100), imports: told(90), valuation: valuedCIF}, 95, "both", nan, 90},
		{"exporter alone", flow{exports: told(100), imports: none, valuation: valuedCIF}, 100, "exporter", nan, nan},
		{"importer alone", flow{exports: none, imports: told(106), valuation: valuedCIF}, 100, "importer", 1.06, 100},
		{"estimated exports", flow{exports: guess(100), imports: told(212), valuation: valuedCIF}, 200, "importer", 1.06, 200},
		{"estimated imports", flow{exports: told(100), imports: guess(212), valuation: valuedCIF}, 100, "exporter", 1.06, 200},
		{"both estimated", flow{exports: guess(100), imports: guess(212), valuation: valuedCIF}, 100, "exporter", 1.06, 200},
		{"exports of nothing", flow{exports: told(0), imports: told(106), valuation: valuedCIF}, 100, "importer", 1.06, 100},
		{"imports of nothing", flow{exports: told(100), imports: told(0), valuation: valuedCIF}, 100, "exporter", nan, 0},
		{"own report of nothing", flow{exports: told(0), imports: guess(106), valuation: valuedCIF}, 0, "exporter", 1.06, 100},
		{"nothing, twice", flow{exports: told(0), imports: told(0), valuation: valuedCIF}, 0, "both", nan, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := of(Reconciled, apply(t, 10, few(c.flow)))[0]
			weight := nan
			if c.rests == "both" {
				weight = 0.5
			}
			want := result{
				method: Reconciled, source: "s", product: "TOTAL", year: 2010, exporter: "AAX", importer: "USA",
				usd: c.usd, exports: c.flow.exports, imports: c.flow.imports, valuation: c.flow.valuation, evidence: c.rests,
				discrepancy: discrepancy(c.flow.exports.usd, c.flow.imports.usd), factor: c.factor, importsFOB: c.importsFOB,
				weight: weight, sigmas: [2]float64{nan, nan},
			}
			if diff := cmp.Diff(want, got, same); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestNoMirror demands that reports are reconciled by source and product, and not where no flow has two.
func TestNoMirror(t *testing.T) {
	once := few(flow{exports: none, imports: told(5)}, flow{exports: guess(7), imports: told(7)}, flow{exports: told(0), imports: told(7)})[:3]
	for i := range once {
		once[i].source = "a"
	}
	other := few(flow{exports: told(9), imports: none})
	for i := range other {
		other[i].product = "01"
	}
	list := append(append(once, other...), few()...)
	rows := apply(t, 2, list)
	if plain := of(ImportPriority, rows); len(plain) != len(list) {
		t.Errorf("%d values by import priority of %d flows", len(plain), len(list))
	}
	var got []string
	for _, r := range of(Reconciled, rows) {
		got = append(got, r.source+" "+r.product+" "+r.exporter)
	}
	if diff := cmp.Diff([]string{"s 01 AAX", "s 01 ZZZ", "s TOTAL ZZZ"}, got); diff != "" {
		t.Errorf("reconciled (-want +got):\n%s", diff)
	}
}

// TestNearestYear demands that a year without a sample has the margin of the nearest, the earlier of two.
func TestNearestYear(t *testing.T) {
	m := margin{years: []yearMargin{{year: 2000}, {year: 2004}, {year: 2009}}}
	for year, want := range map[int16]int16{1990: 2000, 2000: 2000, 2002: 2000, 2003: 2004, 2007: 2009, 2020: 2009} {
		if got := m.nearest(year).year; got != want {
			t.Errorf("%d: margin of %d, not of %d", year, got, want)
		}
	}
}

// TestDerivedReports demands that imports which are the exports times the IMF's factor tell nothing of margin
// and reporters.
func TestDerivedReports(t *testing.T) {
	w := world{states: 20, years: 1, exporter: func(int) float64 { return 0.2 }, importer: func(int) float64 { return 0.2 }}
	list := w.draw(rand.New(rand.NewPCG(11, 12)))
	for i := range list {
		list[i].imports.usd = list[i].exports.usd * 1.06
	}
	f := stored(list)
	if n := len(f.sample()); n > 0 {
		t.Errorf("a sample of %d", n)
	}
	for _, run := range f.byYear() {
		if n := len(f.mismatches(margin{}, run)); n > 0 {
			t.Errorf("%d: %d flows tell of the reporters", run.year, n)
		}
	}
}

func TestWrongRows(t *testing.T) {
	good := func() flow {
		return flow{source: "s", product: "TOTAL", year: 2010, exporter: "AAX", importer: "USA", exports: told(1), imports: told(1), km: 100}
	}
	for want, change := range map[string]func(*flow){
		"a null in a column of the key":     func(f *flow) { f.importer = "" },
		"neither side reports a value":      func(f *flow) { f.exports, f.imports = none, none },
		"a report of +Inf or 1 US dollars":  func(f *flow) { f.exports = told(math.Inf(1)) },
		"follows one of s TOTAL 2010":       func(f *flow) { f.year = 2009 },
		"must order by source, product":     func(f *flow) { f.source = "a" },
		"trade: s TOTAL 2010, BBX to USA: ": func(f *flow) { f.exporter, f.imports = "BBX", told(math.Inf(-1)) },
	} {
		bad := good()
		change(&bad)
		err := push(memory.DefaultAllocator, 10, []flow{good(), bad}, &collector{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, without %q", err, want)
		}
	}
}

func TestColumns(t *testing.T) {
	transform := New(memory.DefaultAllocator)
	out, err := transform.Columns(input)
	if err != nil || !out.Equal(output) {
		t.Errorf("schema %v, %v", out, err)
	}
	for i, f := range input.Fields() {
		fields := append([]arrow.Field{}, input.Fields()...)
		fields[i] = arrow.Field{Name: f.Name, Type: arrow.PrimitiveTypes.Uint64}
		for problem, in := range map[string]*arrow.Schema{
			"wanted once and is there 0 times": arrow.NewSchema(append(fields[:i:i], fields[i+1:]...), nil),
			"is uint64, and":                   arrow.NewSchema(fields, nil),
		} {
			if _, err := transform.Columns(in); err == nil || !strings.Contains(err.Error(), problem) || !strings.Contains(err.Error(), f.Name) {
				t.Errorf("%s: %v, without %q", f.Name, err, problem)
			}
		}
	}
}

// TestPassedOn demands that rejects, counts and the next sink's errors come through.
func TestPassedOn(t *testing.T) {
	sink := &failing{left: 100}
	in := New(memory.DefaultAllocator).Apply(sink)
	if err := errors.Join(in.Reject(pipeline.Reject{}), in.Filter("rule", 3), in.Close()); err != nil {
		t.Error(err)
	}
	if sink.rejects != 1 || sink.filtered != 3 || !sink.closed {
		t.Errorf("%d rejects, %d filtered, closed %v", sink.rejects, sink.filtered, sink.closed)
	}
	for passed := range 2 { // the batch of each method
		mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
		if err := push(mem, 10, few(), &failing{left: passed}); !errors.Is(err, errFull) {
			t.Errorf("after %d batches: %v", passed, err)
		}
		mem.AssertSize(t, 0)
	}
}

var errFull = errors.New("full")

// failing is a sink that takes so many batches.
type failing struct {
	collector
	left int
}

func (f *failing) Batch(in arrow.RecordBatch) error {
	if f.left--; f.left < 0 {
		return errFull
	}
	return f.collector.Batch(in)
}

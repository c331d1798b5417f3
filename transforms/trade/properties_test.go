package trade

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/google/go-cmp/cmp"
)

// world is a set of states with known errors and a known margin, whose reports are drawn.
type world struct {
	states             int
	years              int
	exporter, importer func(state int) float64 // sigma
	missing            float64                 // share of reports that are not made
	estimated          float64                 // of those made
	zero               float64                 // of those made
	truth              map[[3]int]float64      // by year, exporter, importer; filled by draw
}

func name(state int) string { return string([]byte{'A' + byte(state/26), 'A' + byte(state%26), 'X'}) }

// known is the world's CIF over FOB.
func (w world) known(year int, km float64, contiguous bool, landlocked [2]bool) float64 {
	ln := 0.05 + 0.002*float64(year) + 0.03*math.Log(km/1000)
	if contiguous {
		ln -= 0.02
	}
	if landlocked[1] {
		ln += 0.03
	}
	return math.Exp(ln)
}

func (w *world) draw(random *rand.Rand) []flow {
	w.truth = map[[3]int]float64{}
	var list []flow
	size, kms := make([]float64, w.states), map[[2]int]float64{}
	for state := range w.states {
		size[state] = 2 * random.NormFloat64()
	}
	for year := range w.years {
		for from := range w.states {
			for to := range w.states {
				if from == to {
					continue
				}
				pair := [2]int{min(from, to), max(from, to)}
				if kms[pair] == 0 {
					kms[pair] = 500 + 15000*random.Float64()
				}
				f := flow{
					source: "s", product: "TOTAL", year: int16(2001 + year), exporter: name(from), importer: name(to),
					fob: to%7 == 3, km: kms[pair], contiguous: kms[pair] < 1500, landlocked: [2]bool{from%5 == 1, to%5 == 1}, isDefault: true,
				}
				truth := 1e8 * math.Exp(size[from]+size[to]+0.5*random.NormFloat64())
				w.truth[[3]int{year, from, to}] = truth
				rate := w.known(year, f.km, f.contiguous, f.landlocked)
				if f.fob {
					rate = 1
				}
				f.exports = w.report(random, truth*math.Exp(w.exporter(from)*random.NormFloat64()))
				f.imports = w.report(random, truth*rate*math.Exp(w.importer(to)*random.NormFloat64()))
				if random.IntN(50) == 0 {
					f.km = nan
				}
				if !math.IsNaN(f.exports.usd) || !math.IsNaN(f.imports.usd) {
					list = append(list, f)
				}
			}
		}
	}
	return list
}

func (w world) report(random *rand.Rand, usd float64) report {
	switch p := random.Float64(); {
	case p < w.missing:
		return none
	case random.Float64() < w.zero:
		usd = 0
	}
	return report{usd, random.Float64() < w.estimated}
}

// rough is a world of all that happens.
func rough(states, years int) world {
	return world{
		states: states, years: years, missing: 0.2, estimated: 0.1, zero: 0.02,
		exporter: func(s int) float64 { return 0.05 + 0.6*float64(s)/float64(states) },
		importer: func(s int) float64 { return 0.05 + 0.4*float64((s*7)%states)/float64(states) },
	}
}

// between demands what holds for all reconciled values.
func between(t *testing.T, rows []result) {
	t.Helper()
	for _, r := range rows {
		low, high := min(r.exports.usd, r.importsFOB), max(r.exports.usd, r.importsFOB)
		if math.IsNaN(r.exports.usd) {
			low, high = r.importsFOB, r.importsFOB
		}
		if math.IsNaN(r.imports.usd) {
			low, high = r.exports.usd, r.exports.usd
		}
		if !(low <= r.usd && r.usd <= high) {
			t.Fatalf("%+v: the value is not from %v to %v", r, low, high)
		}
		if (r.evidence == "both") != !math.IsNaN(r.weight) {
			t.Fatalf("%+v: a weight goes with evidence of both, and only with it", r)
		}
		rate := r.factor
		if math.IsNaN(rate) {
			rate = 1
		}
		if rate < 1 || rate > highestRate || r.imports.usd > 0 && math.Abs(r.importsFOB*rate/r.imports.usd-1) > 1e-12 {
			t.Fatalf("%+v: FOB times the factor is not the report", r)
		}
		if r.exports.usd > 0 && r.imports.usd > 0 && !r.exports.estimate && !r.imports.estimate &&
			math.Abs(math.Log(r.importsFOB/r.exports.usd)) > math.Abs(r.discrepancy)+1e-12 {
			t.Fatalf("%+v: taking the margin out widened the gap", r)
		}
		if r.valuation == "fob" && r.importsFOB != r.imports.usd && !math.IsNaN(r.imports.usd) {
			t.Fatalf("%+v: the importer reports FOB", r)
		}
	}
}

// TestWorlds demands of random reports: every flow once a method, in order of the key, values between the
// reports, and the same values for any size of batches, unit of account and order of states.
func TestWorlds(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for trial := range 12 {
		w := rough(3+random.IntN(20), 1+random.IntN(8))
		list := w.draw(random)
		rows := apply(t, 1+random.IntN(300), list)
		reconciled := of(Reconciled, rows)
		if len(of(ImportPriority, rows)) != len(list) || len(reconciled) != len(list) {
			t.Fatalf("trial %d: %d flows, %d rows", trial, len(list), len(rows))
		}
		between(t, reconciled)
		for i, r := range rows {
			if i > 0 && keyOf(rows[i-1]) >= keyOf(r) {
				t.Fatalf("trial %d: %q follows %q", trial, keyOf(r), keyOf(rows[i-1]))
			}
		}
		if diff := cmp.Diff(rows, apply(t, 100_000, list), same); diff != "" {
			t.Fatalf("trial %d: in one batch:\n%s", trial, diff)
		}

		inverted := slices.Clone(list)
		for i := range inverted {
			inverted[i].exporter, inverted[i].importer = turn(inverted[i].exporter), turn(inverted[i].importer)
		}
		slices.SortFunc(inverted, func(a, b flow) int {
			return compare(fmt.Sprint(a.year, a.exporter, a.importer), fmt.Sprint(b.year, b.exporter, b.importer))
		})
		named := apply(t, 1000, inverted)
		for i := range named {
			named[i].exporter, named[i].importer = turn(named[i].exporter), turn(named[i].importer)
		}
		slices.SortFunc(named, func(a, b result) int { return compare(keyOf(a), keyOf(b)) })
		if diff := cmp.Diff(rows, named, same); diff != "" {
			t.Fatalf("trial %d: with other names (+):\n%s", trial, diff)
		}
	}
}

// TestScale demands that values in another unit of account change in proportion, as long as none crosses a
// threshold.
func TestScale(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	w := rough(20, 4)
	list := w.draw(random)
	scale := func(by float64) []flow {
		scaled := slices.Clone(list)
		for i := range scaled {
			scaled[i].exports.usd *= by
			scaled[i].imports.usd *= by
		}
		return scaled
	}
	low, high := apply(t, 1000, scale(1e6)), apply(t, 1000, scale(1e9))
	for i := range high {
		for _, usd := range []*float64{&high[i].usd, &high[i].exports.usd, &high[i].imports.usd, &high[i].importsFOB} {
			*usd /= 1e3
		}
	}
	if diff := cmp.Diff(low, high, same); diff != "" {
		t.Errorf("in thousands (+):\n%s", diff)
	}
}

// TestSameBytes demands the same output whatever the number of processors and the order of work.
func TestSameBytes(t *testing.T) {
	w := rough(40, 9)
	list := w.draw(rand.New(rand.NewPCG(5, 6)))
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	var first []byte
	for _, processors := range []int{1, 2, 3, 8} {
		runtime.GOMAXPROCS(processors)
		sink := &written{}
		sink.w = ipc.NewWriter(&sink.bytes, ipc.WithSchema(output), ipc.WithDictionaryDeltas(false))
		if err := push(memory.DefaultAllocator, 500, list, sink); err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = sink.bytes.Bytes()
		}
		if len(first) < 10_000 || !bytes.Equal(first, sink.bytes.Bytes()) {
			t.Fatalf("%d processors: %d bytes, at first %d", processors, sink.bytes.Len(), len(first))
		}
	}
}

// written is a sink that keeps the bytes of what it gets.
type written struct {
	collector
	bytes bytes.Buffer
	w     *ipc.Writer
}

func (w *written) Batch(in arrow.RecordBatch) error { return w.w.Write(in) }

// TestKnownErrors draws reports with known errors and demands them back: the margin, the order and the
// rough size of the sigmas, and values nearer the truth than either report or their mean.
func TestKnownErrors(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	w := world{
		states: 60, years: 7,
		exporter: func(s int) float64 { return 0.05 + 0.01*float64(s) },
		importer: func(s int) float64 { return 0.05 + 0.01*float64((s*7)%60) },
	}
	list := w.draw(random)
	reconciled := of(Reconciled, apply(t, 4096, list))
	between(t, reconciled)

	var known, found []float64
	var value, exports, imports, mean, rate float64
	for i, r := range reconciled {
		f := list[i]
		from, to := int(r.exporter[0]-'A')*26+int(r.exporter[1]-'A'), int(r.importer[0]-'A')*26+int(r.importer[1]-'A')
		truth := w.truth[[3]int{int(r.year) - 2001, from, to}]
		if r.year == 2004 && to == (from+1)%60 {
			known = append(known, w.exporter(from), w.importer(to))
			found = append(found, r.sigmas[0], r.sigmas[1])
		}
		distance := func(usd float64) float64 { return math.Abs(math.Log(usd / truth)) }
		value, exports = value+distance(r.usd), exports+distance(r.exports.usd)
		imports, mean = imports+distance(r.importsFOB), mean+distance((r.exports.usd+r.importsFOB)/2)
		if !math.IsNaN(r.factor) && !math.IsNaN(f.km) {
			want := min(max(w.known(int(r.year)-2001, f.km, f.contiguous, f.landlocked), 1), highestRate)
			rate = max(rate, math.Abs(r.factor-want))
		}
	}
	n := float64(len(reconciled))
	t.Logf("mean log error: value %.3f, exports %.3f, imports %.3f, mean %.3f; rate off by %.3f at most",
		value/n, exports/n, imports/n, mean/n, rate)
	t.Logf("sigmas: rank correlation %.3f, mean %.3f of %.3f", spearman(known, found), average(found), average(known))
	if value > 0.95*mean || value > exports || value > imports {
		t.Errorf("mean log error of the value %.3f, of the exporter's report %.3f, the importer's %.3f, their mean %.3f",
			value/n, exports/n, imports/n, mean/n)
	}
	if rate > 0.03 {
		t.Errorf("a margin is off by %.3f", rate)
	}
	if rho := spearman(known, found); rho < 0.9 {
		t.Errorf("rank correlation of known and found sigmas %.3f", rho)
	}
	if ratio := average(found) / average(known); ratio < 0.75 || ratio > 1.33 {
		t.Errorf("found sigmas are %.2f times the known ones on average", ratio)
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

func keyOf(r result) string {
	return fmt.Sprintf("%s %s %s %d %s %s", r.method, r.source, r.product, r.year, r.exporter, r.importer)
}

func compare(a, b string) int { return bytes.Compare([]byte(a), []byte(b)) }

// turn renames a state so that the order of any two turns round.
func turn(code string) string {
	return string([]byte{'A' + 'Z' - code[0], 'A' + 'Z' - code[1], 'X'})
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

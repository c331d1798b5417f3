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
		if r.valuation == valuedFOB && r.importsFOB != r.imports.usd && !math.IsNaN(r.imports.usd) {
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

func keyOf(r result) string {
	return fmt.Sprintf("%s %s %s %d %s %s", r.method, r.source, r.product, r.year, r.exporter, r.importer)
}

func compare(a, b string) int { return bytes.Compare([]byte(a), []byte(b)) }

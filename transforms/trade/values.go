package trade

import (
	"math"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"entente/pipeline"
)

// batchRows is how many reconciled rows a batch has at most.
const batchRows = 64 << 10

// facts are the columns that the output has from the input.
type facts struct {
	source, product, year, exporter, importer arrow.Array
	exports, imports, valuation               arrow.Array
	exportsEstimated, importsEstimated        arrow.Array
	isDefault                                 arrow.Array
}

// flowValue is what a method makes of a flow; a number that there is not is NaN.
type flowValue struct {
	usd                          float64
	evidence                     evidence
	discrepancy                  float64
	factor                       float64 // CIF over FOB as applied
	importsFOB                   float64 // US dollars
	weight                       float64 // of the exporter's report
	exporterSigma, importerSigma float64
}

// noValue is a flowValue of which nothing is known.
func noValue() flowValue {
	nan := math.NaN()
	return flowValue{nan, fromBoth, nan, nan, nan, nan, nan, nan}
}

// evidence says whose report a value rests on.
type evidence int32

const (
	fromBoth evidence = iota
	fromExporter
	fromImporter
)

// values are the columns that a method makes.
type values struct {
	mem      memory.Allocator
	rows     int
	reals    [7]*array.Float64Builder // as flowValue has them
	evidence *array.Int32Builder
}

func newValues(mem memory.Allocator, room int) *values {
	v := &values{mem: mem, evidence: array.NewInt32Builder(mem)}
	v.evidence.Reserve(room)
	for i := range v.reals {
		v.reals[i] = array.NewFloat64Builder(mem)
		v.reals[i].Reserve(room)
	}
	return v
}

func (v *values) add(f flowValue) {
	for i, x := range [...]float64{
		f.usd, f.discrepancy, f.factor, f.importsFOB, f.weight, f.exporterSigma, f.importerSigma,
	} {
		if math.IsNaN(x) {
			v.reals[i].AppendNull()
		} else {
			v.reals[i].Append(x)
		}
	}
	v.evidence.Append(int32(f.evidence))
	v.rows++
}

// batch makes an output batch, which takes over the values and one reference to each of the facts; the
// caller releases it.
func (v *values) batch(method string, f facts) arrow.RecordBatch {
	var made [7]arrow.Array
	for i, b := range v.reals {
		made[i] = b.NewArray()
		b.Release()
	}
	rests := v.evidence.NewArray()
	v.evidence.Release()
	columns := []arrow.Array{
		constant(v.mem, method, v.rows), f.source, f.product, f.year, f.exporter, f.importer,
		made[0], f.exports, f.imports, f.valuation, f.exportsEstimated, f.importsEstimated,
		dictionary(v.mem, rests, []string{fromBoth: "both", fromExporter: "exporter", fromImporter: "importer"}),
		made[1], made[2], made[3], made[4], made[5], made[6], f.isDefault,
	}
	defer func() {
		for _, column := range columns {
			column.Release()
		}
	}()
	return array.NewRecordBatch(output, columns, int64(v.rows))
}

// reals is a column of numbers; NaN is null.
func reals(mem memory.Allocator, values []float64) arrow.Array {
	b := array.NewFloat64Builder(mem)
	defer b.Release()
	b.Reserve(len(values))
	for _, v := range values {
		if math.IsNaN(v) {
			b.AppendNull()
		} else {
			b.UnsafeAppend(v)
		}
	}
	return b.NewArray()
}

// flags is a column of truth values: true where a flow has the one mark, false where it has the other,
// else null. Without another mark there are no nulls.
func flags(mem memory.Allocator, list []marks, yes, no marks) arrow.Array {
	b := array.NewBooleanBuilder(mem)
	defer b.Release()
	b.Reserve(len(list))
	for _, m := range list {
		if no == 0 || m&(yes|no) != 0 {
			b.UnsafeAppend(m&yes != 0)
		} else {
			b.AppendNull()
		}
	}
	return b.NewArray()
}

// valuations is the column of how importers value their imports.
func valuations(mem memory.Allocator, list []marks) arrow.Array {
	b := array.NewInt32Builder(mem)
	defer b.Release()
	for _, m := range list {
		switch {
		case m&importsCIF != 0:
			b.Append(0)
		case m&importsFOB != 0:
			b.Append(1)
		default:
			b.AppendNull()
		}
	}
	return dictionary(mem, b.NewArray(), []string{valuedCIF, valuedFOB})
}

// codes is a column of states by their places.
func codes(mem memory.Allocator, places []int16, states []string) arrow.Array {
	b := array.NewInt32Builder(mem)
	defer b.Release()
	b.Reserve(len(places))
	for _, place := range places {
		b.UnsafeAppend(int32(place))
	}
	return dictionary(mem, b.NewArray(), states)
}

// constant is a column of one text.
func constant(mem memory.Allocator, text string, rows int) arrow.Array {
	b := array.NewInt32Builder(mem)
	defer b.Release()
	b.AppendValues(make([]int32, rows), nil)
	return dictionary(mem, b.NewArray(), []string{text})
}

// dictionary makes a column of texts by their places, whose reference it takes over.
func dictionary(mem memory.Allocator, places arrow.Array, texts []string) arrow.Array {
	defer places.Release()
	b := array.NewStringBuilder(mem)
	defer b.Release()
	b.AppendValues(texts, nil)
	values := b.NewArray()
	defer values.Release()
	return array.NewDictionaryArray(pipeline.Dictionary, places, values)
}

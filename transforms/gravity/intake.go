package gravity

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"runtime"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"entente/pipeline"
)

// yearOfFlows are the flows of one year of one source by one method.
type yearOfFlows struct {
	source, method string
	year           int16
	names          []string // of the regressors
	states         []string // in the order of their numbers
	number         map[string]int32
	exporters      []int32
	importers      []int32
	sample         Sample
}

// fitted is what came of a year.
type fitted struct {
	*yearOfFlows
	Fit
	note string // why there is no fit, or ""
}

// intake is the sink: it collects a year and has it fitted while the next one is read.
type intake struct {
	Transform
	next  pipeline.Sink
	year  *yearOfFlows
	under []chan fitted // years under way, in order
}

func (in *intake) Reject(r pipeline.Reject) error           { return in.next.Reject(r) }
func (in *intake) Filter(rule string, filtered int64) error { return in.next.Filter(rule, filtered) }

func (in *intake) Batch(rows arrow.RecordBatch) error {
	at, err := locate(rows.Schema())
	if err != nil {
		return err
	}
	source, method := pipeline.TextAt(rows.Column(at.source)), pipeline.TextAt(rows.Column(at.method))
	exporter, importer := pipeline.TextAt(rows.Column(at.exporter)), pipeline.TextAt(rows.Column(at.importer))
	years := rows.Column(at.year).(*array.Int16)
	actual := rows.Column(at.actual).(*array.Float64)
	regressors := make([]*array.Float64, len(at.regressors))
	for k, column := range at.regressors {
		regressors[k] = rows.Column(column).(*array.Float64)
	}
	for row := range int(rows.NumRows()) {
		for i := range int(rows.NumCols()) {
			if rows.Column(i).IsNull(row) {
				return fmt.Errorf("gravity: column %s has a null; the select must leave such rows out", rows.ColumnName(i))
			}
		}
		if err := in.begin(source(row), method(row), years.Value(row), at.names); err != nil {
			return err
		}
		y := in.year
		from, to := y.state(exporter(row)), y.state(importer(row))
		y.exporters, y.importers = append(y.exporters, from), append(y.importers, to)
		y.sample.Flows = append(y.sample.Flows, actual.Value(row))
		for k, x := range regressors {
			y.sample.Regressors[k] = append(y.sample.Regressors[k], x.Value(row))
		}
	}
	return nil
}

// begin starts a new year where the row is of another one than the row before.
func (in *intake) begin(source, method string, year int16, names []string) error {
	if y := in.year; y != nil {
		order := cmp.Or(strings.Compare(y.source, source), strings.Compare(y.method, method), cmp.Compare(y.year, year))
		if order == 0 {
			return nil
		}
		if order > 0 {
			return fmt.Errorf("gravity: %s %s %d follows %s %s %d; the select must order by source, method, year",
				source, method, year, y.source, y.method, y.year)
		}
		if err := in.finish(runtime.GOMAXPROCS(0)); err != nil {
			return err
		}
	}
	in.year = &yearOfFlows{
		source: strings.Clone(source), method: strings.Clone(method), year: year, names: names,
		number: map[string]int32{}, sample: Sample{Regressors: make([][]float64, len(names))},
	}
	return nil
}

// state returns the number of a state.
func (y *yearOfFlows) state(code string) int32 {
	n, known := y.number[code]
	if !known {
		n, code = int32(len(y.states)), strings.Clone(code)
		y.states, y.number[code] = append(y.states, code), n
	}
	return n
}

// finish has the year fitted, and passes on the oldest of more than limit years that are under way.
func (in *intake) finish(limit int) error {
	if y := in.year; y != nil {
		done := make(chan fitted, 1)
		in.under, in.year = append(in.under, done), nil
		go func() { done <- y.fit() }()
	}
	for len(in.under) > limit {
		f := <-in.under[0]
		in.under = in.under[1:]
		var batch arrow.RecordBatch
		if in.estimates {
			batch = f.estimates(in.mem)
		} else {
			batch = f.flows(in.mem)
		}
		err := in.next.Batch(batch)
		batch.Release()
		if err != nil {
			return err
		}
	}
	return nil
}

// fit fits the year: an effect of every exporter and of every importer, errors clustered by pair.
func (y *yearOfFlows) fit() fitted {
	n := int32(len(y.states))
	y.sample.Effects = [][]int32{y.exporters, y.importers}
	y.sample.Clusters = make([]int32, len(y.exporters))
	for i, from := range y.exporters {
		to := y.importers[i]
		y.sample.Clusters[i] = min(from, to)*n + max(from, to)
	}
	fit, err := PPML(y.sample)
	f := fitted{yearOfFlows: y, Fit: fit}
	switch {
	case errors.Is(err, ErrNoFlow):
		f.note, f.Expected = err.Error(), make([]float64, len(y.exporters))
	case err != nil:
		f.note = err.Error()
	}
	return f
}

// Close fits the last year and passes on what is under way.
func (in *intake) Close() error {
	if err := in.finish(0); err != nil {
		return err
	}
	return in.next.Close()
}

func appendKnown(b *array.Float64Builder, v float64) {
	if math.IsNaN(v) {
		b.AppendNull()
	} else {
		b.Append(v)
	}
}

package imts

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"slices"
	"strings"

	"entente/pipeline"
	"entente/pipeline/delimited"
)

// Rules by which records are left out.
const (
	noObservation = "attributes of the data set, no observation"
	noValue       = "no value"
	notAnnual     = "frequency other than annual"
)

// Headers of the columns that the parser looks into itself.
const (
	country     = "COUNTRY"
	counterpart = "COUNTERPART_COUNTRY"
	indicator   = "INDICATOR"
	period      = "TIME_PERIOD"
	observation = "OBS_VALUE"
	frequency   = "FREQUENCY"
	valuation   = "VALUATION"
	status      = "STATUS"
)

func columns() []delimited.Column {
	return []delimited.Column{
		delimited.Whole(pipeline.NotNull(pipeline.Int16("year", "year", "calendar year of the trade")), period),
		delimited.Text(pipeline.NotNull(pipeline.Code("reporter_code", "the IMF's code of the economy that reports")), country),
		delimited.Text(pipeline.NotNull(pipeline.Code("partner_code", "the IMF's code of the economy that the goods went to or came from")), counterpart),
		delimited.OneOf(pipeline.NotNull(pipeline.Code("indicator", "the IMF's code of what is measured: XG_FOB_USD exports, MG_CIF_USD or MG_FOB_USD imports of goods")), indicators, indicator),
		delimited.Text(pipeline.NotNull(pipeline.Code("flow", "X exports, M imports of the reporter, as the indicator's code has it")), indicator),
		delimited.Text(pipeline.NotNull(pipeline.Code("valuation", "FOB or CIF, as published; some importers' CIF figures are FOB in truth")), valuation).Maybe(),
		delimited.Real(pipeline.NotNull(pipeline.Real("value_usd", "US dollars", "value of the goods, current dollars")), observation),
		delimited.Truth(pipeline.Flag("is_estimate", "whether the IMF estimated the value (status E); null where no status is published"), status).Maybe(),
		delimited.Text(pipeline.Code("status", "the IMF's status of the value, null where it says nothing"), status).Maybe(),
		delimited.Text(pipeline.Code("derivation_type", "the IMF's mark of how the value came about, null where it says nothing"), "DERIVATION_TYPE").Maybe(),
	}
}

func layout(file string) delimited.Layout {
	return delimited.Layout{
		Source: name, File: file, Columns: columns(),
		Ignored: []string{
			"DATAFLOW", frequency, "SCALE", "PRECISION", "DECIMALS_DISPLAYED", "TRADE_FLOW", "UNIT", "OVERLAP", "METHODOLOGY",
		},
	}
}

// Parse implements pipeline.Source.
func (s *source) Parse(ctx context.Context, snapshot fs.FS, table string, out pipeline.Sink) error {
	if table != flows {
		return fmt.Errorf("source %s: no table %q", name, table)
	}
	for _, code := range s.settings.Indicators {
		if err := s.parse(ctx, snapshot, code, unclosed{out}); err != nil {
			return err
		}
	}
	return out.Close()
}

// parse reads an indicator's parts, whose last one is open unless the settings name its end. How many there
// are depended on the day of the fetch.
func (s *source) parse(ctx context.Context, snapshot fs.FS, code string, out pipeline.Sink) error {
	for from := s.settings.FromYear; ; {
		p := part{code, from, from - from%10 + 9}
		if end := s.settings.ToYear; end != 0 {
			p.to = min(p.to, end)
		}
		err := parsePart(ctx, snapshot, p.file(), out)
		if errors.Is(err, fs.ErrNotExist) && s.settings.ToYear == 0 {
			return parsePart(ctx, snapshot, part{code, from, 0}.file(), out)
		}
		if err != nil || p.to == s.settings.ToYear {
			return err
		}
		from = p.to + 1
	}
}

func parsePart(ctx context.Context, snapshot fs.FS, file string, out pipeline.Sink) error {
	l := layout(file)
	r := &reader{out: out, builder: delimited.NewBuilder(l.Columns, file, out), kept: never}
	start := func(header []string) (delimited.ReadRecord, error) {
		var err error
		if r.at, err = l.Match(header, out); err != nil {
			return nil, err
		}
		r.find(header, l.Columns)
		return r.read, nil
	}
	return l.Read(ctx, snapshot, out, start, r.builder.Flush)
}

// never is a reader's kept before a Mark that holds.
const never = math.MaxInt

// unclosed passes on everything but the end of a part.
type unclosed struct{ pipeline.Sink }

// Close implements pipeline.Sink.
func (unclosed) Close() error { return nil }

// reader takes the records of one file.
type reader struct {
	out     pipeline.Sink
	builder *delimited.Builder
	at      []int    // of each column in the header, -1 for one that is absent
	kept    int      // cells from here on, where they are those of the reference record, are as at the last Mark
	last    [][]byte // cell of each column in repeated at the last Mark

	country, counterpart, indicator, period, observation, frequency int // in the header
	flow, valuation, estimate                                       int // in the columns
	repeated                                                        []int
}

// find looks the places up of what is not simply copied.
func (r *reader) find(header []string, columns []delimited.Column) {
	for name, at := range map[string]*int{
		country: &r.country, counterpart: &r.counterpart, indicator: &r.indicator, period: &r.period,
		observation: &r.observation, frequency: &r.frequency,
	} {
		*at = slices.Index(header, name)
	}
	for name, at := range map[string]*int{"flow": &r.flow, "valuation": &r.valuation, "is_estimate": &r.estimate} {
		*at = slices.IndexFunc(columns, func(c delimited.Column) bool { return c.Field.Name == name })
	}
	r.last = make([][]byte, len(columns))
	for i, c := range columns {
		if slices.Contains([]string{country, counterpart, indicator}, c.Names[0]) {
			r.repeated = append(r.repeated, i)
		}
	}
}

// read implements delimited.ReadRecord. It decodes only the cells that are not those of the record before,
// which are few: reporters stand together, and what follows the value is the same for most.
func (r *reader) read(rec *delimited.Record) (problem string, err error) {
	whole := rec.SameFrom == len(rec.Cells)
	if whole {
		r.kept = never
	}
	if rule := r.leaveOut(rec.Cells); rule != "" {
		return "", r.out.Filter(rule, 1)
	}
	same := max(rec.SameFrom, r.kept)
	for i, from := range r.at {
		cell := []byte(nil)
		if from >= 0 {
			cell = rec.Cells[from]
		}
		switch {
		case i == r.valuation && len(cell) == 0:
			cell = valuationOf(rec.Cells[r.indicator])
		case from >= same || r.kept < never && r.last[i] != nil && bytes.Equal(r.last[i], cell):
			r.builder.Keep(i)
			continue
		case i == r.flow:
			cell = cell[:min(1, len(cell))]
		case i == r.estimate && from >= 0:
			cell = truth(string(cell) == "E")
		}
		if err := r.builder.Set(i, cell); err != nil {
			return err.Error(), nil
		}
	}
	return "", r.append(rec, whole)
}

// append ends a row, with which later ones are compared.
func (r *reader) append(rec *delimited.Record, whole bool) error {
	r.builder.Mark()
	if r.kept = rec.SameFrom; whole {
		r.kept = 0
	}
	for _, i := range r.repeated {
		r.last[i] = append(r.last[i][:0], rec.Cells[r.at[i]]...)
	}
	flushed, err := r.builder.Append(rec)
	if flushed {
		r.kept = never
	}
	return err
}

// leaveOut returns the rule by which a record is no row, or "".
func (r *reader) leaveOut(cells [][]byte) string {
	switch value := string(cells[r.observation]); {
	case (value == "" || value == "NaN") && len(cells[r.country])+len(cells[r.counterpart])+len(cells[r.period]) == 0:
		return noObservation
	case value == "" || value == "NaN":
		return noValue
	case r.frequency >= 0 && string(cells[r.frequency]) != "A":
		return notAnnual
	}
	return ""
}

// valuationOf is the valuation that an indicator's code names, such as MG_CIF_USD, or nil.
func valuationOf(code []byte) []byte {
	for _, v := range []string{"FOB", "CIF"} {
		if strings.Contains(string(code), "_"+v+"_") {
			return []byte(v)
		}
	}
	return nil
}

func truth(is bool) []byte {
	if is {
		return []byte("1")
	}
	return []byte("0")
}

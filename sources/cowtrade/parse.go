package cowtrade

import (
	"context"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"entente/pipeline"
	"entente/pipeline/archive"
	"entente/pipeline/delimited"
)

// missing is how the files write a flow that nobody reported.
const missing = "-9"

// largest bounds a member: the published file of dyads has some 82 MB.
const largest = 1 << 30

// million is the unit of every amount.
const million = "million US dollars"

var (
	dyadsName    = regexp.MustCompile(`(?i)^dyadic.*\.csv$`)
	nationalName = regexp.MustCompile(`(?i)^national.*\.csv$`)
)

// Amounts, by the names of the files' columns.
var (
	dyadAmounts     = []string{"flow1", "flow2", "smoothflow1", "smoothflow2"}
	nationalAmounts = []string{"imports", "exports"}
)

func number(column, description string) delimited.Column {
	return delimited.Whole(pipeline.NotNull(pipeline.Int16(column, "", description)), column)
}

func year() delimited.Column {
	return delimited.Whole(pipeline.NotNull(pipeline.Int16("year", "year", "calendar year")), "year")
}

func amount(column, header, description string) delimited.Column {
	return delimited.Real(pipeline.Real(column, million, description), header).Alias(missing, "").Alias(missing+".0", "")
}

func code(column, description string) delimited.Column {
	return delimited.Windows1252(pipeline.Code(column, description), column).Alias(missing, "")
}

func dyadColumns() []delimited.Column {
	return []delimited.Column{
		number("ccode1", "Correlates of War number of the first state, the lower one"),
		number("ccode2", "Correlates of War number of the second state"),
		year(),
		amount("flow1_musd", "flow1", "imports of the first state from the second, current prices; null where missing"),
		amount("flow2_musd", "flow2", "imports of the second state from the first, current prices; null where missing"),
		amount("smoothflow1_musd", "smoothflow1", "flow1_musd with spikes and dips smoothed by its authors"),
		amount("smoothflow2_musd", "smoothflow2", "flow2_musd with spikes and dips smoothed by its authors"),
		code("source1", "the codebook's code of where flow1_musd is from"),
		code("source2", "the codebook's code of where flow2_musd is from"),
		code("version", "version of the data set"),
	}
}

func nationalColumns() []delimited.Column {
	return []delimited.Column{
		number("ccode", "Correlates of War number of the state"),
		year(),
		amount("imports_musd", "imports", "imports from all the world, current prices; null where missing"),
		amount("exports_musd", "exports", "exports to all the world, current prices; null where missing"),
		code("version", "version of the data set"),
	}
}

// Columns that are known and not loaded: names that the numbers stand for, figures derived from the flows,
// and alternative flows that the codebook keeps apart.
var (
	dyadIgnored = []string{
		"importer1", "importer2", "smoothtotrade", "spike1", "spike2", "dip1", "dip2", "trdspike", "tradedip",
		"bel_lux_alt_flow1", "bel_lux_alt_flow2", "china_alt_flow1", "china_alt_flow2",
	}
	nationalIgnored = []string{"statename", "stateabb", "alt_imports", "alt_exports", "source1", "source2"}
)

// Parse implements pipeline.Source.
func (s *source) Parse(ctx context.Context, snapshot fs.FS, table string, out pipeline.Sink) error {
	members := archive.New(name, snapshot, archive.Limits{Bytes: largest})
	l := delimited.Layout{Source: name, BareEnd: true} // the archive's checksum says that a member is whole
	match, amounts := dyadsName, dyadAmounts
	switch table {
	case dyadsTable:
		l.Columns, l.Ignored = dyadColumns(), dyadIgnored
	case statesTable:
		match, amounts = nationalName, nationalAmounts
		l.Columns, l.Ignored = nationalColumns(), nationalIgnored
	default:
		return fmt.Errorf("source %s: no table %q", name, table)
	}
	member, err := members.Find(tradeFile, match)
	if err != nil {
		return err
	}
	l.File = member.Path
	return parse(ctx, l, members, amounts, out)
}

// parse reads a member, of which every record is a row.
func parse(ctx context.Context, l delimited.Layout, members fs.FS, amounts []string, out pipeline.Sink) error {
	b := delimited.NewBuilder(l.Columns, l.File, out)
	start := func(header []string) (delimited.ReadRecord, error) {
		at, err := l.Match(header, out)
		if err != nil {
			return nil, err
		}
		first, second := slices.Index(header, "ccode1"), slices.Index(header, "ccode2")
		flows := make([]int, len(amounts))
		for i, column := range amounts {
			flows[i] = slices.Index(header, column)
		}
		return func(rec *delimited.Record) (string, error) {
			for i, from := range at {
				if err := b.Set(i, rec.Cells[from]); err != nil {
					return err.Error(), nil
				}
			}
			if second >= 0 && !ascends(rec.Cells[first], rec.Cells[second]) {
				return fmt.Sprintf("ccode1 is %s and ccode2 %s; a pair stands once, the lower number first", rec.Cells[first], rec.Cells[second]), nil
			}
			for i, from := range flows {
				if negative(rec.Cells[from]) {
					return fmt.Sprintf("column %s: %q is negative, and not %s for missing", amounts[i], rec.Cells[from], missing), nil
				}
			}
			_, err := b.Append(rec)
			return "", err
		}, nil
	}
	return l.Read(ctx, members, out, start, b.Flush)
}

// negative reports whether an amount is below zero and does not say that it is missing.
func negative(cell []byte) bool {
	text := string(cell)
	return strings.HasPrefix(text, "-") && text != missing && text != missing+".0"
}

// ascends reports whether the first of two numbers is the lower. Both were decoded before.
func ascends(first, second []byte) bool {
	a, err1 := strconv.ParseFloat(string(first), 64)
	b, err2 := strconv.ParseFloat(string(second), 64)
	return err1 == nil && err2 == nil && a < b
}

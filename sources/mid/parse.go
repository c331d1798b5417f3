package mid

import (
	"context"
	"fmt"
	"io/fs"
	"regexp"
	"slices"

	"entente/pipeline"
	"entente/pipeline/archive"
	"entente/pipeline/delimited"
)

// missing is how the files write what is not known.
const missing = "-9"

// largest bounds a member: the published tables have less than 1 MB.
const largest = 256 << 20

var (
	disputesName = regexp.MustCompile(`(?i)^MIDA.*\.csv$`)
	dyadsName    = regexp.MustCompile(`(?i)ddydisps.*\.csv$`)
)

// Codes of the project's codebook.
var (
	hostilities = span(1, 5)
	fatalities  = span(0, 6)
	actions     = span(0, 21)
	outcomes    = span(1, 9)
	settlements = span(1, 4)
	months      = span(1, 12)
	days        = span(1, 31)
)

const (
	hostilityMeans = "highest level of hostility: 1 no militarized action, 2 threat, 3 display, 4 use of force, 5 war"
	fatalityMeans  = "level of battle deaths: 0 none, 1 to 25, 2 to 100, 3 to 250, 4 to 500, 5 to 999, 6 above; null where unknown"
	actionMeans    = "highest action by the codebook's number, 0 none to 21"
)

func span(from, to int64) []int64 {
	var numbers []int64
	for n := from; n <= to; n++ {
		numbers = append(numbers, n)
	}
	return numbers
}

// required is a number that every row has.
func required(column, unit, header, description string) delimited.Column {
	return delimited.Whole(pipeline.NotNull(pipeline.Int16(column, unit, description)), header)
}

// amount is a number that may be unknown.
func amount(column, unit, description string) delimited.Column {
	return delimited.Whole(pipeline.Int32(column, unit, description+"; null where unknown"), column).Alias(missing, "")
}

// level is a code that may be unknown.
func level(column string, codes []int64, description string) delimited.Column {
	return delimited.WholeOf(pipeline.Int8(column, "", description), codes, column).Alias(missing, "")
}

func truth(column, header, description string) delimited.Column {
	return delimited.Truth(pipeline.Flag(column, description), header).Alias(missing, "")
}

func disputeColumns() []delimited.Column {
	return []delimited.Column{
		required("dispnum", "", "dispnum", "number of the dispute"),
		required("styear", "year", "styear", "year in which it began"),
		level("stmon", months, "month in which it began"),
		level("stday", days, "day on which it began; null where unknown").Maybe(),
		delimited.Whole(pipeline.Int16("endyear", "year", "year in which it ended"), "endyear").Maybe(),
		level("endmon", months, "month in which it ended").Maybe(),
		level("endday", days, "day on which it ended; null where unknown").Maybe(),
		level("outcome", outcomes, "1 victory of side A, 2 of B, 3 yield by A, 4 by B, 5 stalemate, 6 compromise, 7 released, 8 unclear, 9 joins a war; null where unknown"),
		level("settle", settlements, "1 negotiated, 2 imposed, 3 none, 4 unclear; null where unknown"),
		level("fatality", fatalities, fatalityMeans),
		amount("fatalpre", "persons", "battle deaths where known exactly").Maybe(),
		amount("mindur", "days", "shortest duration that the dates allow"),
		amount("maxdur", "days", "longest duration that the dates allow"),
		level("hiact", actions, actionMeans),
		level("hostlev", hostilities, hostilityMeans),
		truth("recip", "recip", "whether side B answered with a militarized action"),
		amount("numa", "states", "states on side A").Maybe(),
		amount("numb", "states", "states on side B").Maybe(),
		truth("ongo2014", "ongo2014", "whether it had not ended at the end of 2014").Maybe(),
		delimited.Text(pipeline.Code("version", "version of the data set"), "version").Maybe(),
	}
}

func dyadColumns() []delimited.Column {
	return []delimited.Column{
		required("dispnum", "", "dispnum", "number of the dispute"),
		required("ccode1", "", "ccode1", "Correlates of War number of the first state"),
		required("ccode2", "", "ccode2", "Correlates of War number of the second state"),
		required("year", "year", "year", "calendar year"),
		truth("ongoing", "cowmidongoing", "whether the two were in the dispute in the year"),
		truth("onset", "cowmidonset", "whether it began for the two in the year"),
		truth("sidea1", "sidea1", "whether the first state was on side A, the one that acted first"),
		truth("sidea2", "sidea2", "whether the second state was on side A"),
		level("fatality1", fatalities, "of the first state's own: "+fatalityMeans),
		level("fatality2", fatalities, "of the second state's own: "+fatalityMeans),
		amount("fatalpre1", "persons", "battle deaths of the first state where known exactly"),
		amount("fatalpre2", "persons", "battle deaths of the second state where known exactly"),
		level("hiact1", actions, "of the first state: "+actionMeans),
		level("hiact2", actions, "of the second state: "+actionMeans),
		level("hostlev1", hostilities, "of the first state: "+hostilityMeans),
		level("hostlev2", hostilities, "of the second state: "+hostilityMeans),
		truth("orig1", "orig1", "whether the first state was in the dispute from its first day"),
		truth("orig2", "orig2", "whether the second state was in the dispute from its first day"),
		level("fatality", fatalities, "of the dispute: "+fatalityMeans),
		level("hostlev", hostilities, "of the dispute: "+hostilityMeans),
		amount("mindur", "days", "shortest duration of the dispute that the dates allow"),
		amount("maxdur", "days", "longest duration of the dispute that the dates allow"),
		truth("recip", "recip", "whether side B answered with a militarized action"),
		level("stmon", months, "month in which the dispute began"),
	}
}

// Parse implements pipeline.Source.
func (s *source) Parse(ctx context.Context, snapshot fs.FS, table string, out pipeline.Sink) error {
	members := archive.New(name, snapshot, archive.Limits{Bytes: largest})
	l := delimited.Layout{Source: name, BareEnd: true} // the archive's checksum says that a member is whole
	file, match := disputesFile, disputesName
	switch table {
	case disputesTable:
		l.Columns = disputeColumns()
	case dyadsTable:
		file, match, l.Columns = dyadsFile, dyadsName, dyadColumns()
	default:
		return fmt.Errorf("source %s: no table %q", name, table)
	}
	member, err := members.Find(file, match)
	if err != nil {
		return err
	}
	l.File = member.Path
	return parse(ctx, l, members, out)
}

// parse reads a member, of which every record is a row, unless it is of a state against itself.
func parse(ctx context.Context, l delimited.Layout, members fs.FS, out pipeline.Sink) error {
	b := delimited.NewBuilder(l.Columns, l.File, out)
	start := func(header []string) (delimited.ReadRecord, error) {
		at, err := l.Match(header, out)
		if err != nil {
			return nil, err
		}
		first, second := slices.Index(header, "ccode1"), slices.Index(header, "ccode2")
		return func(rec *delimited.Record) (string, error) {
			for i, from := range at {
				cell := []byte(nil)
				if from >= 0 {
					cell = rec.Cells[from]
				}
				if err := b.Set(i, cell); err != nil {
					return err.Error(), nil
				}
			}
			if second >= 0 && string(rec.Cells[first]) == string(rec.Cells[second]) {
				return fmt.Sprintf("ccode1 and ccode2 are both %s", rec.Cells[first]), nil
			}
			_, err := b.Append(rec)
			return "", err
		}, nil
	}
	return l.Read(ctx, members, out, start, b.Flush)
}

package cowalliances

import (
	"context"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"

	"entente/pipeline"
	"entente/pipeline/archive"
	"entente/pipeline/delimited"
)

// largest bounds the member: the published one has some 15 MB.
const largest = 1 << 30

// unknown is how the file writes a day that is not known.
const unknown = "-9"

// firstYear is that of the data.
const firstYear = 1816

var dyadsName = regexp.MustCompile(`(?i)by_directed_yearly.*\.csv$`)

func columns() []delimited.Column {
	number := func(column, unit, description string) delimited.Column {
		return delimited.Whole(pipeline.NotNull(pipeline.Int16(column, unit, description)), column)
	}
	part := func(column, unit, description string) delimited.Column {
		return delimited.Whole(pipeline.Int16(column, unit, description), column).Alias(unknown, "")
	}
	truth := func(column, description string) delimited.Column {
		return delimited.Truth(pipeline.NotNull(pipeline.Flag(column, description)), column)
	}
	return []delimited.Column{
		number("version4id", "", "number of the alliance"),
		number("ccode1", "", "Correlates of War number of one state"),
		number("ccode2", "", "Correlates of War number of the other"),
		number("year", "year", "calendar year"),
		number("dyad_st_year", "year", "year in which the two became allies by this agreement"),
		number("dyad_st_month", "month", "month of it"),
		part("dyad_st_day", "day", "day of it; null where it is not known"),
		part("dyad_end_year", "year", "year in which they ceased to be; null where they had not when the data ended"),
		part("dyad_end_month", "month", "month of it"),
		part("dyad_end_day", "day", "day of it; null where it is not known, too"),
		truth("defense", "whether to assist the other if attacked (type I)"),
		truth("neutrality", "whether to stay out of the other's wars (type II)"),
		truth("nonaggression", "whether not to attack the other (type IIb)"),
		truth("entente", "whether to consult in a crisis (type III)"),
		delimited.Truth(pipeline.Flag("left_censor", "whether the alliance was older than the data; null where not said"), "left_censor"),
		delimited.Truth(pipeline.Flag("right_censor", "whether it had not ended when the data did; null where not said"), "right_censor"),
		delimited.Windows1252(pipeline.Code("version", "version of the data set"), "version").Maybe(),
	}
}

// Parse implements pipeline.Source.
func (s *source) Parse(ctx context.Context, snapshot fs.FS, table string, out pipeline.Sink) error {
	if table != dyadsTable {
		return fmt.Errorf("source %s: no table %q", name, table)
	}
	members := archive.New(name, snapshot, archive.Limits{Bytes: largest})
	member, err := members.Find(alliancesFile, dyadsName)
	if err != nil {
		return err
	}
	l := delimited.Layout{
		Source: name, File: member.Path, Columns: columns(),
		Ignored: []string{"state_name1", "state_name2"},
		BareEnd: true, // the archive's checksum says that the member is whole
	}
	b := delimited.NewBuilder(l.Columns, l.File, out)
	start := func(header []string) (delimited.ReadRecord, error) {
		at, err := l.Match(header, out)
		if err != nil {
			return nil, err
		}
		year, first, second := slices.Index(header, "year"), slices.Index(header, "ccode1"), slices.Index(header, "ccode2")
		return func(rec *delimited.Record) (string, error) {
			for i, from := range at {
				var cell []byte
				if from >= 0 {
					cell = rec.Cells[from]
				}
				if err := b.Set(i, cell); err != nil {
					return err.Error(), nil
				}
			}
			if n, err := strconv.ParseFloat(string(rec.Cells[year]), 64); err != nil || n < firstYear {
				return fmt.Sprintf("column year: %q is no year of the data, which begin in %d", rec.Cells[year], firstYear), nil
			}
			if string(rec.Cells[first]) == string(rec.Cells[second]) {
				return fmt.Sprintf("ccode1 and ccode2 are both %s; a state has no alliance with itself", rec.Cells[first]), nil
			}
			_, err := b.Append(rec)
			return "", err
		}, nil
	}
	return l.Read(ctx, members, out, start, b.Flush)
}

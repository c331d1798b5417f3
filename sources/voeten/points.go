package voeten

import (
	"context"
	"io/fs"
	"slices"
	"strconv"

	"entente/pipeline"
	"entente/pipeline/delimited"
)

// firstYear is added to a session's number to give the year in which it opened.
const firstYear = 1945

// A release has one or more series side by side, told apart by the end of their column names.
const (
	unmarked = ""    // the only one, to 2020
	all      = "All" // from all votes
	final    = "FP"  // from votes on final passage, in the releases by calendar year
)

// pointColumns reads one series.
func pointColumns(series string) []delimited.Column {
	quantile := func(column, header, of string) delimited.Column {
		return delimited.Real(pipeline.Real(column, "standard deviations", of+" of the posterior"), header+series)
	}
	return []delimited.Column{
		delimited.Whole(pipeline.NotNull(pipeline.Int16("ccode", "", "Correlates of War number of the state")), "ccode"),
		delimited.Windows1252(pipeline.Text("country_name", "name of the state in the file"), "Countryname"),
		delimited.Windows1252(pipeline.Code("iso3c", "code of the state in the file; not unique, two states share DEU and YAR each"), "iso3c"),
		delimited.Whole(pipeline.Int16("session", "", "session of the Assembly; null in releases by calendar year that give none"), "session").Maybe(),
		delimited.Whole(pipeline.NotNull(pipeline.Int16("year", "year", "calendar year; session + 1945 in releases by session")), "year").Maybe(),
		delimited.Whole(pipeline.Int16("vote_count", "ballots", "ballots of the state that the estimate uses"), "NVotes"+series),
		delimited.Real(pipeline.NotNull(pipeline.Real("ideal_point", "standard deviations", "ideal point: posterior mean, 0 and 1 being mean and standard deviation over all")), "IdealPoint"+series),
		quantile("q05", "Q5%", "5 % quantile"),
		quantile("q10", "Q10%", "10 % quantile"),
		quantile("q50", "Q50%", "median"),
		quantile("q90", "Q90%", "90 % quantile"),
		quantile("q95", "Q95%", "95 % quantile"),
		delimited.Real(pipeline.Real("q0", "standard deviations", "lowest draw of the posterior"), "QO%"+series, "Q0%"+series).Maybe(),
		delimited.Real(pipeline.Real("q100", "standard deviations", "highest draw of the posterior"), "Q100%"+series).Maybe(),
	}
}

// seriesOf says which series of a file is read: of final passage before all votes before the unmarked one,
// which the newest releases keep as a legacy.
func seriesOf(header []string) string {
	for _, series := range []string{final, all} {
		if slices.Contains(header, "IdealPoint"+series) {
			return series
		}
	}
	return unmarked
}

// parsePoints reads the ideal points of every known release.
func parsePoints(ctx context.Context, snapshot fs.FS, out pipeline.Sink) error {
	l := delimited.Layout{Source: name, File: idealPointsFile, Ignored: []string{"", "Row"}}
	var b *delimited.Builder
	start := func(header []string) (delimited.ReadRecord, error) {
		l.Columns = pointColumns(seriesOf(header))
		at, err := l.Match(header, out)
		if err != nil {
			return nil, err
		}
		session, year := slices.Index(header, "session"), slices.Index(header, "year")
		if session < 0 && year < 0 {
			return nil, l.Refuse(1, `column "session" or "year" is missing`)
		}
		b = delimited.NewBuilder(l.Columns, l.File, out)
		return func(rec *delimited.Record) (string, error) {
			for i, from := range at {
				cell := []byte(nil)
				if from >= 0 {
					cell = rec.Cells[from]
				} else if l.Columns[i].Names[0] == "year" {
					cell = yearOf(rec.Cells[session])
				}
				if err := b.Set(i, cell); err != nil {
					return err.Error(), nil
				}
			}
			_, err := b.Append(rec)
			return "", err
		}, nil
	}
	return l.Read(ctx, snapshot, out, start, func() error { return b.Flush() })
}

// yearOf is the year in which a session opened, or the cell if it is no number, for the error to show.
func yearOf(session []byte) []byte {
	n, err := strconv.ParseInt(string(session), 10, 16)
	if err != nil {
		return session
	}
	return strconv.AppendInt(nil, n+firstYear, 10)
}

package cowstates

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"

	"entente/pipeline"
	"entente/pipeline/delimited"
)

func columns() []delimited.Column {
	days := []string{time.DateOnly}
	return []delimited.Column{
		delimited.Whole(pipeline.NotNull(pipeline.Int16("ccode", "", "Correlates of War number of the state")), "ccode"),
		delimited.Windows1252(pipeline.NotNull(pipeline.Code("stateabb", "Correlates of War abbreviation")), "stateabb"),
		delimited.Windows1252(pipeline.Text("statenme", "name, as of the end of the data"), "statenme"),
		delimited.Date(pipeline.NotNull(pipeline.Day("valid_from", "first day in the system")), days).Maybe(),
		delimited.Date(pipeline.Day("valid_to", "first day after the last one in the system; null where the spell reaches the end of the data"), days).Maybe(),
		delimited.Text(pipeline.Code("version", "version of the data set"), "version").Maybe(),
	}
}

// Positions of the columns that are made of several cells.
const (
	atFrom = 3
	atTo   = 4
)

var (
	firstDay = [3]string{"styear", "stmonth", "stday"}
	lastDay  = [3]string{"endyear", "endmonth", "endday"}
)

// Parse implements pipeline.Source.
func (s *source) Parse(ctx context.Context, snapshot fs.FS, table string, out pipeline.Sink) error {
	if table != statesTable {
		return fmt.Errorf("source %s: no table %q", name, table)
	}
	l := delimited.Layout{
		Source: name, File: statesFile, Columns: columns(),
		Ignored: slices.Concat(firstDay[:], lastDay[:]),
		BareEnd: true, // a file that was cut is shorter than the server declared
	}
	b := delimited.NewBuilder(l.Columns, l.File, out)
	start := func(header []string) (delimited.ReadRecord, error) {
		at, err := l.Match(header, out)
		if err != nil {
			return nil, err
		}
		cells := map[string]int{}
		for _, column := range l.Ignored {
			if cells[column] = slices.Index(header, column); cells[column] < 0 {
				return nil, l.Refuse(1, fmt.Sprintf("column %q is missing; the header has %s", column, strings.Join(header, ", ")))
			}
		}
		return func(rec *delimited.Record) (string, error) {
			cell := func(column string) string { return string(rec.Cells[cells[column]]) }
			from, to, problem := s.spell(cell)
			if problem != "" {
				return problem, nil
			}
			for i, source := range at {
				var value []byte
				switch {
				case i == atFrom:
					value = from
				case i == atTo:
					value = to
				case source >= 0:
					value = rec.Cells[source]
				}
				if err := b.Set(i, value); err != nil {
					return err.Error(), nil
				}
			}
			_, err := b.Append(rec)
			return "", err
		}, nil
	}
	return l.Read(ctx, snapshot, out, start, b.Flush)
}

// spell returns a record's first day and the first one after its last, nil if it had not ended, or says why
// they are no spell.
func (s *source) spell(cell func(column string) string) (from, to []byte, problem string) {
	first, problem := date(firstDay, cell)
	if problem != "" {
		return nil, nil, problem
	}
	last, problem := date(lastDay, cell)
	if problem != "" {
		return nil, nil, problem
	}
	end := last.Format(time.DateOnly)
	switch {
	case last.Before(first):
		return nil, nil, fmt.Sprintf("the spell begins on %s and ends on %s", first.Format(time.DateOnly), end)
	case end > s.settings.LastDay:
		return nil, nil, fmt.Sprintf("the spell ends on %s, and the data on %s; for another release, set last_day", end, s.settings.LastDay)
	case end < s.settings.LastDay:
		to = []byte(last.AddDate(0, 0, 1).Format(time.DateOnly))
	}
	return []byte(first.Format(time.DateOnly)), to, ""
}

// date reads year, month and day from their cells.
func date(columns [3]string, cell func(string) string) (day time.Time, problem string) {
	var n [3]int
	for i, column := range columns {
		var err error
		if n[i], err = strconv.Atoi(cell(column)); err != nil {
			return day, fmt.Sprintf("column %s: %q is not a whole number", column, cell(column))
		}
	}
	day = time.Date(n[0], time.Month(n[1]), n[2], 0, 0, 0, 0, time.UTC)
	if day.Year() != n[0] || int(day.Month()) != n[1] || day.Day() != n[2] || n[0] < 1000 || n[0] > 9999 {
		return day, fmt.Sprintf("columns %s, %s, %s: %d-%d-%d is not a day of the calendar", columns[0], columns[1], columns[2], n[0], n[1], n[2])
	}
	return day, ""
}

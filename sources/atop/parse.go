package atop

import (
	"context"
	"fmt"
	"io/fs"
	"regexp"
	"strconv"
	"strings"
	"time"

	"entente/pipeline"
	"entente/pipeline/archive"
	"entente/pipeline/delimited"
	"entente/transforms/states"
)

// largest bounds a member: the published ones have some 2 MB.
const largest = 256 << 20

// The tables' members, of 5.0, 5.1 and what may follow: atop5_0a.csv, atop5_0m.csv.
var (
	alliancesName = regexp.MustCompile(`(?i)^atop\d+_\d+a\.csv$`)
	membersName   = regexp.MustCompile(`(?i)^atop\d+_\d+m\.csv$`)
)

// anyDay will do to ask whether a number is known: what is, means something on every day.
const anyDay = 0

// memberColumn names the columns of an alliance's members.
var memberColumn = regexp.MustCompile(`^mem\d+$`)

// Parse implements pipeline.Source.
func (s *source) Parse(ctx context.Context, snapshot fs.FS, table string, out pipeline.Sink) error {
	members := archive.New(name, snapshot, archive.Limits{Bytes: largest})
	l := delimited.Layout{Source: name, BareEnd: true} // the archive's checksum says that a member is whole
	var match *regexp.Regexp
	var dates span
	switch table {
	case alliancesTable:
		match, dates, l.Columns, l.Ignored = alliancesName, allianceSpan, allianceColumns(), allianceIgnored()
	case membersTable:
		match, dates, l.Columns, l.Ignored = membersName, memberSpan, memberColumns(), memberIgnored()
	default:
		return fmt.Errorf("source %s: no table %q", name, table)
	}
	member, err := members.Find(atopFile, match)
	if err != nil {
		return err
	}
	l.File = member.Path
	return s.parse(ctx, l, dates, members, out)
}

// parse reads a member, of which every record is a row.
func (s *source) parse(ctx context.Context, l delimited.Layout, dates span, members fs.FS, out pipeline.Sink) error {
	b := delimited.NewBuilder(l.Columns, l.File, out)
	start := func(header []string) (delimited.ReadRecord, error) {
		at, err := l.Match(header, out)
		if err != nil {
			return nil, err
		}
		cells := map[string]int{}
		for i, column := range header {
			cells[column] = i
		}
		return func(rec *delimited.Record) (string, error) {
			cell := func(column string) string { return string(rec.Cells[cells[column]]) }
			first, last, problem := dates.of(cell)
			if problem == "" {
				problem = s.strangers(header, rec)
			}
			if problem != "" {
				return problem, nil
			}
			for i, from := range at {
				var value []byte
				switch {
				case i == atFirst:
					value = first
				case i == atLast:
					value = last
				case from >= 0:
					value = rec.Cells[from]
				}
				if err := b.Set(i, value); err != nil {
					return err.Error(), nil
				}
			}
			_, err := b.Append(rec)
			return "", err
		}, nil
	}
	return l.Read(ctx, members, out, start, b.Flush)
}

// strangers says which of the members that an alliance's record lists has a number that nobody knows, or "".
func (s *source) strangers(header []string, rec *delimited.Record) string {
	for i, column := range header {
		number := string(rec.Cells[i])
		if !memberColumn.MatchString(column) || number == "" || number == unknown || number == "NA" {
			continue
		}
		if _, status := s.resolver.Resolve(states.COW, strings.TrimSuffix(number, ".0"), anyDay, true); status == states.Unknown {
			return fmt.Sprintf("column %s: unknown state code %q (%s)", column, number, states.COW)
		}
	}
	return ""
}

// of returns the first and the last day as the columns of days read them, empty where one is not known or has
// not come, or says why a record's dates are none.
func (s span) of(cell func(column string) string) (first, last []byte, problem string) {
	began, _, problem := date(s.first, cell)
	if problem != "" {
		return nil, nil, problem
	}
	if began == nil {
		return nil, nil, fmt.Sprintf("column %s: empty, but required", s.first[0])
	}
	ended, after, problem := date(s.last, cell)
	if problem != "" {
		return nil, nil, problem
	}
	inEffect := cell("ineffect")
	switch {
	case inEffect == "1" && ended != nil:
		return nil, nil, fmt.Sprintf("column ineffect: 1, and %s is %s", s.last[0], cell(s.last[0]))
	case inEffect == "0" && ended == nil && cell(s.last[0]) == "0":
		return nil, nil, fmt.Sprintf("column ineffect: 0, and %s is 0, which stands for what has not ended", s.last[0])
	case ended != nil && !after.After(*began):
		return nil, nil, fmt.Sprintf("it ended on %s, before it began on %s", ended.Format(time.DateOnly), began.Format(time.DateOnly))
	}
	return exact(began, cell(s.first[2])), exact(ended, cell(s.last[2])), ""
}

// date reads year, month and day from their cells: the first day that they may mean, and the first after the
// last one. Both are nil for what has not come or is not known.
func date(columns [3]string, cell func(string) string) (from, to *time.Time, problem string) {
	var n [3]int
	for i, column := range columns {
		text := cell(column)
		if text == "" || text == unknown || text == "NA" {
			continue
		}
		whole, err := strconv.Atoi(strings.TrimSuffix(text, ".0"))
		if err != nil || whole < 0 {
			return nil, nil, fmt.Sprintf("column %s: %q is not a whole number", column, text)
		}
		n[i] = whole
	}
	if n[0] == 0 {
		return nil, nil, ""
	}
	day := max(n[2], 1)
	first := time.Date(n[0], time.Month(n[1]), day, 0, 0, 0, 0, time.UTC)
	if int(first.Month()) != n[1] || first.Day() != day {
		return nil, nil, fmt.Sprintf("columns %s: %s-%s-%s is not a day of the calendar", strings.Join(columns[:], ", "), cell(columns[0]), cell(columns[1]), cell(columns[2]))
	}
	after := first.AddDate(0, 0, 1)
	if n[2] == 0 {
		after = first.AddDate(0, 1, 0)
	}
	return &first, &after, ""
}

// exact writes a day that is known as such.
func exact(on *time.Time, day string) []byte {
	if on == nil || day == "" || day == unknown || day == "NA" {
		return nil
	}
	return []byte(on.Format(time.DateOnly))
}

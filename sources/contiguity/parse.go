package contiguity

import (
	"context"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"time"

	"entente/pipeline"
	"entente/pipeline/archive"
	"entente/pipeline/delimited"
	"entente/transforms/states"

	"github.com/apache/arrow-go/v18/arrow"
)

// largest bounds the member: the published one has some 50 kB.
const largest = 64 << 20

// apart is the type of spells in which two states were not contiguous.
const apart = "0"

// notContiguous is the rule under which those spells are left out.
const notContiguous = "spell of type 0, not contiguous"

var spellsName = regexp.MustCompile(`(?i)^contdir\.csv$`)

func columns() []delimited.Column {
	number := func(column, header, description string) delimited.Column {
		return delimited.Whole(pipeline.NotNull(pipeline.Int16(column, "", description)), header)
	}
	days := []string{time.DateOnly}
	return []delimited.Column{
		number("ccode1", "statelno", "Correlates of War number of the first state, the lower one"),
		number("ccode2", "statehno", "Correlates of War number of the second state"),
		delimited.WholeOf(pipeline.NotNull(pipeline.Int8("contiguity", "", "1 by land or a river; else across water of at most 2: 12, 3: 24, 4: 150, 5: 400 miles")),
			[]int64{1, 2, 3, 4, 5}, "conttype"),
		delimited.Date(pipeline.NotNull(pipeline.Day("valid_from", "first day of the month in which the spell began, or on which a number began to mean another state")), days, "begin"),
		delimited.Date(pipeline.Day("valid_to", "first day after the month in which the spell ended, or on which a number ceased to mean a state; null where the spell reaches the end of the data"), days, "end"),
		delimited.Text(pipeline.Code("version", "version of the data set"), "version").Maybe(),
	}
}

// Positions of the columns that are more than a cell.
const (
	atFrom = 3
	atTo   = 4
)

// Parse implements pipeline.Source.
func (s *source) Parse(ctx context.Context, snapshot fs.FS, table string, out pipeline.Sink) error {
	if table != spellsTable {
		return fmt.Errorf("source %s: no table %q", name, table)
	}
	members := archive.New(name, snapshot, archive.Limits{Bytes: largest})
	member, err := members.Find(contiguityFile, spellsName)
	if err != nil {
		return err
	}
	l := delimited.Layout{
		Source: name, File: member.Path, Columns: columns(),
		Ignored: []string{"dyad", "statelab", "statehab", "notes"},
		BareEnd: true, // the archive's checksum says that the member is whole
	}
	b := delimited.NewBuilder(l.Columns, l.File, out)
	start := func(header []string) (delimited.ReadRecord, error) {
		at, err := l.Match(header, out)
		if err != nil {
			return nil, err
		}
		kind := slices.Index(header, "conttype")
		return func(rec *delimited.Record) (string, error) {
			if string(rec.Cells[kind]) == apart {
				return "", out.Filter(notContiguous, 1)
			}
			return s.add(b, rec, at)
		}, nil
	}
	return l.Read(ctx, members, out, start, b.Flush)
}

// add appends a record's spell, cut where one of its numbers begins to mean another state. It returns why
// the record is no spell, or "".
func (s *source) add(b *delimited.Builder, rec *delimited.Record, at []int) (problem string, err error) {
	for i, from := range at {
		if i == atFrom || i == atTo {
			continue
		}
		cell := []byte(nil)
		if from >= 0 {
			cell = rec.Cells[from]
		}
		if err := b.Set(i, cell); err != nil {
			return err.Error(), nil
		}
	}
	first, second := number(rec.Cells[at[0]]), number(rec.Cells[at[1]])
	if first >= second {
		return fmt.Sprintf("statelno is %d and statehno %d; a pair stands once, the lower number first", first, second), nil
	}
	begin, end := string(rec.Cells[at[atFrom]]), string(rec.Cells[at[atTo]])
	from, err1 := time.Parse(month, begin)
	last, err2 := time.Parse(month, end)
	switch {
	case err1 != nil:
		return fmt.Sprintf("column begin: %q is not a month such as 201612", begin), nil
	case err2 != nil:
		return fmt.Sprintf("column end: %q is not a month such as 201612", end), nil
	case last.Before(from):
		return fmt.Sprintf("the spell begins in %s and ends in %s", begin, end), nil
	case end > s.settings.LastMonth:
		return fmt.Sprintf("the spell ends in %s, and the data in %s; for another release, set last_month", end, s.settings.LastMonth), nil
	}
	to := last.AddDate(0, 1, 0)
	cuts := append(s.changes(first, from, to), s.changes(second, from, to)...)
	slices.SortFunc(cuts, time.Time.Compare)
	cuts = append(slices.CompactFunc(cuts, time.Time.Equal), to)
	for _, cut := range cuts {
		until := []byte(cut.Format(time.DateOnly))
		if cut.Equal(to) && end == s.settings.LastMonth {
			until = nil
		}
		if err := b.Set(atFrom, []byte(from.Format(time.DateOnly))); err != nil {
			return err.Error(), nil
		}
		if err := b.Set(atTo, until); err != nil {
			return err.Error(), nil
		}
		if _, err := b.Append(rec); err != nil {
			return "", err
		}
		from = cut
	}
	return "", nil
}

// changes lists the days after from and before to on which a number begins to mean another state. A number
// changes at most once a year.
func (s *source) changes(ccode int64, from, to time.Time) []time.Time {
	value := strconv.FormatInt(ccode, 10)
	meaning := func(day time.Time) string {
		iso3, _ := s.resolver.Resolve(states.COW, value, arrow.Date32FromTime(day), true)
		return iso3
	}
	var days []time.Time
	for at := from; at.Before(to); {
		next := at.AddDate(1, 0, 0)
		if next.After(to) {
			next = to
		}
		width := int(next.Sub(at).Hours() / 24)
		old := meaning(at)
		n := sort.Search(width+1, func(n int) bool { return meaning(at.AddDate(0, 0, n)) != old })
		if day := at.AddDate(0, 0, n); n <= width && day.Before(to) {
			days = append(days, day)
		}
		at = next
	}
	return days
}

// number reads a cell that was decoded as a whole number before, and so may end in a fraction of zeros.
func number(cell []byte) int64 {
	x, err := strconv.ParseFloat(string(cell), 64)
	if err != nil {
		return -1
	}
	return int64(x)
}

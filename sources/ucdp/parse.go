package ucdp

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"time"

	"entente/pipeline"
	"entente/pipeline/archive"
	"entente/pipeline/delimited"
)

// largest bounds the member: the published one has less than 1 MB.
const largest = 256 << 20

var tableName = regexp.MustCompile(`(?i)^Ucdp.*Prio.*\.csv$`)

// separator stands between the states of one cell.
const separator = ","

// noState is the rule under which a conflict without a state on any side has no party.
const noState = "no state takes part"

// A cell of the four that list states: the column in the file, and what its states are.
type cell struct{ header, side, role string }

var partyCells = []cell{
	{"gwno_a", "a", "primary"},
	{"gwno_a_2nd", "a", "secondary"},
	{"gwno_b", "b", "primary"},
	{"gwno_b_2nd", "b", "secondary"},
}

func conflictColumns() []delimited.Column {
	days := []string{time.DateOnly, "2006-01-02 15:04:05"}
	text := func(column, description string) delimited.Column {
		return delimited.Text(pipeline.Text(column, description), column)
	}
	code := func(column, description string) delimited.Column {
		return delimited.Text(pipeline.Code(column, description), column)
	}
	level := func(column string, codes []int64, description string) delimited.Column {
		return delimited.WholeOf(pipeline.Int8(column, "", description), codes, column)
	}
	precision := []int64{1, 2, 3, 4, 5, 6, 7}
	return []delimited.Column{
		delimited.Whole(pipeline.NotNull(pipeline.Int32("conflict_id", "", "number of the conflict")), "conflict_id"),
		delimited.Whole(pipeline.NotNull(pipeline.Int16("year", "year", "calendar year")), "year"),
		text("location", "states whose government or territory is at stake").Maybe(),
		text("side_a", "primary parties of side A").Maybe(),
		text("side_a_2nd", "states that gave side A troops").Maybe(),
		text("side_b", "primary parties of side B").Maybe(),
		text("side_b_2nd", "states that gave side B troops").Maybe(),
		delimited.WholeOf(pipeline.NotNull(pipeline.Int8("incompatibility", "", "1 about territory, 2 about government, 3 about both")), []int64{1, 2, 3}, "incompatibility"),
		text("territory_name", "territory at stake; null where none is").Maybe(),
		delimited.WholeOf(pipeline.NotNull(pipeline.Int8("intensity_level", "", "1 for 25 to 999 battle deaths in the year, 2 for 1,000 or more")), []int64{1, 2}, "intensity_level"),
		delimited.Truth(pipeline.Flag("cumulative_intensity", "whether the conflict has cost 1,000 lives since it began"), "cumulative_intensity").Maybe(),
		delimited.WholeOf(pipeline.NotNull(pipeline.Int8("type_of_conflict", "", "1 extrasystemic, 2 interstate, 3 intrastate, 4 internationalized intrastate")), []int64{1, 2, 3, 4}, "type_of_conflict"),
		delimited.Date(pipeline.Day("start_date", "day of the first death in the conflict"), days, "start_date"),
		level("start_prec", precision, "how well start_date is known, 1 best"),
		delimited.Date(pipeline.Day("start_date2", "day on which the episode of fighting reached 25 deaths"), days, "start_date2"),
		level("start_prec2", precision, "how well start_date2 is known, 1 best"),
		delimited.Truth(pipeline.Flag("ep_end", "whether the episode ended in the year"), "ep_end"),
		delimited.Date(pipeline.Day("ep_end_date", "day on which the episode ended; null where it did not"), days, "ep_end_date"),
		level("ep_end_prec", precision, "how well ep_end_date is known, 1 best").Maybe(),
		code("gwno_a", "Gleditsch-Ward numbers of the states of side A, as published"),
		code("gwno_a_2nd", "numbers of the states that gave side A troops"),
		code("gwno_b", "numbers of the states of side B; null where its parties are no states"),
		code("gwno_b_2nd", "numbers of the states that gave side B troops"),
		code("gwno_loc", "numbers of the states whose government or territory is at stake").Maybe(),
		code("region", "1 Europe, 2 Middle East, 3 Asia, 4 Africa, 5 Americas; several in one text").Maybe(),
		code("version", "version of the data set").Maybe(),
	}
}

// partyColumns are set by add. The last three have no cell of their own: the headers they give are three of the
// four that must be there.
func partyColumns() []delimited.Column {
	return []delimited.Column{
		delimited.Whole(pipeline.NotNull(pipeline.Int32("conflict_id", "", "number of the conflict")), "conflict_id"),
		delimited.Whole(pipeline.NotNull(pipeline.Int16("year", "year", "calendar year")), "year"),
		delimited.OneOf(pipeline.NotNull(pipeline.Code("side", "a, the government's in conflicts inside a state, or b")), []string{"a", "b"}, "gwno_a"),
		delimited.OneOf(pipeline.NotNull(pipeline.Code("role", "primary, or secondary for a state that gave troops")), []string{"primary", "secondary"}, "gwno_a_2nd"),
		delimited.Whole(pipeline.NotNull(pipeline.Int16("gwno", "", "Gleditsch-Ward number of the state")), "gwno_b"),
	}
}

// Columns that are known and not loaded: numbers of actors, and those that the table of parties leaves to the
// table of conflicts.
var (
	actors       = []string{"side_a_id", "side_b_id"}
	notOfParties = []string{
		"location", "side_a", "side_a_2nd", "side_b", "side_b_2nd", "incompatibility", "territory_name", "intensity_level",
		"cumulative_intensity", "type_of_conflict", "start_date", "start_prec", "start_date2", "start_prec2", "ep_end",
		"ep_end_date", "ep_end_prec", "gwno_b_2nd", "gwno_loc", "region", "version",
	}
)

// Parse implements pipeline.Source.
func (s *source) Parse(ctx context.Context, snapshot fs.FS, table string, out pipeline.Sink) error {
	if table != conflictsTable && table != partiesTable {
		return fmt.Errorf("source %s: no table %q", name, table)
	}
	members := archive.New(name, snapshot, archive.Limits{Bytes: largest})
	member, err := members.Find(conflictsFile, tableName)
	if err != nil {
		return err
	}
	// the archive's checksum says that the member is whole
	l := delimited.Layout{Source: name, File: member.Path, Columns: conflictColumns(), Ignored: actors, BareEnd: true}
	if table == conflictsTable {
		return l.Parse(ctx, members, out)
	}
	l.Columns, l.Ignored = partyColumns(), append(slices.Clone(actors), notOfParties...)
	return parseParties(ctx, l, members, out)
}

// parseParties reads a row for each state that a record lists.
func parseParties(ctx context.Context, l delimited.Layout, members fs.FS, out pipeline.Sink) error {
	b := delimited.NewBuilder(l.Columns, l.File, out)
	start := func(header []string) (delimited.ReadRecord, error) {
		at, err := l.Match(header, out)
		if err != nil {
			return nil, err
		}
		lists := make([]int, len(partyCells))
		for i, c := range partyCells {
			if lists[i] = slices.Index(header, c.header); lists[i] < 0 {
				return nil, l.Refuse(1, fmt.Sprintf("column %q is missing", c.header))
			}
		}
		return func(rec *delimited.Record) (string, error) {
			parties, problem := list(rec, lists)
			if problem != "" {
				return problem, nil
			}
			if len(parties) == 0 {
				return "", out.Filter(noState, 1)
			}
			return add(b, rec, at, parties)
		}, nil
	}
	return l.Read(ctx, members, out, start, b.Flush)
}

// party is one state of a record.
type party struct {
	cell
	gwno []byte
}

// list takes a record's cells of states apart, and says what is wrong with them, or "".
func list(rec *delimited.Record, lists []int) (parties []party, problem string) {
	for i, c := range partyCells {
		text := bytes.TrimSpace(rec.Cells[lists[i]])
		if len(text) == 0 {
			continue
		}
		for gwno := range bytes.SplitSeq(text, []byte(separator)) {
			p := party{c, bytes.TrimSpace(gwno)}
			if len(p.gwno) == 0 || len(bytes.Trim(p.gwno, "0123456789")) > 0 {
				return nil, fmt.Sprintf("column %s: %q is not a list of numbers", c.header, text)
			}
			if slices.ContainsFunc(parties, func(q party) bool { return q.cell == c && bytes.Equal(q.gwno, p.gwno) }) {
				return nil, fmt.Sprintf("column %s: %q lists %s twice", c.header, text, p.gwno)
			}
			parties = append(parties, p)
		}
	}
	return parties, ""
}

// add appends a row for each of the record's states. It returns why the record cannot be read, or "".
func add(b *delimited.Builder, rec *delimited.Record, at []int, parties []party) (problem string, err error) {
	for pass := range 2 { // the first finds what is wrong, before any row is there
		for _, p := range parties {
			values := [][]byte{rec.Cells[at[0]], rec.Cells[at[1]], []byte(p.side), []byte(p.role), p.gwno}
			for i, value := range values {
				if err := b.Set(i, value); err != nil {
					return err.Error(), nil
				}
			}
			if pass == 0 {
				continue
			}
			if _, err := b.Append(rec); err != nil {
				return "", err
			}
		}
	}
	return "", nil
}

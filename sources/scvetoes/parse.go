package scvetoes

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"time"

	"entente/pipeline"
	"entente/pipeline/delimited"
)

// vetoers are the columns of the permanent members, by the names that the file has for them.
var vetoers = []string{"china", "russian_federation_ussr", "france", "united_states", "united_kingdom"}

func layout() delimited.Layout {
	days := []string{time.DateOnly}
	// Who cast no veto has 0 in some editions and nothing in others.
	veto := func(column, header, of string) delimited.Column {
		return delimited.Truth(pipeline.NotNull(pipeline.Flag(column, "whether "+of+" cast a veto")), header).Alias("", "0")
	}
	return delimited.Layout{Source: name, File: vetoesFile, Columns: []delimited.Column{
		delimited.Whole(pipeline.NotNull(pipeline.Int32("id", "", "the hub's number of the veto")), "id"),
		delimited.Text(pipeline.Code("draft", "symbol of the draft; null where it has none"), "draft_res#"),
		delimited.Date(pipeline.NotNull(pipeline.Day("date", "day of the vote")), days, "date"),
		delimited.YearOf(pipeline.NotNull(pipeline.Int16("year", "year", "year of the vote")), days, "date"),
		delimited.Text(pipeline.Code("meeting_record", "number of the meeting: 23 is S/PV.23"), "record"),
		delimited.Text(pipeline.Text("agenda", "agenda item"), "agenda"),
		delimited.Text(pipeline.Text("short_agenda", "agenda item in short"), "short_agenda"),
		delimited.Whole(pipeline.NotNull(pipeline.Int16("veto_count", "vetoes", "permanent members that cast a veto; equals the flags set")), "#_of_pms"),
		veto("china", "china", "China"),
		veto("russian_federation", "russian_federation_ussr", "the USSR, later the Russian Federation,"),
		veto("france", "france", "France"),
		veto("united_states", "united_states", "the United States"),
		veto("united_kingdom", "united_kingdom", "the United Kingdom"),
		delimited.Text(pipeline.Text("url", "address of the draft"), "url_for_res#"),
		delimited.Text(pipeline.Text("last_update", "when the hub last changed the row, as it writes it"), "last_update"),
	}}
}

// Parse implements pipeline.Source.
func (s *source) Parse(ctx context.Context, snapshot fs.FS, table string, out pipeline.Sink) error {
	if table != vetoesTable {
		return fmt.Errorf("source %s: no table %q", name, table)
	}
	l := layout()
	b := delimited.NewBuilder(l.Columns, l.File, out)
	start := func(header []string) (delimited.ReadRecord, error) {
		at, err := l.Match(header, out)
		if err != nil {
			return nil, err
		}
		count := slices.Index(header, "#_of_pms")
		var flags []int
		for _, vetoer := range vetoers {
			flags = append(flags, slices.Index(header, vetoer))
		}
		return func(rec *delimited.Record) (string, error) {
			for i, from := range at {
				if err := b.Set(i, rec.Cells[from]); err != nil {
					return err.Error(), nil
				}
			}
			if problem := miscounted(rec.Cells, count, flags); problem != "" {
				return problem, nil
			}
			_, err := b.Append(rec)
			return "", err
		}, nil
	}
	return l.Read(ctx, snapshot, out, start, b.Flush)
}

// miscounted says in what way the published number of vetoes is not that of the flags, or "". The cells
// were decoded before and are known to be numbers and flags.
func miscounted(cells [][]byte, count int, flags []int) string {
	set := 0
	for _, at := range flags {
		switch string(cells[at]) {
		case "", "0", "0.0", "False", "FALSE", "false":
		default:
			set++
		}
	}
	if published, err := strconv.ParseFloat(string(cells[count]), 64); err != nil || published != float64(set) {
		return fmt.Sprintf("#_of_pms is %s, and %d permanent members are marked", cells[count], set)
	}
	return ""
}

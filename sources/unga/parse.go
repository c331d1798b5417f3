package unga

import (
	"io/fs"
	"slices"
	"time"

	"entente/pipeline"
	"entente/pipeline/delimited"
)

// current is the layout since March 2025, when vote_note was not there yet.
func current() delimited.Layout {
	return layout(func(name string) string { return name })
}

// first is the layout of September 2024: names in the plural, tallies without total_, and NV for X.
func first() delimited.Layout {
	older := map[string]string{
		"ms_code": "ms_codes", "ms_name": "ms_names", "ms_vote": "ms_votes", "resolution": "resolutions",
		"agenda_title": "agenda_titles", "total_yes": "yes", "total_no": "no", "total_abstentions": "abstentions",
		"total_non_voting": "non_voting", "total_ms": "total",
	}
	l := layout(func(name string) string {
		if old, ok := older[name]; ok {
			return old
		}
		return name
	})
	for i, c := range l.Columns {
		if slices.Contains([]string{"session", "total_abstentions", "total_non_voting", "total_ms", "undl_link"}, c.Field.Name) {
			l.Columns[i] = c.Maybe()
		}
		if c.Field.Name == "ms_vote" {
			l.Columns[i] = c.Alias("NV", "X")
		}
	}
	l.Ignored = []string{"modality"}
	return l
}

// layoutOf tells by its header which layout a file has. A header of neither is matched with the current
// one, whose missing columns the error then names.
func layoutOf(snapshot fs.FS) (delimited.Layout, error) {
	l := current()
	f, _, header, err := l.Open(snapshot)
	if err != nil {
		return l, err
	}
	defer f.Close()
	if slices.Contains(header, "ms_codes") {
		return first(), nil
	}
	return l, nil
}

// layout reads the columns whose names in the file spelt gives.
func layout(spelt func(name string) string) delimited.Layout {
	text := func(name, description string) delimited.Column {
		return delimited.Text(pipeline.Text(name, description), spelt(name))
	}
	code := func(name, description string) delimited.Column {
		return delimited.Text(pipeline.Code(name, description), spelt(name))
	}
	total := func(name, unit, description string) delimited.Column {
		return delimited.Whole(pipeline.Int16(name, unit, description), spelt(name))
	}
	days := []string{time.DateOnly}
	vote := pipeline.NotNull(pipeline.Code("ms_vote", "Y yes, N no, A abstention, X non-voting"))
	return delimited.Layout{Source: name, File: votesFile, Columns: []delimited.Column{
		delimited.Whole(pipeline.NotNull(pipeline.Int64("undl_id", "", "the Library's control number of the voting record, one a vote")), "undl_id"),
		code("ms_code", "the Library's code of the state"),
		text("ms_name", "the Library's name of the state, official at the time of the vote, typing errors included"),
		delimited.OneOf(vote, []string{"Y", "N", "A", "X"}, spelt("ms_vote")),
		delimited.Date(pipeline.Day("date", "day of the vote; null where the Library gives only a year"), days, "date"),
		delimited.YearOf(pipeline.Int16("year", "year", "year of the vote"), days, "date"),
		code("session", "session of the Assembly: 40 a regular one, ES-10 an emergency special one"),
		code("resolution", "symbol of the resolution"),
		text("draft", "symbols of the draft, separated by |"),
		text("committee_report", "symbol of the committee's report"),
		text("meeting", "symbol of the meeting's record"),
		text("title", "title of the resolution; may be cut and end in [...]"),
		text("agenda_title", "title of the agenda item"),
		text("subjects", "subjects, separated by |, their levels by --"),
		text("vote_note", "what was peculiar about the vote").Maybe(),
		total("total_yes", "ballots", "published number of members that voted yes"),
		total("total_no", "ballots", "published number of members that voted no"),
		total("total_abstentions", "ballots", "published number of members that abstained"),
		total("total_non_voting", "members", "published number of members that did not vote"),
		total("total_ms", "members", "published number of members"),
		text("undl_link", "the Library's page of the voting record"),
	}}
}

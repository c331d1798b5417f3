package unsc

import (
	"time"

	"entente/pipeline"
	"entente/pipeline/delimited"
)

// layout is that of the releases since 2025; the earlier of them lack vote_note.
func layout() delimited.Layout {
	text := func(name, description string) delimited.Column {
		return delimited.Text(pipeline.Text(name, description), name)
	}
	code := func(name, description string) delimited.Column {
		return delimited.Text(pipeline.Code(name, description), name)
	}
	total := func(name, unit, description string) delimited.Column {
		return delimited.Whole(pipeline.Int16(name, unit, description), name)
	}
	days := []string{time.DateOnly}
	return delimited.Layout{Source: name, File: votesFile, Columns: []delimited.Column{
		delimited.Whole(pipeline.Int64("undl_id", "", "the Library's control number of the voting record, one a vote; may be null"), "undl_id"),
		code("ms_code", "the Library's code of the state"),
		text("ms_name", "the Library's name of the state, official at the time of the vote"),
		delimited.Truth(pipeline.Flag("permanent_member", "whether the state is a permanent member"), "permanent_member"),
		delimited.OneOf(pipeline.NotNull(pipeline.Code("ms_vote", "Y yes, N no, A abstention, X non-voting; Y for all where no vote was taken")),
			[]string{"Y", "N", "A", "X"}, "ms_vote"),
		delimited.Date(pipeline.Day("date", "day of the vote; null where the Library gives only a year"), days, "date"),
		delimited.YearOf(pipeline.Int16("year", "year", "year of the vote"), days, "date"),
		delimited.Text(pipeline.NotNull(pipeline.Code("resolution", "symbol of the resolution, with its year")), "resolution"),
		text("draft", "symbols of the draft, separated by |"),
		text("meeting", "symbol of the meeting's record"),
		text("description", "title of the resolution; may be cut and end in [...]"),
		text("agenda", "agenda item"),
		text("subjects", "subjects, separated by |, their levels by --"),
		text("vote_note", "what was peculiar about the vote").Maybe(),
		total("total_yes", "ballots", "published number of members that voted yes"),
		total("total_no", "ballots", "published number of members that voted no"),
		total("total_abstentions", "ballots", "published number of members that abstained"),
		total("total_non_voting", "members", "published number of members that did not vote"),
		total("total_ms", "members", "published number of members"),
		code("modality", "whether a vote was taken: Vote or Without Vote").Maybe(),
		text("undl_link", "the Library's page of the voting record"),
	}}
}

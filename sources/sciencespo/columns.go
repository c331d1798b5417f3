package sciencespo

import (
	"time"

	"entente/pipeline"
	"entente/pipeline/delimited"
)

// unknown is what the file has for a ballot or a tally that nobody knows.
const unknown = "?"

// letters are the votes that a state's cell may have.
var letters = []string{"Y", "N", "A", "NV", unknown}

// draftColumns reads the leading columns of the file, all but those of the states.
func draftColumns() []delimited.Column {
	days := []string{time.DateOnly}
	count := func(column, header, of string) delimited.Column {
		return delimited.Whole(pipeline.Int16(column, "ballots", "published number of "+of+"; null where unknown"), header).Alias(unknown, "")
	}
	return []delimited.Column{
		number(),
		delimited.Text(pipeline.Code("classification", "symbol of the resolution or draft; repeats where one text was voted on in parts"), "UN classification"),
		delimited.Text(pipeline.NotNull(pipeline.Text("outcome", "adopted, vetoed or lack of maj.")), "Vote outcome"),
		delimited.Text(pipeline.Text("outcome_typology", "outcome in more detail; adopted (majority) includes adoption without a vote"), "Vote outcome typology-Observable"),
		delimited.Text(pipeline.Code("resolution_number", "number of the resolution"), "Resolution number"),
		delimited.Date(pipeline.NotNull(pipeline.Day("date", "day of the vote")), days, "Date"),
		delimited.YearOf(pipeline.NotNull(pipeline.Int16("year", "year", "year of the vote")), days, "Date"),
		delimited.Text(pipeline.Text("title", "official title; may be cut and end in [...]"), "Official full title"),
		delimited.Text(pipeline.Text("title_short", "title in short"), "Title-Observable"),
		count("yes_count", "Yes", "members that voted yes"),
		count("no_count", "No", "members that voted no"),
		count("abstain_count", "Abstentions", "members that abstained"),
		count("nonvoting_count", "Non-Voting", "members that did not vote"),
		count("total_count", "Total", "members"),
		count("veto_count", "(of which veto)", "permanent members that cast a veto"),
	}
}

// voteColumns are those of the table of votes: the vote's number, the state, its column in the file and
// the cell.
func voteColumns() []delimited.Column {
	return []delimited.Column{
		number(),
		delimited.Text(pipeline.NotNull(pipeline.Code("iso3", "state: ISO 3166-1 alpha-3, or the long-standing code of a former state"))),
		delimited.Text(pipeline.NotNull(pipeline.Text("state_name", "name of the state's column in the file"))),
		delimited.OneOf(pipeline.NotNull(pipeline.Code("vote", "Y yes, N no, A abstention, NV not voting, ? unknown")), letters),
	}
}

func number() delimited.Column {
	return delimited.Whole(pipeline.NotNull(pipeline.Int32("vote_number", "", "number of the vote in the database")), "Vote in the DB")
}

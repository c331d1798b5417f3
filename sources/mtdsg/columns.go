package mtdsg

import (
	"time"

	"entente/pipeline"
	"entente/pipeline/delimited"
)

// The columns are filled from elements, not from cells of a line; they have no names to be found by.

func number() delimited.Column {
	return delimited.Text(pipeline.NotNull(pipeline.Code("treaty_number", "number of the treaty: chapter and place in it, XXVI-1; from the file's name")))
}

func treatyColumns() []delimited.Column {
	day := func(column, description string) delimited.Column {
		return delimited.Date(pipeline.Day(column, description), []string{time.DateOnly})
	}
	text := func(column, description string) delimited.Column {
		return delimited.Text(pipeline.Text(column, description))
	}
	count := func(column, description string) delimited.Column {
		return delimited.Whole(pipeline.Int32(column, "states and organizations", description))
	}
	return []delimited.Column{
		number(),
		text("chapter_name", "heading of the chapter"),
		text("title", "title of the treaty; null where the file has none"),
		text("conclusion", "place and day of the conclusion, as published"),
		text("conclusion_place", "what stands before the day"),
		day("conclusion_date", "day of the conclusion; null where none is given as one day"),
		text("entry_into_force", "entry into force, as published"),
		day("in_force_date", "day with which that text begins; null where it begins with none"),
		text("registration", "registration with the Secretariat, as published"),
		day("registration_date", "day with which that text begins; null where it begins with none"),
		delimited.Text(pipeline.Code("registration_number", "number of the registration")),
		count("signatory_count", "signatories that the depositary counts"),
		count("party_count", "parties that the depositary counts"),
		text("text_reference", "where the text is published, and amendments"),
	}
}

func participantColumns() []delimited.Column {
	return []delimited.Column{
		number(),
		delimited.Whole(pipeline.NotNull(pipeline.Int32("participant_seq", "", "place of the participant's row among those of the treaty, counted from 1"))),
		delimited.Whole(pipeline.NotNull(pipeline.Int32("act_seq", "", "place of the act in the row, counted from 1"))),
		delimited.Text(pipeline.NotNull(pipeline.Text("participant", "name of the participant, without markup and footnotes"))),
		delimited.Text(pipeline.Text("participant_notes", "numbers of the footnotes to the name, with spaces between them")),
		delimited.Text(pipeline.Text("column_title", "heading of the column that the act stands in")),
		delimited.Text(pipeline.Code("act", "signature, ratification, acceptance, approval, accession, succession, formal_confirmation and others, as column and letter have it; null for a row without an act")),
		delimited.Date(pipeline.Day("act_date", "day of the act, which is that of the deposit; null for a row without an act"), []string{time.DateOnly}),
		delimited.Truth(pipeline.NotNull(pipeline.Flag("is_bracketed", "whether the day stands in brackets: the depositary no longer counts the act"))),
		delimited.Text(pipeline.Text("act_text", "the cell as published, without markup")),
	}
}

func declarationColumns() []delimited.Column {
	return []delimited.Column{
		number(),
		delimited.Text(pipeline.NotNull(pipeline.Code("section", "element of the file: Declarations, Objections, DeclarationsUnderArticle, Notifications, TerritorialApplications or EndNotes"))),
		delimited.Whole(pipeline.NotNull(pipeline.Int32("section_seq", "", "place among the treaty's sections of that name, counted from 1"))),
		delimited.Text(pipeline.NotNull(pipeline.Text("text", "text of the section without markup, white space made one blank"))),
	}
}

package tota

import (
	"entente/pipeline"
	"entente/pipeline/delimited"
)

// Elements of a treaty's metadata, in the order of treatyColumns.
const (
	identifier   = "treaty_identifier"
	agreement    = "name"
	kind         = "type"
	wtoNumber    = "wto_rta_id"
	status       = "status"
	notification = "notification"
	signed       = "date_signed"
	inForce      = "date_into_force"
	notified     = "date_notification"
	implemented  = "end_implementation"
	inactive     = "date_inactive"
	composition  = "composition"
	region       = "region"
	allInWTO     = "parties_wto"
	crossing     = "crossregional"
	language     = "language"
	related      = "related_agreement_wto_id"
	textSource   = "source"

	originalParties = "parties_original"
	currentParties  = "parties"
	partyCode       = "partyisocode"
)

// single lists the elements that a treaty's metadata have once each.
func single() []string {
	return []string{
		identifier, agreement, kind, wtoNumber, status, notification, signed, inForce, notified, implemented, inactive,
		composition, region, allInWTO, crossing, language,
	}
}

// The columns are filled from elements, not from cells of a line; they have no names to be found by.

func number() delimited.Column {
	return delimited.Whole(pipeline.NotNull(pipeline.Int32(identifier, "", "number of the agreement in the Texts of Trade Agreements")))
}

func treatyColumns() []delimited.Column {
	day := func(column, description string) delimited.Column {
		return delimited.Date(pipeline.Day(column, description), []string{"2006-01-02"})
	}
	return []delimited.Column{
		number(),
		delimited.Text(pipeline.NotNull(pipeline.Text(agreement, "name of the agreement"))),
		delimited.Text(pipeline.NotNull(pipeline.Code(kind, "Free Trade Agreement, Customs Union, Economic Integration Agreement, Partial Scope Agreement, or two of them"))),
		delimited.Whole(pipeline.Int32(wtoNumber, "", "number of the agreement in the World Trade Organization's database")),
		delimited.Text(pipeline.Code(status, "In Force, Inactive or Early announcement-Signed, in October 2017")),
		delimited.Text(pipeline.Text(notification, "provision of the World Trade Organization's agreements under which it was notified")),
		day(signed, "day on which the agreement was signed"),
		day(inForce, "day on which the agreement entered into force"),
		day(notified, "day on which the agreement was notified"),
		day(implemented, "day on which its implementation ends"),
		day(inactive, "day from which the agreement was no longer in force"),
		delimited.Text(pipeline.Code(composition, "Bilateral, Plurilateral, or with a group as one party")),
		delimited.Text(pipeline.Text(region, "regions of the parties, as the World Trade Organization names them, with semicolons between them")),
		delimited.Truth(pipeline.Flag(allInWTO, "whether all parties are members of the World Trade Organization")).Alias("Yes", "1").Alias("No", "0"),
		delimited.Truth(pipeline.Flag(crossing, "whether the parties are of several regions")).Alias("Yes", "1").Alias("No", "0"),
		delimited.Text(pipeline.NotNull(pipeline.Code(language, "language of the text: en, es or fr"))),
		delimited.Text(pipeline.Text("related_wto_rta_ids", "wto_rta_id of related agreements, with spaces between them")),
		delimited.Text(pipeline.Text("text_urls", "where the text was taken from, as published, with spaces between the addresses")),
		delimited.Text(pipeline.Text("annex_urls", "where its annexes are, as published, with spaces between the addresses")),
	}
}

func partyColumns() []delimited.Column {
	return []delimited.Column{
		number(),
		delimited.OneOf(pipeline.NotNull(pipeline.Code("party_list", "original for the signatories, current for the parties in October 2017")), []string{"original", "current"}),
		delimited.Whole(pipeline.NotNull(pipeline.Int16("party_seq", "", "place in the list, counted from 1, parties without a code included"))),
		delimited.Text(pipeline.NotNull(pipeline.Code("party_code", "ISO 3166-1 alpha-3 code, as published"))),
	}
}

func articleColumns() []delimited.Column {
	return []delimited.Column{
		number(),
		delimited.Whole(pipeline.NotNull(pipeline.Int32("article_seq", "", "place of the article in the agreement, counted from 1"))),
		delimited.Whole(pipeline.NotNull(pipeline.Int32("article_identifier", "", "number that the authors gave the article, unique in an agreement"))),
		delimited.Whole(pipeline.NotNull(pipeline.Int32("chapter_seq", "", "place of the chapter in the agreement, counted from 1"))),
		delimited.Text(pipeline.Text("chapter_number", "number of the chapter as the text has it: CHAPTER 1")),
		delimited.Text(pipeline.Text("chapter_name", "heading of the chapter; Preamble and Conclusion are the authors' own")),
		delimited.Text(pipeline.Text("article_number", "number of the article as the text has it: ARTICLE 1; null for a preamble, a conclusion and the one text of a chapter")),
		delimited.Text(pipeline.Text("article_name", "heading of the article")),
		delimited.Text(pipeline.NotNull(pipeline.Code(language, "language of the text: en, es or fr"))),
		delimited.Text(pipeline.NotNull(pipeline.Text("text", "text of the article as published, without the white space around it"))),
	}
}

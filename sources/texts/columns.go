package texts

import (
	"entente/pipeline"
	"entente/pipeline/delimited"
)

// The columns are filled from the header and the pieces of a text; they have no names to be found by.

func id() delimited.Column {
	return delimited.Text(pipeline.NotNull(pipeline.Code("text_id", "id of the text in its header")))
}

func day(column, description string) delimited.Column {
	return delimited.Date(pipeline.Day(column, description), []string{"2006-01-02"})
}

// kinds and textKinds are the codes of core.treaties.
var (
	kinds     = []string{"alliance", "trade", "multilateral", "security"}
	textKinds = []string{"full", "partial", "draft", "summary"}
)

func treatyColumns() []delimited.Column {
	return []delimited.Column{
		id(),
		delimited.Text(pipeline.NotNull(pipeline.Text("title", "title of the treaty"))),
		delimited.OneOf(pipeline.NotNull(pipeline.Code("kind", "alliance, trade, multilateral or security")), kinds),
		day("signed_date", "day of signature"),
		day("in_force_date", "day of entry into force"),
		day("end_date", "day on which the treaty ended"),
		delimited.OneOf(pipeline.NotNull(pipeline.Code("text_kind", "full, partial, draft, or summary: not the words of the treaty")), textKinds),
		delimited.Text(pipeline.NotNull(pipeline.Text("languages", "languages of the text, ISO 639-1, with spaces between them"))),
		delimited.Text(pipeline.NotNull(pipeline.Text("licence", "terms of use of the text"))),
		delimited.Text(pipeline.Text("source_url", "where the text is from")),
	}
}

func partyColumns() []delimited.Column {
	return []delimited.Column{
		id(),
		delimited.Whole(pipeline.NotNull(pipeline.Int16("party_seq", "", "place in the list of the header, counted from 1"))),
		day("signed_date", "day of signature"),
		delimited.Text(pipeline.Code("party_code", "the party as listed, if by its ISO 3166-1 alpha-3 code")),
		delimited.Text(pipeline.Text("party_name", "the party as listed, if by its English name")),
	}
}

func articleColumns() []delimited.Column {
	return []delimited.Column{
		id(),
		delimited.Whole(pipeline.NotNull(pipeline.Int32("article_seq", "", "place in the text, counted from 1, over all its languages"))),
		delimited.OneOf(pipeline.NotNull(pipeline.Code("part", "preamble, article, conclusion or annex")), []string{"preamble", "article", "conclusion", "annex"}),
		delimited.Text(pipeline.Text("chapter_number", "number of the chapter, or keyword of the annex, as the text has it")),
		delimited.Text(pipeline.Text("chapter_name", "heading of the chapter or annex")),
		delimited.Text(pipeline.Text("article_number", "number of the article as the text has it: Article 1; null for other parts and what is not divided")),
		delimited.Text(pipeline.Text("article_name", "heading of the article")),
		delimited.Text(pipeline.Code("language", "language that the words are in, of those declared, ISO 639-1")),
		delimited.OneOf(pipeline.NotNull(pipeline.Code("text_kind", "full, partial, draft, or summary: not the words of the treaty")), textKinds),
		delimited.Text(pipeline.NotNull(pipeline.Text("text", "text of the article, without marks of Markdown headings, tags and white space around it"))),
	}
}

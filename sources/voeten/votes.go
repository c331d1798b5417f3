package voeten

import (
	"entente/pipeline"
	"entente/pipeline/delimited"
)

// dates are the layouts of the releases of 2021 and later, and of 2016.
var dates = []string{"2006-01-02", "1/2/2006"}

// votes is the layout of the roll calls. The release of 2016 has 15 of the columns, later ones all 25.
func votes() delimited.Layout {
	return delimited.Layout{Source: name, File: rollCallsFile, Columns: voteColumns()}
}

func voteColumns() []delimited.Column {
	flag := func(column, header, description string) delimited.Column {
		return delimited.Truth(pipeline.Flag(column, description), header)
	}
	count := func(column, header, of string) delimited.Column {
		return delimited.Whole(pipeline.Int16(column, "ballots", "published number of states that "+of), header).Maybe()
	}
	return []delimited.Column{
		delimited.Whole(pipeline.NotNull(pipeline.Int32("rcid", "", "the deposit's number of the roll call")), "rcid"),
		delimited.Whole(pipeline.NotNull(pipeline.Int16("ccode", "", "Correlates of War number of the state")), "ccode"),
		flag("member", "member", "whether the state was a member of the United Nations; mostly null where vote is 9"),
		delimited.WholeOf(pipeline.NotNull(pipeline.Int8("vote", "", "1 yes, 2 abstain, 3 no, 8 absent, 9 not a member")), []int64{1, 2, 3, 8, 9}, "vote"),
		delimited.Text(pipeline.Text("country", "abbreviation of the state in the file"), "Country").Maybe(),
		delimited.Text(pipeline.Text("country_name", "name of the state in the file"), "Countryname").Maybe(),
		delimited.Whole(pipeline.NotNull(pipeline.Int16("year", "year", "session + 1945, not the year of the vote")), "year"),
		delimited.Whole(pipeline.NotNull(pipeline.Int16("session", "", "regular session of the Assembly")), "session"),
		count("abstain_count", "abstain", "abstained"),
		count("yes_count", "yes", "voted yes"),
		count("no_count", "no", "voted no"),
		flag("importantvote", "importantvote", "whether the US State Department called the vote important; null where it was not coded"),
		delimited.Date(pipeline.Day("date", "day of the vote; unreliable before 2004"), dates, "date"),
		delimited.Text(pipeline.Code("unres", "symbol of the resolution as the file writes it, such as R/66/144"), "unres"),
		flag("amend", "amend", "whether the vote was on an amendment").Maybe(),
		flag("para", "para", "whether the vote was on a paragraph").Maybe(),
		delimited.Text(pipeline.Text("short", "short description of the vote"), "short").Maybe(),
		delimited.Text(pipeline.Text("descr", "description of the vote"), "descr").Maybe(),
		flag("me", "me", "issue: Palestinian conflict"),
		flag("nu", "nu", "issue: nuclear weapons and material"),
		flag("di", "di", "issue: arms control and disarmament"),
		flag("hr", "hr", "issue: human rights"),
		flag("co", "co", "issue: colonialism"),
		// The deposit of 2016 has 0\" for each ballot of roll call 1429.
		flag("ec", "ec", "issue: economic development").Alias(`0\"`, "0"),
		delimited.Text(pipeline.Code("resid", "the deposit's number of the resolution"), "resid").Maybe(),
	}
}

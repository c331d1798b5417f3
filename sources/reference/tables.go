package reference

import (
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"entente/pipeline"
	"entente/pipeline/delimited"
	"entente/transforms/states"
)

// tables declares the tables, each with the layout of its file.
func tables() []part {
	return []part{
		{pipeline.Table{
			Name: "reference_states", Key: []string{"iso3", "valid_from"},
			Description: "One spell of one state, trading territory or customs union, with its numbers in other systems and its UN membership.",
		}, delimited.Layout{File: states.StatesFile, Columns: []delimited.Column{
			required(pipeline.Code("iso3", "state: ISO 3166-1 alpha-3, or the long-standing code of a former state")),
			required(pipeline.Text("name", "short English name in the spell")),
			delimited.OneOf(pipeline.NotNull(pipeline.Code("kind", "state; territory (trades apart from the state it belongs to); union (states that report trade as one)")),
				[]string{"state", "territory", "union"}, "kind"),
			requiredDay("valid_from", "first day of the spell"),
			day("valid_to", "first day after the spell; null while it lasts"),
			number("cow", "Correlates of War number; null for a state outside of that system"),
			number("gw", "Gleditsch-Ward number; null for a state outside of that system"),
			number("m49", "UN M49 area number; null where there is none"),
			number("comtrade", "UN Comtrade's own area number; null where there is none"),
			text(pipeline.Code("imf", "IMF country code; null where there is none")),
			day("un_member_from", "first day of the UN membership that falls in the spell; null if none does"),
			day("un_member_to", "first day after that membership; null while it lasts"),
			required(pipeline.Code("region", "primary region in version 2026 of raw.reference_region_members; one a state")),
			text(pipeline.Code("successor_iso3", "state that followed a former state; null for all others")),
			text(pipeline.Text("note", "what a reader should know of the spell")),
		}}},
		{pipeline.Table{
			Name: "reference_state_names", Key: []string{"scheme", "value", "valid_from"},
			Description: "What one value of one way of naming states means in one period.",
		}, delimited.Layout{File: states.NamesFile, Columns: []delimited.Column{
			required(pipeline.Code("scheme", "way of naming states: undl_name, undl_code, cow, sciencespo_name, iso3, m49, english_name, comtrade, imf, worldbank, gw, untc_name")),
			required(pipeline.Code("value", "name, code or number as the scheme writes it, outer spaces and typing errors included")),
			requiredDay("valid_from", "first day of the period; 0001-01-01 if it has always meant this"),
			day("valid_to", "first day after the period; null while it lasts"),
			text(pipeline.Code("iso3", "state that it means; null if it means none")),
			delimited.OneOf(pipeline.NotNull(pipeline.Code("status", "state, aggregate (a region or remainder) or unresolvable (no state that can be told)")),
				[]string{states.Known.String(), states.Aggregate.String(), states.Unresolvable.String()}, "status"),
			text(pipeline.Text("note", "why it means this, where that is not plain")),
		}}},
		{pipeline.Table{
			Name: "reference_groups", Key: []string{"group_id"},
			Description: "One alliance, union, organization or forum of states.",
		}, delimited.Layout{File: states.GroupsFile, Columns: []delimited.Column{
			required(pipeline.Code("group_id", "group")),
			required(pipeline.Text("name", "name of the group")),
			required(pipeline.Code("kind", "alliance, union, regional_organization, political_forum or hub_and_spokes")),
			required(pipeline.Text("note", "from which day a member counts, and who is left out")),
			required(pipeline.Text("source", "founding text")),
		}}},
		{pipeline.Table{
			Name: "reference_group_members", Key: []string{"group_id", "iso3", "valid_from"},
			Description: "One spell of one state's membership in one group.",
		}, delimited.Layout{File: states.GroupMembersFile, Columns: []delimited.Column{
			required(pipeline.Code("group_id", "group")),
			required(pipeline.Code("iso3", "member state")),
			requiredDay("valid_from", "first day of membership"),
			day("valid_to", "first day after membership; null while it lasts"),
			required(pipeline.Text("source", "citation of the treaty, protocol or declaration that says so")),
		}}},
		{pipeline.Table{
			Name: "reference_state_geography", Key: []string{"iso3", "valid_from"},
			Description: "One spell of one state or territory in which its capital and its access to the sea did not change.",
		}, delimited.Layout{File: states.GeographyFile, Columns: []delimited.Column{
			required(pipeline.Code("iso3", "state or territory")),
			requiredDay("valid_from", "first day of the spell; 0001-01-01 for the first"),
			day("valid_to", "first day after the spell; null for the last"),
			text(pipeline.Text("capital", "capital; null for a territory without one")),
			degrees("latitude_deg", "latitude of the capital or, where there is none, of a main island; south is negative"),
			degrees("longitude_deg", "longitude of that point; west is negative"),
			truth("landlocked", "without a coast on the open sea; the Caspian Sea is a lake"),
			text(pipeline.Text("note", "which law or event moved the capital, or what else a reader should know")),
		}}},
		{pipeline.Table{
			Name: "reference_regions", Key: []string{"region_version", "region_id"},
			Description: "One region of the world in one version of the division into regions.",
		}, delimited.Layout{File: states.RegionsFile, Columns: []delimited.Column{
			required(pipeline.Code("region_version", "2026, or 2026-alt, in which every state that is in dispute is in its other region")),
			required(pipeline.Code("region_id", "region")),
			required(pipeline.Text("name", "name of the region")),
			required(pipeline.Text("note", "who is counted in it")),
			required(pipeline.Text("source", "citation")),
		}}},
		{pipeline.Table{
			Name: "reference_region_members", Key: []string{"region_version", "region_id", "iso3", "valid_from"},
			Description: "One spell of one state or territory in one region.",
		}, delimited.Layout{File: states.RegionMembersFile, Columns: []delimited.Column{
			required(pipeline.Code("region_version", "version of the division into regions")),
			required(pipeline.Code("region_id", "region")),
			required(pipeline.Code("iso3", "state or territory")),
			requiredDay("valid_from", "first day of the spell; 0001-01-01 if it has always been counted there"),
			day("valid_to", "first day after the spell; null while it lasts"),
			truth("is_primary", "whether sums over regions count it here: one region a version, state and day"),
			text(pipeline.Text("note", "why it is counted here, where that is not plain")),
		}}},
		{pipeline.Table{
			Name: "reference_import_valuation", Key: []string{"iso3", "year_from"},
			Description: "One importer whose imports in the IMF's trade statistics are valued FOB; those of all others are CIF.",
		}, delimited.Layout{File: states.ImportValuationFile, Columns: []delimited.Column{
			required(pipeline.Code("iso3", "importer")),
			delimited.Whole(pipeline.NotNull(pipeline.Int16("year_from", "year", "first year")), "year_from"),
			delimited.Whole(pipeline.Int16("year_to", "year", "last year; null while it lasts"), "year_to"),
			delimited.OneOf(pipeline.NotNull(pipeline.Code("valuation", "fob")), []string{"fob"}, "valuation"),
			text(pipeline.Text("note", "what the statement rests on")),
			required(pipeline.Text("source", "citation")),
		}}},
		{pipeline.Table{
			Name: "reference_alliance_terms", Key: []string{"group_id", "provider_iso3", "receiver_iso3"},
			Description: "What a member of one alliance owes another by its treaty, in the five classes of obligation.",
		}, delimited.Layout{File: states.AllianceTermsFile, Columns: []delimited.Column{
			required(pipeline.Code("group_id", "alliance")),
			required(pipeline.Code("provider_iso3", "state that owes it; * for every member")),
			required(pipeline.Code("receiver_iso3", "state to which it is owed; * for every other member")),
			truth("defense", "assistance to one that is attacked"),
			truth("offense", "assistance to one that attacks"),
			truth("neutrality", "staying out of the other's conflicts"),
			truth("nonaggression", "no force against the other; a pact that repeats the rule of the UN Charter counts"),
			truth("consultation", "consultation in a crisis"),
			required(pipeline.Text("source", "citation of the articles")),
		}}},
		{pipeline.Table{
			Name: "reference_informal_commitments", Key: []string{"provider_iso3", "receiver_iso3", "valid_from"},
			Description: "One spell of one state's commitment to another's security that rests on no treaty of alliance.",
		}, delimited.Layout{File: states.InformalCommitmentsFile, Columns: []delimited.Column{
			required(pipeline.Code("provider_iso3", "state that is committed")),
			required(pipeline.Code("receiver_iso3", "state to which it is committed")),
			requiredDay("valid_from", "first day, of the text cited first"),
			day("valid_to", "first day after it; null while it lasts"),
			required(pipeline.Text("basis", "what the commitment rests on")),
			required(pipeline.Text("source", "citation")),
		}}},
	}
}

func degrees(column, description string) delimited.Column {
	return delimited.Real(pipeline.NotNull(pipeline.Real(column, "degree", description)), column)
}

func truth(column, description string) delimited.Column {
	return delimited.Truth(pipeline.NotNull(pipeline.Flag(column, description)), column)
}

func text(f arrow.Field) delimited.Column { return delimited.Text(f, f.Name) }

func required(f arrow.Field) delimited.Column { return delimited.Text(pipeline.NotNull(f), f.Name) }

func number(column, description string) delimited.Column {
	return delimited.Whole(pipeline.Int16(column, "", description), column)
}

func day(column, description string) delimited.Column {
	return delimited.Date(pipeline.Day(column, description), []string{time.DateOnly}, column)
}

func requiredDay(column, description string) delimited.Column {
	return delimited.Date(pipeline.NotNull(pipeline.Day(column, description)), []string{time.DateOnly}, column)
}

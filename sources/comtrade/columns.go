package comtrade

import (
	"entente/pipeline"
	"entente/pipeline/delimited"
)

// columns are those of the table before the states are resolved. Each is read from the member of a record
// that it names, in whatever case: the service is not consistent there.
func columns() []delimited.Column {
	const zero = "; null where published as 0, which means not given"
	return []delimited.Column{
		delimited.Whole(pipeline.NotNull(pipeline.Int16("year", "year", "year of the trade")), "refYear"),
		delimited.Whole(pipeline.NotNull(pipeline.Int16("reporter_code", "code", "Comtrade's code of the state that reports")), "reporterCode"),
		delimited.Whole(pipeline.NotNull(pipeline.Int16("partner_code", "code", "Comtrade's code of the state that the reporter traded with")), "partnerCode"),
		delimited.OneOf(pipeline.NotNull(pipeline.Code("flow", "M import, X export, RM and RX those of goods that come back or go on, as published")), flowCodes, "flowCode"),
		delimited.Text(pipeline.NotNull(pipeline.Code("product", "TOTAL for all goods, otherwise a code of the Harmonized System")), "cmdCode"),
		delimited.Text(pipeline.NotNull(pipeline.Code("classification", "nomenclature that was reported in: H0 to H6, S1 to S4")), "classificationCode"),
		delimited.Real(pipeline.Real("cif_value_usd", "current US dollars", "value with insurance and freight"+zero), "cifvalue"),
		delimited.Real(pipeline.Real("fob_value_usd", "current US dollars", "value free on board"+zero), "fobvalue"),
		delimited.Real(pipeline.NotNull(pipeline.Real("primary_value_usd", "current US dollars", "the value that the service shows: CIF of imports, FOB of exports")), "primaryValue"),
		delimited.Real(pipeline.Real("net_weight_kg", "kg", "net weight, as published"), "netWgt").Maybe(),
		delimited.Real(pipeline.Real("quantity", "see quantity_unit", "quantity, as published"), "qty").Maybe(),
		delimited.Whole(pipeline.Int16("quantity_unit", "code", "Comtrade's code of the quantity's unit; null for none, published as -1"), "qtyUnitCode").Alias("-1", "").Maybe(),
		delimited.Truth(pipeline.NotNull(pipeline.Flag("is_reported", "the figure is the reporter's own; otherwise summed or estimated by the service")), "isReported"),
		delimited.Truth(pipeline.NotNull(pipeline.Flag("is_aggregate", "the service summed the figure from its parts")), "isAggregate"),
		delimited.Whole(pipeline.Int8("legacy_estimation", "code", "what is estimated: 0 nothing, 2 quantity, 4 net weight, 6 both"), "legacyEstimationFlag").Maybe(),
	}
}

// Members that columns are not made of and that tell which records are wanted.
const (
	periodMember   = "period"
	partner2Member = "partner2Code"
	transitMember  = "motCode"
	customsMember  = "customsCode"
	supplyMember   = "mosCode"
)

// breakdownRule is the rule under which parts of a flow are left out.
const breakdownRule = "a part of a flow, by second partner, transport, customs procedure or supply"

// totals are the values by which a record is a whole flow.
var totals = map[string]string{partner2Member: "0", transitMember: "0", customsMember: "C00", supplyMember: "0"}

// ignored are known members that are not loaded.
var ignored = []string{
	"typeCode", "freqCode", "refPeriodId", "refMonth", "reporterISO", "reporterDesc", "flowDesc", "partnerISO",
	"partnerDesc", "partner2ISO", "partner2Desc", "classificationSearchCode", "isOriginalClassification", "cmdDesc",
	"aggrLevel", "isLeaf", "customsDesc", "motDesc", "qtyUnitAbbr", "isQtyEstimated", "altQtyUnitCode",
	"altQtyUnitAbbr", "altQty", "isAltQtyEstimated", "isNetWgtEstimated", "grossWgt", "isGrossWgtEstimated",
}

// Package trade makes one value of each trade flow out of the two reports that it may have.
//
// A flow from one state to another is reported by the exporter, free on board (FOB), and by the importer,
// mostly with cost, insurance and freight (CIF). The two seldom agree. Method import_priority takes the
// importer's report, the field's plain default. Method reconciled takes the margin between CIF and FOB out
// of the importer's report and weighs the two by how far each reporter is known to agree with its partners,
// the idea of CEPII's BACI (Gaulier and Zignago 2010) on country totals. docs/methods/reconciliation.md has the
// model.
package trade

import (
	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"entente/pipeline"
)

// The methods of core.trade, as its column method has them.
const (
	ImportPriority = "import_priority" // the importer's report, else the exporter's times the IMF's factor
	Reconciled     = "reconciled"      // both reports, FOB, weighed by the reporters' reliability
)

// The valuations of an importer's report.
const (
	valuedCIF = "cif"
	valuedFOB = "fob"
)

// Transform turns flows with their reports into the rows of core.trade: a row of method import_priority for
// every flow, and then a row of method reconciled for every flow of those sources and products of which
// some flow was reported by both sides. Rows come in order of source, product and year; those of the output
// are in order of its key when those of the input are. It holds every flow in memory, at about 40 bytes.
type Transform struct{ mem memory.Allocator }

// New returns the transform; mem allocates the batches it emits.
func New(mem memory.Allocator) Transform { return Transform{mem} }

// Name is what core/trade.sql calls the transform.
func (Transform) Name() string { return "trade" }

// Columns gives the schema of core.trade, or says which column in lacks or has in another type.
func (Transform) Columns(in *arrow.Schema) (*arrow.Schema, error) {
	if _, err := locate(in); err != nil {
		return nil, err
	}
	return output, nil
}

// Apply returns a sink that passes the values on, the reconciled ones when it is closed.
func (t Transform) Apply(next pipeline.Sink) pipeline.Sink {
	return &intake{next: next, mem: t.mem, places: map[string]int16{}}
}

var output = arrow.NewSchema([]arrow.Field{
	pipeline.NotNull(pipeline.Code("method", "import_priority or reconciled")),
	pipeline.NotNull(pipeline.Code("source", "source of the reports")),
	pipeline.NotNull(pipeline.Code("product", "TOTAL for all goods, or a code of the source's classification")),
	pipeline.NotNull(pipeline.Int16("year", "year", "calendar year of the trade")),
	pipeline.NotNull(pipeline.Code("exporter_iso3", "state or territory that the goods left")),
	pipeline.NotNull(pipeline.Code("importer_iso3", "state or territory that the goods reached")),
	pipeline.NotNull(pipeline.Real("value_usd", "US dollars", "value of the flow by the method")),
	pipeline.Real("exporter_report_usd", "US dollars", "what the exporter reported, FOB"),
	pipeline.Real("importer_report_usd", "US dollars", "what the importer reported"),
	pipeline.Code("importer_valuation", "cif or fob: how the importer values its imports"),
	pipeline.Flag("exporter_is_estimate", "whether the source estimated the exporter's report"),
	pipeline.Flag("importer_is_estimate", "whether the source estimated the importer's report"),
	pipeline.NotNull(pipeline.Code("evidence", "exporter, importer or both: whose report the value rests on")),
	pipeline.Real("discrepancy", "log ratio", "ln(importer's report / exporter's report) where both are above zero"),
	pipeline.Real("cif_factor", "ratio", "CIF over FOB as applied: what the importer's report was divided by for "+
		"importer_fob_usd, or the exporter's multiplied by; null when neither was"),
	pipeline.Real("importer_fob_usd", "US dollars", "the importer's report FOB, for method reconciled"),
	pipeline.Real("exporter_weight", "share", "weight of the exporter's report in a value that rests on both"),
	pipeline.Real("exporter_sigma", "log ratio", "standard deviation of the exporter's error, around the year"),
	pipeline.Real("importer_sigma", "log ratio", "standard deviation of the importer's error, around the year"),
	pipeline.NotNull(pipeline.Flag("is_default", "whether the source is the default of the year")),
}, nil)

// places are the positions of the input columns.
type places struct {
	source, product, year, exporter, importer int
	exports, exportsEstimated                 int
	imports, importsEstimated, valuation      int
	distance, contiguous                      int
	exporterLandlocked, importerLandlocked    int
	isDefault                                 int
}

func locate(in *arrow.Schema) (places, error) {
	var p places
	flag, real := arrow.FixedWidthTypes.Boolean, arrow.PrimitiveTypes.Float64
	err := pipeline.Locate(in, "trade",
		pipeline.Want("source", pipeline.Dictionary, &p.source),
		pipeline.Want("product", pipeline.Dictionary, &p.product),
		pipeline.Want("year", arrow.PrimitiveTypes.Int16, &p.year),
		pipeline.Want("exporter_iso3", pipeline.Dictionary, &p.exporter),
		pipeline.Want("importer_iso3", pipeline.Dictionary, &p.importer),
		pipeline.Want("exporter_report_usd", real, &p.exports),
		pipeline.Want("exporter_is_estimate", flag, &p.exportsEstimated),
		pipeline.Want("importer_report_usd", real, &p.imports),
		pipeline.Want("importer_is_estimate", flag, &p.importsEstimated),
		pipeline.Want("importer_valuation", pipeline.Dictionary, &p.valuation),
		pipeline.Want("distance_km", real, &p.distance),
		pipeline.Want("is_contiguous", flag, &p.contiguous),
		pipeline.Want("exporter_landlocked", flag, &p.exporterLandlocked),
		pipeline.Want("importer_landlocked", flag, &p.importerLandlocked),
		pipeline.Want("is_default", flag, &p.isDefault),
	)
	return p, err
}

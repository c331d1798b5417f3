package trade

import "math"

// marks are what a flow has beside its numbers.
type marks uint16

const (
	exportsEstimated marks = 1 << iota // the source estimated the exporter's report
	exportsOwn                         // the exporter made it
	importsEstimated
	importsOwn
	importsCIF // how the importer values its imports; neither mark when nobody says
	importsFOB
	contiguous // by land
	contiguityKnown
	exporterLandlocked
	exporterKnown // whether the exporter has a coast is known
	importerLandlocked
	importerKnown
	isDefault

	placed = contiguityKnown | exporterKnown | importerKnown // all but the distance
)

// flows are those of one source and product, year by year, each with its reports.
type flows struct {
	source, product      string
	years                []int16
	exporters, importers []int16   // places of the states
	exports, imports     []float64 // reports in US dollars; NaN where there is none
	logDistance          []float64 // ln of 1000 km; not finite where unknown
	marks                []marks
}

func (f *flows) len() int { return len(f.years) }

// twiceReported reports whether both states reported the flow themselves, each more than nothing.
func (f *flows) twiceReported(i int) bool {
	return f.marks[i]&(exportsEstimated|importsEstimated) == 0 && f.exports[i] > 0 && f.imports[i] > 0
}

// derived reports whether the two reports stand in the IMF's factor to the last digit: one was made from the
// other, though nothing says so, and that they agree is no evidence.
func (f *flows) derived(i int) bool {
	return math.Abs(f.imports[i]/f.exports[i]/imfFactor(f.years[i])-1) < 1e-6
}

// hasPlace reports whether all that the margin depends on is known of the flow.
func (f *flows) hasPlace(i int) bool {
	return f.marks[i]&placed == placed && !math.IsNaN(f.logDistance[i]) && !math.IsInf(f.logDistance[i], 0)
}

// hasMirror reports whether any flow was reported by both sides, estimates and zeros aside.
func (f *flows) hasMirror() bool {
	for i := range f.years {
		if f.twiceReported(i) {
			return true
		}
	}
	return false
}

// yearRows is a stretch of flows of one year.
type yearRows struct {
	year     int16
	from, to int // half-open
}

// byYear cuts the flows into years.
func (f *flows) byYear() []yearRows {
	var runs []yearRows
	for i, year := range f.years {
		if n := len(runs); n > 0 && runs[n-1].year == year {
			runs[n-1].to = i + 1
		} else {
			runs = append(runs, yearRows{year, i, i + 1})
		}
	}
	return runs
}

// The IMF made figures that a state does not report from its partners': imports are exports times this.
// Both figures are in its data, which were restated back to 2000 only.
const (
	factorTo1999   = 1.10
	factorFrom2000 = 1.06
)

// imfFactor is CIF over FOB as the IMF's Direction of Trade Statistics take it in a year.
func imfFactor(year int16) float64 {
	if year < 2000 {
		return factorTo1999
	}
	return factorFrom2000
}

// discrepancy is ln(imports / exports), or NaN when either is missing or not above zero.
func discrepancy(exports, imports float64) float64 {
	if exports > 0 && imports > 0 {
		return math.Log(imports / exports)
	}
	return math.NaN()
}

package trade

import (
	"math"
	"math/rand/v2"
)

// world is a set of states with known errors and a known margin, whose reports are drawn.
type world struct {
	states             int
	years              int
	exporter, importer func(state int) float64 // sigma
	missing            float64                 // share of reports that are not made
	estimated          float64                 // of those made
	zero               float64                 // of those made
	truth              map[[3]int]float64      // by year, exporter, importer; filled by draw
}

func name(state int) string { return string([]byte{'A' + byte(state/26), 'A' + byte(state%26), 'X'}) }

// numberOf is the state of a name.
func numberOf(name string) int { return int(name[0]-'A')*26 + int(name[1]-'A') }

// known is the world's CIF over FOB.
func (w world) known(year int, km float64, contiguous bool, landlocked [2]bool) float64 {
	ln := 0.05 + 0.002*float64(year) + 0.03*math.Log(km/1000)
	if contiguous {
		ln -= 0.02
	}
	if landlocked[1] {
		ln += 0.03
	}
	return math.Exp(ln)
}

func (w *world) draw(random *rand.Rand) []flow {
	w.truth = map[[3]int]float64{}
	var list []flow
	size, kms := make([]float64, w.states), map[[2]int]float64{}
	for state := range w.states {
		size[state] = 2 * random.NormFloat64()
	}
	for year := range w.years {
		for from := range w.states {
			for to := range w.states {
				if from == to {
					continue
				}
				pair := [2]int{min(from, to), max(from, to)}
				if kms[pair] == 0 {
					kms[pair] = 500 + 15000*random.Float64()
				}
				f := flow{
					source: "s", product: "TOTAL", year: int16(2001 + year), exporter: name(from), importer: name(to),
					valuation: valuedCIF, km: kms[pair], contiguous: kms[pair] < 1500, landlocked: [2]bool{from%5 == 1, to%5 == 1}, isDefault: true,
				}
				truth := 1e8 * math.Exp(size[from]+size[to]+0.5*random.NormFloat64())
				w.truth[[3]int{year, from, to}] = truth
				rate := w.known(year, f.km, f.contiguous, f.landlocked)
				if to%7 == 3 {
					f.valuation, rate = valuedFOB, 1
				}
				f.exports = w.report(random, truth*math.Exp(w.exporter(from)*random.NormFloat64()))
				f.imports = w.report(random, truth*rate*math.Exp(w.importer(to)*random.NormFloat64()))
				if random.IntN(50) == 0 {
					f.km = nan
				}
				if !math.IsNaN(f.exports.usd) || !math.IsNaN(f.imports.usd) {
					list = append(list, f)
				}
			}
		}
	}
	return list
}

func (w world) report(random *rand.Rand, usd float64) report {
	switch p := random.Float64(); {
	case p < w.missing:
		return none
	case random.Float64() < w.zero:
		usd = 0
	}
	return report{usd, random.Float64() < w.estimated}
}

// rough is a world of all that happens.
func rough(states, years int) world {
	return world{
		states: states, years: years, missing: 0.2, estimated: 0.1, zero: 0.02,
		exporter: func(s int) float64 { return 0.05 + 0.6*float64(s)/float64(states) },
		importer: func(s int) float64 { return 0.05 + 0.4*float64((s*7)%states)/float64(states) },
	}
}

// turn renames a state so that the order of any two turns round.
func turn(code string) string {
	return string([]byte{'A' + 'Z' - code[0], 'A' + 'Z' - code[1], 'X'})
}

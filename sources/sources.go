// Package sources lists every upstream that entente reads. A source is a folder here and a line in All.
package sources

import (
	"entente/pipeline"
	"entente/sources/atop"
	"entente/sources/baci"
	"entente/sources/comtrade"
	"entente/sources/contiguity"
	"entente/sources/cowalliances"
	"entente/sources/cownmc"
	"entente/sources/cowstates"
	"entente/sources/cowtrade"
	"entente/sources/desta"
	"entente/sources/gibbs"
	"entente/sources/imts"
	"entente/sources/mid"
	"entente/sources/mtdsg"
	"entente/sources/reference"
	"entente/sources/sciencespo"
	"entente/sources/scvetoes"
	"entente/sources/texts"
	"entente/sources/tota"
	"entente/sources/ucdp"
	"entente/sources/unga"
	"entente/sources/unsc"
	"entente/sources/voeten"
	"entente/sources/worldbank"
)

// All returns every source by the name that schedules, commands and the vault use.
func All() pipeline.Registry {
	return pipeline.Registry{
		"atop":         atop.New,
		"baci":         baci.New,
		"comtrade":     comtrade.New,
		"contiguity":   contiguity.New,
		"cowalliances": cowalliances.New,
		"cownmc":       cownmc.New,
		"cowstates":    cowstates.New,
		"cowtrade":     cowtrade.New,
		"desta":        desta.New,
		"gibbs":        gibbs.New,
		"imts":         imts.New,
		"mid":          mid.New,
		"mtdsg":        mtdsg.New,
		"reference":    reference.New,
		"sciencespo":   sciencespo.New,
		"scvetoes":     scvetoes.New,
		"texts":        texts.New,
		"tota":         tota.New,
		"ucdp":         ucdp.New,
		"unga":         unga.New,
		"unsc":         unsc.New,
		"voeten":       voeten.New,
		"worldbank":    worldbank.New,
	}
}

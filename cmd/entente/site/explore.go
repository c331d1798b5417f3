package site

import (
	"net/http"
	"slices"

	"entente/cmd/entente/render"
)

// explorePage shows what a reader chose.
func (s *Site) explorePage(w http.ResponseWriter, r *http.Request) {
	held, drop := s.hold(w, r)
	if held == nil {
		return
	}
	defer drop()
	c := held.Extra.choices
	chosen, wrong := c.read(r.URL.Query())
	key := chosen.query().Encode()
	if made, ok := held.Extra.page(key); ok && len(wrong) == 0 {
		s.write(w, http.StatusOK, made)
		return
	}
	page := struct {
		frame
		W                                                        wish
		Wrong                                                    map[string]string
		Shows, Bodies, Scopes, Measures, Methods, States, Groups []option
		AllSources, TradeSources                                 []option
		Share                                                    string
		Panels                                                   []panel
	}{
		frame: s.frame("Explorer", "explore", held.Manifest.ID), W: chosen, Wrong: wrong, Shows: shows, Bodies: bodies, Scopes: scopes,
		Measures: measures, Methods: methods, States: c.states, Groups: c.groups, AllSources: c.allSources(), TradeSources: options(c.trade),
		Share: "/explore?" + key,
	}
	status := http.StatusOK
	if len(wrong) > 0 {
		status = http.StatusBadRequest
	} else {
		for _, k := range kinds(chosen.Show) {
			p, err := k.make(r.Context(), held.Extra, chosen)
			if err != nil {
				s.broken(w, r, err)
				return
			}
			page.Panels = append(page.Panels, p)
		}
	}
	made, err := s.execute("explore", page)
	if err != nil {
		s.broken(w, r, err)
		return
	}
	if len(wrong) == 0 {
		held.Extra.keepPage(key, made)
	}
	s.write(w, status, made)
}

// exploreCSV is the answer of one panel, with all digits.
func (s *Site) exploreCSV(w http.ResponseWriter, r *http.Request) {
	held, drop := s.hold(w, r)
	if held == nil {
		return
	}
	defer drop()
	chosen, wrong := held.Extra.choices.read(r.URL.Query())
	all := kinds(chosen.Show)
	at := slices.IndexFunc(all, func(k kind) bool { return k.id == r.URL.Query().Get("panel") })
	if at < 0 || len(wrong) > 0 || !held.Extra.choices.tables[all[at].needs] {
		s.fail(w, http.StatusBadRequest, "This is no address of a CSV file. The explorer links to them.")
		return
	}
	got, err := held.Extra.ask(r.Context(), all[at].questions(chosen)[0])
	if err != nil {
		s.broken(w, r, err)
		return
	}
	csvHeader(w, "entente-"+all[at].id+".csv")
	out := render.New(render.CSV, w, 0)
	if out.Header(got.columns) != nil {
		return // the reader is gone
	}
	for _, v := range got.values {
		if out.Row(v) != nil {
			return
		}
	}
	_ = out.Close()
}

func csvHeader(w http.ResponseWriter, name string) {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	w.Header().Set("Cache-Control", "private, no-cache")
}

// Package sample is the embedded sample: a small set of facts, and an HTTP handler that answers from
// them as the real upstreams do. A run pointed at it as a mirror goes through the whole pipeline,
// HTTP included, without a network: /<host>/<path>?<query> answers as https://<host>/<path>?<query>.
//
// The facts are in our own layout in folder facts, which its README.md describes: landmark roll calls
// of the General Assembly with every member's ballot, the contested and vetoed Security Council votes
// of 2006-2012 and of 2022 on, published ideal points of sessions 61-74, and the trade and output of 34
// economies in six years. They restate
//
//   - Voeten, Erik; Strezhnev, Anton; Bailey, Michael, 2009, "United Nations General Assembly Voting
//     Data", Harvard Dataverse, doi:10.7910/DVN/LEJUQZ (CC0)
//   - Martin, Benoît, 2026, "UNSC votes since 1946 Database", data.sciencespo, V1,
//     doi:10.21410/7E4/Z0KECE (CC BY 4.0)
//   - Barbieri, Katherine; Keshk, Omar M. G., 2016, "Correlates of War Project Trade Data Set", version 4.0
//   - World Bank, World Development Indicators, NY.GDP.MKTP.CD (CC BY 4.0)
//
// Alliances, trade agreements and capabilities are in package pacts.
//
// and the handler serves them in those publishers' formats, with the vetoes in that of the UN Peace and
// Security Data Hub. Whatever else is asked for, the UN Digital Library included, is 404.
package sample

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"path"
	"strings"
	"time"

	"entente/sources/sample/pacts"
)

// Handler builds the served files from the embedded facts and returns the handler that answers for
// all upstreams. The same facts always give the same bytes, and so the same ETags. It fails when the
// facts contradict themselves, naming file and line.
func Handler() (http.Handler, error) {
	f, err := readFacts()
	if err != nil {
		return nil, fmt.Errorf("embedded sample: %w", err)
	}
	s, err := build(f)
	if err != nil {
		return nil, fmt.Errorf("embedded sample: %w", err)
	}
	return s, nil
}

// site answers for all upstreams.
type site struct {
	deposits  []deposit
	files     map[string]*document // by host and path
	worldBank worldBank
}

// document is a file as an upstream hands it out.
type document struct {
	name        string
	contentType string
	released    time.Time
	attachment  bool
	data        []byte
	md5         string
}

func newDocument(name, contentType string, released time.Time, data []byte) *document {
	sum := md5.Sum(data)
	return &document{
		name: name, contentType: contentType, released: released,
		data: data, md5: hex.EncodeToString(sum[:]),
	}
}

// serve answers whole, in part, or with "not modified".
func (d *document) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", d.contentType)
	h.Set("ETag", `"`+d.md5+`"`)
	if d.attachment {
		h.Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", d.name))
	}
	http.ServeContent(w, r, d.name, d.released, bytes.NewReader(d.data))
}

// ServeHTTP answers GET and HEAD for /<host>/<path>?<query>.
func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "Method Not Allowed", http.StatusMethodNotAllowed)
		return
	}
	target := strings.TrimPrefix(r.URL.Path, "/")
	if d := s.files[target]; d != nil {
		d.serve(w, r)
		return
	}
	host, path, _ := strings.Cut(target, "/")
	for i := range s.deposits {
		if s.deposits[i].host == host && s.deposits[i].answer(w, r, path) {
			return
		}
	}
	if host == worldBankHost && s.worldBank.answer(w, r, path) {
		return
	}
	w.Header().Set("Content-Type", "text/plain")
	w.WriteHeader(http.StatusNotFound)
	// A client that went away is no concern of the handler.
	_, _ = io.WriteString(w, "Not Found\n")
}

// build makes every served file.
func build(f *facts) (*site, error) {
	rollCalls, err := votesCSV(f)
	if err != nil {
		return nil, err
	}
	estimates, err := estimatesCSV(f)
	if err != nil {
		return nil, err
	}
	council, err := councilCSV(f)
	if err != nil {
		return nil, err
	}
	vetoes, err := vetoesCSV(f)
	if err != nil {
		return nil, err
	}
	harvard, err := harvardDeposit(rollCalls, estimates)
	if err != nil {
		return nil, err
	}
	sciencesPo, err := sciencesPoDeposit(council)
	if err != nil {
		return nil, err
	}
	trade, err := tradeZIP(f)
	if err != nil {
		return nil, err
	}
	made, err := pacts.Files(func(iso3, day string) (int, string, error) {
		on, err := f.on(iso3, day)
		return on.cow, on.abbreviation, err
	})
	if err != nil {
		return nil, err
	}
	files := map[string]*document{
		"api.psdata.un.org/public/data/DPPA-SCVETOES/CSV": newDocument(
			"DPPA-SCVETOES.csv", "text/csv", day(2026, time.January, 5), vetoes),
		"correlatesofwar.org/wp-content/uploads/COW_Trade_4.0.zip": newDocument(
			"COW_Trade_4.0.zip", "application/zip", day(2017, time.June, 1), trade),
	}
	for _, p := range made {
		files[p.Address] = newDocument(path.Base(p.Address), p.ContentType, p.Released, p.Data)
	}
	return &site{
		deposits:  []deposit{harvard, sciencesPo},
		files:     files,
		worldBank: newWorldBank(f),
	}, nil
}

// day is noon of a day in UTC, when the sample's files count as released.
func day(year int, month time.Month, d int) time.Time {
	return time.Date(year, month, d, 12, 0, 0, 0, time.UTC)
}

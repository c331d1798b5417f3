package sample

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
)

// deposit is a dataset of a Dataverse installation.
type deposit struct {
	host, doi, title, publisher string
	versions                    []version // oldest first
}

// version is a published state of a deposit. Each of the sample's has one file.
type version struct {
	number   string // "33.0"
	released time.Time
	file     dataFile
}

// dataFile is a file of a deposit: as uploaded, and the tab-separated copy that Dataverse makes of a
// table it could read and hands out unless ?format=original is asked for.
type dataFile struct {
	id       int
	original *document
	table    *document // nil: the upload itself is listed
}

// listed is the file that the metadata names.
func (f dataFile) listed() *document {
	if f.table != nil {
		return f.table
	}
	return f.original
}

// harvardDeposit has the roll calls in version 33.0, the last that carries them, and the ideal points
// in the newest. Data file ids are the sample's own.
func harvardDeposit(rollCalls, estimates []byte) (deposit, error) {
	votes, points := day(2024, time.June, 24), day(2026, time.April, 3)
	file, err := tabular(80000002, "IdealpointestimatesAll_Apr2020", points, estimates, charmap.Windows1252)
	return deposit{
		host: "dataverse.harvard.edu", doi: "doi:10.7910/DVN/LEJUQZ",
		title:     "United Nations General Assembly Voting Data",
		publisher: "Harvard Dataverse",
		versions: []version{
			{number: "33.0", released: votes, file: dataFile{id: 80000001, original: upload("UNVotes-1.csv", votes, rollCalls)}},
			{number: "38.0", released: points, file: file},
		},
	}, err
}

// sciencesPoDeposit has the Council's votes.
func sciencesPoDeposit(council []byte) (deposit, error) {
	released := day(2026, time.January, 15)
	file, err := tabular(80000003, "UNSC_votes_1946-2025", released, council, encoding.Nop)
	return deposit{
		host: "data.sciencespo.fr", doi: "doi:10.21410/7E4/Z0KECE",
		title:     "UNSC votes since 1946 Database",
		publisher: "data.sciencespo",
		versions:  []version{{number: "1.0", released: released, file: file}},
	}, err
}

func upload(name string, released time.Time, data []byte) *document {
	d := newDocument(name, "text/csv", released, data)
	d.attachment = true
	return d
}

// tabular is an uploaded CSV with its tab-separated copy.
func tabular(id int, name string, released time.Time, data []byte, charset encoding.Encoding) (dataFile, error) {
	table, err := tabSeparated(data, charset)
	if err != nil {
		return dataFile{}, fmt.Errorf("%s: %w", name, err)
	}
	t := newDocument(name+".tab", "text/tab-separated-values", released, table)
	t.attachment = true
	return dataFile{id: id, original: upload(name+".csv", released, data), table: t}, nil
}

// tabSeparated rewrites CSV as Dataverse does: UTF-8, plain header, text quoted, numbers and gaps bare.
func tabSeparated(data []byte, charset encoding.Encoding) ([]byte, error) {
	rows, err := csv.NewReader(charset.NewDecoder().Reader(bytes.NewReader(data))).ReadAll()
	if err != nil {
		return nil, err
	}
	text := make([]bool, len(rows[0]))
	for _, row := range rows[1:] {
		for i, cell := range row {
			if _, err := strconv.ParseFloat(cell, 64); cell != "" && err != nil {
				text[i] = true
			}
		}
	}
	var b bytes.Buffer
	b.WriteString(strings.Join(rows[0], "\t") + "\n")
	for _, row := range rows[1:] {
		for i, cell := range row {
			if text[i] {
				row[i] = `"` + strings.ReplaceAll(cell, `"`, `\"`) + `"`
			}
		}
		b.WriteString(strings.Join(row, "\t") + "\n")
	}
	return b.Bytes(), nil
}

// answer answers a call of the installation's API and reports whether path is one.
func (d *deposit) answer(w http.ResponseWriter, r *http.Request, path string) bool {
	if id, ok := strings.CutPrefix(path, "api/access/datafile/"); ok {
		for _, v := range d.versions {
			if id != strconv.Itoa(v.file.id) {
				continue
			}
			if r.URL.Query().Get("format") == "original" {
				v.file.original.serve(w, r)
			} else {
				v.file.listed().serve(w, r)
			}
			return true
		}
		return false
	}
	rest, ok := strings.CutPrefix(strings.TrimSuffix(path, "/"), "api/datasets/:persistentId")
	if !ok {
		return false
	}
	asked, ofVersion := strings.CutPrefix(rest, "/versions/")
	if !ofVersion && rest != "" {
		return false
	}
	if doi := r.URL.Query().Get("persistentId"); doi != d.doi {
		respond(w, http.StatusNotFound, failure(fmt.Sprintf("Dataset with Persistent ID %s not found.", doi)))
	} else if !ofVersion {
		respond(w, http.StatusOK, success(d.dataset()))
	} else if v := d.version(asked); v != nil {
		respond(w, http.StatusOK, success(d.describe(*v)))
	} else {
		respond(w, http.StatusNotFound, failure(fmt.Sprintf("Dataset version %s of dataset %s not found", asked, d.doi)))
	}
	return true
}

// version finds a version by number ("33.0" or "33") or as the latest, or returns nil.
func (d *deposit) version(asked string) *version {
	if asked == ":latest" || asked == ":latest-published" {
		return &d.versions[len(d.versions)-1]
	}
	if !strings.Contains(asked, ".") {
		asked += ".0"
	}
	for i := range d.versions {
		if d.versions[i].number == asked {
			return &d.versions[i]
		}
	}
	return nil
}

// respond sends an answer of the API, which has no validators.
func respond(w http.ResponseWriter, status int, body any) {
	data, err := json.Marshal(body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	w.WriteHeader(status)
	// A client that went away is no concern of the handler.
	_, _ = w.Write(data)
}

// Package undl fetches the voting data that the UN Digital Library publishes as CSV: the list of a record's
// files first, then the newest of them.
package undl

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"entente/pipeline"
)

const (
	host       = "https://digitallibrary.un.org"
	maxListing = 8 << 20
)

// fileName matches 2025_7_23_ga_voting, 2026_02_06_ga_voting_corr and 2024_09_12_ga_resolutions_voting.
var fileName = regexp.MustCompile(`^(\d{4})_(\d{1,2})_(\d{1,2})_(ga|sc)_(?:resolutions_)?voting(_corr)?$`)

// Record is a record of the Library that carries one body's votes.
type Record struct {
	Source string // that reads it, for errors and commands
	ID     string // "4060887"
	Body   string // in the names of its files: "ga" or "sc"
	Name   string // of the file in the snapshot
}

// Page is the record's address for people.
func (r Record) Page() string { return host + "/record/" + r.ID }

func (r Record) listing() string { return host + "/api/v1/file?recid=" + r.ID }

// Fetch brings the record's newest file into the snapshot. Where no download may be made it takes the
// newest import, and fails with pipeline.ErrNotAutomated when there is none.
func (r Record) Fetch(ctx context.Context, c *http.Client, into *pipeline.Snapshot) error {
	if !into.Automated {
		return r.useImported(into)
	}
	listed, err := into.Download(ctx, c, pipeline.Request{
		Name: "files.json", URL: r.listing(), Accept: "application/json", Listing: true,
	})
	if err != nil {
		return err
	}
	body, err := into.Open(listed.Name)
	if err != nil {
		return fmt.Errorf("source %s: %w", r.Source, err)
	}
	defer body.Close()
	var files []file
	if err := json.NewDecoder(io.LimitReader(body, maxListing)).Decode(&files); err != nil {
		return r.refuse("the list of files is not what the Library publishes", err)
	}
	newest, err := r.newest(files)
	if err != nil {
		return err
	}
	_, err = into.Download(ctx, c, pipeline.Request{
		Name: r.Name, URL: newest.URL, Version: newest.Name, Bytes: newest.Size,
	})
	return err
}

func (r Record) useImported(into *pipeline.Snapshot) error {
	_, err := into.UseImported(r.Name)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("source %s: %w without the Library's approval, and no file was imported; %s",
			r.Source, pipeline.ErrNotAutomated, r.next())
	}
	return err
}

// file is an entry of the Library's list.
type file struct {
	Name, Format, URL string
	Size              int64
}

// newest chooses the CSV file with the latest date in its name, a corrected one before the one it corrects.
func (r Record) newest(files []file) (file, error) {
	var newest file
	var names []string
	best := -1
	for _, f := range files {
		names = append(names, f.Name+f.Format)
		m := fileName.FindStringSubmatch(f.Name)
		if m == nil || m[4] != r.Body || f.Format != ".csv" {
			continue
		}
		if rank := rankOf(m); rank > best {
			newest, best = f, rank
		}
	}
	if best < 0 {
		return newest, r.refuse(fmt.Sprintf("none of its files is a CSV file named like 2026_02_06_%s_voting: %s",
			r.Body, strings.Join(names, ", ")), nil)
	}
	if newest.URL == "" {
		return newest, r.refuse(fmt.Sprintf("the entry of %s has no url", newest.Name), nil)
	}
	return newest, nil
}

// rankOf orders the parts of a name: year, month, day, corrected or not. Months and days come with and
// without a leading zero.
func rankOf(parts []string) int {
	rank := 0
	for _, digits := range parts[1:4] {
		// The pattern lets only one to four digits through.
		n, _ := strconv.Atoi(digits)
		rank = rank*100 + n
	}
	rank *= 2
	if parts[5] != "" {
		rank++
	}
	return rank
}

func (r Record) next() string {
	return "download the newest CSV file from " + r.Page() + " with a browser and run: entente import " + r.Source + " FILE"
}

func (r Record) refuse(problem string, err error) error {
	return &pipeline.UpstreamError{Source: r.Source, Where: r.listing(), Problem: problem, Err: err, Next: r.next()}
}

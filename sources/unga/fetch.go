package unga

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
	page       = "https://digitallibrary.un.org/record/4060887"
	listing    = "https://digitallibrary.un.org/api/v1/file?recid=4060887"
	maxListing = 8 << 20
)

// fileName matches 2025_7_23_ga_voting, 2026_02_06_ga_voting_corr and 2024_09_12_ga_resolutions_voting.
var fileName = regexp.MustCompile(`^(\d{4})_(\d{1,2})_(\d{1,2})_ga_(?:resolutions_)?voting(_corr)?$`)

// Fetch implements pipeline.Source.
func (s *source) Fetch(ctx context.Context, c *http.Client, into *pipeline.Snapshot) error {
	if !into.Automated {
		return useImported(into)
	}
	f, err := into.Download(ctx, c, pipeline.Request{
		Name: "files.json", URL: listing, Accept: "application/json", Listing: true,
	})
	if err != nil {
		return err
	}
	body, err := into.Open(f.Name)
	if err != nil {
		return fmt.Errorf("source %s: %w", name, err)
	}
	defer body.Close()
	var files []file
	if err := json.NewDecoder(io.LimitReader(body, maxListing)).Decode(&files); err != nil {
		return refuse("the list of files is not what the Library publishes", err)
	}
	newest, err := newestOf(files)
	if err != nil {
		return err
	}
	_, err = into.Download(ctx, c, pipeline.Request{
		Name: votesFile, URL: newest.URL, Accept: "text/csv, */*;q=0.5", Version: newest.Name, Bytes: newest.Size,
	})
	return err
}

func useImported(into *pipeline.Snapshot) error {
	_, err := into.UseImported(votesFile)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("source %s: %w without the Library's approval, and no file was imported; "+
			"download the newest CSV file from %s with a browser and run: entente import %s FILE", name, pipeline.ErrNotAutomated, page, name)
	}
	return err
}

// file is an entry of the Library's list.
type file struct {
	Name, Format, URL string
	Size              int64
}

// newestOf chooses the CSV file with the latest date in its name, a corrected one before the one it
// corrects.
func newestOf(files []file) (file, error) {
	var newest file
	var names []string
	best := -1
	for _, f := range files {
		names = append(names, f.Name+f.Format)
		m := fileName.FindStringSubmatch(f.Name)
		if m == nil || f.Format != ".csv" {
			continue
		}
		if rank := rankOf(m); rank > best {
			newest, best = f, rank
		}
	}
	if best < 0 {
		return newest, refuse(fmt.Sprintf("none of its files is a CSV file named like 2026_02_06_ga_voting: %s", strings.Join(names, ", ")), nil)
	}
	if newest.URL == "" {
		return newest, refuse(fmt.Sprintf("the entry of %s has no url", newest.Name), nil)
	}
	return newest, nil
}

// rankOf orders the parts of a name: year, month, day, corrected or not.
func rankOf(parts []string) int {
	rank := 0
	for _, digits := range parts[1:4] {
		// The pattern lets only one to four digits through.
		n, _ := strconv.Atoi(digits)
		rank = rank*100 + n
	}
	rank *= 2
	if parts[4] != "" {
		rank++
	}
	return rank
}

func refuse(problem string, err error) error {
	return &pipeline.UpstreamError{
		Source: name, Where: listing, Problem: problem, Err: err,
		Next: "download the newest CSV file from " + page + " with a browser and run: entente import " + name + " FILE",
	}
}

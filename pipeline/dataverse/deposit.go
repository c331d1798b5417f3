// Package dataverse fetches files of deposits in Dataverse installations: a version's list of files
// first, then the file, as it was uploaded.
package dataverse

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"entente/pipeline"
)

const (
	// Latest is the version that the installation published last.
	Latest = ":latest"
	// Imported stands in place of a version for a file that was given by hand.
	Imported = "imported"

	maxListing = 32 << 20
)

// Deposit is a dataset of an installation.
type Deposit struct {
	Source string // that reads it, for errors
	Host   string // "dataverse.harvard.edu"
	DOI    string // "doi:10.7910/DVN/LEJUQZ"
}

// Want says which file of a deposit is meant.
type Want struct {
	Name           string         // in the snapshot
	What           string         // it holds, for errors: "roll calls"
	Version        string         // "33.0", Latest or Imported
	VersionSetting string         // that Version was read from, for errors
	File           string         // its name in the deposit; "" to find it by Match
	FileSetting    string         // that File was read from, for errors
	Match          *regexp.Regexp // what the name, as uploaded, looks like
	Hint           string         // what the reader of an error should know about versions
}

// Fetch brings the wanted file into the snapshot. It fails with an UpstreamError that says which
// versions or files there are and which setting chooses among them.
func (d Deposit) Fetch(ctx context.Context, c *http.Client, into *pipeline.Snapshot, w Want) error {
	if w.Version == Imported || !into.Automated {
		return d.useImported(into, w)
	}
	v, err := d.list(ctx, c, into, w.Version)
	if err != nil {
		return d.explain(ctx, c, into, w, err)
	}
	f, err := d.choose(v, w)
	if err != nil {
		return err
	}
	if _, err := into.Download(ctx, c, d.request(v, f, w.Name)); err != nil {
		return fmt.Errorf("%s: %w", w.What, err)
	}
	return nil
}

func (d Deposit) useImported(into *pipeline.Snapshot, w Want) error {
	_, err := into.UseImported(w.Name)
	if err == nil {
		return nil
	}
	return fmt.Errorf("source %s: the %s are to be imported, not downloaded; they are at %s: %w",
		d.Source, w.What, d.page(), err)
}

func (d Deposit) page() string {
	return "https://doi.org/" + strings.TrimPrefix(d.DOI, "doi:")
}

// list asks for the files of a version.
func (d Deposit) list(ctx context.Context, c *http.Client, into *pipeline.Snapshot, number string) (version, error) {
	address := url.URL{
		Scheme: "https", Host: d.Host, Path: "/api/datasets/:persistentId/versions/" + number,
		RawQuery: "persistentId=" + d.DOI,
	}
	f, err := into.Download(ctx, c, pipeline.Request{
		Name: "dataset-" + strings.TrimPrefix(number, ":") + ".json", URL: address.String(),
		Accept: "application/json", Listing: true,
	})
	if err != nil {
		return version{}, err
	}
	body, err := into.Open(f.Name)
	if err != nil {
		return version{}, fmt.Errorf("source %s: %w", d.Source, err)
	}
	defer body.Close()
	var answer struct {
		Status, Message string
		Data            version
	}
	if err := json.NewDecoder(io.LimitReader(body, maxListing)).Decode(&answer); err != nil {
		return version{}, d.refuse(address.String(), "the list of files is not what Dataverse publishes", "run again later", err)
	}
	v := answer.Data
	v.address = address.String()
	if answer.Status != "OK" {
		return version{}, d.refuse(v.address, fmt.Sprintf("answered %s: %s", answer.Status, answer.Message), "", nil)
	}
	for _, e := range v.Files {
		if e.DataFile.ID == 0 || e.DataFile.Filename == "" {
			return version{}, d.refuse(v.address, `an entry of "files" has no "dataFile" with "id" and "filename"`,
				"the upstream changed its format; report it", nil)
		}
	}
	return v, nil
}

// explain adds to the failure of listing a version which one is the newest, if that can be found out.
func (d Deposit) explain(ctx context.Context, c *http.Client, into *pipeline.Snapshot, w Want, cause error) error {
	var upstream *pipeline.UpstreamError
	if w.Version == Latest || ctx.Err() != nil || !errors.As(cause, &upstream) {
		return cause
	}
	latest, err := d.list(ctx, c, into, Latest)
	if err != nil {
		return cause
	}
	return d.refuse(latest.address,
		fmt.Sprintf("version %s of %s, wanted for the %s, cannot be listed; the newest version is %s", w.Version, d.DOI, w.What, latest.number()),
		fmt.Sprintf("set %s to a version that is published; %s", w.VersionSetting, w.Hint), cause)
}

// choose finds the wanted file in a version.
func (d Deposit) choose(v version, w Want) (dataFile, error) {
	var fit []dataFile
	var names, fitting []string
	listed := map[int64]bool{} // a catalogue that names one file twice means one file
	for _, e := range v.Files {
		if listed[e.DataFile.ID] {
			continue
		}
		listed[e.DataFile.ID] = true
		original := e.DataFile.original()
		names = append(names, original)
		if w.File == "" && w.Match.MatchString(original) || w.File != "" && slices.Contains([]string{original, e.DataFile.Filename}, w.File) {
			fit = append(fit, e.DataFile)
			fitting = append(fitting, original)
		}
	}
	switch {
	case len(fit) == 1:
		return fit[0], nil
	case len(fit) > 1:
		return dataFile{}, d.refuse(v.address,
			fmt.Sprintf("version %s has several files that look like the %s: %s", v.number(), w.What, strings.Join(fitting, ", ")),
			fmt.Sprintf("set %s to the one that is meant", w.FileSetting), nil)
	case w.File != "":
		return dataFile{}, d.refuse(v.address,
			fmt.Sprintf("version %s has no file %q; it has %s", v.number(), w.File, strings.Join(names, ", ")),
			fmt.Sprintf("correct %s, or set %s; %s", w.FileSetting, w.VersionSetting, w.Hint), nil)
	}
	return dataFile{}, d.refuse(v.address,
		fmt.Sprintf("version %s has no CSV file of the %s (%s); it has %s", v.number(), w.What, w.Match, strings.Join(names, ", ")),
		fmt.Sprintf("set %s to a version that has it, or %s if it goes by another name; %s", w.VersionSetting, w.FileSetting, w.Hint), nil)
}

// request asks for a file as it was uploaded. Size and checksum are declared only where the metadata
// describe those bytes: of a table that Dataverse has converted it declares the uploaded size alone.
func (d Deposit) request(v version, f dataFile, name string) pipeline.Request {
	r := pipeline.Request{
		Name: name, URL: fmt.Sprintf("https://%s/api/access/datafile/%d", d.Host, f.ID),
		Version: v.number(), Bytes: f.Filesize, MD5: f.md5(),
	}
	if f.TabularData {
		r.URL += "?format=original"
		r.Bytes, r.MD5 = f.OriginalFileSize, ""
	}
	return r
}

func (d Deposit) refuse(where, problem, next string, err error) error {
	return &pipeline.UpstreamError{Source: d.Source, Where: where, Problem: problem, Next: next, Err: err}
}

// Package pacts is the part of the sample on alliances, trade agreements, disputes and the power of states: facts in our
// own layout, and the files that the upstreams would make of them. It also has summaries of treaties in our own words.
//
// The facts restate
//
//   - Leeds, Brett Ashley, Jeffrey M. Ritter, Sara McLaughlin Mitchell and Andrew G. Long, 2002, "Alliance Treaty
//     Obligations and Provisions, 1815-1944", International Interactions 28 (3): 237-260; version 5.0
//   - Dür, Andreas, Leonardo Baccini and Manfred Elsig, 2014, "The Design of International Trade Agreements",
//     The Review of International Organizations 9 (3): 353-375; list of treaties, version 2.0
//   - Correlates of War Project, National Material Capabilities, version 7.0
//   - Palmer, Glenn, et al., 2022, "The MID5 Dataset, 2011-2014: Procedures, Coding Rules, and Description", Conflict
//     Management and Peace Science 39 (4): 470-482; pairs by year: Miller, Steven V., 2022, "{peacesciencer}", ibid. (6):
//     755-779
package pacts

import (
	"archive/zip"
	"bytes"
	"embed"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

//go:embed facts/*.csv
var embedded embed.FS

// File is a file as an upstream hands it out.
type File struct {
	Address     string // host and path
	ContentType string
	Released    time.Time
	Data        []byte
}

// States says which Correlates of War number and abbreviation a state had on a day.
type States func(iso3, day string) (number int, abbreviation string, err error)

// Files makes the files from the embedded facts, the same bytes every time. It fails where the facts contradict
// themselves, naming file and line.
func Files(on States) ([]File, error) {
	f, err := readFacts()
	if err != nil {
		return nil, err
	}
	alliances, err := alliancesZIP(f, on)
	if err != nil {
		return nil, err
	}
	agreements, err := agreementsCSV(f)
	if err != nil {
		return nil, err
	}
	capabilities, err := capabilitiesZIP(f, on)
	if err != nil {
		return nil, err
	}
	disputes, pairs, err := disputesZIPs(f, on)
	if err != nil {
		return nil, err
	}
	day := func(year int, month time.Month, d int) time.Time {
		return time.Date(year, month, d, 12, 0, 0, 0, time.UTC)
	}
	return []File{
		{"www.atopdata.org/uploads/6/9/1/3/69134503/atop_5.0__.csv_.zip", "application/zip", day(2020, time.August, 19), alliances},
		{"www.designoftradeagreements.org/media/filer_public/list_of_treaties.csv", "text/csv", day(2020, time.October, 1), agreements},
		{"correlatesofwar.org/wp-content/uploads/NMCv7.zip", "application/zip", day(2025, time.January, 1), capabilities},
		{"correlatesofwar.org/wp-content/uploads/MID-5-Data-and-Supporting-Materials.zip", "application/zip", day(2020, time.September, 1), disputes},
		{"correlatesofwar.org/wp-content/uploads/cow_mid_ddydisps.zip", "application/zip", day(2022, time.January, 1), pairs},
	}, nil
}

// facts is the content of folder facts.
type facts struct {
	alliances    []alliance
	memberships  []membership
	agreements   []agreement
	capabilities []capability
	disputes     []dispute
	disputing    []disputing
}

// readFacts reads and checks the embedded files. An error names file and line.
func readFacts() (*facts, error) {
	f := &facts{}
	return f, errors.Join(
		readTable("alliances.csv", "atopid,title,signed,ended,phases,obligations,bilateral,asymmetric,term,ratified,secret", f.addAlliance),
		readTable("alliance_members.csv", "atopid,phase,obligations,entered,left,term,asymmetric,members", f.addMembership),
		readTable("agreements.csv", "number,base_treaty,name,entry_type,consolidated,signed,in_force,type,region,wto_listed,role_0,role_1,role_2,role_3,role_unknown", f.addAgreement),
		readTable("capabilities.csv", "year,iso3,milex_kusd,milper,irst,pec,tpop,upop,cinc", f.addCapability),
		readTable("disputes.csv", disputeHeader, f.addDispute),
		readTable("dispute_pairs.csv", pairFacts, f.addDisputing),
	)
}

// readTable hands every record of a facts file, which must have that header, to add.
func readTable(name, header string, add func(r []string) error) error {
	file, err := embedded.Open("facts/" + name)
	if err != nil {
		return err
	}
	defer file.Close()
	reader := csv.NewReader(file)
	head, err := reader.Read()
	if err != nil {
		return fmt.Errorf("facts/%s: header: %w", name, err)
	}
	if got := strings.Join(head, ","); got != header {
		return fmt.Errorf("facts/%s:1: header is %q, want %q", name, got, header)
	}
	for {
		r, err := reader.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("facts/%s: %w", name, err)
		}
		if err := add(r); err != nil {
			line, _ := reader.FieldPos(0)
			return fmt.Errorf("facts/%s:%d: %w", name, line, err)
		}
	}
}

// cells are a row by the names of its columns.
type cells map[string]string

// named writes CSV of rows by the names of their columns; a column that a row lacks is empty.
func named(header string, rows []cells) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	columns := strings.Split(header, ",")
	w.Write(columns)
	for _, row := range rows {
		line := make([]string, len(columns))
		for i, column := range columns {
			line[i] = row[column]
		}
		w.Write(line)
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// file is a member of an archive.
type file struct {
	name string
	data []byte
}

// zipped packs files in their order.
func zipped(files ...file) ([]byte, error) {
	var b bytes.Buffer
	archive := zip.NewWriter(&b)
	for _, f := range files {
		w, err := archive.Create(f.name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.name, err)
		}
		if _, err := w.Write(f.data); err != nil {
			return nil, fmt.Errorf("%s: %w", f.name, err)
		}
	}
	err := archive.Close()
	return b.Bytes(), err
}

package cownmc

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"entente/pipeline"
	"entente/pipeline/archive"
	"entente/pipeline/delimited"
)

// missing is how the file writes a figure that nobody has.
const missing = "-9"

// firstDollars is the first year whose expenditures are in US dollars; those before are in British pounds.
const firstDollars = 1914

// largest bounds a member: the published table has some 900 kB.
const largest = 256 << 20

var (
	tableName = regexp.MustCompile(`(?i)^NMC.*abridged.*\.csv$`)
	innerName = regexp.MustCompile(`(?i)^NMC.*abridged.*\.zip$`)
)

func amount(column, unit, header, description string) delimited.Column {
	return delimited.Real(pipeline.Real(column, unit, description+"; null where missing"), header).Alias(missing, "").Alias(missing+".0", "")
}

func columns() []delimited.Column {
	number := func(column, unit, description string) delimited.Column {
		return delimited.Whole(pipeline.NotNull(pipeline.Int16(column, unit, description)), column)
	}
	return []delimited.Column{
		number("ccode", "", "Correlates of War number of the state"),
		number("year", "year", "calendar year"),
		amount("milex_kusd", "thousand US dollars", "milex", "military expenditures at current prices, from 1914; null before, see milex_kgbp"),
		amount("milex_kgbp", "thousand British pounds", "milex", "military expenditures at current prices, to 1913; null after, see milex_kusd"),
		amount("milper", "thousand persons", "milper", "military personnel"),
		amount("irst", "thousand tons", "irst", "iron production to 1899, steel production after"),
		amount("pec", "thousand coal-ton equivalents", "pec", "primary energy consumption"),
		amount("tpop", "thousand persons", "tpop", "population"),
		amount("upop", "thousand persons", "upop", "population of cities of more than 100,000"),
		amount("cinc", "share", "cinc", "Composite Index of National Capability as published: the mean of the state's shares in the system's totals of the six components"),
		delimited.Text(pipeline.Code("version", "version of the data set"), "version").Maybe(),
	}
}

// Positions of the columns that are more than a cell.
const (
	atYear    = 1
	atDollars = 2
	atPounds  = 3
	atIndex   = 9
)

// find returns the table in the archive, or in the one archive of abridged tables in it.
func find(members *archive.FS) (archive.Member, error) {
	direct, err := members.Find(capabilitiesFile, tableName)
	var upstream *pipeline.UpstreamError
	if !errors.As(err, &upstream) {
		return direct, err
	}
	inner, innerErr := members.Find(capabilitiesFile, innerName)
	if innerErr != nil {
		return archive.Member{}, err
	}
	return members.Find(inner.Path, tableName)
}

// Parse implements pipeline.Source.
func (s *source) Parse(ctx context.Context, snapshot fs.FS, table string, out pipeline.Sink) error {
	if table != capabilitiesTable {
		return fmt.Errorf("source %s: no table %q", name, table)
	}
	members := archive.New(name, snapshot, archive.Limits{Bytes: largest})
	member, err := find(members)
	if err != nil {
		return err
	}
	l := delimited.Layout{
		Source: name, File: member.Path, Columns: columns(),
		Ignored: []string{"stateabb"},
		BareEnd: true, // the archive's checksum says that the member is whole
	}
	b := delimited.NewBuilder(l.Columns, l.File, out)
	start := func(header []string) (delimited.ReadRecord, error) {
		at, err := l.Match(header, out)
		if err != nil {
			return nil, err
		}
		return func(rec *delimited.Record) (string, error) { return add(b, rec, at) }, nil
	}
	return l.Read(ctx, members, out, start, b.Flush)
}

// add appends a record's row, with its expenditures in the currency of its year. It returns why the record is
// no row, or "".
func add(b *delimited.Builder, rec *delimited.Record, at []int) (problem string, err error) {
	cells := make([][]byte, len(at))
	for i, from := range at {
		if from >= 0 {
			cells[i] = rec.Cells[from]
		}
	}
	// a year that is none is refused below
	year, _ := strconv.ParseFloat(string(cells[atYear]), 64)
	if year < firstDollars {
		cells[atDollars] = nil
	} else {
		cells[atPounds] = nil
	}
	for i, cell := range cells {
		if err := b.Set(i, cell); err != nil {
			return err.Error(), nil
		}
	}
	for i := atDollars; i <= atIndex; i++ {
		text := string(cells[i])
		if strings.HasPrefix(text, "-") && !slices.Contains([]string{missing, missing + ".0"}, text) {
			return fmt.Sprintf("column %s: %q is negative, and not %s for missing", columns()[i].Field.Name, text, missing), nil
		}
	}
	if index, err := strconv.ParseFloat(string(cells[atIndex]), 64); err == nil && index > 1 {
		return fmt.Sprintf("column cinc: %q is more than 1, and no share", cells[atIndex]), nil
	}
	_, err = b.Append(rec)
	return "", err
}

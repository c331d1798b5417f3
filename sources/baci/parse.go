package baci

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"entente/pipeline"
	"entente/pipeline/archive"
	"entente/pipeline/delimited"
)

// year is one member of the archive.
type year struct {
	number       int
	text         string // "2020"
	nomenclature string // "HS17"
	path         string // "baci.zip/BACI_HS17_Y2020_V202301.csv"
}

var memberName = regexp.MustCompile(`^BACI_(HS[0-9]{2})_Y([0-9]{4})_V[0-9]{6}[a-z]?\.csv$`)

// years lists the archive's years that the settings ask for, ascending.
func (s *source) years(members *archive.FS) ([]year, error) {
	all, err := members.Members(archiveFile)
	if err != nil {
		return nil, err
	}
	var years []year
	var names []string
	for _, m := range all {
		names = append(names, m.Name)
		found := memberName.FindStringSubmatch(path.Base(m.Name))
		if found == nil || found[1] != s.settings.Nomenclature {
			continue
		}
		number, err := strconv.Atoi(found[2])
		if err != nil {
			return nil, fmt.Errorf("source %s: %s: %w", name, m.Path, err)
		}
		if number < s.settings.FromYear || s.settings.ToYear > 0 && number > s.settings.ToYear {
			continue
		}
		years = append(years, year{number: number, text: found[2], nomenclature: found[1], path: m.Path})
	}
	slices.SortFunc(years, func(a, b year) int { return cmp.Compare(a.number, b.number) })
	for i := range years {
		if i > 0 && years[i].number == years[i-1].number {
			return nil, refuse(fmt.Sprintf("the archive has %s and %s for one year", years[i-1].path, years[i].path))
		}
	}
	if years == nil {
		return nil, refuse(fmt.Sprintf("the archive has no year of %s among those asked for; it has %s",
			s.settings.Nomenclature, strings.Join(names, ", ")))
	}
	return years, nil
}

func refuse(problem string) error {
	return &pipeline.UpstreamError{
		Source: name, Where: archiveFile, Problem: problem,
		Next: "compare nomenclature, release, from_year and to_year of the schedule with the publisher's page",
	}
}

// columns reads one year. A row of another year is none of its file.
func columns(y year) []delimited.Column {
	code := func(column, header, description string) delimited.Column {
		return delimited.Whole(pipeline.NotNull(pipeline.Int16(column, "", description)), header).Padded()
	}
	return []delimited.Column{
		delimited.WholeOf(pipeline.NotNull(pipeline.Int16("year", "year", "calendar year")), []int64{int64(y.number)}, "t"),
		code("exporter_code", "i", "exporter: BACI's number, which is UN Comtrade's"),
		code("importer_code", "j", "importer: BACI's number, which is UN Comtrade's"),
		delimited.Digits(pipeline.NotNull(pipeline.Code("product", "product: six digits of the nomenclature")), 6, "k"),
		delimited.Real(pipeline.NotNull(pipeline.Real("value_kusd", "thousand US dollars", "value, free on board, current prices")), "v").Padded(),
		delimited.Real(pipeline.Real("quantity_t", "metric tons", "quantity; null where BACI has none"), "q").Padded(),
		delimited.Constant(pipeline.NotNull(pipeline.Code("nomenclature", "edition of the Harmonized System: HS17 is that of 2017")), y.nomenclature),
	}
}

// Parse implements pipeline.Source: all years, one after the other.
func (s *source) Parse(ctx context.Context, snapshot fs.FS, table string, out pipeline.Sink) error {
	if table != flowsTable {
		return fmt.Errorf("source %s: no table %q", name, table)
	}
	members := open(snapshot)
	years, err := s.years(members)
	if err != nil {
		return err
	}
	for _, y := range years {
		if err := y.parse(ctx, members, unclosed{out}); err != nil {
			return err
		}
	}
	return out.Close()
}

// unclosed passes on all but the end.
type unclosed struct{ pipeline.Sink }

// Close implements pipeline.Sink.
func (unclosed) Close() error { return nil }

// ParsePart implements pipeline.Parted.
func (s *source) ParsePart(ctx context.Context, snapshot fs.FS, table string, part pipeline.Part, out pipeline.Sink) error {
	if table != flowsTable {
		return fmt.Errorf("source %s: no table %q", name, table)
	}
	members := open(snapshot)
	years, err := s.years(members)
	if err != nil {
		return err
	}
	for _, y := range years {
		if y.text == part.Value {
			return y.parse(ctx, members, out)
		}
	}
	return refuse("the archive has no year " + part.Value)
}

// parse reads one year. The archive's checksum says that a member is whole, whatever its last byte is.
func (y year) parse(ctx context.Context, members *archive.FS, out pipeline.Sink) error {
	l := delimited.Layout{Source: name, File: y.path, Columns: columns(y), BareEnd: true}
	return l.Parse(ctx, members, out)
}

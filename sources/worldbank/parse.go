package worldbank

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"entente/pipeline"
	"entente/pipeline/delimited"
)

// noValue is the rule by which records without a value are left out.
const noValue = "no value"

// Members of a record.
const (
	indicator = "indicator"
	country   = "country"
	iso3      = "countryiso3code"
	date      = "date"
	value     = "value"
	unit      = "unit"
	status    = "obs_status"
	decimal   = "decimal"
)

func required() []string { return []string{indicator, country, iso3, date, value} }

// columns are filled from members, not from cells of a line; they have no names to be found by.
func columns() []delimited.Column {
	return []delimited.Column{
		delimited.Text(pipeline.NotNull(pipeline.Code("indicator", "the World Bank's code of the indicator: NY.GDP.MKTP.CD is gross domestic product in current US dollars, SP.POP.TOTL population"))),
		delimited.Text(pipeline.NotNull(pipeline.Code("economy_code", "the World Bank's code of the economy: three letters, mostly ISO 3166-1 alpha-3"))),
		delimited.Text(pipeline.Text("economy_name", "name of the economy in the answer")),
		delimited.Whole(pipeline.NotNull(pipeline.Int16("year", "year", "calendar year, or the fiscal year the World Bank files under it"))),
		delimited.Real(pipeline.NotNull(pipeline.Real("value", "as the indicator", "value in the indicator's unit: plain current US dollars for NY.GDP.MKTP.CD, persons for SP.POP.TOTL"))),
		delimited.Text(pipeline.Text("unit", "unit as the answer gives it, which is mostly nothing")),
		delimited.Text(pipeline.Code("obs_status", "the World Bank's status of the value, null where it says nothing")),
		delimited.Whole(pipeline.Int8("decimal", "digits", "decimal places that the World Bank displays")),
	}
}

// Parse implements pipeline.Source.
func (s *source) Parse(ctx context.Context, snapshot fs.FS, table string, out pipeline.Sink) error {
	if table != indicators {
		return fmt.Errorf("source %s: no table %q", name, table)
	}
	for _, code := range s.settings.all() {
		pages := int64(1)
		for n := 1; int64(n) <= pages; n++ {
			p, err := parsePage(ctx, snapshot, fileName(code, n), out)
			if err != nil {
				return err
			}
			if refusal := p.refusal(); refusal != "" {
				if !s.settings.optional(code) {
					return refuse(fileName(code, n), "the service refuses "+code+": "+refusal, tryLater, nil)
				}
				if err := out.Filter(fmt.Sprintf("optional indicator %s: the service says: %s", code, refusal), 0); err != nil {
					return err
				}
			}
			pages = count(p.Pages)
		}
	}
	return out.Close()
}

// parsePage reads one file and returns its head.
func parsePage(ctx context.Context, snapshot fs.FS, file string, out pipeline.Sink) (head, error) {
	opened, err := snapshot.Open(file)
	if err != nil {
		return head{}, fmt.Errorf("source %s: %w", name, err)
	}
	defer opened.Close()
	damaged := func(err error) error {
		return refuse(file, "this is no page of the World Bank's", tryLater, err)
	}
	a, err := open(opened)
	if err != nil {
		return head{}, damaged(err)
	}
	if a.head.Message != nil {
		return a.head, nil
	}
	p := &parser{file: file, out: out, builder: delimited.NewBuilder(columns(), file, out), seen: map[string]bool{}}
	for n := 0; ; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return a.head, ctx.Err()
		}
		r, err := a.next()
		if errors.Is(err, io.EOF) {
			return a.head, p.end(n)
		}
		if err != nil {
			return a.head, damaged(err)
		}
		if err := p.record(r); err != nil {
			return a.head, err
		}
	}
}

// parser takes the records of one file.
type parser struct {
	file    string
	out     pipeline.Sink
	builder *delimited.Builder
	seen    map[string]bool // members of any record
}

// record makes a row of a record, or sets it aside.
func (p *parser) record(r record) error {
	cells, rule, problem := p.cells(r.raw)
	for i, cell := range cells {
		if problem == "" {
			if err := p.builder.Set(i, cell); err != nil {
				problem = err.Error()
			}
		}
	}
	switch {
	case problem != "":
		return p.out.Reject(pipeline.Reject{File: p.file, Line: r.line, Offset: r.offset, Length: int32(len(r.raw)), Reason: problem})
	case rule != "":
		return p.out.Filter(rule, 1)
	}
	_, err := p.builder.Append(&delimited.Record{Line: r.line, Offset: r.offset, Length: int32(len(r.raw))})
	return err
}

// cells returns a record's values in the order of the columns, the rule by which it is left out or what is
// wrong with it.
func (p *parser) cells(raw []byte) (cells [][]byte, rule, problem string) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(raw, &members); err != nil || members == nil {
		return nil, "", "the record is no JSON object"
	}
	for name := range members {
		p.seen[name] = true
	}
	for _, name := range required() {
		if members[name] == nil {
			return nil, "", fmt.Sprintf("member %q is missing", name)
		}
	}
	var of, economy label
	var code, year, inUnit, statusCode string
	for _, m := range []struct {
		name string
		into any
	}{{indicator, &of}, {country, &economy}, {iso3, &code}, {date, &year}, {unit, &inUnit}, {status, &statusCode}} {
		if raw := members[m.name]; raw != nil && json.Unmarshal(raw, m.into) != nil {
			return nil, "", fmt.Sprintf("member %q is %s", m.name, shortened(raw))
		}
	}
	if code == "" {
		code = economy.ID
	}
	amount, problem := number(members, value)
	if problem != "" {
		return nil, "", problem
	}
	places, problem := number(members, decimal)
	if problem != "" {
		return nil, "", problem
	}
	if amount == nil {
		return nil, noValue, ""
	}
	return [][]byte{
		[]byte(of.ID), []byte(code), []byte(economy.Value), []byte(year), amount,
		[]byte(inUnit), []byte(statusCode), places,
	}, "", ""
}

// label is a code with its name.
type label struct {
	ID    string `json:"id"`
	Value string `json:"value"`
}

// number returns a member's digits, nil where it is null or absent.
func number(members map[string]json.RawMessage, name string) (digits []byte, problem string) {
	m := members[name]
	if m == nil || string(m) == "null" {
		return nil, ""
	}
	if strings.IndexByte("-0123456789", m[0]) < 0 {
		return nil, fmt.Sprintf("member %q is %s, no number", name, shortened(m))
	}
	return m, ""
}

// end passes the last rows on, and fails where a member that is needed is in none of the file's records.
func (p *parser) end(records int) error {
	for _, name := range required() {
		if records > 0 && !p.seen[name] {
			return refuse(p.file, fmt.Sprintf("no record has the member %q", name),
				"the upstream changed its format; see the source's README for the layout that is known", nil)
		}
	}
	known := append(required(), unit, status, decimal)
	var others []string
	for name := range p.seen {
		if !slices.Contains(known, name) {
			others = append(others, name)
		}
	}
	slices.Sort(others)
	for _, name := range others {
		if err := p.out.Filter(fmt.Sprintf("member %q is not known and not loaded", name), 0); err != nil {
			return err
		}
	}
	return p.builder.Flush()
}

func shortened(m json.RawMessage) string {
	const most = 60
	if len(m) > most {
		return string(m[:most]) + "…"
	}
	return string(m)
}

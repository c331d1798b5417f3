package states

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
)

// Load returns the resolver of the program's tables, which all share. It fails, naming file and line, when they
// contradict themselves.
func Load() (*Resolver, error) { return loaded() }

// loaded is as constant as the tables, which are read when it is first asked for.
var loaded = sync.OnceValues(func() (*Resolver, error) { return load(tables) })

func load(from fs.FS) (*Resolver, error) {
	r := &Resolver{names: map[Scheme]map[string]*meaning{}, successors: map[string]string{}}
	r.group = &meaning{spells: []spell{{to: maxDay, status: Aggregate}}, always: true, single: true}
	known := map[string]bool{}
	err := read(from, StatesFile, []string{"iso3", "successor_iso3"}, func(row []string) error {
		known[row[0]] = true
		if row[1] != "" {
			r.successors[row[0]] = row[1]
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := r.checkSuccessors(known); err != nil {
		return nil, err
	}
	columns := []string{"scheme", "value", "valid_from", "valid_to", "iso3", "status", "note"}
	err = read(from, NamesFile, columns, func(row []string) error { return r.add(row, known) })
	if err != nil {
		return nil, err
	}
	sum := sha256.New()
	for _, name := range []string{StatesFile, NamesFile} {
		data, err := fs.ReadFile(from, name)
		if err != nil {
			return nil, fmt.Errorf("state tables: %w", err)
		}
		sum.Write(data)
	}
	r.tables = hex.EncodeToString(sum.Sum(nil))
	for scheme, values := range r.names {
		for value, m := range values {
			if err := m.seal(); err != nil {
				return nil, fmt.Errorf("%s: %s %q: %w", NamesFile, scheme, value, err)
			}
		}
	}
	return r, nil
}

// checkSuccessors fails when a state is said to follow that does not exist, or that follows itself.
func (r *Resolver) checkSuccessors(known map[string]bool) error {
	for former := range r.successors {
		seen := map[string]bool{}
		for at := former; at != ""; at = r.successors[at] {
			if !known[at] || seen[at] {
				return fmt.Errorf("%s: successors of %s: %q is no state or comes twice", StatesFile, former, at)
			}
			seen[at] = true
		}
	}
	return nil
}

// add takes a row of names.csv.
func (r *Resolver) add(row []string, known map[string]bool) error {
	s := spell{to: maxDay, iso3: row[4], note: row[6]}
	var err error
	if s.from, err = day(row[2]); err != nil {
		return fmt.Errorf("valid_from: %w", err)
	}
	if row[3] != "" {
		if s.to, err = day(row[3]); err != nil {
			return fmt.Errorf("valid_to: %w", err)
		}
	}
	switch row[5] {
	case Known.String():
		s.status = Known
	case Unresolvable.String():
		s.status = Unresolvable
	case Aggregate.String():
		s.status = Aggregate
	default:
		return fmt.Errorf("status %q is none of state, unresolvable, aggregate", row[5])
	}
	if (s.status == Known) != known[s.iso3] || s.status != Known && s.iso3 != "" {
		return fmt.Errorf("iso3 %q does not go with status %q", s.iso3, row[5])
	}
	scheme := Scheme(row[0])
	if r.names[scheme] == nil {
		r.names[scheme] = map[string]*meaning{}
	}
	m := r.names[scheme][row[1]]
	if m == nil {
		m = &meaning{}
		r.names[scheme][row[1]] = m
	}
	m.spells = append(m.spells, s)
	return nil
}

// seal orders the spells, fails when two overlap, and finds out whether a day is needed at all.
func (m *meaning) seal() error {
	slices.SortFunc(m.spells, func(a, b spell) int { return int(a.from) - int(b.from) })
	m.single = true
	firstDay := arrow.Date32FromTime(time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC))
	m.always = m.spells[0].from == firstDay && m.spells[len(m.spells)-1].to == maxDay
	for i, s := range m.spells {
		if s.to <= s.from {
			return fmt.Errorf("spell from %s ends before it begins", s.from.FormattedString())
		}
		if i == 0 {
			continue
		}
		before := m.spells[i-1]
		if s.from < before.to {
			return fmt.Errorf("spells overlap on %s", s.from.FormattedString())
		}
		if s.iso3 != before.iso3 || s.status != before.status {
			m.single, m.always = false, false
		}
		if s.from != before.to {
			m.always = false
		}
	}
	return nil
}

// read calls row with the wanted columns of every line of a table.
func read(from fs.FS, name string, columns []string, row func([]string) error) error {
	f, err := from.Open(name)
	if err != nil {
		return fmt.Errorf("state tables: %w", err)
	}
	defer f.Close()
	in := csv.NewReader(f)
	header, err := in.Read()
	if err != nil {
		return fmt.Errorf("%s: header: %w", name, err)
	}
	at := make([]int, len(columns))
	for i, c := range columns {
		if at[i] = slices.Index(header, c); at[i] < 0 {
			return fmt.Errorf("%s:1: no column %q in %q", name, c, strings.Join(header, ","))
		}
	}
	wanted := make([]string, len(columns))
	for {
		record, err := in.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		line, _ := in.FieldPos(0)
		for i, c := range at {
			wanted[i] = record[c]
		}
		if err := row(wanted); err != nil {
			return fmt.Errorf("%s:%d: %w", name, line, err)
		}
	}
}

func day(text string) (arrow.Date32, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return 0, fmt.Errorf("%q is no day; write it as 1971-10-25", text)
	}
	return arrow.Date32FromTime(t), nil
}

package site

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// option is one of what a reader can choose.
type option struct{ Value, Label string }

// series is a source of votes or trade with the years it covers.
type series struct {
	body, source string
	first, last  int
}

// choices are what the current release holds, and so what can be chosen.
type choices struct {
	states, groups []option
	votes, trade   []series // the usual one of a body first
	tables         map[string]bool
	first, last    int // years with votes
}

func (s *shelf) choose(ctx context.Context) (c choices, err error) {
	for _, list := range []struct {
		query string
		into  *[]option
	}{{"choices_states", &c.states}, {"choices_groups", &c.groups}} {
		got, err := s.ask(ctx, question{query: list.query})
		if err != nil {
			return c, err
		}
		for _, v := range got.values {
			*list.into = append(*list.into, option{fmt.Sprint(v[0]), fmt.Sprintf("%v (%v)", v[1], v[0])})
		}
	}
	got, err := s.ask(ctx, question{query: "choices_series"})
	if err != nil {
		return c, err
	}
	for _, v := range got.values {
		one := series{fmt.Sprint(v[0]), fmt.Sprint(v[1]), year(v[2]), year(v[3])}
		c.votes = append(c.votes, one)
		if c.first == 0 || one.first < c.first {
			c.first = one.first
		}
		c.last = max(c.last, one.last)
	}
	if got, err = s.ask(ctx, question{query: "choices_trade"}); err != nil {
		return c, err
	}
	for _, v := range got.values {
		c.trade = append(c.trade, series{"", fmt.Sprint(v[0]), year(v[1]), year(v[2])})
	}
	if got, err = s.ask(ctx, question{query: "choices_tables"}); err != nil {
		return c, err
	}
	c.tables = map[string]bool{}
	for _, v := range got.values {
		c.tables[fmt.Sprint(v[0])] = true
	}
	return c, nil
}

func year(v any) int {
	x, _ := number(v)
	return int(x)
}

// What can be chosen in every release.
var (
	bodies = []option{{"GA", "General Assembly"}, {"SC", "Security Council"}}
	scopes = []option{{"contested", "contested texts"}, {"all", "all texts"}}
	shows  = []option{{"pair", "two states"}, {"group", "a group"}}
	// measures of a pair are columns of queries/alignment.sql.
	measures = []option{
		{"agree", "same ballot"}, {"agree_half", "same ballot, abstention half"}, {"agree_yes_no", "same ballot, abstentions left out"},
		{"kappa", "kappa: beyond chance"}, {"s_abs", "S: absolute distance"},
	}
	methods = []option{{"import_priority", "the importer’s report first"}, {"reconciled", "reconciled from both reports"}}
)

// wish is what a reader chose.
type wish struct {
	Show, Body, A, B, C, Group     string
	Scope, Source, Measure, Method string
	Trade                          string
	From, To                       int
}

// read makes a wish of an address. What is left out is filled in; what no release has, or this one has not,
// is said, by the name of its field.
func (c choices) read(v url.Values) (w wish, wrong map[string]string) {
	wrong = map[string]string{}
	of := func(name, usual string, all []option) string {
		got := v.Get(name)
		if got == "" {
			got = usual
		}
		if got != "" && !slices.ContainsFunc(all, func(o option) bool { return o.Value == got }) {
			wrong[name] = fmt.Sprintf("%q is none of the choices", cut(got))
			return usual
		}
		return got
	}
	w.Show = of("show", "pair", shows)
	w.Body = of("body", "GA", bodies)
	w.A = of("a", c.usual("CHN", 0), c.states)
	w.B = of("b", c.usual("RUS", 1), c.states)
	w.C = of("c", "", append([]option{{"", ""}}, c.states...))
	w.Scope = of("scope", "contested", scopes)
	w.Measure = of("measure", "agree", measures)
	w.Method = of("method", "import_priority", methods) // which every source has
	if len(c.groups) > 0 {
		usual := c.groups[0].Value
		if slices.ContainsFunc(c.groups, func(o option) bool { return o.Value == "NATO" }) {
			usual = "NATO"
		}
		w.Group = of("group", usual, c.groups)
	}
	votes, trade := c.sources(w.Body), options(c.trade)
	if w.Source = v.Get("source"); slices.ContainsFunc(c.votes, func(s series) bool { return s.source == w.Source && s.body != w.Body }) {
		w.Source = first(votes) // the form's choice was of the other body
	} else {
		w.Source = of("source", first(votes), votes)
	}
	w.Trade = of("trade", first(trade), trade)
	w.From = c.yearOf(v, "from", c.first, wrong)
	w.To = c.yearOf(v, "to", max(c.last, c.lastTrade()), wrong)
	if w.From > w.To {
		wrong["to"] = fmt.Sprintf("it is before %d", w.From)
		w.From, w.To = w.To, w.From
	}
	if w.A == w.B && w.Show == "pair" {
		wrong["b"] = "choose two different states"
	}
	if w.C == w.A || w.C == w.B {
		w.C = ""
	}
	return w, wrong
}

// query is the wish as the part of an address after the question mark: all of it, and always the same.
func (w wish) query() url.Values {
	v := url.Values{"show": {w.Show}, "body": {w.Body}, "scope": {w.Scope}, "source": {w.Source}, "from": {strconv.Itoa(w.From)}, "to": {strconv.Itoa(w.To)}}
	if w.Show == "group" {
		v.Set("group", w.Group)
		return v
	}
	v.Set("a", w.A)
	v.Set("b", w.B)
	if w.C != "" {
		v.Set("c", w.C)
	}
	v.Set("measure", w.Measure)
	v.Set("method", w.Method)
	v.Set("trade", w.Trade)
	return v
}

// usual is a state's code if the release has it, else that of the state at a place of the list.
func (c choices) usual(code string, at int) string {
	if slices.ContainsFunc(c.states, func(o option) bool { return o.Value == code }) || len(c.states) <= at {
		return code
	}
	return c.states[at].Value
}

// sources are the series of a body's votes, the usual one first.
func (c choices) sources(body string) []option {
	var of []series
	for _, s := range c.votes {
		if s.body == body {
			of = append(of, s)
		}
	}
	return options(of)
}

// allSources are the series of both bodies, for a form in which the body is still open.
func (c choices) allSources() []option {
	list := []option{{"", "the usual one of the body"}}
	for _, b := range bodies {
		for _, o := range c.sources(b.Value) {
			list = append(list, option{o.Value, b.Value + ": " + o.Label})
		}
	}
	return list
}

func options(all []series) (list []option) {
	for _, s := range all {
		list = append(list, option{s.source, fmt.Sprintf("%s, %d–%d", s.source, s.first, s.last)})
	}
	return list
}

func first(all []option) string {
	if len(all) == 0 {
		return ""
	}
	return all[0].Value
}

func (c choices) lastTrade() (last int) {
	for _, s := range c.trade {
		last = max(last, s.last)
	}
	return last
}

func (c choices) yearOf(v url.Values, name string, usual int, wrong map[string]string) int {
	text := strings.TrimSpace(v.Get(name))
	if text == "" {
		return usual
	}
	y, err := strconv.Atoi(text)
	if err != nil || y < 1800 || y > 2200 {
		wrong[name] = fmt.Sprintf("%q is no year", cut(text))
		return usual
	}
	return y
}

// label is the label of a choice.
func label(all []option, value string) string {
	for _, o := range all {
		if o.Value == value {
			return o.Label
		}
	}
	return value
}

// plain is a label without the code in parentheses.
func plain(all []option, value string) string {
	return strings.TrimSuffix(label(all, value), " ("+value+")")
}

// cut shortens what a reader sent before it is repeated.
func cut(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

package schedules

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"entente/pipeline"
)

// timing is the schedule of a file as written.
type timing struct {
	Cron       string   `yaml:"cron"`
	TimeZone   string   `yaml:"time_zone"`
	Timeout    string   `yaml:"timeout"`
	Retries    *int     `yaml:"retries"`
	RetryAfter string   `yaml:"retry_after"`
	Overlap    string   `yaml:"overlap"`
	CatchUp    string   `yaml:"catch_up"`
	Window     string   `yaml:"window"`
	Jitter     string   `yaml:"jitter"`
	Alerts     []string `yaml:"alerts"`
}

// What holds where a schedule does not say.
const (
	defaultTimeout    = 2 * time.Hour
	defaultRetries    = 2
	defaultRetryAfter = 10 * time.Minute
	defaultWindow     = 31 * day
	day               = 24 * time.Hour
	maxRetries        = 10
)

// times reads a file's schedule into s. Errors are of type *Error.
func (f file) times(node *yaml.Node, s *pipeline.Schedule) error {
	var t timing
	if err := node.Load(&t, yaml.WithKnownFields()); err != nil {
		return f.explain(err)
	}
	wrong := func(key string, err error) error {
		return &Error{File: f.says, Line: lineOf(node, key), Problem: key + ": " + err.Error()}
	}
	s.Place = fmt.Sprintf("%s:%d", f.says, node.Line)
	if t.Cron == "" {
		return &Error{File: f.says, Line: node.Line, Problem: `schedule: cron is missing; write when the job runs, such as cron: "15 4 * * 1"`}
	}
	s.Cron, s.Zone, s.Alerts = t.Cron, cmp.Or(t.TimeZone, "UTC"), t.Alerts
	if _, err := location(s.Zone); err != nil {
		return wrong("time_zone", err)
	}
	when, err := Cron(s.Cron, s.Zone)
	if err != nil {
		return wrong("cron", err)
	}
	if when.Next(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return wrong("cron", fmt.Errorf("%q never comes", s.Cron))
	}
	s.When = when
	s.Policy.Overlap = pipeline.Overlap(cmp.Or(t.Overlap, string(pipeline.OverlapSkip)))
	if s.Policy.Overlap != pipeline.OverlapSkip && s.Policy.Overlap != pipeline.OverlapQueue {
		return wrong("overlap", fmt.Errorf("%q: it is skip or queue", t.Overlap))
	}
	s.Policy.CatchUp = pipeline.CatchUp(cmp.Or(t.CatchUp, string(pipeline.CatchUpLatest)))
	switch s.Policy.CatchUp {
	case pipeline.CatchUpNone, pipeline.CatchUpLatest, pipeline.CatchUpAll:
	default:
		return wrong("catch_up", fmt.Errorf("%q: it is none, latest or all", t.CatchUp))
	}
	s.Policy.Retries = defaultRetries
	if t.Retries != nil {
		s.Policy.Retries = *t.Retries
	}
	if s.Policy.Retries < 0 || s.Policy.Retries > maxRetries {
		return wrong("retries", fmt.Errorf("%d: it is 0 to %d", s.Policy.Retries, maxRetries))
	}
	for _, span := range []struct {
		key, text          string
		into               *time.Duration
		unsaid, least, top time.Duration
	}{
		{"timeout", t.Timeout, &s.Timeout, defaultTimeout, time.Second, 7 * day},
		{"retry_after", t.RetryAfter, &s.Policy.RetryAfter, defaultRetryAfter, time.Second, day},
		{"window", t.Window, &s.Policy.Window, defaultWindow, time.Minute, 366 * day},
		{"jitter", t.Jitter, &s.Policy.Jitter, 0, 0, day},
	} {
		*span.into = span.unsaid
		if span.text == "" {
			continue
		}
		d, err := duration(span.text)
		if err != nil {
			return wrong(span.key, err)
		}
		if d < span.least || d > span.top {
			return wrong(span.key, fmt.Errorf("%s: it is %s to %s", span.text, span.least, span.top))
		}
		*span.into = d
	}
	return nil
}

// duration reads "90m", "2h30m" or "31d".
func duration(text string) (time.Duration, error) {
	if days, found := strings.CutSuffix(text, "d"); found {
		if n, err := strconv.ParseUint(days, 10, 16); err == nil {
			return time.Duration(n) * day, nil
		}
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		return 0, fmt.Errorf("%q is no duration; write 90m, 2h or 31d", text)
	}
	return d, nil
}

// lineOf is the line of a key's value in a mapping, or the mapping's own.
func lineOf(mapping *yaml.Node, key string) int {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			return mapping.Content[i+1].Line
		}
	}
	return mapping.Line
}

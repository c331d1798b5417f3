package schedules

import (
	"errors"
	"fmt"
	"strings"
	"time"
	_ "time/tzdata" // where the system has no zones, as in the container

	"github.com/robfig/cron/v3"

	"entente/pipeline"
)

// Cron reads a cron expression (minute, hour, day, month, weekday; or @hourly, @daily, @weekly, @monthly,
// @yearly) that is meant in a time zone.
//
// Where the clocks change, a time that is left out stands for the first moment after the gap, and a time that
// comes twice for its first coming: what is daily comes once a day. An expression whose hour is * or */n
// follows the real clock: what is hourly comes every hour that passes.
func Cron(expression, zone string) (pipeline.Recurrence, error) {
	at, err := location(zone)
	if err != nil {
		return nil, err
	}
	if strings.Contains(expression, "TZ=") {
		return nil, errors.New("put the time zone under time_zone, not into the expression")
	}
	spec, err := cron.ParseStandard(expression)
	if err != nil {
		return nil, fmt.Errorf("%w; an expression is five fields, minute hour day month weekday, such as \"15 4 * * 1\"", err)
	}
	fields, ok := spec.(*cron.SpecSchedule)
	if !ok {
		return nil, errors.New("@every has distances but no times, so no run could be missed; write */n into one of the five fields")
	}
	if hourly(expression) {
		fields.Location = at
		return realClock{fields, at}, nil
	}
	fields.Location = time.UTC
	return wallClock{fields, at}, nil
}

// location finds a time zone; "" stands for UTC.
func location(zone string) (*time.Location, error) {
	if zone == "Local" {
		return nil, errors.New("time zone Local is another one on every machine; name it, such as Europe/Berlin")
	}
	at, err := time.LoadLocation(zone)
	if err != nil {
		return nil, fmt.Errorf("there is no time zone %q; it is UTC, or a name such as Europe/Berlin", zone)
	}
	return at, nil
}

// hourly reports whether an expression leaves the hour open.
func hourly(expression string) bool {
	fields := strings.Fields(expression)
	return len(fields) > 1 && strings.HasPrefix(fields[1], "*") || expression == "@hourly"
}

// realClock comes at instants.
type realClock struct {
	spec *cron.SpecSchedule
	zone *time.Location
}

func (c realClock) Next(t time.Time) time.Time { return c.spec.Next(t.In(c.zone)) }

// wallClock comes at what clocks on the wall show. Its spec is asked in UTC, which has every time once.
type wallClock struct {
	spec *cron.SpecSchedule
	zone *time.Location
}

func (c wallClock) Next(t time.Time) time.Time {
	for wall := shown(t.In(c.zone)); ; {
		if wall = c.spec.Next(wall); wall.IsZero() {
			return wall
		}
		if at := c.instant(wall); at.After(t) {
			return at
		}
	}
}

// shown is what the clock shows at t, as if it were UTC.
func shown(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}

// instant is when the zone's clocks first show wall, or when the gap ends that leaves it out.
func (c wallClock) instant(wall time.Time) time.Time {
	near := time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), 0, c.zone)
	start, end := near.ZoneBounds()
	first := time.Time{}
	try := func(in time.Time) {
		_, offset := in.Zone()
		at := wall.Add(-time.Duration(offset) * time.Second).In(c.zone)
		if shown(at).Equal(wall) && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	try(near)
	if !start.IsZero() {
		try(start.Add(-time.Second))
	}
	if !end.IsZero() {
		try(end)
	}
	switch {
	case !first.IsZero():
		return first
	case start.IsZero() || !end.IsZero() && end.Sub(near) < near.Sub(start):
		return end
	}
	return start
}

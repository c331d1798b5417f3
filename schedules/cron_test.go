package schedules_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"entente/schedules"
)

// Summer time: New York 8 March and 1 November 2026 at 2:00, Berlin 29 March at 2:00 and 25 October at 3:00;
// Lord Howe moves by half an hour; Cairo leaves out the midnight of 24 April; Apia had no 30 December 2011.
func TestCron(t *testing.T) {
	for _, c := range []struct {
		name, cron, zone, from string
		want                   []string // in UTC
	}{
		{"daily", "15 4 * * *", "UTC", "2026-01-01T04:15:00Z", []string{"2026-01-02T04:15Z", "2026-01-03T04:15Z"}},
		{"from within the second", "15 4 * * *", "UTC", "2026-01-01T04:14:59.5Z", []string{"2026-01-01T04:15Z"}},
		{"a gap", "30 2 * * *", "America/New_York", "2026-03-07T00:00:00Z",
			[]string{"2026-03-07T07:30Z", "2026-03-08T07:00Z", "2026-03-09T06:30Z"}},
		{"a gap that holds two", "0,30 2 * * *", "America/New_York", "2026-03-08T00:00:00Z",
			[]string{"2026-03-08T07:00Z", "2026-03-09T06:00Z", "2026-03-09T06:30Z"}},
		{"at the end of a gap", "0 2,3 * * *", "Europe/Berlin", "2026-03-29T00:00:00Z", []string{"2026-03-29T01:00Z", "2026-03-30T00:00Z"}},
		{"a repeat", "30 1 * * *", "America/New_York", "2026-10-31T00:00:00Z",
			[]string{"2026-10-31T05:30Z", "2026-11-01T05:30Z", "2026-11-02T06:30Z"}},
		{"from within the repeat", "30 1 * * *", "America/New_York", "2026-11-01T06:10:00Z", []string{"2026-11-02T06:30Z"}},
		{"weekly over a repeat", "30 2 * * 0", "Europe/Berlin", "2026-10-20T00:00:00Z", []string{"2026-10-25T00:30Z", "2026-11-01T01:30Z"}},
		{"hourly over a gap", "0 * * * *", "America/New_York", "2026-03-08T05:30:00Z",
			[]string{"2026-03-08T06:00Z", "2026-03-08T07:00Z", "2026-03-08T08:00Z"}},
		{"hourly over a repeat", "@hourly", "America/New_York", "2026-11-01T04:30:00Z",
			[]string{"2026-11-01T05:00Z", "2026-11-01T06:00Z", "2026-11-01T07:00Z"}},
		{"every quarter over a repeat", "*/15 * * * *", "Europe/Berlin", "2026-10-25T00:40:00Z",
			[]string{"2026-10-25T00:45Z", "2026-10-25T01:00Z", "2026-10-25T01:15Z"}},
		{"half an hour", "15 2 * * *", "Australia/Lord_Howe", "2026-10-02T00:00:00Z",
			[]string{"2026-10-02T15:45Z", "2026-10-03T15:30Z", "2026-10-04T15:15Z"}},
		{"midnight left out", "0 0 * * *", "Africa/Cairo", "2026-04-22T12:00:00Z",
			[]string{"2026-04-22T22:00Z", "2026-04-23T22:00Z", "2026-04-24T21:00Z"}},
		{"a day left out", "0 12 * * *", "Pacific/Apia", "2011-12-29T12:00:00Z",
			[]string{"2011-12-29T22:00Z", "2011-12-30T10:00Z", "2011-12-30T22:00Z"}},
		{"leap day", "0 0 29 2 *", "UTC", "2026-01-01T00:00:00Z", []string{"2028-02-29T00:00Z", "2032-02-29T00:00Z"}},
		{"last of short months", "@monthly", "Europe/Berlin", "2026-03-31T00:00:00Z", []string{"2026-03-31T22:00Z", "2026-04-30T22:00Z"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			when, err := schedules.Cron(c.cron, c.zone)
			if err != nil {
				t.Fatal(err)
			}
			at, err := time.Parse(time.RFC3339Nano, c.from)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for range c.want {
				at = when.Next(at)
				got = append(got, at.UTC().Format("2006-01-02T15:04Z"))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Over years and zones: times rise, a daily job comes once for every day of the calendar, and what comes is
// what was asked for or the end of a gap.
func TestCronComesOnceADay(t *testing.T) {
	for _, zone := range []string{"America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Africa/Cairo", "America/Santiago", "Asia/Kathmandu"} {
		for _, expression := range []string{"30 2 * * *", "0 0 * * *", "59 1 * * *", "30 23 * * *"} {
			when, err := schedules.Cron(expression, zone)
			if err != nil {
				t.Fatal(err)
			}
			start := time.Date(2024, 1, 1, 12, 0, 0, 0, time.UTC)
			seen := map[string]int{}
			for at := when.Next(start); at.Before(start.AddDate(3, 0, 0)); {
				seen[at.Format(time.DateOnly)]++
				next := when.Next(at)
				if gap := next.Sub(at); gap < 22*time.Hour || gap > 26*time.Hour {
					t.Errorf("%s in %s: %s after %s", expression, zone, next, at)
				}
				at = next
			}
			for d, n := range seen {
				if n != 1 {
					t.Errorf("%s in %s: %d times on %s", expression, zone, n, d)
				}
			}
			if len(seen) < 3*365 {
				t.Errorf("%s in %s: on %d days", expression, zone, len(seen))
			}
		}
	}
}

func TestCronRefuses(t *testing.T) {
	for _, c := range []struct{ cron, zone, want string }{
		{"15 4 * *", "UTC", "five fields"},
		{"61 4 * * *", "UTC", "61"},
		{"@every 5m", "UTC", "*/n"},
		{"TZ=Asia/Tokyo 15 4 * * *", "UTC", "time_zone"},
		{"15 4 * * *", "Local", "Europe/Berlin"},
		{"15 4 * * *", "Mars/Olympus", "no time zone"},
		{"TZ=", "", "time_zone"},
	} {
		if _, err := schedules.Cron(c.cron, c.zone); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q in %q: %v, want %q", c.cron, c.zone, err, c.want)
		}
	}
}

func FuzzCron(f *testing.F) {
	f.Add("15 4 * * 1", "Europe/Berlin", int64(1_700_000_000))
	f.Add("0,30 2 29 2 0", "America/New_York", int64(0))
	f.Add("CRON_TZ=", "UTC", int64(-1))
	f.Fuzz(func(t *testing.T, expression, zone string, from int64) {
		when, err := schedules.Cron(expression, zone)
		if err != nil {
			return
		}
		at := time.Unix(from%(1<<33), 0)
		if next := when.Next(at); !next.IsZero() && !next.After(at) {
			t.Errorf("%q in %q: %s does not come after %s", expression, zone, next, at)
		}
	})
}

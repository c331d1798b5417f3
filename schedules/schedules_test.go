package schedules_test

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"entente/pipeline"
	"entente/schedules"
	"entente/sources"
)

var names = []string{"reference", "atop", "baci", "comtrade", "contiguity", "cowalliances", "cownmc", "cowstates", "cowtrade", "desta", "gibbs", "imts", "mid", "mtdsg", "sciencespo", "scvetoes", "texts", "tota", "ucdp", "unga", "unsc", "voeten", "worldbank"}

// fake is a source that remembers its settings.
type fake struct {
	Version string `yaml:"version"`
	Parts   int    `yaml:"parts"`
}

func (*fake) About() pipeline.Upstream                                          { return pipeline.Upstream{Automated: true} }
func (*fake) Tables() []pipeline.Table                                          { return nil }
func (*fake) Fetch(context.Context, *http.Client, *pipeline.Snapshot) error     { return nil }
func (*fake) Parse(_ context.Context, _ fs.FS, _ string, s pipeline.Sink) error { return s.Close() }
func strict(decode func(any) error) (pipeline.Source, error) {
	f := &fake{}
	if err := decode(f); err != nil {
		return nil, err
	}
	if f.Parts < 0 {
		return nil, errors.New("parts: must not be negative")
	}
	return f, nil
}

// lenient takes the embedded settings, whatever they are.
func lenient(decode func(any) error) (pipeline.Source, error) {
	return &fake{}, decode(&map[string]any{})
}

func registry() pipeline.Registry {
	r := pipeline.Registry{}
	for _, name := range names {
		r[name] = lenient
	}
	return r
}

func TestLoadDefaults(t *testing.T) {
	jobs, err := schedules.Load(registry(), "")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, j := range jobs {
		got = append(got, j.Name)
		if j.Approved {
			t.Errorf("job %s is approved by default", j.Name)
		}
	}
	if diff := cmp.Diff(names, got); diff != "" {
		t.Error(diff)
	}
}

func TestLoadOverride(t *testing.T) {
	r := registry()
	r["unga"] = strict
	dir := t.TempDir()
	write(t, dir, "unga.yaml", "source: unga\napproved: true\nsettings:\n  version: \"7\"\n")
	write(t, dir, "notes.txt", "not a schedule")
	jobs, err := schedules.Load(r, dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(jobs) != len(names) {
		t.Fatalf("%d jobs, want %d", len(jobs), len(names))
	}
	for _, j := range jobs {
		if j.Name != "unga" {
			continue
		}
		if diff := cmp.Diff(&fake{Version: "7"}, j.Source); diff != "" || !j.Approved {
			t.Errorf("approved %t, source %s", j.Approved, diff)
		}
	}
}

// timed is unga's schedule with one more line, its fifth.
func timed(line string) string {
	return "source: unga\napproved: true\nschedule:\n  cron: \"15 4 * * 1\"\n  " + line + "\n"
}

func TestRead(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "unga.yaml", `source: unga
schedule:
  cron: "15 4 * * 1"
  time_zone: Europe/Berlin
  timeout: 90m
  retries: 0
  retry_after: 1m
  overlap: queue
  catch_up: all
  window: 7d
  jitter: 5m
  alerts: [email]
approved: true
`)
	write(t, dir, "votes.yaml", "sources: [voeten, sciencespo]\nsettings:\n  voeten:\n    version: \"20.0\"\nschedule:\n  cron: \"@daily\"\n")
	r := registry()
	r["voeten"] = strict
	plan, err := schedules.Read(r, dir)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]pipeline.Schedule{}
	for _, s := range plan.Schedules {
		got[s.Job] = s
	}
	want := pipeline.Schedule{
		Job: "unga", Sources: []string{"unga"}, Cron: "15 4 * * 1", Zone: "Europe/Berlin", Timeout: 90 * time.Minute,
		Policy: pipeline.SchedulePolicy{
			Overlap: pipeline.OverlapQueue, CatchUp: pipeline.CatchUpAll, Window: 168 * time.Hour,
			RetryAfter: time.Minute, Jitter: 5 * time.Minute,
		},
		Alerts: []string{"email"}, Place: filepath.Join(dir, "unga.yaml") + ":3",
	}
	unga := got["unga"]
	if unga.When == nil {
		t.Error("unga never runs")
	}
	unga.When = nil
	if diff := cmp.Diff(want, unga); diff != "" {
		t.Error(diff)
	}
	votes := got["votes"]
	if votes.When == nil || votes.Zone != "UTC" || votes.Policy.Retries != 2 || votes.Policy.Window != 31*24*time.Hour ||
		votes.Policy.CatchUp != pipeline.CatchUpLatest || votes.Policy.Overlap != pipeline.OverlapSkip || votes.Timeout != 2*time.Hour {
		t.Errorf("what holds where nothing is said: %+v", votes)
	}
	if got["voeten"].When != nil || got["sciencespo"].When != nil {
		t.Error("sources of the operator's job run on their own, too")
	}
	if got["worldbank"].When == nil {
		t.Error("the operator's job stopped another")
	}
	for _, j := range plan.Jobs {
		if j.Name == "voeten" {
			if diff := cmp.Diff(&fake{Version: "20.0"}, j.Source); diff != "" {
				t.Error(diff)
			}
		}
	}

	write(t, dir, "more.yaml", "sources: [voeten]\nsettings:\n  voeten: {version: \"1\"}\n")
	if _, err := schedules.Read(r, dir); err == nil || !strings.Contains(err.Error(), "votes.yaml:3: settings of voeten are in "+filepath.Join(dir, "more.yaml")) {
		t.Errorf("settings said twice: %v", err)
	}
}

// What a program does by itself is what the sources' terms allow.
func TestEverySourceThatMayBeAutomatedHasASchedule(t *testing.T) {
	plan, err := schedules.Read(sources.All(), "")
	if err != nil {
		t.Fatal(err)
	}
	automated := map[string]bool{}
	for _, j := range plan.Jobs {
		automated[j.Name] = j.Source.About().Automated && j.Name != schedules.First
	}
	taken := map[string]string{}
	for _, s := range plan.Schedules {
		switch {
		case automated[s.Job] && s.When == nil:
			t.Errorf("schedules/%s.yaml: add when it runs, at a time of its own, such as:\nschedule:\n  cron: \"25 3 7 * *\"\n  jitter: 1h", s.Job)
		case !automated[s.Job] && s.When != nil:
			t.Errorf("%s: %s runs by itself, which its publisher's terms do not allow", s.Place, s.Job)
		case s.When != nil && taken[s.Cron] != "":
			t.Errorf("%s: %s runs when %s does; take a time of its own", s.Place, s.Job, taken[s.Cron])
		}
		taken[s.Cron] = s.Job
	}
}

// What docs/operations.md shows is a schedule.
func TestScheduleOfTheManual(t *testing.T) {
	manual, err := os.ReadFile("../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, found := strings.Cut(string(manual), "```yaml\n# DIR/votes.yaml")
	text, _, closed := strings.Cut(text, "```")
	if !found || !closed {
		t.Fatal("the manual shows no votes.yaml")
	}
	dir := t.TempDir()
	write(t, dir, "votes.yaml", "# DIR/votes.yaml"+text)
	plan, err := schedules.Read(sources.All(), dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range plan.Schedules {
		if s.Job == "votes" && s.When != nil && len(s.Sources) == 3 && s.Policy.Window == 7*24*time.Hour {
			return
		}
	}
	t.Error("the manual's job is not among the schedules")
}

func TestScheduleOfAnUnapprovedSource(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "unga.yaml", "source: unga\nschedule:\n  cron: \"15 4 * * 1\"\n")
	_, err := schedules.Read(sources.All(), dir)
	if err == nil || !strings.Contains(err.Error(), "unga.yaml:3: schedule: the terms of unga") {
		t.Errorf("got %v", err)
	}
}

func TestLoadRefuses(t *testing.T) {
	for _, c := range []struct{ name, file, text, want string }{
		{"unknown key", "unga.yaml", "source: unga\naproved: true\n", "unga.yaml:2: "},
		{"unknown setting", "unga.yaml", "source: unga\nsettings:\n  version: \"1\"\n  edition: 4\n", "unga.yaml:4: "},
		{"wrong type", "unga.yaml", "source: unga\napproved: perhaps\n", "unga.yaml:2: "},
		{"wrong type of setting", "unga.yaml", "source: unga\nsettings:\n  parts: many\n", "unga.yaml:3: "},
		{"not YAML", "unga.yaml", "source: unga\n  approved: [\n", "unga.yaml:"},
		{"unknown source", "unga.yaml", "source: ungas\n", `unga.yaml: no source is named "ungas"; there are `},
		{"name and source differ", "votes.yaml", "source: unga\n", "must be named unga.yaml"},
		{"the source refuses", "unga.yaml", "source: unga\nsettings:\n  parts: -1\n", "unga.yaml: parts: must not be negative"},
		{"a name that is none", "Un Ga.yaml", "source: unga\n", "lower-case letters"},
		{"both kinds", "votes.yaml", "source: unga\nsources: [unga]\n", "votes.yaml: source and sources"},
		{"several under a source's name", "unga.yaml", "sources: [unga, unsc]\n", "another name"},
		{"several of none", "votes.yaml", "sources: []\n", "name at least one"},
		{"several, one unknown", "votes.yaml", "sources: [unga, ungas]\n", `no source is named "ungas"`},
		{"several, one twice", "votes.yaml", "sources: [unga, unsc, unga]\n", "unga is named twice"},
		{"settings of another", "votes.yaml", "sources: [unga]\nsettings:\n  unsc: {}\n", "votes.yaml:3: settings: unsc"},
		{"settings of several at once", "votes.yaml", "sources: [unga]\nsettings: 7\n", "votes.yaml:2: settings"},
		{"unknown setting of one", "votes.yaml", "sources: [unga]\nsettings:\n  unga:\n    edition: 4\n", "votes.yaml:4: "},
		{"approved for several", "votes.yaml", "sources: [unga]\napproved: true\n", "approved"},
		{"no expression", "unga.yaml", "source: unga\nschedule:\n  retries: 1\n", "unga.yaml:3: schedule: cron is missing"},
		{"unknown key of schedule", "unga.yaml", "source: unga\nschedule:\n  cron: \"1 1 * * *\"\n  zone: UTC\n", "unga.yaml:4: "},
		{"no such minute", "unga.yaml", "source: unga\nschedule:\n\n  cron: \"61 1 * * *\"\n", "unga.yaml:4: cron: "},
		{"a day that never comes", "unga.yaml", "source: unga\nschedule:\n  cron: \"0 0 30 2 *\"\n", "unga.yaml:3: cron: \"0 0 30 2 *\" never comes"},
		{"no such zone", "unga.yaml", "source: unga\nschedule:\n  cron: \"1 1 * * *\"\n  time_zone: Mars\n", "unga.yaml:4: time_zone: "},
		{"no such overlap", "unga.yaml", timed("overlap: wait"), "unga.yaml:5: overlap: \"wait\": it is skip or queue"},
		{"no such catch-up", "unga.yaml", timed("catch_up: some"), "unga.yaml:5: catch_up: "},
		{"too many retries", "unga.yaml", timed("retries: 11"), "unga.yaml:5: retries: 11: it is 0 to 10"},
		{"no duration", "unga.yaml", timed("timeout: long"), "unga.yaml:5: timeout: \"long\" is no duration"},
		{"too long", "unga.yaml", timed("window: 367d"), "unga.yaml:5: window: "},
		{"negative", "unga.yaml", timed("jitter: -1s"), "unga.yaml:5: jitter: "},
		{"short extension", "unga.yml", "source: unga\n", "rename the file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := registry()
			r["unga"] = strict
			dir := t.TempDir()
			write(t, dir, c.file, c.text)
			_, err := schedules.Load(r, dir)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q in it", err, c.want)
			}
		})
	}
	if _, err := schedules.Load(registry(), filepath.Join(t.TempDir(), "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder that is not there: %v", err)
	}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

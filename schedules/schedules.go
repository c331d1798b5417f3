// Package schedules declares the jobs: one YAML file a source, embedded in the program, any of which a
// folder of the operator's may replace, and files of the operator's own that run several sources together.
//
//	source: voeten              # name of the source, and of the file
//	approved: false             # true: the publisher allowed you automated download
//	settings:                   # what the source's README lists; may be left out
//	  roll_calls_version: "33.0"
//	schedule:                   # when entente serve runs it; left out: by hand only
//	  cron: "15 4 * * 1"        # minute hour day month weekday
//	  time_zone: UTC            # or Europe/Berlin
//	  timeout: 2h               # of one attempt
//	  retries: 2                # further attempts
//	  retry_after: 10m          # before the first, doubled before each next
//	  overlap: skip             # or queue: when the run before is not over
//	  catch_up: latest          # or none, or all: which missed runs are made up for
//	  window: 31d               # not older than this
//	  jitter: 15m               # starts up to so much later
//	  alerts: [webhook, email]  # who is told; left out: all that are configured
//
// A job of several sources has "sources: [voeten, sciencespo]" in place of source, may have settings by
// source, and takes the place of the embedded schedules of its sources.
package schedules

import (
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"entente/pipeline"
)

//go:embed *.yaml
var defaults embed.FS

// First is the job that comes before all others: it says which states there are.
const First = "reference"

const extension = ".yaml"

// declaration is one file.
type declaration struct {
	Source   string    `yaml:"source"`
	Sources  []string  `yaml:"sources"`
	Approved bool      `yaml:"approved"`
	Settings yaml.Node `yaml:"settings"`
	Schedule yaml.Node `yaml:"schedule"`
}

// file is where a schedule stands, for reading and for errors.
type file struct {
	in   fs.FS
	path string // in in
	says string // as an error names it
	own  bool   // the operator's
}

// Plan is what all files say together.
type Plan struct {
	Jobs      []pipeline.Job      // one a source, the reference tables first and the others by name
	Schedules []pipeline.Schedule // one a file, by name
}

// Load returns the plan's jobs; see Read.
func Load(registry pipeline.Registry, dir string) ([]pipeline.Job, error) {
	p, err := Read(registry, dir)
	return p.Jobs, err
}

// Read returns a job for every source, and when which of them run. Files in dir replace the embedded ones of
// the same name; dir "" stands for none. It fails with all that is wrong with the files, each as
// "file:line: what".
func Read(registry pipeline.Registry, dir string) (Plan, error) {
	files, err := collect(dir)
	if err != nil {
		return Plan{}, fmt.Errorf("schedules: %w", err)
	}
	r := reader{registry: registry, files: files, declared: map[string]declaration{}, settings: map[string]setting{}}
	names := slices.SortedFunc(maps.Keys(files), order)
	for _, name := range names {
		r.declare(name)
	}
	for _, name := range names {
		r.job(name)
	}
	for _, name := range names {
		r.schedule(name)
	}
	if err := errors.Join(r.wrong...); err != nil {
		return Plan{}, err
	}
	return r.plan, nil
}

// collect lists the files that hold, by job.
func collect(dir string) (map[string]file, error) {
	files := map[string]file{}
	embedded, err := fs.Glob(defaults, "*"+extension)
	if err != nil {
		return nil, err
	}
	for _, name := range embedded {
		files[strings.TrimSuffix(name, extension)] = file{defaults, name, path.Join("schedules", name), false}
	}
	if dir == "" {
		return files, nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		says := filepath.Join(dir, e.Name())
		switch path.Ext(e.Name()) {
		case extension:
			files[strings.TrimSuffix(e.Name(), extension)] = file{os.DirFS(dir), e.Name(), says, true}
		case ".yml":
			return nil, fmt.Errorf("%s: a schedule's name ends in %s; rename the file", says, extension)
		}
	}
	return files, nil
}

func order(a, b string) int {
	return cmp.Or(-cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b))
}

func rank(name string) int {
	if name == First {
		return 1
	}
	return 0
}

// Error is a file that is not a schedule, with the line that is wrong.
type Error struct {
	File    string
	Line    int // 0 if it is not known
	Problem string
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %s", e.File, e.Problem)
	}
	return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Problem)
}

// explain puts a YAML error's place in front of it. Of several it tells the first.
func (f file) explain(err error) error {
	var several *yaml.LoadErrors
	if errors.As(err, &several) && len(several.Errors) > 0 {
		err = several.Errors[0]
	}
	var one *yaml.LoadError
	if errors.As(err, &one) {
		return &Error{File: f.says, Line: one.Mark.Line, Problem: one.Message}
	}
	return &Error{File: f.says, Problem: err.Error()}
}

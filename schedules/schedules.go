// Package schedules declares the jobs: one YAML file a source, embedded in the program, any of which a
// folder of the operator's may replace.
//
//	source: voeten              # name of the source, and of the file
//	approved: false             # true: the publisher allowed you automated download
//	settings:                   # what the source's README lists; may be left out
//	  roll_calls_version: "33.0"
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

// schedule is one file.
type schedule struct {
	Source   string    `yaml:"source"`
	Approved bool      `yaml:"approved"`
	Settings yaml.Node `yaml:"settings"`
}

// file is where a schedule stands, for reading and for errors.
type file struct {
	in   fs.FS
	path string // in in
	says string // as an error names it
}

// Load returns a job for every source, the reference tables first and the others by name. Files in dir
// replace the embedded ones of the same name; dir "" stands for none. It fails with all that is wrong
// with the files, each as "file:line: what".
func Load(registry pipeline.Registry, dir string) ([]pipeline.Job, error) {
	files, err := collect(dir)
	if err != nil {
		return nil, fmt.Errorf("schedules: %w", err)
	}
	var jobs []pipeline.Job
	var wrong []error
	for _, name := range slices.SortedFunc(maps.Keys(files), order) {
		job, err := files[name].job(name, registry)
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		jobs = append(jobs, job)
	}
	if err := errors.Join(wrong...); err != nil {
		return nil, err
	}
	return jobs, nil
}

// collect lists the files that hold, by job.
func collect(dir string) (map[string]file, error) {
	files := map[string]file{}
	embedded, err := fs.Glob(defaults, "*"+extension)
	if err != nil {
		return nil, err
	}
	for _, name := range embedded {
		files[strings.TrimSuffix(name, extension)] = file{defaults, name, path.Join("schedules", name)}
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
			files[strings.TrimSuffix(e.Name(), extension)] = file{os.DirFS(dir), e.Name(), says}
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

func (f file) job(name string, registry pipeline.Registry) (pipeline.Job, error) {
	none := pipeline.Job{}
	text, err := fs.ReadFile(f.in, f.path)
	if err != nil {
		return none, fmt.Errorf("schedules: %w", err)
	}
	var s schedule
	if err := yaml.Load(text, &s, yaml.WithKnownFields()); err != nil {
		return none, f.explain(err)
	}
	factory := registry[s.Source]
	if factory == nil {
		return none, fmt.Errorf("%s: no source is named %q; there are %s", f.says, s.Source,
			strings.Join(slices.Sorted(maps.Keys(registry)), ", "))
	}
	if s.Source != name {
		return none, fmt.Errorf("%s: the schedule of source %s must be named %s%s", f.says, s.Source, s.Source, extension)
	}
	source, err := factory(func(into any) error {
		if s.Settings.IsZero() || s.Settings.ShortTag() == "!!null" {
			return nil
		}
		if err := s.Settings.Load(into, yaml.WithKnownFields()); err != nil {
			return f.explain(err)
		}
		return nil
	})
	var told *Error
	switch {
	case errors.As(err, &told):
		return none, told
	case err != nil:
		return none, fmt.Errorf("%s: %w", f.says, err)
	}
	return pipeline.Job{Name: name, Source: source, Approved: s.Approved}, nil
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

package schedules

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"entente/pipeline"
)

// reader puts the files together, and gathers what is wrong with them.
type reader struct {
	registry pipeline.Registry
	files    map[string]file
	declared map[string]declaration // files that could be read
	settings map[string]setting     // by source
	plan     Plan
	wrong    []error
}

// setting is a source's settings with the file that says them.
type setting struct {
	file file
	node *yaml.Node
	line int
}

func (r *reader) fail(err error) { r.wrong = append(r.wrong, err) }

// declare reads one file, and takes note of the settings in it.
func (r *reader) declare(name string) {
	f := r.files[name]
	text, err := fs.ReadFile(f.in, f.path)
	if err != nil {
		r.fail(fmt.Errorf("schedules: %w", err))
		return
	}
	var d declaration
	if err := yaml.Load(text, &d, yaml.WithKnownFields()); err != nil {
		r.fail(f.explain(err))
		return
	}
	if err := r.check(name, f, d); err != nil {
		r.fail(err)
		return
	}
	r.declared[name] = d
	if d.Source != "" {
		r.set(d.Source, setting{f, &d.Settings, d.Settings.Line})
		return
	}
	for i := 0; i+1 < len(d.Settings.Content); i += 2 {
		source, node := d.Settings.Content[i], d.Settings.Content[i+1]
		if !slices.Contains(d.Sources, source.Value) {
			r.fail(&Error{f.says, source.Line, fmt.Sprintf("settings: %s is none of the job's sources", source.Value)})
			continue
		}
		r.set(source.Value, setting{f, node, source.Line})
	}
}

// set notes settings. Those of the operator's come before the embedded ones; two of the operator's are one
// too many, but a file without any says nothing.
func (r *reader) set(source string, s setting) {
	was, found := r.settings[source]
	switch {
	case found && !s.file.own, found && empty(s.node):
	case found && was.file.own && !empty(was.node):
		r.fail(&Error{s.file.says, s.line, fmt.Sprintf("settings of %s are in %s, too; keep one of them", source, was.file.says)})
	default:
		r.settings[source] = s
	}
}

func empty(n *yaml.Node) bool { return n.IsZero() || n.ShortTag() == "!!null" }

// check looks at which sources a file is about.
func (r *reader) check(name string, f file, d declaration) error {
	known := strings.Join(slices.Sorted(maps.Keys(r.registry)), ", ")
	switch {
	case strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") != "":
		return fmt.Errorf("%s: the name of a job has lower-case letters, digits, - and _ only; rename the file", f.says)
	case d.Source != "" && d.Sources != nil:
		return fmt.Errorf("%s: source and sources: a job has one of them", f.says)
	case d.Source == "" && d.Sources == nil:
		return fmt.Errorf("%s: no source is named %q; there are %s", f.says, d.Source, known)
	case d.Sources != nil && r.registry[name] != nil:
		return fmt.Errorf("%s: %s is a source, and its own file has source: %s; give the job of several another name", f.says, name, name)
	case d.Sources != nil && d.Approved:
		return fmt.Errorf("%s: approved belongs into the file of the source that it is about", f.says)
	case d.Sources != nil && !empty(&d.Settings) && d.Settings.Kind != yaml.MappingNode:
		return &Error{f.says, d.Settings.Line, "settings: a job of several sources has them by source"}
	}
	for i, source := range slices.Concat(d.Sources, one(d.Source)) {
		if r.registry[source] == nil {
			return fmt.Errorf("%s: no source is named %q; there are %s", f.says, source, known)
		}
		if slices.Contains(d.Sources[:min(i, len(d.Sources))], source) {
			return fmt.Errorf("%s: source %s is named twice", f.says, source)
		}
	}
	if d.Source != "" && d.Source != name {
		return fmt.Errorf("%s: the schedule of source %s must be named %s%s", f.says, d.Source, d.Source, extension)
	}
	if d.Source == "" && len(d.Sources) == 0 {
		return fmt.Errorf("%s: sources: name at least one", f.says)
	}
	return nil
}

func one(name string) []string {
	if name == "" {
		return nil
	}
	return []string{name}
}

// job makes the source that a file is about, with the settings that hold for it.
func (r *reader) job(name string) {
	d, found := r.declared[name]
	if !found || d.Source == "" {
		return
	}
	f, s := r.files[name], r.settings[name]
	source, err := r.registry[name](func(into any) error {
		if empty(s.node) {
			return nil
		}
		if err := s.node.Load(into, yaml.WithKnownFields()); err != nil {
			return s.file.explain(err)
		}
		return nil
	})
	var told *Error
	switch {
	case errors.As(err, &told):
		r.fail(told)
	case err != nil:
		r.fail(fmt.Errorf("%s: %w", s.file.says, err))
	default:
		r.plan.Jobs = append(r.plan.Jobs, pipeline.Job{Name: name, Source: source, Approved: d.Approved})
		if !empty(&d.Schedule) && !d.Approved && !source.About().Automated {
			r.fail(&Error{f.says, d.Schedule.Line, fmt.Sprintf(
				"schedule: the terms of %s do not allow automated download; set approved: true once its publisher allowed it to you", name)})
		}
	}
}

// schedule reads when a file's job runs. The operator's jobs of several sources take the place of the
// embedded schedules of theirs.
func (r *reader) schedule(name string) {
	d, found := r.declared[name]
	if !found {
		return
	}
	f := r.files[name]
	s := pipeline.Schedule{Job: name, Sources: slices.Concat(one(d.Source), d.Sources), Place: f.says + ":1"}
	taken := d.Source != "" && !f.own && r.together(d.Source)
	if !empty(&d.Schedule) && !taken {
		if err := f.times(&d.Schedule, &s); err != nil {
			r.fail(err)
			return
		}
	}
	r.plan.Schedules = append(r.plan.Schedules, s)
}

func (r *reader) together(source string) bool {
	for _, d := range r.declared {
		if slices.Contains(d.Sources, source) {
			return true
		}
	}
	return false
}

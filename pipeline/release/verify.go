package release

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"entente/pipeline"
)

// Problem is one way in which a release differs from its manifest.
type Problem struct {
	Path    string `json:"path"`    // inside the release, with slashes
	Problem string `json:"problem"` // what is wrong, for a person
}

// BrokenError says that a release is not what its manifest says.
type BrokenError struct {
	ID       string
	Problems []Problem // at least one
}

func (e *BrokenError) Error() string {
	first := e.Problems[0]
	more := ""
	if n := len(e.Problems) - 1; n > 0 {
		more = fmt.Sprintf(", and %d more", n)
	}
	return fmt.Sprintf("release %s is broken: %s: %s%s; see all with: entente verify %s", e.ID, first.Path, first.Problem, more, e.ID)
}

// Verify re-reads every file of a release, or of the current one when id is "", and returns what
// differs from the manifest, by path: missing and foreign files, sizes, hashes. It fails only when the
// manifest cannot be read or ctx ends. progress may be nil; it is told bytes read and bytes in all.
func (s *Store) Verify(ctx context.Context, id string, progress func(read, total int64)) ([]Problem, error) {
	if id == "" {
		current, err := s.CurrentID()
		if err != nil {
			return nil, fmt.Errorf("verify: %w", err)
		}
		id = current
	}
	m, err := s.Manifest(id)
	if err != nil {
		return nil, fmt.Errorf("verify: %w", err)
	}
	want, problems := listed(m)
	files, _, err := tree(s.Dir(id))
	if err != nil {
		return nil, fmt.Errorf("verify: release %s: %w", id, err)
	}
	if _, marked := files[markerFile]; marked {
		if current, err := s.CurrentID(); err != nil || current != id {
			problems = append(problems, Problem{markerFile, "the release was never published"})
		}
	}
	delete(files, markerFile)
	delete(files, manifestFile)
	problems = append(problems, compare(want, files)...)
	hashed, err := rehash(ctx, s.Dir(id), want, files, progress)
	if err != nil {
		return nil, fmt.Errorf("verify: release %s: %w", id, err)
	}
	problems = append(problems, hashed...)
	slices.SortStableFunc(problems, func(a, b Problem) int { return strings.Compare(a.Path, b.Path) })
	return problems, nil
}

// listed returns the files that a manifest lists, by path, and what is wrong with the list itself.
func listed(m pipeline.Manifest) (map[string]pipeline.FileEntry, []Problem) {
	want := map[string]pipeline.FileEntry{}
	var problems []Problem
	add := func(e pipeline.FileEntry) {
		_, twice := want[e.Path]
		switch {
		case twice:
			problems = append(problems, Problem{e.Path, "the manifest lists it twice"})
		case !fs.ValidPath(e.Path) || e.Path == "." || !filepath.IsLocal(filepath.FromSlash(e.Path)):
			problems = append(problems, Problem{e.Path, "the manifest lists a path outside the release"})
			return
		case len(e.SHA256) != 64:
			problems = append(problems, Problem{e.Path, fmt.Sprintf("the manifest has no SHA-256 of it, but %q", e.SHA256)})
		}
		want[e.Path] = e
	}
	add(m.Warehouse)
	add(m.Package)
	if m.Croissant.Path != "" { // releases made before there was one stay whole
		add(m.Croissant)
	}
	for _, t := range m.Tables {
		for _, f := range slices.Concat(t.Files, t.Quarantine) {
			add(pipeline.FileEntry{Path: f.Path, Bytes: f.Bytes, SHA256: f.SHA256})
		}
	}
	return want, problems
}

// compare says which wanted files are missing or of another size, and which files are not wanted.
func compare(want map[string]pipeline.FileEntry, files map[string]fs.FileInfo) []Problem {
	var problems []Problem
	for _, path := range slices.Sorted(maps.Keys(want)) {
		info, ok := files[path]
		switch {
		case !ok:
			problems = append(problems, Problem{path, "missing"})
		case !info.Mode().IsRegular():
			problems = append(problems, Problem{path, "not a regular file"})
		case info.Size() != want[path].Bytes:
			problems = append(problems, Problem{path, fmt.Sprintf("%d bytes, the manifest says %d", info.Size(), want[path].Bytes)})
		}
	}
	for _, path := range slices.Sorted(maps.Keys(files)) {
		if _, ok := want[path]; !ok {
			problems = append(problems, Problem{path, "not in the manifest"})
		}
	}
	return problems
}

// rehash hashes the wanted files that are there in the right size; the others are compare's.
func rehash(ctx context.Context, dir string, want map[string]pipeline.FileEntry, files map[string]fs.FileInfo, progress func(read, total int64)) ([]Problem, error) {
	var paths []string
	var total, done int64
	for path, info := range files {
		if e, ok := want[path]; ok && info.Mode().IsRegular() && info.Size() == e.Bytes {
			paths = append(paths, path)
			total += info.Size()
		}
	}
	slices.Sort(paths)
	var problems []Problem
	for _, path := range paths {
		_, sum, err := hashFile(ctx, filepath.Join(dir, filepath.FromSlash(path)), func(n int64) {
			done += n
			if progress != nil && n > 0 {
				progress(done, total)
			}
		})
		var unreadable *fs.PathError
		switch {
		case errors.As(err, &unreadable):
			problems = append(problems, Problem{path, "cannot be read: " + unreadable.Err.Error()})
		case err != nil:
			return nil, err
		case sum != want[path].SHA256:
			problems = append(problems, Problem{path, fmt.Sprintf("SHA-256 is %s, the manifest says %s", sum, want[path].SHA256)})
		}
	}
	return problems, nil
}

package release

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"entente/pipeline"
)

// Names inside the data folder and inside a release.
const (
	WarehouseFile = "warehouse.duckdb"
	manifestFile  = "manifest.json"
	markerFile    = "UNPUBLISHED"
	releasesDir   = "releases"
	currentLink   = "current"
	temporaryLink = ".current-"
	building      = ".building-"
	removed       = ".removed-"
)

var validID = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z._-]{0,99}$`)

// Store is the releases of one data folder. It implements pipeline.Releases.
type Store struct {
	data string                              // absolute
	step func(name string)                   // called before every change to the disk
	link func(oldname, newname string) error // os.Link
}

var _ pipeline.Releases = (*Store)(nil)

// Open returns the releases of a data folder, which need not exist yet. It changes nothing on disk and
// fails when data is not a folder.
func Open(data string) (*Store, error) {
	abs, err := filepath.Abs(data)
	if err != nil {
		return nil, fmt.Errorf("data folder %q: %w", data, err)
	}
	info, err := os.Stat(abs)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, fmt.Errorf("data folder: %w", err)
	case !info.IsDir():
		return nil, fmt.Errorf("data folder: %s is a file; name a folder with --data", abs)
	}
	return &Store{data: abs, step: func(string) {}, link: os.Link}, nil
}

// Dir is the folder of a release, whether it exists or not.
func (s *Store) Dir(id string) string { return filepath.Join(s.data, releasesDir, id) }

// Current returns the manifest of the release that readers see, or pipeline.ErrNoRelease.
func (s *Store) Current() (pipeline.Manifest, error) {
	id, err := s.CurrentID()
	if err != nil {
		return pipeline.Manifest{}, err
	}
	m, err := s.Manifest(id)
	if err != nil {
		return m, fmt.Errorf("current %w; go back with: entente rollback", err)
	}
	return m, nil
}

// Manifest returns the manifest of a published release. It fails with fs.ErrNotExist in the chain when
// there is no such release, and with a plain error when its manifest cannot be read.
func (s *Store) Manifest(id string) (pipeline.Manifest, error) {
	var m pipeline.Manifest
	if !validID.MatchString(id) {
		return m, fmt.Errorf("release %q: not a release's name: %w", id, fs.ErrNotExist)
	}
	path := filepath.Join(s.Dir(id), manifestFile)
	text, err := os.ReadFile(path)
	if err != nil {
		return m, fmt.Errorf("release %s: %w", id, err)
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return m, fmt.Errorf("release %s: %s: %w", id, path, err)
	}
	if m.ID != id {
		return m, fmt.Errorf("release %s: %s is of release %q", id, path, m.ID)
	}
	return m, nil
}

// CurrentID returns the name of the release that current points to, or pipeline.ErrNoRelease.
func (s *Store) CurrentID() (string, error) {
	path := filepath.Join(s.data, currentLink)
	target, err := os.Readlink(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", pipeline.ErrNoRelease
	}
	if err != nil {
		return "", fmt.Errorf("current release: %w", err)
	}
	dir, id, ok := strings.Cut(filepath.ToSlash(target), "/")
	if !ok || dir != releasesDir || !validID.MatchString(id) {
		return "", fmt.Errorf("current release: %s points to %q, not to %s/<id>; go back with: entente rollback <id>",
			path, target, releasesDir)
	}
	return id, nil
}

// pending reports whether a release still carries the marker of Begin.
func (s *Store) pending(id string) (bool, error) {
	_, err := os.Lstat(filepath.Join(s.Dir(id), markerFile))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// ids returns the names of all folders in releases that could be a release, in order of name.
func (s *Store) ids() ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(s.data, releasesDir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("releases: %w", err)
	}
	var ids []string
	for _, e := range entries {
		if e.IsDir() && validID.MatchString(e.Name()) {
			ids = append(ids, e.Name())
		}
	}
	return ids, nil
}

package release

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"entente/pipeline"
	"entente/pipeline/release/metadata"
)

// stage is a release under construction.
type stage struct {
	store    *Store
	id       string
	previous string // the release that was current at Begin, or ""
	dir      string // where the stage is now
	mu       sync.Mutex
	linked   map[string]bool // by path: shares its bytes with the previous release
	done     bool            // published or discarded
}

// Begin makes a folder for a new release beside the published ones. It fails when the name is taken.
func (s *Store) Begin(id string) (pipeline.Stage, error) {
	if !validID.MatchString(id) {
		return nil, fmt.Errorf("release %q: a name has letters, digits, dots, hyphens and underscores only", id)
	}
	previous, err := s.CurrentID()
	if err != nil && !errors.Is(err, pipeline.ErrNoRelease) {
		return nil, err
	}
	if _, err := os.Lstat(s.Dir(id)); err == nil {
		return nil, fmt.Errorf("release %s: %s is there already", id, s.Dir(id))
	}
	dir := filepath.Join(s.data, releasesDir, building+id)
	s.step("mkdir " + releasesDir)
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return nil, fmt.Errorf("release %s: %w", id, err)
	}
	s.step("mkdir " + s.name(dir))
	if err := os.Mkdir(dir, 0o755); err != nil {
		return nil, fmt.Errorf("release %s: %w", id, err)
	}
	st := &stage{store: s, id: id, previous: previous, dir: dir, linked: map[string]bool{}}
	marker := "This release was never published. The next run removes it.\n"
	if err := s.write(filepath.Join(dir, markerFile), []byte(marker)); err != nil {
		return nil, errors.Join(fmt.Errorf("release %s: %w", id, err), st.Discard())
	}
	return st, nil
}

// Dir is the folder to build in.
func (st *stage) Dir() string { return st.dir }

// Link takes over a file of the current release under the same path. It fails with
// pipeline.ErrNoRelease when there is no current release. It may be called concurrently.
func (st *stage) Link(path string) error {
	if st.previous == "" {
		return fmt.Errorf("release %s: %s: %w", st.id, path, pipeline.ErrNoRelease)
	}
	local, err := filepath.Localize(path)
	if err != nil {
		return fmt.Errorf("release %s: %q is not a path inside a release: %w", st.id, path, err)
	}
	from, to := filepath.Join(st.store.Dir(st.previous), local), filepath.Join(st.dir, local)
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return fmt.Errorf("release %s: %w", st.id, err)
	}
	st.store.step("link " + st.store.name(to))
	err = st.store.link(from, to)
	if err == nil {
		st.mu.Lock()
		defer st.mu.Unlock()
		st.linked[path] = true
		return nil
	}
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("release %s: %w", st.id, at(err))
	}
	if err := st.store.copyFile(from, to); err != nil {
		return fmt.Errorf("release %s: %w", st.id, err)
	}
	return nil
}

// Publish seals the release and makes it current. When it fails, the release before it is still
// current, unless the error says otherwise. The manifest's Previous, Package, Croissant and, where the caller left
// them empty, the Warehouse's size and hash are filled in. A stage that lacks a file of the manifest, or
// holds one that is not in it, is refused.
func (st *stage) Publish(ctx context.Context, m pipeline.Manifest) error {
	if st.done {
		return fmt.Errorf("release %s: already published or discarded", st.id)
	}
	if err := st.seal(ctx, m); err != nil {
		return fmt.Errorf("release %s: %w", st.id, err)
	}
	s, final := st.store, st.store.Dir(st.id)
	s.step("rename " + s.name(final))
	if err := os.Rename(st.dir, final); err != nil {
		return fmt.Errorf("release %s: %w", st.id, at(err))
	}
	st.dir = final
	if err := s.sync(filepath.Join(s.data, releasesDir)); err != nil {
		return fmt.Errorf("release %s: %w", st.id, err)
	}
	if err := s.flip(st.id); err != nil {
		return fmt.Errorf("release %s: %w", st.id, err)
	}
	st.done = true
	if err := s.settle(st.id); err != nil {
		return fmt.Errorf("release %s: it is current, but still marked as unpublished; the next run clears that: %w", st.id, err)
	}
	return nil
}

// Discard removes the folder. After Publish succeeded it does nothing.
func (st *stage) Discard() error {
	if st.done {
		return nil
	}
	if id, err := st.store.CurrentID(); err == nil && id == st.id {
		return nil
	}
	st.store.step("discard " + st.store.name(st.dir))
	if err := os.RemoveAll(st.dir); err != nil {
		return fmt.Errorf("release %s: %w", st.id, err)
	}
	st.done = true
	return nil
}

// seal completes and writes the manifest, makes the files read-only and flushes them and their folders.
func (st *stage) seal(ctx context.Context, m pipeline.Manifest) error {
	if m.ID != "" && m.ID != st.id {
		return fmt.Errorf("its manifest is of release %s", m.ID)
	}
	m.ID, m.Previous = st.id, st.previous
	if err := st.warehouse(ctx, &m); err != nil {
		return err
	}
	described, err := metadata.Describe(m)
	if err != nil {
		return err
	}
	m.Package = entryOf(metadata.PackageFile, described.Package)
	m.Croissant = entryOf(metadata.CroissantFile, described.Croissant)
	manifest, err := metadata.JSON(normal(m))
	if err != nil {
		return err
	}
	if err := st.complete(m); err != nil {
		return err
	}
	for _, f := range []struct {
		name string
		text []byte
	}{{metadata.PackageFile, described.Package}, {metadata.CroissantFile, described.Croissant}, {manifestFile, manifest}} {
		if err := st.store.write(filepath.Join(st.dir, f.name), f.text); err != nil {
			return err
		}
	}
	return st.flush(ctx)
}

// warehouse fills in the entry of the DuckDB file.
func (st *stage) warehouse(ctx context.Context, m *pipeline.Manifest) error {
	if m.Warehouse.Path == "" {
		m.Warehouse.Path = WarehouseFile
	}
	if m.Warehouse.SHA256 != "" {
		return nil
	}
	local, err := filepath.Localize(m.Warehouse.Path)
	if err != nil {
		return fmt.Errorf("warehouse %q: %w", m.Warehouse.Path, err)
	}
	st.store.step("hash " + m.Warehouse.Path)
	bytes, sum, err := hashFile(ctx, filepath.Join(st.dir, local), func(int64) {})
	if err != nil {
		return fmt.Errorf("warehouse: %w", err)
	}
	m.Warehouse.Bytes, m.Warehouse.SHA256 = bytes, sum
	return nil
}

// complete says what the stage lacks of the manifest's files, and what it holds besides.
func (st *stage) complete(m pipeline.Manifest) error {
	want, problems := listed(m)
	files, _, err := tree(st.dir)
	if err != nil {
		return err
	}
	for _, own := range []string{metadata.PackageFile, metadata.CroissantFile, manifestFile, markerFile} {
		delete(want, own)
		delete(files, own)
	}
	problems = append(problems, compare(want, files)...)
	if len(problems) > 0 {
		return &BrokenError{ID: st.id, Problems: problems}
	}
	return nil
}

// flush makes every file read-only and flushes all but the linked ones, then the folders, to disk.
func (st *stage) flush(ctx context.Context) error {
	files, folders, err := tree(st.dir)
	if err != nil {
		return err
	}
	paths := make([]string, 0, len(files))
	for path := range files {
		if path != markerFile && !st.linked[path] {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	for _, path := range paths {
		if err := ctx.Err(); err != nil {
			return err
		}
		full := filepath.Join(st.dir, filepath.FromSlash(path))
		st.store.step("chmod " + path)
		if err := os.Chmod(full, 0o444); err != nil {
			return err
		}
		if err := st.store.sync(full); err != nil {
			return err
		}
	}
	for _, folder := range folders {
		if err := st.store.sync(folder); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// entryOf describes a file of that content.
func entryOf(name string, content []byte) pipeline.FileEntry {
	sum := sha256.Sum256(content)
	return pipeline.FileEntry{Path: name, Bytes: int64(len(content)), SHA256: hex.EncodeToString(sum[:])}
}

// normal makes equal manifests encode equally: times in UTC, empty lists as lists.
func normal(m pipeline.Manifest) pipeline.Manifest {
	m.StartedAt, m.FinishedAt = m.StartedAt.UTC(), m.FinishedAt.UTC()
	if m.Sources == nil {
		m.Sources = []pipeline.SourceEntry{}
	}
	if m.Checks == nil {
		m.Checks = []pipeline.CheckResult{}
	}
	return m
}

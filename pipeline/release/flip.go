package release

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"entente/pipeline"
)

// flip makes a release current: a new link is made aside and renamed over the old one.
func (s *Store) flip(id string) error {
	if old, err := s.CurrentID(); err == nil {
		if err := s.settle(old); err != nil {
			return err
		}
	}
	link, aside := filepath.Join(s.data, currentLink), filepath.Join(s.data, temporaryLink+id)
	if err := os.Remove(aside); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	s.step("symlink " + s.name(aside))
	if err := os.Symlink(path.Join(releasesDir, id), aside); err != nil {
		return at(err)
	}
	s.step("flip " + currentLink)
	if err := os.Rename(aside, link); err != nil {
		return errors.Join(at(err), os.Remove(aside))
	}
	if err := s.sync(s.data); err != nil {
		return fmt.Errorf("it is current, but a power cut may undo that: %w", err)
	}
	return nil
}

// settle removes the marker of a release that is current.
func (s *Store) settle(id string) error {
	marker := filepath.Join(s.Dir(id), markerFile)
	s.step("remove " + s.name(marker))
	err := os.Remove(marker)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.sync(s.Dir(id))
}

// Rollback makes an older or newer published release current, after verifying it whole; id "" stands
// for the one before the current. It returns that release's manifest. A release that is unknown,
// unpublished or broken (BrokenError) is refused, and nothing changes.
func (s *Store) Rollback(ctx context.Context, id string) (pipeline.Manifest, error) {
	var none pipeline.Manifest
	if id == "" {
		current, err := s.Current()
		if err != nil {
			return none, fmt.Errorf("rollback: %w", err)
		}
		if current.Previous == "" {
			return none, fmt.Errorf("rollback: release %s is the first; there is none before it", current.ID)
		}
		id = current.Previous
	}
	m, err := s.Manifest(id)
	if errors.Is(err, fs.ErrNotExist) {
		return none, fmt.Errorf("rollback: %w; %s", err, s.choices())
	}
	if err != nil {
		return none, fmt.Errorf("rollback: %w", err)
	}
	problems, err := s.Verify(ctx, id, nil)
	if err != nil {
		return none, fmt.Errorf("rollback: %w", err)
	}
	if len(problems) > 0 {
		return none, fmt.Errorf("rollback: %w", &BrokenError{ID: id, Problems: problems})
	}
	if err := s.flip(id); err != nil {
		return none, fmt.Errorf("rollback: release %s: %w", id, err)
	}
	return m, nil
}

// choices names the releases that Rollback can take.
func (s *Store) choices() string {
	infos, err := s.List()
	if err != nil || len(infos) == 0 {
		return "there are no releases"
	}
	var ids []string
	for _, info := range infos {
		ids = append(ids, info.ID)
	}
	return "there are: " + strings.Join(ids, ", ")
}

// Clean removes what a crash left behind: folders under construction or deletion, links made aside and
// releases that were never current. A release that is current loses only its marker. It returns the
// names of what it removed. It belongs at the start of everything that writes, under Lock.
func (s *Store) Clean(ctx context.Context) ([]string, error) {
	current, err := s.CurrentID()
	if err != nil && !errors.Is(err, pipeline.ErrNoRelease) {
		return nil, fmt.Errorf("clean: %w", err)
	}
	left, err := s.leftovers(current)
	if err != nil {
		return nil, fmt.Errorf("clean: %w", err)
	}
	var gone []string
	for _, name := range left {
		if err := ctx.Err(); err != nil {
			return gone, err
		}
		s.step("remove " + s.name(name))
		if err := os.RemoveAll(name); err != nil {
			return gone, fmt.Errorf("clean: %w", err)
		}
		gone = append(gone, s.name(name))
	}
	if current == "" {
		return gone, nil
	}
	if err := s.settle(current); err != nil {
		return gone, fmt.Errorf("clean: %w", err)
	}
	return gone, nil
}

// leftovers returns the full paths of what Clean removes. The marker of a release goes last, so that a
// crash while it is deleted leaves it recognizable: such a release is first moved aside.
func (s *Store) leftovers(current string) ([]string, error) {
	var left []string
	for dir, prefixes := range map[string][]string{
		s.data:                             {temporaryLink},
		filepath.Join(s.data, releasesDir): {building, removed},
	} {
		entries, err := os.ReadDir(dir)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		for _, e := range entries {
			for _, prefix := range prefixes {
				if strings.HasPrefix(e.Name(), prefix) {
					left = append(left, filepath.Join(dir, e.Name()))
				}
			}
		}
	}
	ids, err := s.ids()
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		pending, err := s.pending(id)
		if err != nil {
			return nil, err
		}
		if pending && id != current {
			aside, err := s.aside(id)
			if err != nil {
				return nil, err
			}
			left = append(left, aside)
		}
	}
	slices.Sort(left)
	return left, nil
}

// aside takes a release out of sight in one step, for deletion, and returns where it is now.
func (s *Store) aside(id string) (string, error) {
	to := filepath.Join(s.data, releasesDir, removed+id)
	s.step("rename " + s.name(to))
	if err := os.RemoveAll(to); err != nil {
		return "", err
	}
	return to, at(os.Rename(s.Dir(id), to))
}

package release

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"entente/pipeline"
)

// Info describes a published release.
type Info struct {
	ID             string    `json:"id"`
	CreatedAt      time.Time `json:"created_at"`
	Previous       string    `json:"previous,omitempty"`
	Current        bool      `json:"is_current"`
	ExclusiveBytes int64     `json:"exclusive_bytes"` // freed when the release is removed
	SharedBytes    int64     `json:"shared_bytes"`    // in files that another release holds, too
	Tables         int       `json:"table_count"`
	Rows           int64     `json:"row_count"`
	Problem        string    `json:"problem,omitempty"` // why its manifest cannot be read, or ""
}

// List returns the published releases, newest first. One whose manifest cannot be read is listed last,
// with the reason; one that was never current is left out.
func (s *Store) List() ([]Info, error) {
	current, err := s.CurrentID()
	if err != nil && !errors.Is(err, pipeline.ErrNoRelease) {
		return nil, err
	}
	ids, err := s.ids()
	if err != nil {
		return nil, err
	}
	var infos []Info
	held := map[string]map[string]fs.FileInfo{}
	for _, id := range ids {
		pending, err := s.pending(id)
		if err != nil {
			return nil, fmt.Errorf("release %s: %w", id, err)
		}
		if pending && id != current {
			continue
		}
		files, _, err := tree(s.Dir(id))
		if errors.Is(err, fs.ErrNotExist) {
			continue // pruned by another process since its name was read
		}
		if err != nil {
			return nil, fmt.Errorf("release %s: %w", id, err)
		}
		held[id] = files
		infos = append(infos, s.info(id, current))
	}
	for i := range infos {
		infos[i].ExclusiveBytes, infos[i].SharedBytes = share(infos[i].ID, held)
	}
	slices.SortStableFunc(infos, func(a, b Info) int {
		if c := b.CreatedAt.Compare(a.CreatedAt); c != 0 {
			return c
		}
		return strings.Compare(b.ID, a.ID)
	})
	return infos, nil
}

// info reads what List says of a release from its manifest.
func (s *Store) info(id, current string) Info {
	info := Info{ID: id, Current: id == current}
	m, err := s.Manifest(id)
	if err != nil {
		info.Problem = err.Error()
		return info
	}
	info.CreatedAt, info.Previous, info.Tables = m.FinishedAt, m.Previous, len(m.Tables)
	for _, t := range m.Tables {
		info.Rows += t.Rows
	}
	return info
}

// share splits a release's bytes by whether another release holds the same file. Link keeps a file's
// path, so only files of the same path can be one.
func share(id string, held map[string]map[string]fs.FileInfo) (exclusive, shared int64) {
	for path, file := range held[id] {
		same := false
		for other, files := range held {
			if f, ok := files[path]; ok && other != id && os.SameFile(f, file) {
				same = true
				break
			}
		}
		if same {
			shared += file.Size()
		} else {
			exclusive += file.Size()
		}
	}
	return exclusive, shared
}

// Prune removes all but the newest keep releases, and returns the names of those it removed, oldest
// first. The current release and the one before it always stay, as do releases whose manifest cannot
// be read: those are for a person to look at. A reader that holds a removed file open keeps it.
func (s *Store) Prune(ctx context.Context, keep int) ([]string, error) {
	if keep < 1 {
		return nil, fmt.Errorf("prune: %d releases to keep; keep at least 1", keep)
	}
	infos, err := s.List()
	if err != nil {
		return nil, fmt.Errorf("prune: %w", err)
	}
	stays := map[string]bool{}
	readable := 0
	for _, info := range infos {
		if info.Current {
			stays[info.ID], stays[info.Previous] = true, true
		}
		if info.Problem == "" {
			readable++
		}
		if info.Problem != "" || readable <= keep {
			stays[info.ID] = true
		}
	}
	var gone []string
	for _, info := range slices.Backward(infos) {
		if stays[info.ID] {
			continue
		}
		if err := ctx.Err(); err != nil {
			return gone, err
		}
		aside, err := s.aside(info.ID)
		if err != nil {
			return gone, fmt.Errorf("prune: %w", err)
		}
		s.step("remove " + s.name(aside))
		if err := os.RemoveAll(aside); err != nil {
			return gone, fmt.Errorf("prune: %w", err)
		}
		gone = append(gone, info.ID)
	}
	return gone, nil
}

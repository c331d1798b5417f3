package vault

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"entente/pipeline"
	"entente/pipeline/vault/index"
)

// Problem is something in the vault that is not as it was written.
type Problem struct {
	Path   string // within the vault
	Detail string // what is wrong, and what to do
}

// Stats says how much the vault holds.
type Stats struct {
	Objects      int
	Bytes        int64
	Partials     int // downloads to be taken up
	PartialBytes int64
}

// Verify reads every object again, compares it with its name, and looks up every record of the
// index. Problems are returned, not repaired; the error is that of a context or a folder that
// cannot be read.
func (v *Vault) Verify(ctx context.Context) ([]Problem, error) {
	var problems []Problem
	sizes := map[string]int64{}
	err := v.eachObject(func(path, sum string, _ fs.FileInfo) error {
		where := filepath.ToSlash(path)
		if !isSum(sum) {
			problems = append(problems, Problem{where, "is no object; remove it"})
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		came, size, err := v.rehash(sum)
		switch {
		case err != nil:
			problems = append(problems, Problem{where, fmt.Sprintf("cannot be read: %v; restore it from a backup, or remove it and fetch again", err)})
		case came != sum:
			problems = append(problems, Problem{where, fmt.Sprintf("was changed: its SHA-256 is now %s; restore it from a backup, or remove it and fetch again", came)})
		}
		sizes[sum] = size
		return nil
	})
	indexes, globErr := filepath.Glob(filepath.Join(v.dir, "index", "*.jsonl"))
	if err = errors.Join(err, globErr); err != nil {
		return problems, fmt.Errorf("verify of vault: %w", err)
	}
	for _, path := range indexes {
		found, err := verifyIndex(path, sizes)
		if err != nil {
			return problems, fmt.Errorf("verify of vault: %w", err)
		}
		problems = append(problems, found...)
	}
	return problems, nil
}

// verifyIndex compares records with the objects there are; each missing object is reported once.
func verifyIndex(path string, sizes map[string]int64) ([]Problem, error) {
	var problems []Problem
	line := 0
	missing := map[string]bool{}
	err := index.Scan(path, 0, func(text []byte) error {
		line++
		where := fmt.Sprintf("index/%s:%d", filepath.Base(path), line)
		var f pipeline.File
		if err := json.Unmarshal(text, &f); err != nil {
			problems = append(problems, Problem{where, fmt.Sprintf("is no record: %v", err)})
			return nil
		}
		size, ok := sizes[f.SHA256]
		switch {
		case !ok && !missing[f.SHA256]:
			missing[f.SHA256] = true
			problems = append(problems, Problem{where, fmt.Sprintf("%s: object %s is missing; fetch or import it again", f.Name, f.SHA256)})
		case ok && size != f.Bytes:
			problems = append(problems, Problem{where, fmt.Sprintf("%s: object %s has %d bytes, recorded are %d", f.Name, f.SHA256, size, f.Bytes)})
		}
		return nil
	})
	return problems, err
}

// rehash reads an object.
func (v *Vault) rehash(sum string) (string, int64, error) {
	f, err := os.Open(v.object(sum))
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	return digest(f)
}

// eachObject walks the object store: path within the vault, SHA-256 as the name says.
func (v *Vault) eachObject(each func(path, sum string, info fs.FileInfo) error) error {
	root := filepath.Join(v.dir, "sha256")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		inside, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		sum := strings.Replace(filepath.ToSlash(inside), "/", "", 1)
		return each(filepath.Join("sha256", inside), sum, info)
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Stats counts what the vault holds, by size only.
func (v *Vault) Stats() (Stats, error) {
	var s Stats
	err := v.eachObject(func(_, sum string, info fs.FileInfo) error {
		if isSum(sum) {
			s.Objects++
			s.Bytes += info.Size()
		}
		return nil
	})
	err = errors.Join(err, v.eachPartial(func(path string, info fs.FileInfo) error {
		if strings.HasSuffix(path, ".part") {
			s.Partials++
			s.PartialBytes += info.Size()
		}
		return nil
	}))
	if err != nil {
		return Stats{}, fmt.Errorf("vault: %w", err)
	}
	return s, nil
}

// Clean removes what unfinished downloads left longer ago than maxAge, and returns how many files
// that were. No fetch may be under way.
func (v *Vault) Clean(maxAge time.Duration) (removed int, err error) {
	before := v.now().Add(-maxAge)
	err = v.eachPartial(func(path string, info fs.FileInfo) error {
		if !info.ModTime().Before(before) {
			return nil
		}
		removed++
		return os.Remove(path)
	})
	if err != nil {
		return removed, fmt.Errorf("vault: %w", err)
	}
	return removed, nil
}

func (v *Vault) eachPartial(each func(path string, info fs.FileInfo) error) error {
	entries, err := os.ReadDir(v.partials())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if err := each(filepath.Join(v.partials(), entry.Name()), info); err != nil {
			return err
		}
	}
	return nil
}

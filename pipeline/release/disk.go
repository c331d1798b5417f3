package release

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// write makes a file of the stated content and flushes it to disk.
func (s *Store) write(path string, content []byte) error {
	s.step("create " + s.name(path))
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	s.step("write " + s.name(path))
	if _, err := f.Write(content); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := f.Close(); err != nil {
		return err
	}
	return s.sync(path)
}

// sync flushes a file, or a folder's list of names, to disk.
func (s *Store) sync(path string) error {
	s.step("fsync " + s.name(path))
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return errors.Join(err, f.Close())
	}
	return f.Close()
}

// copyFile copies a file; what it wrote is removed when it fails.
func (s *Store) copyFile(from, to string) (err error) {
	s.step("copy " + s.name(to))
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	defer func() {
		err = errors.Join(err, out.Close())
		if err != nil {
			err = errors.Join(err, os.Remove(to))
		}
	}()
	_, err = io.Copy(out, in)
	return err
}

// at names the new path in the error of a link or rename, as other errors of the file system do.
func at(err error) error {
	var link *os.LinkError
	if errors.As(err, &link) {
		return &fs.PathError{Op: link.Op, Path: link.New, Err: link.Err}
	}
	return err
}

// name is path for steps: relative to the data folder, with slashes.
func (s *Store) name(path string) string {
	rel, err := filepath.Rel(s.data, path)
	if err != nil {
		return path
	}
	return filepath.ToSlash(rel)
}

// hashFile returns the size and SHA-256 of a file; read is told how many bytes were read since it was
// last called.
func hashFile(ctx context.Context, path string, read func(n int64)) (int64, string, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, "", err
	}
	defer f.Close()
	hash := sha256.New()
	buffer := make([]byte, 1<<20)
	var size int64
	for {
		if err := ctx.Err(); err != nil {
			return 0, "", err
		}
		n, err := f.Read(buffer)
		hash.Write(buffer[:n])
		size += int64(n)
		read(int64(n))
		if errors.Is(err, io.EOF) {
			return size, hex.EncodeToString(hash.Sum(nil)), nil
		}
		if err != nil {
			return 0, "", err
		}
	}
}

// tree returns what is below dir by slash path: every file, and apart from them every folder, dir
// itself included, each after all that is in it.
func tree(dir string) (files map[string]fs.FileInfo, folders []string, err error) {
	files = map[string]fs.FileInfo{}
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			folders = append(folders, path)
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		files[filepath.ToSlash(rel)] = info
		return nil
	})
	for i, j := 0, len(folders)-1; i < j; i, j = i+1, j-1 {
		folders[i], folders[j] = folders[j], folders[i]
	}
	return files, folders, err
}

// Package disk writes so that what was written survives a crash.
package disk

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// MakeFolder makes a folder and syncs its parents up to the first one that existed.
func MakeFolder(path string) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil
	}
	parent := filepath.Dir(path)
	if parent != path {
		if err := MakeFolder(parent); err != nil {
			return err
		}
	}
	if err := os.Mkdir(path, 0o755); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	return SyncFolder(parent)
}

// SyncFolder makes what was renamed or made in a folder durable.
func SyncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("sync of %s: %w", path, err)
	}
	return nil
}

// Replace gives a file new content, of which readers see either the old or the new.
func Replace(path string, text []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), "sidecar-*.tmp")
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return err
	}
	return SyncFolder(filepath.Dir(path))
}

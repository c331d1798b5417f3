package release_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestCancelled(t *testing.T) {
	data := t.TempDir()
	s := open(t, data)
	mustPublish(t, s, "r1")
	ctx, cancel := context.WithCancel(t.Context())
	s.OnStep(func(name string) {
		if strings.HasPrefix(name, "chmod") {
			cancel()
		}
	})
	stage, m, err := build(s, "r2")
	if err != nil {
		t.Fatal(err)
	}
	if err := stage.Publish(ctx, m); !errors.Is(err, context.Canceled) {
		t.Errorf("publish: %v, want context.Canceled", err)
	}
	if err := stage.Discard(); err != nil {
		t.Fatal(err)
	}
	if got := current(t, s); got != "r1" {
		t.Errorf("current release is %q, want r1", got)
	}
	wantTidy(t, data)
}

func TestDiskErrors(t *testing.T) {
	t.Run("full", func(t *testing.T) {
		if _, err := os.Stat("/dev/full"); err != nil {
			t.Skip("no /dev/full on this system")
		}
		data := t.TempDir()
		s := open(t, data)
		mustPublish(t, s, "r1")
		stage, m, err := build(s, "r2")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink("/dev/full", filepath.Join(stage.Dir(), "manifest.json")); err != nil {
			t.Fatal(err)
		}
		err = stage.Publish(t.Context(), m)
		wantPathError(t, err, filepath.Join(stage.Dir(), "manifest.json"), syscall.ENOSPC)
		if err := stage.Discard(); err != nil {
			t.Fatal(err)
		}
		if got := current(t, s); got != "r1" {
			t.Errorf("current release is %q, want r1", got)
		}
		wantWhole(t, s)
		wantTidy(t, data)
	})
	t.Run("in the way", func(t *testing.T) {
		data := t.TempDir()
		s := open(t, data)
		if err := os.WriteFile(filepath.Join(data, "releases"), nil, 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := s.Begin("r1")
		wantPathError(t, err, filepath.Join(data, "releases"), syscall.ENOTDIR)
	})
	t.Run("current is a folder", func(t *testing.T) {
		data := t.TempDir()
		s := open(t, data)
		stage, m, err := build(s, "r1")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(filepath.Join(data, "current", "full"), 0o755); err != nil {
			t.Fatal(err)
		}
		err = stage.Publish(t.Context(), m)
		var at *fs.PathError
		if !errors.As(err, &at) || at.Path != filepath.Join(data, "current") {
			t.Errorf("publish: %v, want a PathError of current", err)
		}
	})
	t.Run("read-only", func(t *testing.T) {
		if os.Geteuid() == 0 {
			t.Skip("root may write to read-only folders")
		}
		data := t.TempDir()
		if err := os.Chmod(data, 0o555); err != nil {
			t.Fatal(err)
		}
		_, err := open(t, data).Begin("r1")
		wantPathError(t, err, filepath.Join(data, "releases"), syscall.EACCES)
	})
}

func wantPathError(t *testing.T, err error, path string, want error) {
	t.Helper()
	var at *fs.PathError
	if !errors.As(err, &at) || at.Path != path || !errors.Is(err, want) || !strings.Contains(err.Error(), path) {
		t.Errorf("got %v, want a PathError of %s: %v", err, path, want)
	}
}

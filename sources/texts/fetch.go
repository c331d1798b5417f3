package texts

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"

	"entente/pipeline"
)

// Fetch implements pipeline.Source: the archive given by hand, if there is one, then the folder's files, then the
// addresses. Without any of them there is nothing to do.
func (s *source) Fetch(ctx context.Context, c *http.Client, into *pipeline.Snapshot) error {
	if _, err := into.UseImported(archiveFile); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	taken := map[string]bool{}
	if s.settings.Folder != "" {
		if err := s.folder(ctx, into, taken); err != nil {
			return err
		}
	}
	for _, address := range s.settings.URLs {
		u, err := url.Parse(address)
		if err != nil {
			return fmt.Errorf("source %s: %w", name, err)
		}
		file := path.Base(u.Path)
		if taken[file] {
			return fmt.Errorf("source %s: %s has the name of a file in %s; rename that", name, address, s.settings.Folder)
		}
		if _, err := into.Download(ctx, c, pipeline.Request{Name: file, URL: address}); err != nil {
			return err
		}
	}
	return nil
}

// folder takes the texts of the folder over.
func (s *source) folder(ctx context.Context, into *pipeline.Snapshot, taken map[string]bool) error {
	entries, err := os.ReadDir(s.settings.Folder)
	if err != nil {
		return fmt.Errorf("source %s: settings: folder: %w", name, err)
	}
	for _, e := range entries {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if !e.Type().IsRegular() || !textFile.MatchString(e.Name()) || strings.EqualFold(e.Name(), "README.md") {
			continue
		}
		f, err := os.Open(filepath.Join(s.settings.Folder, e.Name()))
		if err != nil {
			return fmt.Errorf("source %s: %w", name, err)
		}
		_, err = into.Take(e.Name(), f)
		f.Close()
		if err != nil {
			return fmt.Errorf("source %s: %w", name, err)
		}
		taken[e.Name()] = true
	}
	return nil
}

package tota

import (
	"context"
	"fmt"
	"net/http"
	"path"
	"regexp"

	"entente/pipeline"
)

var revision = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]*(/[A-Za-z0-9][A-Za-z0-9_.-]*)*$`)

// Fetch implements pipeline.Source.
func (s *source) Fetch(ctx context.Context, c *http.Client, into *pipeline.Snapshot) error {
	if s.settings.Imported || !into.Automated {
		if _, err := into.UseImported(archiveFile); err != nil {
			return fmt.Errorf("source %s: the archive is to be imported, not downloaded; it is at %s: %w", name, page, err)
		}
		return nil
	}
	_, err := into.Download(ctx, c, pipeline.Request{
		Name: archiveFile, URL: address + s.settings.Revision, Version: path.Base(s.settings.Revision),
	})
	return err
}

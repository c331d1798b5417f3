package ucdp

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"entente/pipeline"
)

// Fetch implements pipeline.Source.
func (s *source) Fetch(ctx context.Context, c *http.Client, into *pipeline.Snapshot) error {
	if s.settings.Imported || !into.Automated {
		if _, err := into.UseImported(conflictsFile); err != nil {
			return fmt.Errorf("source %s: the archive is to be imported, not downloaded; it is at %s: %w", name, page, err)
		}
		return nil
	}
	_, err := into.Download(ctx, c, pipeline.Request{
		Name: conflictsFile, URL: folder + s.settings.Archive, Version: strings.TrimSuffix(s.settings.Archive, ".zip"),
	})
	return err
}

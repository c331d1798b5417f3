package desta

import (
	"context"
	"fmt"
	"net/http"

	"entente/pipeline"
)

// Fetch implements pipeline.Source.
func (s *source) Fetch(ctx context.Context, c *http.Client, into *pipeline.Snapshot) error {
	if s.settings.Imported || !into.Automated {
		if _, err := into.UseImported(listFile); err != nil {
			return fmt.Errorf("source %s: the list is to be imported, not downloaded; it is at %s: %w", name, page, err)
		}
		return nil
	}
	_, err := into.Download(ctx, c, pipeline.Request{Name: listFile, URL: folder + s.settings.File, Version: s.settings.File})
	return err
}

package scvetoes

import (
	"context"
	"fmt"
	"net/http"

	"entente/pipeline"
)

// Fetch implements pipeline.Source.
func (s *source) Fetch(ctx context.Context, c *http.Client, into *pipeline.Snapshot) error {
	if s.settings.Imported || !into.Automated {
		if _, err := into.UseImported(vetoesFile); err != nil {
			return fmt.Errorf("source %s: the vetoes are to be imported, not downloaded; they are at %s: %w", name, page, err)
		}
		return nil
	}
	_, err := into.Download(ctx, c, pipeline.Request{Name: vetoesFile, URL: address, Accept: "text/csv, */*;q=0.5"})
	return err
}

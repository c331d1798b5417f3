package cowstates

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
		if _, err := into.UseImported(statesFile); err != nil {
			return fmt.Errorf("source %s: the file is to be imported, not downloaded; it is at %s: %w", name, page, err)
		}
		return nil
	}
	_, err := into.Download(ctx, c, pipeline.Request{
		Name: statesFile, URL: folder + s.settings.File, Version: strings.TrimSuffix(s.settings.File, ".csv"),
	})
	return err
}

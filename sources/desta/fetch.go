package desta

import (
	"context"
	"net/http"

	"entente/pipeline"
)

// Fetch implements pipeline.Source.
func (s *source) Fetch(ctx context.Context, c *http.Client, into *pipeline.Snapshot) error {
	return into.Obtain(ctx, c, pipeline.Request{Name: listFile, URL: folder + s.settings.File, Version: s.settings.File}, s.settings.Imported, page)
}

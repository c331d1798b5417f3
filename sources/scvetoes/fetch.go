package scvetoes

import (
	"context"
	"net/http"

	"entente/pipeline"
)

// Fetch implements pipeline.Source.
func (s *source) Fetch(ctx context.Context, c *http.Client, into *pipeline.Snapshot) error {
	return into.Obtain(ctx, c, pipeline.Request{Name: vetoesFile, URL: address, Accept: "text/csv, */*;q=0.5"}, s.settings.Imported, page)
}

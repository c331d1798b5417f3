package cowtrade

import (
	"context"
	"net/http"
	"strings"

	"entente/pipeline"
)

// Fetch implements pipeline.Source.
func (s *source) Fetch(ctx context.Context, c *http.Client, into *pipeline.Snapshot) error {
	return into.Obtain(ctx, c, pipeline.Request{
		Name: tradeFile, URL: folder + s.settings.Archive, Version: strings.TrimSuffix(s.settings.Archive, ".zip"),
	}, s.settings.Imported, page)
}

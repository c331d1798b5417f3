package cowstates

import (
	"context"
	"net/http"
	"strings"

	"entente/pipeline"
)

// Fetch implements pipeline.Source.
func (s *source) Fetch(ctx context.Context, c *http.Client, into *pipeline.Snapshot) error {
	return into.Obtain(ctx, c, pipeline.Request{
		Name: statesFile, URL: folder + s.settings.File, Version: strings.TrimSuffix(s.settings.File, ".csv"),
	}, s.settings.Imported, page)
}

package tota

import (
	"context"
	"net/http"
	"path"
	"regexp"

	"entente/pipeline"
)

var revision = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]*(/[A-Za-z0-9][A-Za-z0-9_.-]*)*$`)

// Fetch implements pipeline.Source.
func (s *source) Fetch(ctx context.Context, c *http.Client, into *pipeline.Snapshot) error {
	return into.Obtain(ctx, c, pipeline.Request{
		Name: archiveFile, URL: address + s.settings.Revision, Version: path.Base(s.settings.Revision),
	}, s.settings.Imported, page)
}

package baci

import (
	"context"
	"fmt"
	"net/http"

	"entente/pipeline"
)

// Fetch implements pipeline.Source. An archive that has no year of the nomenclature is not taken.
func (s *source) Fetch(ctx context.Context, c *http.Client, into *pipeline.Snapshot) error {
	if err := into.Obtain(ctx, c, pipeline.Request{
		Name: archiveFile, Version: s.settings.Release,
		URL: fmt.Sprintf("%sBACI_%s_%s.zip", folder, s.settings.Nomenclature, s.settings.Release),
	}, s.settings.Imported, page); err != nil {
		return err
	}
	_, err := s.years(open(into))
	return err
}

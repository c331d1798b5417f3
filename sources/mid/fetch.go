package mid

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"strings"

	"entente/pipeline"
)

// Fetch implements pipeline.Source. Pairs given by hand are taken before those that can be downloaded.
func (s *source) Fetch(ctx context.Context, c *http.Client, into *pipeline.Snapshot) error {
	obtain := func(file, archive string) error {
		return into.Obtain(ctx, c, pipeline.Request{
			Name: file, URL: folder + archive, Version: strings.TrimSuffix(archive, ".zip"),
		}, s.settings.Imported, page)
	}
	if err := obtain(disputesFile, s.settings.Disputes); err != nil {
		return err
	}
	if _, err := into.UseImported(dyadsFile); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return obtain(dyadsFile, s.settings.Dyads)
}

package mid

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"strings"

	"entente/pipeline"
)

// Fetch implements pipeline.Source.
func (s *source) Fetch(ctx context.Context, c *http.Client, into *pipeline.Snapshot) error {
	if s.settings.Imported || !into.Automated {
		for _, file := range []string{disputesFile, dyadsFile} {
			if _, err := into.UseImported(file); err != nil {
				return fmt.Errorf("source %s: %s is to be imported, not downloaded; see %s: %w", name, file, page, err)
			}
		}
		return nil
	}
	if err := download(ctx, c, into, disputesFile, s.settings.Disputes); err != nil {
		return err
	}
	_, err := into.UseImported(dyadsFile)
	if errors.Is(err, fs.ErrNotExist) {
		return download(ctx, c, into, dyadsFile, s.settings.Dyads)
	}
	return err
}

func download(ctx context.Context, c *http.Client, into *pipeline.Snapshot, file, archive string) error {
	_, err := into.Download(ctx, c, pipeline.Request{Name: file, URL: folder + archive, Version: strings.TrimSuffix(archive, ".zip")})
	return err
}

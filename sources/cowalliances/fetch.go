package cowalliances

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"strings"

	"entente/pipeline"
)

// notGiven says that the archive is to be given by hand and was not: the source is then left out of a run, as
// one whose terms forbid download is.
type notGiven struct{}

func (notGiven) Error() string {
	return fmt.Sprintf("source %s: set to take its archive from an import, and none was given; get it at %s, then: entente import %s FILE (or set imported: false to download it)",
		name, page, name)
}

// Is reports that a run is to go on without the source.
func (notGiven) Is(target error) bool { return target == pipeline.ErrNotAutomated }

// Fetch implements pipeline.Source.
func (s *source) Fetch(ctx context.Context, c *http.Client, into *pipeline.Snapshot) error {
	err := into.Obtain(ctx, c, pipeline.Request{
		Name: alliancesFile, URL: folder + s.settings.Archive, Version: strings.TrimSuffix(s.settings.Archive, ".zip"),
	}, s.settings.Imported, page)
	if errors.Is(err, fs.ErrNotExist) {
		return notGiven{}
	}
	return err
}

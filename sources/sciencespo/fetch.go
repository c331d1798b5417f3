package sciencespo

import (
	"context"
	"net/http"
	"regexp"

	"entente/pipeline"
	"entente/pipeline/dataverse"
)

var councilName = regexp.MustCompile(`(?i)unsc[-_ ]*votes.*\.csv$`)

// Fetch implements pipeline.Source.
func (s *source) Fetch(ctx context.Context, c *http.Client, into *pipeline.Snapshot) error {
	deposit := dataverse.Deposit{Source: name, Host: "data.sciencespo.fr", DOI: "doi:10.21410/7E4/Z0KECE"}
	return deposit.Fetch(ctx, c, into, dataverse.Want{
		Name: councilFile, What: "votes of the Council", Match: councilName,
		Version: s.settings.Version, VersionSetting: "version",
		File: s.settings.File, FileSetting: "file",
		Hint: "only CSV can be read",
	})
}

package voeten

import (
	"context"
	"net/http"
	"regexp"

	"entente/pipeline"
	"entente/pipeline/dataverse"
)

// The deposit has series of ideal points for subjects, too; the wanted one goes by All or by its years.
var (
	rollCallsName   = regexp.MustCompile(`(?i)^unvotes.*\.csv$`)
	idealPointsName = regexp.MustCompile(`(?i)^idealpoint(s|estimates)?[-_ ]*(all|[0-9]).*\.csv$`)
)

// Fetch implements pipeline.Source.
func (s *source) Fetch(ctx context.Context, c *http.Client, into *pipeline.Snapshot) error {
	deposit := dataverse.Deposit{Source: name, Host: "dataverse.harvard.edu", DOI: "doi:10.7910/DVN/LEJUQZ"}
	for _, want := range []dataverse.Want{
		{
			Name: rollCallsFile, What: "roll calls", Match: rollCallsName,
			Version: s.settings.RollCallsVersion, VersionSetting: "roll_calls_version",
			File: s.settings.RollCallsFile, FileSetting: "roll_calls_file",
			Hint: "roll calls ship only up to version 33.0, and their .RData form cannot be read",
		},
		{
			Name: idealPointsFile, What: "ideal points", Match: idealPointsName,
			Version: s.settings.IdealPointsVersion, VersionSetting: "ideal_points_version",
			File: s.settings.IdealPointsFile, FileSetting: "ideal_points_file",
			Hint: ".RData cannot be read",
		},
	} {
		if err := deposit.Fetch(ctx, c, into, want); err != nil {
			return err
		}
	}
	return nil
}

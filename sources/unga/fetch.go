package unga

import (
	"context"
	"net/http"

	"entente/pipeline"
	"entente/pipeline/undl"
)

var record = undl.Record{Source: name, ID: "4060887", Body: "ga", Name: votesFile}

// Fetch implements pipeline.Source.
func (s *source) Fetch(ctx context.Context, c *http.Client, into *pipeline.Snapshot) error {
	return record.Fetch(ctx, c, into)
}

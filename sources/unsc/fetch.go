package unsc

import (
	"context"
	"net/http"

	"entente/pipeline"
	"entente/pipeline/undl"
)

var record = undl.Record{Source: name, ID: "4055387", Body: "sc", Name: votesFile}

// Fetch implements pipeline.Source.
func (s *source) Fetch(ctx context.Context, c *http.Client, into *pipeline.Snapshot) error {
	return record.Fetch(ctx, c, into)
}

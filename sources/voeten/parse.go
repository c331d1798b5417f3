package voeten

import (
	"context"
	"fmt"
	"io/fs"

	"entente/pipeline"
)

// Parse implements pipeline.Source.
func (s *source) Parse(ctx context.Context, snapshot fs.FS, table string, out pipeline.Sink) error {
	switch table {
	case votesTable:
		return votes().Parse(ctx, snapshot, out)
	case pointsTable:
		return parsePoints(ctx, snapshot, out)
	}
	return fmt.Errorf("source %s: no table %q", name, table)
}

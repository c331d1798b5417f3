package ledger

import "context"

// OnStep has f called at steps inside transactions.
func (l *Ledger) OnStep(f func(name string)) { l.step = f }

// Migrate brings the file through the migrations and then these.
func (l *Ledger) Migrate(ctx context.Context, more ...string) error {
	return l.migrate(ctx, append(append([]string{}, migrations...), more...))
}

// Check returns what SQLite finds wrong with the file ("ok" for nothing) and its schema version.
func (l *Ledger) Check(ctx context.Context) (integrity string, version int, err error) {
	if err := l.db.QueryRowContext(ctx, "pragma integrity_check").Scan(&integrity); err != nil {
		return "", 0, err
	}
	version, err = schemaVersion(ctx, l.db)
	return integrity, version, err
}

// Times returns the text of a run's times as stored.
func (l *Ledger) Times(ctx context.Context, runID string) (started string, finished *string, err error) {
	err = l.db.QueryRowContext(ctx, "select started_at, finished_at from runs where run_id = ?", runID).Scan(&started, &finished)
	return started, finished, err
}

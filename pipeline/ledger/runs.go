package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"entente/pipeline"
)

// interruptedError is the error text of a run that ended without saying how.
const interruptedError = "the process ended without recording an outcome"

// Begin records that a run started. Runs that never ended become RunInterrupted: whoever begins a run
// holds the data folder's lock, so none of them is alive. It fails when the run's ID is taken.
func (l *Ledger) Begin(ctx context.Context, r pipeline.RunRecord) error {
	jobs, err := json.Marshal(append([]string{}, r.Jobs...))
	if err != nil {
		return fmt.Errorf("ledger: run %s: %w", r.ID, err)
	}
	if r.Outcome == "" {
		r.Outcome = pipeline.RunRunning
	}
	err = l.transact(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "update runs set outcome = ?, error = ? where outcome = ?",
			pipeline.RunInterrupted, interruptedError, pipeline.RunRunning); err != nil {
			return err
		}
		l.step("interrupted")
		_, err := tx.ExecContext(ctx, `
insert into runs (run_id, command, jobs, started_at, finished_at, outcome, release, error, program)
values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			r.ID, r.Command, string(jobs), r.StartedAt.UTC().Format(timeLayout), formatTime(r.FinishedAt), r.Outcome, r.Release, r.Error, r.Program)
		return err
	})
	if err != nil {
		return fmt.Errorf("ledger %s: begin of run %s: %w", l.path, r.ID, err)
	}
	return nil
}

// End records how a run ended: FinishedAt, Outcome, Release and Error. It fails when no such run began.
func (l *Ledger) End(ctx context.Context, r pipeline.RunRecord) error {
	err := l.transact(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, "update runs set finished_at = ?, outcome = ?, release = ?, error = ? where run_id = ?",
			formatTime(r.FinishedAt), r.Outcome, r.Release, r.Error, r.ID)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 1 {
			return err
		}
		return fmt.Errorf("it never began")
	})
	if err != nil {
		return fmt.Errorf("ledger %s: end of run %s: %w", l.path, r.ID, err)
	}
	return nil
}

// Runs returns the newest runs first, at most n.
func (l *Ledger) Runs(ctx context.Context, n int) ([]pipeline.RunRecord, error) {
	runs, err := collect(ctx, l.db, scanRun, `
select
    run_id,
    command,
    jobs,
    started_at,
    finished_at,
    outcome,
    release,
    error,
    program
from runs
order by seq desc
limit ?`, n)
	if err != nil {
		return nil, fmt.Errorf("ledger %s: runs: %w", l.path, err)
	}
	return runs, nil
}

func scanRun(rows *sql.Rows) (r pipeline.RunRecord, err error) {
	var jobs string
	var started, finished sql.NullString
	if err := rows.Scan(&r.ID, &r.Command, &jobs, &started, &finished, &r.Outcome, &r.Release, &r.Error, &r.Program); err != nil {
		return r, err
	}
	if err := json.Unmarshal([]byte(jobs), &r.Jobs); err != nil {
		return r, fmt.Errorf("run %s: jobs: %w", r.ID, err)
	}
	if r.StartedAt, err = parseTime(started); err != nil {
		return r, fmt.Errorf("run %s: %w", r.ID, err)
	}
	if r.FinishedAt, err = parseTime(finished); err != nil {
		return r, fmt.Errorf("run %s: %w", r.ID, err)
	}
	return r, nil
}

// collect returns what scan makes of each row that a query returns.
func collect[T any](ctx context.Context, db *sql.DB, scan func(*sql.Rows) (T, error), query string, args ...any) ([]T, error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

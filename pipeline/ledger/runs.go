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
	if r.Outcome == "" {
		r.Outcome = pipeline.RunRunning
	}
	err := l.transact(ctx, func(tx *sql.Tx) error {
		if _, err := interrupt(ctx, tx); err != nil {
			return err
		}
		l.step("interrupted")
		return insert(ctx, tx, r, "")
	})
	if err != nil {
		return fmt.Errorf("ledger %s: begin of run %s: %w", l.path, r.ID, err)
	}
	return nil
}

// Note records runs that did not take place. One whose ID is taken is as it was: what ran was not missed.
func (l *Ledger) Note(ctx context.Context, runs []pipeline.RunRecord) error {
	if len(runs) == 0 {
		return nil
	}
	err := l.transact(ctx, func(tx *sql.Tx) error {
		for _, r := range runs {
			if err := insert(ctx, tx, r, "on conflict (run_id) do nothing"); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("ledger %s: runs that did not take place: %w", l.path, err)
	}
	return nil
}

// Interrupt marks runs that never ended as RunInterrupted and returns how many there were. The caller holds
// the data folder's lock, so none of them is alive.
func (l *Ledger) Interrupt(ctx context.Context) (n int64, err error) {
	err = l.transact(ctx, func(tx *sql.Tx) error {
		n, err = interrupt(ctx, tx)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("ledger %s: runs that were cut off: %w", l.path, err)
	}
	return n, nil
}

func interrupt(ctx context.Context, tx *sql.Tx) (int64, error) {
	result, err := tx.ExecContext(ctx, "update runs set outcome = ?, error = ? where outcome = ?",
		pipeline.RunInterrupted, interruptedError, pipeline.RunRunning)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func insert(ctx context.Context, tx *sql.Tx, r pipeline.RunRecord, conflict string) error {
	jobs, err := json.Marshal(append([]string{}, r.Jobs...))
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
insert into runs (run_id, command, jobs, started_at, finished_at, outcome, release, error, program, schedule, scheduled_at, attempt, cause)
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
`+conflict,
		r.ID, r.Command, string(jobs), r.StartedAt.UTC().Format(timeLayout), formatTime(r.FinishedAt), r.Outcome, r.Release,
		r.Error, r.Program, r.Schedule, formatTime(r.ScheduledAt), r.Attempt, r.Trigger)
	return err
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
	runs, err := collect(ctx, l.db, scanRun, selectRuns+" order by seq desc limit ?", n)
	if err != nil {
		return nil, fmt.Errorf("ledger %s: runs: %w", l.path, err)
	}
	return runs, nil
}

// Newest returns of each schedule the run for its newest scheduled time, in its last attempt. With outcomes,
// only runs that ended in one of them count.
func (l *Ledger) Newest(ctx context.Context, outcomes ...string) (map[string]pipeline.RunRecord, error) {
	wanted, args := "", []any{}
	for _, o := range outcomes {
		wanted += ", ?"
		args = append(args, o)
	}
	if outcomes != nil {
		wanted = "and outcome in (" + wanted[2:] + ")"
	}
	runs, err := collect(ctx, l.db, scanRun, selectRuns+`
where seq in (
    select seq from (
        select seq, row_number() over (partition by schedule order by scheduled_at desc, attempt desc) as place
        from runs
        where schedule <> '' `+wanted+`
    )
    where place = 1
)`, args...)
	if err != nil {
		return nil, fmt.Errorf("ledger %s: newest runs: %w", l.path, err)
	}
	newest := map[string]pipeline.RunRecord{}
	for _, r := range runs {
		newest[r.Schedule] = r
	}
	return newest, nil
}

const selectRuns = `
select
    run_id,
    command,
    jobs,
    started_at,
    finished_at,
    outcome,
    release,
    error,
    program,
    schedule,
    scheduled_at,
    attempt,
    cause
from runs`

func scanRun(rows *sql.Rows) (r pipeline.RunRecord, err error) {
	var jobs string
	var started, finished, scheduled sql.NullString
	if err := rows.Scan(&r.ID, &r.Command, &jobs, &started, &finished, &r.Outcome, &r.Release, &r.Error, &r.Program,
		&r.Schedule, &scheduled, &r.Attempt, &r.Trigger); err != nil {
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
	if r.ScheduledAt, err = parseTime(scheduled); err != nil {
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

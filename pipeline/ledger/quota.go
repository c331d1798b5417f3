package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"entente/pipeline"
)

// Take counts one call of a source on the UTC day of now, for all processes that share the ledger. It fails
// with a *pipeline.QuotaError, and counts nothing, when limit calls were made on that day already or when
// the upstream itself said that its quota is used up.
func (l *Ledger) Take(ctx context.Context, source string, limit int, now time.Time) error {
	now = now.UTC()
	err := l.transact(ctx, func(tx *sql.Tx) error {
		until, err := closedUntil(ctx, tx, source, now)
		if err != nil {
			return err
		}
		if !until.IsZero() {
			return &pipeline.QuotaError{Source: source, Calls: limit, Until: until}
		}
		result, err := tx.ExecContext(ctx, `
insert into calls (source, day, calls, allowed) select ?1, ?2, 1, ?3 where ?3 > 0
on conflict (source, day) do update set calls = calls + 1, allowed = ?3 where calls < ?3`,
			source, now.Format(time.DateOnly), limit)
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		if err == nil && n == 0 {
			return &pipeline.QuotaError{Source: source, Calls: limit, Until: nextDay(now)}
		}
		return err
	})
	var quota *pipeline.QuotaError
	if err == nil || errors.As(err, &quota) {
		return err
	}
	return fmt.Errorf("ledger %s: calls of %s: %w", l.path, source, err)
}

// Exhaust notes that an upstream refuses calls of a source until a moment. Of several such moments the
// latest counts.
func (l *Ledger) Exhaust(ctx context.Context, source string, until time.Time) error {
	err := l.transact(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
insert into closures (source, closed_until) values (?, ?)
on conflict (source) do update set closed_until = max(closed_until, excluded.closed_until)`,
			source, until.UTC().Format(timeLayout))
		return err
	})
	if err != nil {
		return fmt.Errorf("ledger %s: quota of %s: %w", l.path, source, err)
	}
	return nil
}

// Calls returns the calls of a source that were counted on the UTC day of now, and until when the upstream
// refuses further ones: the zero time if it does not.
func (l *Ledger) Calls(ctx context.Context, source string, now time.Time) (calls int, until time.Time, err error) {
	now = now.UTC()
	err = l.db.QueryRowContext(ctx, "select calls from calls where source = ? and day = ?",
		source, now.Format(time.DateOnly)).Scan(&calls)
	if err == nil || errors.Is(err, sql.ErrNoRows) {
		until, err = closedUntil(ctx, l.db, source, now)
	}
	if err != nil {
		return 0, time.Time{}, fmt.Errorf("ledger %s: calls of %s: %w", l.path, source, err)
	}
	return calls, until, nil
}

// Quota is what a source may still ask its upstream.
type Quota struct {
	Source string
	Left   int // calls on the day
}

// Quotas returns what is left, on the UTC day of now, of every source whose calls are counted.
func (l *Ledger) Quotas(ctx context.Context, now time.Time) ([]Quota, error) {
	now = now.UTC()
	quotas, err := collect(ctx, l.db, func(rows *sql.Rows) (q Quota, err error) {
		return q, rows.Scan(&q.Source, &q.Left)
	}, `
select
    source,
    case
        when exists (select 1 from closures where closures.source = c.source and closed_until > ?1) then 0
        when day = ?2 then max(allowed - calls, 0)
        else allowed
    end
from calls as c
where day = (select max(day) from calls where calls.source = c.source) and allowed > 0
order by source`, now.Format(timeLayout), now.Format(time.DateOnly))
	if err != nil {
		return nil, fmt.Errorf("ledger %s: quotas: %w", l.path, err)
	}
	return quotas, nil
}

// closedUntil returns until when an upstream refuses calls, or the zero time if it does not at now.
func closedUntil(ctx context.Context, db interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}, source string, now time.Time) (time.Time, error) {
	var text sql.NullString
	err := db.QueryRowContext(ctx, "select closed_until from closures where source = ?", source).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, err
	}
	until, err := parseTime(text)
	if err != nil || !until.After(now) {
		return time.Time{}, err
	}
	return until, nil
}

func nextDay(now time.Time) time.Time {
	y, m, d := now.Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, time.UTC)
}

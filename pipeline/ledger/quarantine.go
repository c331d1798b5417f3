package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"time"

	"entente/pipeline"
)

// keptRuns is for how many of the newest runs that set rows aside those rows are kept. Runs that set
// nothing aside do not count: a month of quiet runs must not erase the last finding.
const keptRuns = 20

// Quarantine keeps rows that a run set aside, all or none, and drops those of runs too long ago. It
// fails when no such run began.
func (l *Ledger) Quarantine(ctx context.Context, runID string, rows []pipeline.QuarantinedRow) error {
	if len(rows) == 0 {
		return nil
	}
	err := l.transact(ctx, func(tx *sql.Tx) error {
		var run int64
		err := tx.QueryRowContext(ctx, "select seq from runs where run_id = ?", runID).Scan(&run)
		if errors.Is(err, sql.ErrNoRows) {
			return errors.New("it never began")
		}
		if err != nil {
			return err
		}
		if err := l.insert(ctx, tx, run, rows); err != nil {
			return err
		}
		l.step("inserted")
		_, err = tx.ExecContext(ctx, `
delete from quarantine
where run_seq not in (
    select distinct run_seq
    from quarantine
    order by run_seq desc
    limit ?
)`, keptRuns)
		return err
	})
	if err != nil {
		return fmt.Errorf("ledger %s: quarantine of run %s: %w", l.path, runID, err)
	}
	return nil
}

func (l *Ledger) insert(ctx context.Context, tx *sql.Tx, run int64, rows []pipeline.QuarantinedRow) (err error) {
	insert, err := tx.PrepareContext(ctx, `
insert into quarantine (run_seq, source, table_name, file, sha256, line, byte_offset, reason, reason_class, raw)
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, insert.Close()) }()
	for _, r := range rows {
		raw := r.Raw
		if raw == nil {
			raw = []byte{}
		}
		if _, err := insert.ExecContext(ctx, run, r.Source, r.Table, r.File, r.SHA256, r.Line, r.Offset, r.Reason, Class(r.Reason), raw); err != nil {
			return fmt.Errorf("%s:%d: %w", r.File, r.Line, err)
		}
		l.step("row")
	}
	return nil
}

// Filter chooses rows in quarantine; a field at its zero value chooses all.
type Filter struct {
	ID     int64  // one row
	RunID  string // rows that this run set aside
	Source string
	Table  string // as the run named it: "raw.unga_votes"
	Limit  int
}

// Kept is a row in quarantine.
type Kept struct {
	ID    int64  `json:"id"` // of the row in this ledger
	RunID string `json:"run_id"`
	pipeline.QuarantinedRow
}

// QuarantineRows returns the rows that a filter chooses: the newest run's first, and of a run in the
// order in which it set them aside.
func (l *Ledger) QuarantineRows(ctx context.Context, f Filter) ([]Kept, error) {
	if f.Limit <= 0 {
		f.Limit = -1
	}
	rows, err := collect(ctx, l.db, scanKept, `
select
    quarantine.seq,
    runs.run_id,
    quarantine.source,
    quarantine.table_name,
    quarantine.file,
    quarantine.sha256,
    quarantine.line,
    quarantine.byte_offset,
    quarantine.reason,
    quarantine.raw
from quarantine
inner join runs on quarantine.run_seq = runs.seq
where
    (@id = 0 or quarantine.seq = @id)
    and (@run = '' or runs.run_id = @run)
    and (@source = '' or quarantine.source = @source)
    and (@table = '' or quarantine.table_name = @table)
order by
    quarantine.run_seq desc,
    quarantine.seq
limit @limit`,
		sql.Named("id", f.ID), sql.Named("run", f.RunID), sql.Named("source", f.Source), sql.Named("table", f.Table), sql.Named("limit", f.Limit))
	if err != nil {
		return nil, fmt.Errorf("ledger %s: quarantine: %w", l.path, err)
	}
	return rows, nil
}

func scanKept(rows *sql.Rows) (k Kept, err error) {
	err = rows.Scan(&k.ID, &k.RunID, &k.Source, &k.Table, &k.File, &k.SHA256, &k.Line, &k.Offset, &k.Reason, &k.Raw)
	return k, err
}

// Summary counts rows in quarantine that are alike.
type Summary struct {
	RunID     string    `json:"run_id"`
	StartedAt time.Time `json:"started_at"` // of the run
	Source    string    `json:"source"`
	Table     string    `json:"table"`
	Class     string    `json:"reason_class"` // the reason without its values
	Rows      int64     `json:"row_count"`
	FirstID   int64     `json:"first_id"` // of a row to look at
	FirstLine int64     `json:"first_line"`
	Reason    string    `json:"reason"` // of that row
}

// QuarantineSummary counts the rows in quarantine by run, table and class of reason: the newest run's
// first, then by table, the most frequent class first. runID "" stands for all runs.
func (l *Ledger) QuarantineSummary(ctx context.Context, runID string) ([]Summary, error) {
	all, err := collect(ctx, l.db, scanSummary, `
with counted as (
    select
        run_seq,
        source,
        table_name,
        reason_class,
        count(*) as row_count,
        min(seq) as first_id
    from quarantine
    group by
        run_seq,
        source,
        table_name,
        reason_class
)
select
    runs.run_id,
    runs.started_at,
    counted.source,
    counted.table_name,
    counted.reason_class,
    counted.row_count,
    counted.first_id,
    quarantine.line,
    quarantine.reason
from counted
inner join quarantine on counted.first_id = quarantine.seq
inner join runs on counted.run_seq = runs.seq
where @run = '' or runs.run_id = @run
order by
    counted.run_seq desc,
    counted.table_name,
    counted.source,
    counted.row_count desc,
    counted.reason_class`, sql.Named("run", runID))
	if err != nil {
		return nil, fmt.Errorf("ledger %s: quarantine: %w", l.path, err)
	}
	return all, nil
}

func scanSummary(rows *sql.Rows) (s Summary, err error) {
	var started sql.NullString
	if err := rows.Scan(&s.RunID, &started, &s.Source, &s.Table, &s.Class, &s.Rows, &s.FirstID, &s.FirstLine, &s.Reason); err != nil {
		return s, err
	}
	s.StartedAt, err = parseTime(started)
	return s, err
}

// A value in a reason: quoted text, or a number with its sign, date or version parts.
var (
	quoted = regexp.MustCompile("\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`|“[^”]*”|(^|[\\s(:=])'[^']*'")
	number = regexp.MustCompile(`[-+]?\b[0-9][0-9]*(?:[-.,:/][0-9]+)*\b`)
)

// Class returns a reason without its values, so that rows rejected for the same reason count together:
// `vote "Q" is none of Y, N, A, X` becomes `vote "…" is none of Y, N, A, X`, and numbers become #.
func Class(reason string) string {
	return number.ReplaceAllString(quoted.ReplaceAllString(reason, `$1"…"`), "#")
}

// Package ledger remembers in an SQLite file what outlives a process: runs, the rows they set aside, and
// the calls that upstreams allow in a day.
//
// The file uses SQLite's rollback journal with full flushing: every method is one transaction, and a
// process killed inside one leaves a journal from which the next opening restores the file. Unlike a
// write-ahead log this needs no shared memory, so the file can be read on a read-only disk too.
// Readers and the one writer may be different processes; they wait for each other for up to ten seconds.
package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"entente/pipeline"
)

// Ledger is an open ledger file. It implements pipeline.Ledger and is safe for concurrent use.
type Ledger struct {
	path string
	db   *sql.DB
	step func(name string) // called inside transactions
}

var _ pipeline.Ledger = (*Ledger)(nil)

// migrations are the steps from each schema version to the next; the file's user_version counts those
// it has been through. Steps are added at the end and never changed.
var migrations = []string{
	`create table runs (
    seq integer primary key,
    run_id text not null unique,
    command text not null,
    jobs text not null,
    started_at text not null,
    finished_at text,
    outcome text not null,
    release text not null,
    error text not null,
    program text not null
) strict;
create table quarantine (
    seq integer primary key,
    run_seq integer not null references runs (seq),
    source text not null,
    table_name text not null,
    file text not null,
    sha256 text not null,
    line integer not null,
    byte_offset integer not null,
    reason text not null,
    reason_class text not null,
    raw blob not null
) strict;
create index quarantine_by_run on quarantine (run_seq, table_name, reason_class);`,
	`create table calls (
    source text not null,
    day text not null,
    calls integer not null,
    primary key (source, day)
) strict;
create table closures (
    source text primary key,
    closed_until text not null
) strict;`,
	`alter table runs add column schedule text not null default '';
alter table runs add column scheduled_at text;
alter table runs add column attempt integer not null default 0;
alter table runs add column cause text not null default '';
create index runs_by_schedule on runs (schedule, scheduled_at);
alter table calls add column allowed integer not null default 0;`,
}

// Open opens the ledger at path and makes it when there is none; its folder must exist. It fails when
// the file is no ledger or was written by a newer version of the program.
func Open(path string) (*Ledger, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	if err := reachable(abs); err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	options := url.Values{
		"_txlock": {"immediate"},
		"_pragma": {"busy_timeout(10000)", "journal_mode(delete)", "synchronous(full)", "foreign_keys(1)"},
	}
	dsn := url.URL{Scheme: "file", Path: filepath.ToSlash(abs), RawQuery: options.Encode()}
	db, err := sql.Open("sqlite", dsn.String())
	if err != nil {
		return nil, fmt.Errorf("ledger %s: %w", abs, err)
	}
	db.SetMaxOpenConns(1)
	l := &Ledger{path: abs, db: db, step: func(string) {}}
	if err := l.migrate(context.Background(), migrations); err != nil {
		return nil, errors.Join(fmt.Errorf("ledger %s: %w", abs, err), db.Close())
	}
	return l, nil
}

// reachable says with the file system's own error what SQLite would report without one.
func reachable(path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		_, err = os.Stat(filepath.Dir(path))
		return err
	}
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return &fs.PathError{Op: "open", Path: path, Err: errors.New("not a regular file")}
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return f.Close()
}

// Close closes the file.
func (l *Ledger) Close() error {
	if err := l.db.Close(); err != nil {
		return fmt.Errorf("ledger %s: %w", l.path, err)
	}
	return nil
}

// migrate brings the file to the schema of the last of steps.
func (l *Ledger) migrate(ctx context.Context, steps []string) error {
	version, err := schemaVersion(ctx, l.db)
	if err != nil {
		return err
	}
	if version > len(steps) {
		return fmt.Errorf("schema version %d is newer than this program's %d; use the entente that wrote it", version, len(steps))
	}
	if version == len(steps) {
		return nil
	}
	return l.transact(ctx, func(tx *sql.Tx) error {
		version, err := schemaVersion(ctx, tx) // again: another process may have been first
		if err != nil {
			return err
		}
		for ; version < len(steps); version++ {
			if _, err := tx.ExecContext(ctx, steps[version]); err != nil {
				return fmt.Errorf("schema version %d: %w", version+1, err)
			}
			l.step("migrated")
			if _, err := tx.ExecContext(ctx, fmt.Sprintf("pragma user_version = %d", version+1)); err != nil {
				return err
			}
		}
		return nil
	})
}

func schemaVersion(ctx context.Context, db interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}) (version int, err error) {
	err = db.QueryRowContext(ctx, "pragma user_version").Scan(&version)
	return version, err
}

// transact runs do in a transaction, which is undone when do fails.
func (l *Ledger) transact(ctx context.Context, do func(tx *sql.Tx) error) error {
	tx, err := l.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := do(tx); err != nil {
		if undo := tx.Rollback(); undo != nil && !errors.Is(undo, sql.ErrTxDone) {
			return errors.Join(err, undo)
		}
		return err
	}
	l.step("commit")
	return tx.Commit()
}

// timeLayout is RFC 3339 in UTC with a fixed width, so that text order is time order.
const timeLayout = "2006-01-02T15:04:05.000000Z"

func formatTime(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format(timeLayout)
}

func parseTime(text sql.NullString) (time.Time, error) {
	if !text.Valid {
		return time.Time{}, nil
	}
	return time.Parse(time.RFC3339Nano, text.String)
}

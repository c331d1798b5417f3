// Package current keeps the current release open for many readers at once, and moves on when another becomes
// current: a reader keeps the release that it began with, and a release is closed when its last reader is
// done.
package current

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"time"

	"entente/pipeline"
	"entente/pipeline/release"
	"entente/pipeline/warehouse"
)

const retry = 5 * time.Second // between attempts at a release that could not be opened

// Release is a release that is open for reading.
type Release[T any] struct {
	Manifest pipeline.Manifest
	DB       *sql.DB
	Extra    T // what Options.Prepare made of it

	readers int // guarded by the Follower's lock; the Follower itself is one while the release is current
}

// Options say how releases are opened.
type Options[T any] struct {
	Releases  *release.Store
	Warehouse warehouse.Options
	Now       func() time.Time
	Log       *slog.Logger
	// Prepare makes what readers of a release share. before is the release in use until now, nil for none.
	Prepare func(ctx context.Context, opened, before *Release[T]) (T, error)
}

// Follower holds the current release. Make it with Follow; it is safe for concurrent use.
type Follower[T any] struct {
	options Options[T]
	ctx     context.Context // ends with Close
	end     context.CancelFunc
	moves   sync.WaitGroup

	mu     sync.Mutex
	now    *Release[T]
	moving chan struct{} // closed when the move under way is over; nil if there is none
	failed string        // release that could not be opened
	why    error
	again  time.Time // when to try it again
	closed bool
}

// Follow returns a follower, which opens nothing before the first reader comes.
func Follow[T any](o Options[T]) *Follower[T] {
	ctx, end := context.WithCancel(context.Background())
	return &Follower[T]{options: o, ctx: ctx, end: end}
}

// Hold returns the current release for one reader, who calls Drop when done. While a newer one is being
// opened, readers get the one before. It fails with pipeline.ErrNoRelease when nothing is published.
func (f *Follower[T]) Hold(ctx context.Context) (*Release[T], error) {
	for {
		r, wait, err := f.take()
		if wait == nil {
			return r, err
		}
		select {
		case <-wait:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// take returns the release in use, or what to wait for when there is none yet.
func (f *Follower[T]) take() (*Release[T], <-chan struct{}, error) {
	id, err := f.options.Releases.CurrentID()
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return nil, nil, errors.New("current release: the service is stopping")
	}
	stale := err == nil && (f.now == nil || f.now.Manifest.ID != id)
	waits := id == f.failed && f.options.Now().Before(f.again)
	if stale && !waits && f.moving == nil {
		f.moving = make(chan struct{})
		f.moves.Add(1)
		go f.move(id)
	}
	switch {
	case f.now != nil:
		f.now.readers++
		return f.now, nil, nil
	case err != nil:
		return nil, nil, err
	case waits && f.moving == nil:
		return nil, nil, f.why
	}
	return nil, f.moving, nil
}

// Drop ends a reader's use of a release.
func (f *Follower[T]) Drop(r *Release[T]) {
	f.mu.Lock()
	r.readers--
	last := r.readers == 0
	f.mu.Unlock()
	if last {
		f.close(r)
	}
}

// move opens a release and puts it in the place of the one in use.
func (f *Follower[T]) move(id string) {
	defer f.moves.Done()
	f.mu.Lock()
	before := f.now
	if before != nil {
		before.readers++
	}
	f.mu.Unlock()
	opened, err := f.open(id, before)
	f.mu.Lock()
	close(f.moving)
	f.moving = nil
	if err != nil {
		f.failed, f.why, f.again = id, err, f.options.Now().Add(retry)
	} else {
		opened.readers = 1
		f.now, f.failed = opened, ""
	}
	f.mu.Unlock()
	if before != nil {
		f.Drop(before)
	}
	switch {
	case err != nil && f.ctx.Err() == nil:
		f.options.Log.Error("the current release cannot be opened; readers keep the one before", "release", id, "error", err)
	case err == nil:
		f.options.Log.Info("readers see another release", "release", id)
		if before != nil {
			f.Drop(before) // the follower's own hold
		}
	}
}

func (f *Follower[T]) open(id string, before *Release[T]) (*Release[T], error) {
	m, err := f.options.Releases.Manifest(id)
	if err != nil {
		return nil, err
	}
	db, err := warehouse.OpenReadOnly(filepath.Join(f.options.Releases.Dir(id), release.WarehouseFile), f.options.Warehouse)
	if err != nil {
		return nil, fmt.Errorf("release %s: %w", id, err)
	}
	r := &Release[T]{Manifest: m, DB: db}
	if r.Extra, err = f.options.Prepare(f.ctx, r, before); err != nil {
		return nil, errors.Join(fmt.Errorf("release %s: %w", id, err), db.Close())
	}
	return r, nil
}

// close closes a release that has no reader.
func (f *Follower[T]) close(r *Release[T]) {
	if err := r.DB.Close(); err != nil {
		f.options.Log.Error("a release was not closed", "release", r.Manifest.ID, "error", err)
	}
}

// Close gives the current release up. Readers that hold one keep it until they drop it.
func (f *Follower[T]) Close() error {
	f.mu.Lock()
	if f.closed {
		f.mu.Unlock()
		return nil
	}
	f.closed = true
	f.mu.Unlock()
	f.end()
	f.moves.Wait()
	f.mu.Lock()
	last := f.now
	f.now = nil
	f.mu.Unlock()
	if last != nil {
		f.Drop(last)
	}
	return nil
}

// Package alert tells people and machines how runs go: a webhook, a mailbox, and a dead man's switch that
// raises the alarm when nothing is heard.
package alert

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// What an event is about.
const (
	Failed    = "failed"    // no attempt is left
	Recovered = "recovered" // the first success after it
	Missed    = "missed"    // nothing was there to run it
	Test      = "test"
	Started   = "started"   // for switches only, as is
	Succeeded = "succeeded" // this
)

// Event is what happened.
type Event struct {
	Kind  string
	Job   string
	RunID string
	At    time.Time
	Title string // one line
	Text  string // more lines, or ""
	Where string // which installation: host and data folder
}

// Target is where events go. Send returns nil without doing anything for a kind that is not its own. Its
// errors hold no secret.
type Target interface {
	Name() string
	Send(ctx context.Context, e Event) error
}

const (
	waiting  = 64 // events in a target's queue
	patience = 2 * time.Minute
)

// Desk sends events to targets beside the work, each target at its own pace.
type Desk struct {
	log    *slog.Logger
	queues map[string]chan Event
	cancel context.CancelFunc
	done   sync.WaitGroup

	mu     sync.Mutex
	closed bool
}

// NewDesk starts a desk, which Close ends.
func NewDesk(targets []Target, log *slog.Logger) *Desk {
	ctx, cancel := context.WithCancel(context.Background())
	d := &Desk{log: log, queues: map[string]chan Event{}, cancel: cancel}
	for _, t := range targets {
		queue := make(chan Event, waiting)
		d.queues[t.Name()] = queue
		d.done.Go(func() {
			for e := range queue {
				d.send(ctx, t, e)
			}
		})
	}
	return d
}

func (d *Desk) send(ctx context.Context, t Target, e Event) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := t.Send(ctx, e); err != nil {
		d.log.Error("nobody could be told", "target", t.Name(), "event", e.Kind, "job", e.Job, "run_id", e.RunID, "error", err)
	}
}

// Tell hands an event to the named targets and returns at once. An event for a target whose queue is full is
// dropped, and logged; so is one for a target that does not exist.
func (d *Desk) Tell(names []string, e Event) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, name := range names {
		queue := d.queues[name]
		if d.closed || queue == nil {
			d.log.Error("nobody could be told", "target", name, "event", e.Kind, "job", e.Job, "error", "there is no such target")
			continue
		}
		select {
		case queue <- e:
		default:
			d.log.Error("nobody could be told", "target", name, "event", e.Kind, "job", e.Job, "error", "too many events wait")
		}
	}
}

// Close sends what waits, for as long as wait allows.
func (d *Desk) Close(wait time.Duration) error {
	d.mu.Lock()
	if d.closed {
		d.mu.Unlock()
		return nil
	}
	d.closed = true
	for _, queue := range d.queues {
		close(queue)
	}
	d.mu.Unlock()
	done := make(chan struct{})
	go func() {
		d.done.Wait()
		close(done)
	}()
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-done:
		d.cancel()
		return nil
	case <-timer.C:
	}
	d.cancel()
	<-done
	return errors.New("alert: not everything could be told before the end")
}

// again does something until it succeeds, attempts are used up, or the failure is final.
func again(ctx context.Context, attempts int, wait time.Duration, do func() (final bool, err error)) error {
	for n := 1; ; n++ {
		final, err := do()
		switch {
		case err == nil:
			return nil
		case final:
			return err
		case n == attempts:
			return fmt.Errorf("in %d attempts: %w", n, err)
		}
		timer := time.NewTimer(wait << (n - 1))
		select {
		case <-ctx.Done():
			timer.Stop()
			return fmt.Errorf("%w; before it: %w", ctx.Err(), err)
		case <-timer.C:
		}
	}
}

package polite

import (
	"errors"
	"sync/atomic"
	"time"
)

const progressInterval = 200 * time.Millisecond

// Meter watches a body arrive: it reports progress and notices a stall.
type Meter struct {
	received atomic.Int64
	stop     chan struct{}
	stopped  chan struct{}
}

// ErrStalled is for the cause of a request's context that is ended because of a stall.
var ErrStalled = errors.New("too slow")

// Watch starts a Meter. report gets the bytes received so far; stalled is called once, if less than
// the policy's minimum arrives in a window.
func Watch(p Policy, report func(received int64), stalled func()) *Meter {
	m := &Meter{stop: make(chan struct{}), stopped: make(chan struct{})}
	tick := min(progressInterval, max(p.StallWindow/4, time.Millisecond))
	least := float64(p.MinBytesPerSecond) * p.StallWindow.Seconds()
	go func() {
		defer close(m.stopped)
		ticker := time.NewTicker(tick)
		defer ticker.Stop()
		var start, reported time.Time
		var mark int64
		for {
			select {
			case <-m.stop:
				return
			case now := <-ticker.C:
				received := m.received.Load()
				if now.Sub(reported) >= progressInterval {
					report(received)
					reported = now
				}
				switch {
				case start.IsZero():
					start = now
				case now.Sub(start) < p.StallWindow:
				case float64(received-mark) < least:
					stalled()
					return
				default:
					start, mark = now, received
				}
			}
		}
	}()
	return m
}

// Add counts bytes that arrived.
func (m *Meter) Add(n int) { m.received.Add(int64(n)) }

// End stops the Meter; report is not called after it.
func (m *Meter) End() {
	close(m.stop)
	<-m.stopped
}

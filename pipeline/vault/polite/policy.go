// Package polite asks upstreams as a guest should: one connection a host, a name to complain to, waits
// that grow, waits that the upstream names, and no address in an error or a log that carries a key.
package polite

import (
	"context"
	"math/rand/v2"
	"time"
)

// Policy says how patient the vault is with an upstream.
type Policy struct {
	Attempts          int           // times a request is made, and times a cut download is taken up
	BackoffBase       time.Duration // about the first wait; doubles from one to the next
	BackoffCap        time.Duration // longest wait of our own choosing
	RetryAfterCap     time.Duration // longest wait that an upstream may ask for
	StallWindow       time.Duration // a body slower than the minimum over this long is cut
	MinBytesPerSecond int64
	HeaderTimeout     time.Duration // from the request sent to the answer's header
	IdleTimeout       time.Duration // for which an unused connection is kept
}

// DefaultPolicy suits public data services: a handful of attempts over half a minute.
func DefaultPolicy() Policy {
	return Policy{
		Attempts:          5,
		BackoffBase:       time.Second,
		BackoffCap:        time.Minute,
		RetryAfterCap:     10 * time.Minute,
		StallWindow:       30 * time.Second,
		MinBytesPerSecond: 2048,
		HeaderTimeout:     2 * time.Minute,
		IdleTimeout:       90 * time.Second,
	}
}

// Filled returns the policy with the defaults in place of zero and negative fields.
func (p Policy) Filled() Policy {
	d := DefaultPolicy()
	return Policy{
		Attempts:          positive(p.Attempts, d.Attempts),
		BackoffBase:       positive(p.BackoffBase, d.BackoffBase),
		BackoffCap:        positive(p.BackoffCap, d.BackoffCap),
		RetryAfterCap:     positive(p.RetryAfterCap, d.RetryAfterCap),
		StallWindow:       positive(p.StallWindow, d.StallWindow),
		MinBytesPerSecond: positive(p.MinBytesPerSecond, d.MinBytesPerSecond),
		HeaderTimeout:     positive(p.HeaderTimeout, d.HeaderTimeout),
		IdleTimeout:       positive(p.IdleTimeout, d.IdleTimeout),
	}
}

func positive[T int | int64 | time.Duration](value, fallback T) T {
	if value > 0 {
		return value
	}
	return fallback
}

// Backoff is the wait before the attempt after the nth failed one (counted from 1): exponential,
// capped, the upper half of it random.
func (p Policy) Backoff(n int) time.Duration {
	wait := p.BackoffBase
	for i := 1; i < n && wait < p.BackoffCap; i++ {
		wait *= 2
	}
	wait = min(wait, p.BackoffCap)
	return wait - rand.N(wait/2+1)
}

// Sleep waits, or fails with the context's error if that ends first.
func Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

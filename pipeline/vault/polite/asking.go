package polite

import (
	"context"
	"log/slog"
)

// asking tells the client about the request that a context belongs to.
type asking struct {
	once   bool
	log    *slog.Logger
	tries  int
	secret string                      // header for the asked host alone
	before func(context.Context) error // called before each attempt
}

type askingKey struct{}

// Logged returns a context for one request, whose retries the client logs.
func Logged(ctx context.Context, log *slog.Logger) context.Context {
	return amend(ctx, func(a *asking) { a.log = log })
}

// Once returns a context for one request that the client does not retry.
func Once(ctx context.Context) context.Context {
	return amend(ctx, func(a *asking) { a.once = true })
}

// Secret returns a context for one request, whose header of that name never goes to another host than the
// one asked, wherever the request is redirected.
func Secret(ctx context.Context, header string) context.Context {
	return amend(ctx, func(a *asking) { a.secret = header })
}

// Metered returns a context for one request, before each attempt of which the client calls before. If that
// fails the client makes no attempt and fails with a *StoppedError. A redirect is no attempt of its own.
func Metered(ctx context.Context, before func(context.Context) error) context.Context {
	return amend(ctx, func(a *asking) { a.before = before })
}

func amend(ctx context.Context, change func(*asking)) context.Context {
	a := asking{}
	if known := askingOf(ctx); known != nil {
		a = *known
	}
	change(&a)
	return context.WithValue(ctx, askingKey{}, &a)
}

func askingOf(ctx context.Context) *asking {
	a, _ := ctx.Value(askingKey{}).(*asking)
	return a
}

// StoppedError is what the client fails with when the function given to Metered did.
type StoppedError struct{ Err error }

func (e *StoppedError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *StoppedError) Unwrap() error { return e.Err }

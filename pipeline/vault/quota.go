package vault

import (
	"context"
	"fmt"
	"strings"
	"time"

	"entente/pipeline"
	"entente/pipeline/vault/polite"
)

// Key is what a source's requests carry that are Keyed.
type Key struct {
	pipeline.Key        // names the header, and the variable that messages point to
	Value        string // secret: never logged, recorded, repeated in an error or sent to another host
}

// Quota counts calls to upstreams that allow so many a day, for all processes that share a data folder.
type Quota interface {
	// Take counts one call on the day of now. It fails with a *pipeline.QuotaError when limit calls were
	// made already, or when the upstream refuses more.
	Take(ctx context.Context, source string, limit int, now time.Time) error
	// Exhaust notes that the upstream refuses calls until a moment.
	Exhaust(ctx context.Context, source string, until time.Time) error
}

// key is what the request carries; its Value is "" for nothing.
func (t *transfer) key() Key {
	if !t.request.Keyed {
		return Key{}
	}
	return t.vault.opts.Keys[t.source]
}

// withoutKey blots the key out of what an upstream said.
func (t *transfer) withoutKey(text string) string {
	if key := t.key().Value; key != "" {
		return strings.ReplaceAll(text, key, "REDACTED")
	}
	return text
}

// metered returns a context for a request whose attempts are counted where the upstream allows so many.
func (t *transfer) metered(ctx context.Context) context.Context {
	quota, limit := t.vault.opts.Quota, t.request.DailyCalls
	if quota == nil || limit <= 0 {
		return ctx
	}
	return polite.Metered(ctx, func(ctx context.Context) error {
		return quota.Take(ctx, t.source, limit, t.vault.now())
	})
}

// exhaust makes known that the upstream refuses calls for so long, or until the next day if it does not say.
func (t *transfer) exhaust(ctx context.Context, wait time.Duration) error {
	until := t.vault.now().Add(wait)
	if wait <= 0 {
		until = t.vault.now().Truncate(24*time.Hour).AddDate(0, 0, 1)
	}
	if quota := t.vault.opts.Quota; quota != nil {
		if err := quota.Exhaust(context.WithoutCancel(ctx), t.source, until); err != nil {
			return err
		}
	}
	return &pipeline.QuotaError{Source: t.source, Calls: t.request.DailyCalls, Until: until}
}

// held answers a request that may not be made with what the vault has, or fails with the reason.
func (t *transfer) held(quota *pipeline.QuotaError) (pipeline.File, error) {
	if t.known == nil {
		return pipeline.File{}, quota
	}
	f := recalled(*t.known, t.request, pipeline.OutcomeHeld)
	age := t.vault.now().Sub(f.CheckedAt)
	f.Notes = append(f.Notes, fmt.Sprintf("the calls of the day are used up until %s; this answer is of %s, %d days old",
		quota.Until.UTC().Format(time.RFC3339), f.CheckedAt.UTC().Format(time.DateOnly), int(age.Hours()/24)))
	t.log.Warn("calls of the day are used up; the answer that is held stands", "until", quota.Until, "checked_at", f.CheckedAt)
	return f, nil
}

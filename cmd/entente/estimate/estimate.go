// Package estimate runs the Gibbs sampler on the ballots of a release: chains that can be interrupted, what
// they say together, and the file that takes it into the vault.
package estimate

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"entente/cmd/entente/misuse"
	"entente/transforms/idealpoints"
	"entente/transforms/idealpoints/probit"
)

// Order says what is estimated and how.
type Order struct {
	Scope   string
	Chains  int
	Plan    probit.Plan   // of the first chain; each further one has the next seed
	Dir     string        // for checkpoints
	Every   time.Duration // between checkpoints
	Now     func() time.Time
	Observe func(chain, done, total int) // after each sweep
}

// Check says what is wrong with the order, as a misuse.
func (o Order) Check() error {
	switch {
	case o.Chains < 1:
		return misuse.Of("--chains %d: it is at least 1", o.Chains)
	case o.Plan.Burn < 0:
		return misuse.Of("--burn %d: it is at least 0", o.Plan.Burn)
	case o.Plan.Thin < 1:
		return misuse.Of("--thin %d: it is at least 1", o.Plan.Thin)
	case o.Plan.Sweeps < 4*o.Plan.Thin:
		return misuse.Of("--sweeps %d: it is at least %d, four times --thin, so that chains can be compared", o.Plan.Sweeps, 4*o.Plan.Thin)
	}
	return nil
}

// Record reads the ballots of a scope from a release. A scope without ballots is a misuse.
func Record(ctx context.Context, db *sql.DB, scope string) (*probit.Record, error) {
	rows, err := db.QueryContext(ctx, "select item, session, series, iso3, vote from core.ideal_point_ballots where scope = ?", scope)
	if err != nil {
		return nil, fmt.Errorf("ballots: %w", err)
	}
	defer rows.Close()
	var ballots []probit.Ballot
	codes := map[string]string{}
	for rows.Next() {
		var b probit.Ballot
		var vote int8
		if err := rows.Scan(&b.Item, &b.Session, &b.Series, &b.Code, &vote); err != nil {
			return nil, fmt.Errorf("ballots: %w", err)
		}
		if code, known := codes[b.Code]; known {
			b.Code = code
		} else {
			codes[b.Code] = b.Code
		}
		b.Choice = probit.Choice(vote - 1)
		ballots = append(ballots, b)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("ballots: %w", err)
	}
	if len(ballots) == 0 {
		return nil, misuse.Of("the release has no ballots of scope %q; see: entente query \"select distinct scope from core.ideal_point_ballots\"", scope)
	}
	r, err := probit.NewRecord(ballots, idealpoints.Poles(scope))
	if err != nil {
		return nil, fmt.Errorf("scope %s: %w", scope, err)
	}
	return r, nil
}

// Run takes every chain to its end, from its checkpoint if there is one. When the context ends it writes a
// checkpoint and returns the context's error.
func Run(ctx context.Context, r *probit.Record, o Order) ([]*probit.Chain, error) {
	if err := os.MkdirAll(o.Dir, 0o755); err != nil {
		return nil, err
	}
	var chains []*probit.Chain
	for i := range o.Chains {
		plan := o.Plan
		plan.Seed += uint64(i)
		c, err := start(r, plan, o.checkpoint(r, i))
		if err != nil {
			return nil, err
		}
		saved := o.Now()
		err = c.Run(ctx, func(done int) error {
			o.Observe(i, done, plan.Burn+plan.Sweeps)
			if o.Now().Sub(saved) < o.Every {
				return nil
			}
			saved = o.Now()
			return save(c, o.checkpoint(r, i))
		})
		if err := errors.Join(err, save(c, o.checkpoint(r, i))); err != nil {
			return nil, err
		}
		chains = append(chains, c)
	}
	return chains, nil
}

// Forget removes the checkpoints of an order that is done.
func Forget(r *probit.Record, o Order) error {
	var all error
	for i := range o.Chains {
		if err := os.Remove(o.checkpoint(r, i)); !errors.Is(err, fs.ErrNotExist) {
			all = errors.Join(all, err)
		}
	}
	return all
}

// checkpoint is the file of a chain; all that decides its numbers is in the name.
func (o Order) checkpoint(r *probit.Record, chain int) string {
	return filepath.Join(o.Dir, fmt.Sprintf("%s-%s-seed%d-burn%d-thin%d.chain",
		o.Scope, r.Hash, o.Plan.Seed+uint64(chain), o.Plan.Burn, o.Plan.Thin))
}

func start(r *probit.Record, p probit.Plan, path string) (*probit.Chain, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return probit.NewChain(r, p), nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	c, err := probit.Resume(r, p, f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w; remove the file to begin again", path, err)
	}
	if c.Done > p.Burn+p.Sweeps {
		return nil, misuse.Of("%s: the chain went on for %d sweeps already; ask for as many, or remove the file", path, c.Done)
	}
	return c, nil
}

// save replaces the checkpoint by one rename, so that a crash leaves the one before.
func save(c *probit.Chain, path string) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	if err := errors.Join(c.Save(f), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

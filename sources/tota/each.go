package tota

import (
	"context"
	"runtime"
	"sync"

	"entente/pipeline/archive"
)

// each reads the members side by side and hands over what read makes of them, in the order of the archive.
// No more are held at a time than there are processors. It ends with the first error, after all that it began
// has ended.
func each[T any](ctx context.Context, members []archive.Member, read func(archive.Member) (T, error), take func(T) error) error {
	type result struct {
		of  T
		err error
	}
	ctx, cancel := context.WithCancel(ctx)
	var work sync.WaitGroup
	defer work.Wait()
	defer cancel()
	pending := make(chan chan result, runtime.GOMAXPROCS(0)-1)
	work.Go(func() {
		defer close(pending)
		for _, m := range members {
			done := make(chan result, 1)
			select {
			case pending <- done:
			case <-ctx.Done():
				return
			}
			work.Go(func() {
				of, err := read(m)
				done <- result{of, err}
			})
		}
	})
	for done := range pending {
		r := <-done
		if err := ctx.Err(); err != nil {
			return err
		}
		if r.err != nil {
			return r.err
		}
		if err := take(r.of); err != nil {
			return err
		}
	}
	return ctx.Err()
}

package runner

import (
	"context"
	"fmt"
	"slices"
)

// step makes one table or view of a release.
type step struct {
	name  string
	after []string // steps that must be over before it begins; other names do not count
	do    func(context.Context) error
}

// sideBySide takes steps, at most n at a time and each after those that it waits for; of those that could begin, the
// first does. When one fails, the others are interrupted, none begins any more, and its error is returned.
func sideBySide(ctx context.Context, n int, steps []step) error {
	ctx, interrupt := context.WithCancel(ctx)
	defer interrupt()
	waits := map[string]bool{} // steps that are not over
	for _, s := range steps {
		waits[s.name] = true
	}
	ready := func(s step) bool {
		return !slices.ContainsFunc(s.after, func(name string) bool { return waits[name] })
	}
	type end struct {
		name string
		err  error
	}
	ends := make(chan end)
	running := 0
	var failed error
	for {
		for running < n && failed == nil {
			next := slices.IndexFunc(steps, ready)
			if next < 0 {
				break
			}
			s := steps[next]
			steps = slices.Delete(slices.Clone(steps), next, next+1)
			running++
			go func() { ends <- end{s.name, s.do(ctx)} }()
		}
		if running == 0 {
			break
		}
		e := <-ends
		running--
		delete(waits, e.name)
		if e.err != nil && failed == nil {
			failed = e.err
			interrupt()
		}
	}
	if failed == nil && len(steps) > 0 {
		return fmt.Errorf("%s waits for what waits for it", steps[0].name)
	}
	return failed
}

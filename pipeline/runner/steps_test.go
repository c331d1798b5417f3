package runner

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// TestSideBySide takes steps in which each third one waits for two before it.
func TestSideBySide(t *testing.T) {
	var mu sync.Mutex
	var over []string
	var running, most atomic.Int32
	var steps []step
	for i := range 30 {
		name := string(rune('A' + i))
		var after []string
		if i%3 == 2 {
			after = []string{string(rune('A' + i - 1)), string(rune('A' + i - 2)), "made elsewhere"}
		}
		steps = append(steps, step{name, after, func(context.Context) error {
			most.Store(max(most.Load(), running.Add(1)))
			defer running.Add(-1)
			mu.Lock()
			defer mu.Unlock()
			for _, name := range after[:max(0, len(after)-1)] {
				if !slices.Contains(over, name) {
					t.Errorf("a step began before %s was over", name)
				}
			}
			over = append(over, name)
			return nil
		}})
	}
	if err := sideBySide(t.Context(), 2, steps); err != nil {
		t.Fatal(err)
	}
	if len(over) != len(steps) || most.Load() > 2 {
		t.Errorf("%d steps were taken, up to %d at a time; want all %d, two at a time", len(over), most.Load(), len(steps))
	}
}

// TestSideBySideFails has one step fail while another is busy and a third waits.
func TestSideBySideFails(t *testing.T) {
	broken := errors.New("broken")
	interrupted := false
	err := sideBySide(t.Context(), 2, []step{
		{"busy", nil, func(ctx context.Context) error {
			<-ctx.Done()
			interrupted = true
			return ctx.Err()
		}},
		{"failing", nil, func(context.Context) error { return broken }},
		{"waiting", []string{"failing"}, func(context.Context) error {
			t.Error("a step was taken after what it waits for had failed")
			return nil
		}},
		{"next", nil, func(context.Context) error {
			t.Error("a step was taken after another had failed")
			return nil
		}},
	})
	if !errors.Is(err, broken) || errors.Is(err, context.Canceled) || !interrupted {
		t.Errorf("got %v, the busy step interrupted: %v; want the error of the step that failed, and true", err, interrupted)
	}
}

func TestSideBySideWithoutEnd(t *testing.T) {
	err := sideBySide(t.Context(), 2, []step{{"a", []string{"b"}, nil}, {"b", []string{"a"}, nil}})
	if err == nil || !strings.Contains(err.Error(), "a waits for what waits for it") {
		t.Errorf("got %v", err)
	}
}

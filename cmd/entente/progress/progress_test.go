package progress

import (
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"entente/pipeline/runner"
)

// TestSideBySide parses two tables, of which the second begins later and is short.
func TestSideBySide(t *testing.T) {
	var out strings.Builder
	now := time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)
	m := New(&out, false, func() time.Time { return now })
	m.Log(slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey || a.Key == slog.LevelKey {
			return slog.Attr{}
		}
		return a
	}})))
	parse := func(table string, done int64) {
		m.Step(runner.Progress{Stage: "parse", Subject: table, Done: done, Total: 100})
	}
	parse("long", 1)
	for i := range int64(50) {
		now = now.Add(100 * time.Millisecond)
		parse("short", 1+i)
		parse("long", 2+i)
	}
	now = now.Add(11 * time.Second)
	parse("long", 90)
	want := "msg=parse of=long bytes=1 share=1%\nmsg=parse of=short bytes=1 share=1%\nmsg=parse of=long bytes=90 share=90%\n"
	if got := out.String(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// screen is a terminal that bars draw on from goroutines of their own.
type screen struct {
	mu   sync.Mutex
	text strings.Builder
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// TestSpinnersStop has work of unknown length give way to other work, and end.
func TestSpinnersStop(t *testing.T) {
	var out screen
	m := New(&out, true, time.Now)
	m.Step(runner.Progress{Stage: "select", Subject: "first"})
	time.Sleep(250 * time.Millisecond)
	m.Step(runner.Progress{Stage: "select", Subject: "second"})
	time.Sleep(350 * time.Millisecond)
	before, after, found := strings.Cut(out.String(), "second")
	if !strings.Contains(before, "first") || !found || strings.Contains(after, "first") {
		t.Errorf("the first work was drawn: %v; it is still drawn beside the second: %q", strings.Contains(before, "first"), after)
	}
	m.Done()
	shown := out.String()
	time.Sleep(350 * time.Millisecond)
	if more := strings.TrimPrefix(out.String(), shown); more != "" {
		t.Errorf("after the end %q was drawn", more)
	}
}

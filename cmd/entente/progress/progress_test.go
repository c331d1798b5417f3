package progress

import (
	"log/slog"
	"strings"
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

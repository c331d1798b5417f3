// Package progress shows how far long work is: a bar with rate and time left on a terminal, log lines
// elsewhere.
package progress

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"

	"entente/pipeline/runner"
)

// lineEvery is how often the same work is logged again.
const lineEvery = 10 * time.Second

// measure is what the done and total of a piece of work count.
type measure string

const (
	nothing measure = "" // they are not known
	bytes   measure = "bytes"
	steps   measure = "done"
)

// silence is how long nothing is heard of a piece of work before one that began earlier is shown again.
const silence = time.Second

// Meter shows one piece of work at a time: of several that go on side by side the one that began last, as long as it
// is heard of. Its methods may be called from several goroutines.
type Meter struct {
	out      io.Writer
	terminal bool
	now      func() time.Time

	mu    sync.Mutex
	log   *slog.Logger
	work  string          // that is shown
	known map[string]bool // work that was shown
	heard time.Time       // of the work that is shown
	told  time.Time

	began time.Time // the work under way
	first int64     // that was done by then
	bar   *progressbar.ProgressBar
}

// New returns a Meter that draws on out if that is a terminal, and otherwise logs once Log gave a logger.
func New(out io.Writer, terminal bool, now func() time.Time) *Meter {
	return &Meter{out: out, terminal: terminal, now: now}
}

// Log sets the logger for what is not drawn.
func (m *Meter) Log(log *slog.Logger) { m.log = log }

// Write writes a log line, with the bar out of its way.
func (m *Meter) Write(line []byte) (int, error) {
	if m.terminal {
		m.mu.Lock()
		defer m.mu.Unlock()
		if m.bar != nil {
			_ = m.bar.Clear()
		}
	}
	return m.out.Write(line)
}

// Download tells how far a download is; total is -1 while unknown.
func (m *Meter) Download(source, name string, done, total int64) {
	m.show("download", source, name, done, total, bytes)
}

// Step tells how far a run is.
func (m *Meter) Step(p runner.Progress) {
	what := nothing
	if p.Stage == "parse" {
		what = bytes
	}
	m.show(p.Stage, "", p.Subject, p.Done, p.Total, what)
}

// Read tells how many bytes were read for a piece of work that has a name.
func (m *Meter) Read(work string) func(done, total int64) {
	return func(done, total int64) { m.show(work, "", "", done, total, bytes) }
}

// Count tells how many steps of a piece of work are done.
func (m *Meter) Count(work string, done, total int64) { m.show(work, "", "", done, total, steps) }

// Done takes the bar away.
func (m *Meter) Done() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.clear()
	m.work, m.known = "", nil
}

// show draws or logs work; source is "" for what is no single source's.
func (m *Meter) show(stage, source, subject string, done, total int64, of measure) {
	m.mu.Lock()
	defer m.mu.Unlock()
	work := strings.Join(strings.Fields(stage+" "+source+" "+subject), " ")
	now, other := m.now(), work != m.work
	fresh := other && (done == 0 || !m.known[work])
	if other && !fresh && now.Sub(m.heard) < silence {
		return
	}
	m.work, m.heard = work, now
	if m.known == nil {
		m.known = map[string]bool{}
	}
	m.known[work] = true
	if other {
		m.began, m.first = now, done
	}
	if m.terminal {
		m.draw(other, done, total, of)
		return
	}
	// Loading follows every table's parsing or selecting and is over soon: it gets no line.
	if m.log != nil && stage != "load" && (fresh || now.Sub(m.told) >= lineEvery) {
		m.told = now
		attrs := []any{}
		if source != "" {
			attrs = append(attrs, "source", source)
		}
		if subject != "" {
			attrs = append(attrs, "of", subject)
		}
		if of != nothing && done > 0 {
			attrs = append(attrs, string(of), done)
		}
		if of != nothing && total > 0 && done > 0 {
			attrs = append(attrs, "share", fmt.Sprintf("%d%%", 100*done/total))
		}
		if of == steps && done > m.first {
			left := time.Duration(float64(now.Sub(m.began)) * float64(total-done) / float64(done-m.first))
			attrs = append(attrs, "left", left.Round(time.Second).String())
		}
		m.log.Info(stage, attrs...)
	}
}

func (m *Meter) draw(fresh bool, done, total int64, of measure) {
	if fresh {
		m.clear()
		if of == nothing || total <= 0 {
			total = -1
		}
		m.bar = progressbar.NewOptions64(total,
			progressbar.OptionSetWriter(m.out),
			progressbar.OptionSetDescription(m.work),
			progressbar.OptionShowBytes(of == bytes),
			progressbar.OptionShowTotalBytes(of == bytes),
			progressbar.OptionSetPredictTime(true),
			progressbar.OptionSetElapsedTime(total < 0),
			progressbar.OptionSetWidth(24),
			progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionSpinnerType(14),
			progressbar.OptionClearOnFinish(),
			progressbar.OptionSetRenderBlankState(true),
		)
	}
	if of != nothing && total > 0 && m.bar.GetMax64() != total {
		m.bar.ChangeMax64(total)
	}
	if of != nothing && done > 0 {
		// An error of a bar is one of the terminal, which the work does not need.
		_ = m.bar.Set64(done)
	}
}

func (m *Meter) clear() {
	if m.bar != nil {
		_ = m.bar.Finish() // or its spinner goes on turning
		_ = m.bar.Exit()
		_ = m.bar.Clear()
		m.bar = nil
	}
}

package notice

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"entente/cmd/entente/service"
	"entente/pipeline"
	"entente/pipeline/alert"
	"entente/pipeline/scheduler"
)

// told is how many missed runs an alert lists.
const told = 10

// Teller tells targets how runs go. It implements service.Teller.
type Teller struct {
	Book   *Book
	Desk   *alert.Desk
	Where  string // which installation
	Now    func() time.Time
	Redact func(text string) string
}

var _ service.Teller = (*Teller)(nil)

func (t *Teller) tell(s pipeline.Schedule, e alert.Event) {
	e.Job, e.At, e.Where = s.Job, t.Now(), t.Where
	e.Title, e.Text = t.Redact(e.Title), t.Redact(e.Text)
	t.Desk.Tell(t.Book.For(s), e)
}

// Started implements service.Teller.
func (t *Teller) Started(s pipeline.Schedule, r scheduler.Run) {
	t.tell(s, alert.Event{Kind: alert.Started, RunID: r.ID()})
}

// Ended implements service.Teller. A failure is told when no attempt is left.
func (t *Teller) Ended(s pipeline.Schedule, r scheduler.Run, e service.Ending) {
	switch outcome := e.Report.Run.Outcome; {
	case outcome == pipeline.RunPublished, outcome == pipeline.RunUnchanged:
		t.tell(s, alert.Event{Kind: alert.Succeeded, RunID: r.ID()})
		if e.Recovered {
			t.tell(s, alert.Event{
				Kind: alert.Recovered, RunID: r.ID(),
				Title: fmt.Sprintf("entente: %s works again (%s)", s.Job, outcome),
			})
		}
	case outcome == pipeline.RunFailed && e.Next == nil:
		t.tell(s, alert.Event{
			Kind: alert.Failed, RunID: r.ID(),
			Title: fmt.Sprintf("entente: %s failed in %d attempt(s); the release before it stays", s.Job, r.Attempt),
			Text:  fmt.Sprint(e.Err),
		})
	}
}

// Missed implements service.Teller.
func (t *Teller) Missed(s pipeline.Schedule, all []scheduler.Decision) {
	var lines []string
	for i, d := range all {
		if i == told {
			lines = append(lines, fmt.Sprintf("and %d more", len(all)-told))
			break
		}
		lines = append(lines, d.Run.ID()+": "+d.Reason)
	}
	t.tell(s, alert.Event{
		Kind: alert.Missed, RunID: all[len(all)-1].Run.ID(),
		Title: fmt.Sprintf("entente: %s missed %d run(s)", s.Job, len(all)),
		Text:  strings.Join(lines, "\n"),
	})
}

// Result is how a target took a test.
type Result struct {
	Target string `json:"target"`
	Error  string `json:"error,omitempty"`
}

// Try sends a test to every target, and waits for how it went.
func (b *Book) Try(ctx context.Context, where string, now time.Time, log *slog.Logger) []Result {
	var results []Result
	for _, t := range b.Targets {
		r := Result{Target: t.Name()}
		log.Info("testing", "target", t.Name())
		err := t.Send(ctx, alert.Event{
			Kind: alert.Test, At: now, Where: where, Title: "entente: a test of alerts",
			Text: "If you read this, alerts of scheduled runs reach you.",
		})
		if err != nil {
			r.Error = err.Error()
		}
		results = append(results, r)
	}
	return results
}

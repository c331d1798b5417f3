package notice_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"entente/cmd/entente/misuse"
	"entente/cmd/entente/notice"
	"entente/cmd/entente/secret"
	"entente/cmd/entente/service"
	"entente/pipeline"
	"entente/pipeline/alert"
	"entente/pipeline/runner"
	"entente/pipeline/scheduler"
)

func read(env map[string]string, schedules ...pipeline.Schedule) (*notice.Book, error) {
	return notice.Read(secret.New(func(name string) string { return env[name] }), schedules, "entente/test")
}

func names(b *notice.Book) []string {
	all := []string{}
	for _, t := range b.Targets {
		all = append(all, t.Name())
	}
	return all
}

func TestRead(t *testing.T) {
	votes := pipeline.Schedule{Job: "votes", Alerts: []string{"webhook:ops", "ping:votes", "webhook"}}
	silent := pipeline.Schedule{Job: "silent", Alerts: []string{}}
	plain := pipeline.Schedule{Job: "plain"}
	b, err := read(map[string]string{
		"ENTENTE_ALERT_WEBHOOK": "https://hooks.example.org/a", "ENTENTE_ALERT_WEBHOOK_OPS": "https://hooks.example.org/b",
		"ENTENTE_PING_SUCCESS_VOTES": "https://ping.example.org/c", "ENTENTE_ALERT_WEBHOOK_UNUSED": "https://hooks.example.org/d",
		"ENTENTE_ALERT_EMAIL": "ops@example.org", "ENTENTE_ALERT_FROM": "entente@example.org", "ENTENTE_SMTP_URL": "smtps://mail.example.org",
	}, votes, silent, plain)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"webhook", "email", "webhook:ops", "ping:votes"}, names(b)); diff != "" {
		t.Error(diff)
	}
	for _, c := range []struct {
		s    pipeline.Schedule
		want []string
	}{{votes, votes.Alerts}, {silent, []string{}}, {plain, []string{"webhook", "email"}}} {
		if diff := cmp.Diff(c.want, b.For(c.s)); diff != "" {
			t.Errorf("%s: %s", c.s.Job, diff)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	at := func(names ...string) pipeline.Schedule {
		return pipeline.Schedule{Place: "mine/votes.yaml:3", Alerts: names}
	}
	for _, c := range []struct {
		env  map[string]string
		s    pipeline.Schedule
		want string
	}{
		{nil, at("webhook:ops"), "mine/votes.yaml:3: alerts: webhook:ops is not configured; set ENTENTE_ALERT_WEBHOOK_OPS"},
		{nil, at("email"), "set ENTENTE_ALERT_EMAIL, ENTENTE_ALERT_FROM and ENTENTE_SMTP_URL"},
		{nil, at("ping:un-votes"), "set ENTENTE_PING_SUCCESS_UN_VOTES"},
		{nil, at("pigeon"), "a target that there is: webhook, email, ping"},
		{map[string]string{"ENTENTE_ALERT_WEBHOOK": "hooks.example.org/s3cret"}, at(), "ENTENTE_ALERT_WEBHOOK is no address"},
		{map[string]string{"ENTENTE_ALERT_EMAIL": "ops@example.org"}, at(), "e-mail needs all three"},
		{map[string]string{"ENTENTE_ALERT_EMAIL": "ops", "ENTENTE_ALERT_FROM": "a@example.org", "ENTENTE_SMTP_URL": "smtp://u:s3cret@h"}, at(), "recipients"},
		{map[string]string{"ENTENTE_PING_FAIL_FILE": "/no/such/file"}, at(), "ENTENTE_PING_FAIL_FILE"},
	} {
		_, err := read(c.env, c.s)
		var misused *misuse.Error
		if !errors.As(err, &misused) || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%v: %v, want %q", c.env, err, c.want)
		}
	}
}

// pad takes down what a target is sent.
type pad struct {
	mu   sync.Mutex
	said []string
}

func (*pad) Name() string { return "pad" }
func (p *pad) Send(_ context.Context, e alert.Event) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.said = append(p.said, strings.TrimRight(e.Kind+" "+e.RunID+" "+e.Title+" "+strings.ReplaceAll(e.Text, "\n", " | "), " "))
	return nil
}

func TestTeller(t *testing.T) {
	p := &pad{}
	desk := alert.NewDesk([]alert.Target{p}, slog.New(slog.DiscardHandler))
	secrets := secret.New(func(name string) string { return map[string]string{"ANY": "hush-hush"}[name] })
	if _, err := secrets.Get("ANY"); err != nil {
		t.Fatal(err)
	}
	teller := &notice.Teller{Book: &notice.Book{}, Desk: desk, Now: time.Now, Redact: secrets.Redact}
	s := pipeline.Schedule{Job: "votes", Alerts: []string{"pad"}}
	r := scheduler.Run{Job: "votes", ScheduledAt: time.Date(2026, 11, 26, 4, 15, 0, 0, time.UTC), Attempt: 1}
	ended := func(outcome string) service.Ending {
		return service.Ending{Report: runner.Report{Run: pipeline.RunRecord{Outcome: outcome}}}
	}
	teller.Started(s, r)
	failed := ended(pipeline.RunFailed)
	failed.Err = errors.New("the upstream said hush-hush")
	failed.Next = &scheduler.Run{}
	teller.Ended(s, r, failed)
	failed.Next = nil
	r.Attempt = 2
	teller.Ended(s, r, failed)
	r.Attempt = 1
	teller.Ended(s, r, ended(pipeline.RunInterrupted))
	teller.Ended(s, r, ended(pipeline.RunPublished))
	again := ended(pipeline.RunUnchanged)
	again.Recovered = true
	teller.Ended(s, r, again)
	var missed []scheduler.Decision
	for i := range 12 {
		at := r
		at.ScheduledAt = r.ScheduledAt.Add(time.Duration(i) * time.Hour)
		missed = append(missed, scheduler.Decision{Run: at, Outcome: pipeline.RunMissed, Reason: "gone"})
	}
	teller.Missed(s, missed)
	if err := desk.Close(time.Minute); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{
		"started votes-20261126T041500Z",
		"failed votes-20261126T041500Z.2 entente: votes failed in 2 attempt(s); the release before it stays the upstream said REDACTED",
		"succeeded votes-20261126T041500Z",
		"succeeded votes-20261126T041500Z",
		"recovered votes-20261126T041500Z entente: votes works again (unchanged)",
	}, p.said[:len(p.said)-1]); diff != "" {
		t.Error(diff)
	}
	last := p.said[len(p.said)-1]
	if !strings.HasPrefix(last, "missed votes-20261126T151500Z entente: votes missed 12 run(s) votes-20261126T041500Z: gone | ") || !strings.HasSuffix(last, " | and 2 more") {
		t.Error(last)
	}
}

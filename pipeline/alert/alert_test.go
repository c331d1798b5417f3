package alert_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"entente/pipeline/alert"
)

var noon = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

func event(kind string) alert.Event {
	return alert.Event{
		Kind: kind, Job: "voeten", RunID: "voeten-20261126T041500Z", At: noon, Where: "host /data",
		Title: "entente: voeten failed", Text: "source voeten: <503> & so on",
	}
}

// answers is a server that answers each request with the next status, and 200 after the last.
func answers(t *testing.T, statuses ...int) (address string, asked func() []string) {
	t.Helper()
	var mu sync.Mutex
	var seen []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		seen = append(seen, r.Method+" "+r.URL.Path+" "+string(body))
		if n := len(seen); n <= len(statuses) {
			w.Header().Set("Location", "http://elsewhere.invalid/")
			w.WriteHeader(statuses[n-1])
		}
	}))
	t.Cleanup(server.Close)
	return server.URL, func() []string {
		mu.Lock()
		defer mu.Unlock()
		return seen
	}
}

func TestWebhook(t *testing.T) {
	address, asked := answers(t, 503, 429)
	w := alert.Webhook{As: "webhook", URL: address + "/services/s3cret", Client: alert.Client("entente/test", 3, time.Millisecond)}
	if err := w.Send(t.Context(), event(alert.Failed)); err != nil {
		t.Fatal(err)
	}
	all := asked()
	if len(all) != 3 {
		t.Fatalf("asked %d times, not 3", len(all))
	}
	_, body, _ := strings.Cut(all[2], "s3cret ")
	var got any
	if err := json.Unmarshal([]byte(body), &got); err != nil {
		t.Fatal(err)
	}
	field := func(title, value string) any {
		return map[string]any{"title": title, "value": value, "short": true}
	}
	want := any(map[string]any{
		"text": "entente: voeten failed",
		"attachments": []any{map[string]any{
			"color": "danger", "text": "source voeten: &lt;503&gt; &amp; so on", "ts": float64(noon.Unix()),
			"fields": []any{field("event", "failed"), field("job", "voeten"), field("run", "voeten-20261126T041500Z"), field("where", "host /data")},
		}},
	})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, kind := range []string{alert.Started, alert.Succeeded} {
		if err := w.Send(t.Context(), event(kind)); err != nil || len(asked()) != 3 {
			t.Errorf("a webhook is told of %s: %v", kind, err)
		}
	}
}

// A refusal is final, a redirect is not followed, and no error tells the address.
func TestWebhookFails(t *testing.T) {
	for _, c := range []struct {
		name     string
		statuses []int
		asked    int
		want     string
	}{
		{"refused", []int{403}, 1, "answered 403 Forbidden"},
		{"redirected", []int{302}, 1, "answered 302 Found"},
		{"busy", []int{500, 502, 503, 500}, 3, "answered 503 Service Unavailable"},
	} {
		t.Run(c.name, func(t *testing.T) {
			address, asked := answers(t, c.statuses...)
			w := alert.Webhook{URL: address + "/services/s3cret?token=s3cret", Client: alert.Client("entente/test", 3, time.Millisecond)}
			err := w.Send(t.Context(), event(alert.Failed))
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "s3cret") {
				t.Errorf("got %v, want %q", err, c.want)
			}
			if n := len(asked()); n != c.asked {
				t.Errorf("asked %d times, not %d", n, c.asked)
			}
		})
	}
	for _, address := range []string{"http://127.0.0.1:1/s3cret", "http://[::1/s3cret", "\x7f://s3cret"} {
		w := alert.Webhook{URL: address, Client: alert.Client("entente/test", 1, time.Millisecond)}
		if err := w.Send(t.Context(), event(alert.Failed)); err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%q: %v", address, err)
		}
	}
}

func TestSwitch(t *testing.T) {
	address, asked := answers(t)
	s := alert.Switch{Start: address + "/start", Success: address + "/ok", Fail: address + "/fail", Client: alert.Client("entente/test", 1, time.Millisecond)}
	for _, kind := range []string{alert.Started, alert.Succeeded, alert.Failed, alert.Missed, alert.Recovered, alert.Test} {
		if err := s.Send(t.Context(), event(kind)); err != nil {
			t.Error(err)
		}
	}
	if diff := cmp.Diff([]string{"GET /start ", "GET /ok ", "GET /fail ", "GET /ok "}, asked()); diff != "" {
		t.Error(diff)
	}
	if err := (alert.Switch{}).Send(t.Context(), event(alert.Started)); err != nil {
		t.Errorf("a switch without addresses: %v", err)
	}
}

// target takes what it is sent.
type target struct {
	name string
	send func(ctx context.Context, e alert.Event) error
}

func (t target) Name() string                                  { return t.name }
func (t target) Send(ctx context.Context, e alert.Event) error { return t.send(ctx, e) }

func TestDesk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		var fast, slow atomic.Int64
		d := alert.NewDesk([]alert.Target{
			target{"fast", func(context.Context, alert.Event) error { fast.Add(1); return nil }},
			target{"slow", func(ctx context.Context, _ alert.Event) error {
				slow.Add(1)
				<-ctx.Done()
				return ctx.Err()
			}},
			target{"broken", func(context.Context, alert.Event) error { return errors.New("no such mailbox") }},
		}, slog.New(slog.NewTextHandler(&log, nil)))
		for range 50 {
			d.Tell([]string{"fast"}, event(alert.Failed))
		}
		d.Tell([]string{"broken", "nobody"}, event(alert.Failed))
		for range 70 { // one under way, 64 wait
			d.Tell([]string{"slow"}, event(alert.Failed))
		}
		synctest.Wait()
		if fast.Load() != 50 {
			t.Errorf("a slow target held %d others up", 50-fast.Load())
		}
		time.Sleep(2*time.Minute + time.Second)
		synctest.Wait()
		if slow.Load() != 2 {
			t.Errorf("what does not answer within two minutes is not given up: %d", slow.Load())
		}
		if err := d.Close(time.Second); err == nil {
			t.Error("what could not be told is not told")
		}
		d.Tell([]string{"fast"}, event(alert.Failed))
		if err := d.Close(time.Second); err != nil {
			t.Error(err)
		}
		for _, want := range []string{"no such mailbox", "there is no such target", "too many events wait"} {
			if !strings.Contains(log.String(), want) {
				t.Errorf("the log lacks %q", want)
			}
		}
	})
}

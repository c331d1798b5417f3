package vault

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"entente/pipeline"
)

const secret = "hush-hush-0123"

var comtradeKey = Key{Key: pipeline.Key{Variable: "ENTENTE_COMTRADE_KEY", Header: "Ocp-Apim-Subscription-Key"}, Value: secret}

// meter is a Quota in memory.
type meter struct {
	limit, taken int
	until        time.Time
}

func (m *meter) Take(_ context.Context, source string, limit int, now time.Time) error {
	if m.taken >= min(limit, m.limit) || now.Before(m.until) {
		return &pipeline.QuotaError{Source: source, Calls: limit, Until: now.Add(time.Hour)}
	}
	m.taken++
	return nil
}

func (m *meter) Exhaust(_ context.Context, _ string, until time.Time) error {
	m.until = until
	return nil
}

// says answers with a status and a JSON body.
func says(status int, body string, pairs ...string) fault {
	return func(_ *upstream, w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(pairs); i += 2 {
			w.Header().Set(pairs[i], pairs[i+1])
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// keyed is a request as the source of Comtrade makes them.
func keyed(u *upstream) pipeline.Request {
	return pipeline.Request{Name: "flows.json", URL: u.URL + "/flows?period=2020", Keyed: true, DailyCalls: 500}
}

func (b *bench) withQuota(q Quota) {
	b.reopen(Options{Keys: map[string]Key{"unga": comtradeKey}, Quota: q})
}

// quotaError fails the test if err is no QuotaError.
func (b *bench) quotaError(err error) *pipeline.QuotaError {
	b.t.Helper()
	var quota *pipeline.QuotaError
	if !errors.As(err, &quota) {
		b.t.Fatalf("got %v, want a QuotaError", err)
	}
	return quota
}

func TestKeyGoesToTheUpstreamAndNowhereElse(t *testing.T) {
	other := newUpstream(t, ballots(2, 2000))
	for name, faults := range map[string][]fault{
		"fine":            {healthy},
		"redirected":      {status(302, "Location", other.URL+"/elsewhere")},
		"echoed in a 401": {says(401, `{"statusCode":401,"message":"no such key: `+secret+`"}`)},
		"echoed in a 400": {says(400, `{"errorObject":{"errorMessage":"bad `+secret+`"}}`)},
		"echoed in a 503": times(3, says(503, `{"message":"busy for `+secret+`"}`)),
		"cut":             times(3, cutAt(900)),
	} {
		t.Run(name, func(t *testing.T) {
			u := newUpstream(t, ballots(1, 2000), faults...)
			b := newBench(t, testPolicy())
			b.withQuota(&meter{limit: 100})
			f, err := b.fetch(keyed(u))
			if got := u.headers[0].Get(comtradeKey.Header); got != secret {
				t.Errorf("the upstream got key %q", got)
			}
			for _, h := range other.headers {
				for name, values := range h {
					if strings.Contains(strings.Join(values, " "), secret) {
						t.Errorf("another host got header %s", name)
					}
				}
			}
			said := b.log.String() + f.URL + strings.Join(f.Notes, " ")
			for cause := err; cause != nil; cause = errors.Unwrap(cause) {
				said += cause.Error()
			}
			if strings.Contains(said+folder(t, b.dir), secret) {
				t.Errorf("the key got out: %s", said)
			}
			if strings.HasPrefix(name, "echoed") {
				contains(t, said, "REDACTED")
			}
		})
	}
}

// folder is every name and byte below a folder.
func folder(t *testing.T, dir string) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		all.WriteString(path)
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		all.Write(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

func TestKeyIsLeftOutUnlessAskedFor(t *testing.T) {
	u := newUpstream(t, ballots(1, 2000))
	b := newBench(t, testPolicy())
	b.withQuota(nil)
	request := keyed(u)
	request.Keyed = false
	b.mustFetch(request)
	b.reopen(Options{})
	b.mustFetch(keyed(u))
	for i, h := range u.headers {
		if h.Get(comtradeKey.Header) != "" {
			t.Errorf("request %d carries a key", i)
		}
	}
}

func TestRefusalsNameTheVariableAndQuoteTheUpstream(t *testing.T) {
	for name, c := range map[string]struct {
		fault fault
		says  []string
	}{
		"401": {says(401, `{"statusCode":401,"message":"Access denied due to invalid subscription key."}`),
			[]string{"answered 401 Unauthorized", "Access denied due to invalid", "ENTENTE_COMTRADE_KEY"}},
		"400": {says(400, `{"errorObject":{"errorMessage":"Preview is limited\nto one period."}}`),
			[]string{"answered 400 Bad Request", `"Preview is limited to one period."`}},
		"long": {says(400, `{"message":"`+strings.Repeat("x", 2000)+`"}`), []string{strings.Repeat("x", 300) + "…"}},
		"none": {says(403, `<html>`), []string{"answered 403 Forbidden;", "ENTENTE_COMTRADE_KEY"}},
	} {
		t.Run(name, func(t *testing.T) {
			u := newUpstream(t, nil, c.fault)
			b := newBench(t, testPolicy())
			b.withQuota(nil)
			_, err := b.fetch(keyed(u))
			var refused *pipeline.UpstreamError
			if !errors.As(err, &refused) || len(err.Error()) > 700 {
				t.Fatalf("got %v", err)
			}
			contains(t, err.Error(), c.says...)
		})
	}
}

func TestQuotaCountsEveryAttemptAndNothingElse(t *testing.T) {
	u := newUpstream(t, ballots(1, 2000), status(503), says(429, `{"statusCode":429,"message":"Rate limit is exceeded. Try again in 1 seconds."}`),
		status(302, "Location", "/moved"), cutAt(900), noValidators)
	b := newBench(t, testPolicy())
	m := &meter{limit: 100}
	b.withQuota(m)
	start := time.Now()
	b.mustFetch(keyed(u))
	if took := time.Since(start); took < time.Second {
		t.Errorf("the wait that the upstream asked for was not kept: %s", took)
	}
	log := u.log()
	if len(log) != 5 || m.taken != 4 {
		t.Errorf("%d requests, of which %d counted; want 5 and, without the redirect, 4", len(log), m.taken)
	}
	for _, r := range log {
		if r.Method != http.MethodGet {
			t.Errorf("a %s was made", r.Method)
		}
	}
}

func TestQuotaUsedUp(t *testing.T) {
	body := ballots(1, 2000)
	u := newUpstream(t, body)
	b := newBench(t, testPolicy())
	m := &meter{limit: 1}
	b.withQuota(m)
	first := b.mustFetch(keyed(u))
	b.now = b.now.Add(73 * time.Hour)
	got := b.mustFetch(keyed(u))
	if got.Outcome != pipeline.OutcomeHeld || got.SHA256 != first.SHA256 || len(got.Notes) != 1 {
		t.Fatalf("got %+v", got)
	}
	contains(t, got.Notes[0], "2026-11-23", "3 days old")
	other := keyed(u)
	other.URL += "1"
	_, err := b.fetch(other)
	b.quotaError(err)
	if n := len(u.log()); n != 1 {
		t.Errorf("%d requests were made, want 1", n)
	}
	m.limit = 2
	b.mustFetch(other)
}

func TestUpstreamSaysThatTheQuotaIsUsedUp(t *testing.T) {
	for text, wait := range map[string]time.Duration{
		"Out of call volume quota. Quota will be replenished in 00:05:30.":   5*time.Minute + 30*time.Second,
		"Out of call volume quota. Quota will be replenished in 1.02:00:00.": 26 * time.Hour,
		"Out of call volume quota.":                                          14 * time.Hour,
	} {
		for _, code := range []int{403, 429} {
			u := newUpstream(t, ballots(1, 2000), says(code, `{"statusCode":403,"message":"`+text+`"}`, "Retry-After", "300"))
			b := newBench(t, testPolicy())
			m := &meter{limit: 100}
			b.withQuota(m)
			_, err := b.fetch(keyed(u))
			quota := b.quotaError(err)
			if want := b.now.Add(wait); !quota.Until.Equal(want) || !m.until.Equal(want) || quota.Calls != 500 {
				t.Errorf("%q: until %s, the meter %s, want %s", text, quota.Until, m.until, want)
			}
			if _, err := b.fetch(keyed(u)); err == nil || len(u.log()) != 1 {
				t.Errorf("%q: asked again: %v", text, err)
			}
		}
	}
}

func TestBrokenQuotaStopsTheFetch(t *testing.T) {
	u := newUpstream(t, ballots(1, 2000))
	b := newBench(t, testPolicy())
	broken := errors.New("the ledger is locked")
	b.withQuota(brokenMeter{broken})
	if _, err := b.fetch(keyed(u)); !errors.Is(err, broken) || len(u.log()) != 0 {
		t.Errorf("got %v after %d requests", err, len(u.log()))
	}
}

type brokenMeter struct{ err error }

func (m brokenMeter) Take(context.Context, string, int, time.Time) error { return m.err }
func (m brokenMeter) Exhaust(context.Context, string, time.Time) error   { return m.err }

func TestRecentAnswerStands(t *testing.T) {
	u := newUpstream(t, ballots(1, 2000), noValidators, noValidators)
	b := newBench(t, testPolicy())
	request := pipeline.Request{Name: "flows.json", URL: u.URL, DailyCalls: 500, MaxAge: 48 * time.Hour}
	first := b.mustFetch(request)
	for hours, outcome := range map[int]string{47: pipeline.OutcomeRecent, 0: pipeline.OutcomeRecent} {
		b.now = first.CheckedAt.Add(time.Duration(hours) * time.Hour)
		b.reopen(Options{})
		got := b.mustFetch(request)
		if got.Outcome != outcome || got.SHA256 != first.SHA256 || !got.CheckedAt.Equal(first.CheckedAt) || got.Status != 0 {
			t.Errorf("after %d hours: %+v", hours, got)
		}
	}
	if n := len(u.log()); n != 1 {
		t.Errorf("%d requests, want 1", n)
	}
	b.now = first.CheckedAt.Add(48 * time.Hour)
	if got := b.mustFetch(request); got.Outcome != pipeline.OutcomeUnchanged || len(u.log()) != 2 {
		t.Errorf("after two days: %s, %d requests", got.Outcome, len(u.log()))
	}
	request.MaxAge = 0
	b.mustFetch(request)
	if n := len(u.log()); n != 3 {
		t.Errorf("%d requests, want 3", n)
	}
	b.reopen(Options{Offline: true})
	request.MaxAge = 48 * time.Hour
	if got := b.mustFetch(request); got.Outcome != pipeline.OutcomeOffline {
		t.Errorf("offline: %s", got.Outcome)
	}
}

// TestKeyStaysBehindTheMirror redirects to another host, to the mirror itself and back.
func TestKeyStaysBehindTheMirror(t *testing.T) {
	got := map[string]string{}
	var mirror *httptest.Server
	mirror = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got[r.URL.Path] = r.Header.Get(comtradeKey.Header)
		switch r.URL.Path {
		case "/comtradeapi.un.org/a":
			http.Redirect(w, r, mirror.URL+"/comtradeapi.un.org/b", http.StatusFound)
		case "/comtradeapi.un.org/b":
			http.Redirect(w, r, "https://elsewhere.example.org/c", http.StatusFound)
		default:
			_, _ = io.WriteString(w, `{"count":0}`)
		}
	}))
	defer mirror.Close()
	b := newBench(t, testPolicy())
	client, err := NewClient(testPolicy(), userAgent, mirror.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer client.CloseIdleConnections()
	b.client = client
	b.withQuota(nil)
	b.mustFetch(pipeline.Request{Name: "a", URL: "https://comtradeapi.un.org/a", Keyed: true, DailyCalls: 1})
	for path, want := range map[string]string{"/comtradeapi.un.org/a": secret, "/comtradeapi.un.org/b": secret, "/elsewhere.example.org/c": ""} {
		if key, asked := got[path]; !asked || key != want {
			t.Errorf("%s was asked: %v, with key %q; want %q", path, asked, key, want)
		}
	}
}

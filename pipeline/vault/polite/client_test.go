package polite

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const agent = "entente/test (+https://example.org/entente)"

func quick() Policy {
	return Policy{
		Attempts: 4, BackoffBase: time.Millisecond, BackoffCap: 4 * time.Millisecond,
		RetryAfterCap: 3 * time.Second, HeaderTimeout: 10 * time.Second,
	}
}

func client(t *testing.T, p Policy, mirror string) *http.Client {
	t.Helper()
	c, err := NewClient(p, agent, mirror)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.CloseIdleConnections)
	return c
}

// answering serves the handlers in turn, the last one for ever, and counts the requests.
func answering(t *testing.T, handlers ...http.HandlerFunc) (*httptest.Server, *atomic.Int64) {
	t.Helper()
	var n atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handlers[min(int(n.Add(1)), len(handlers))-1](w, r)
	}))
	s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	t.Cleanup(s.Close)
	return s, &n
}

func fine(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "fine") }

func busy(status int, retryAfter func() string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if retryAfter != nil {
			w.Header().Set("Retry-After", retryAfter())
		}
		w.WriteHeader(status)
	}
}

func hangUp(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

func TestClientRetries(t *testing.T) {
	for name, h := range map[string]http.HandlerFunc{
		"429": busy(429, nil), "500": busy(500, nil), "502": busy(502, nil),
		"503": busy(503, nil), "504": busy(504, nil), "connection closed": hangUp,
	} {
		t.Run(name, func(t *testing.T) {
			s, n := answering(t, h, h, fine)
			resp, err := client(t, quick(), "").Get(s.URL)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			if resp.StatusCode != 200 || n.Load() != 3 {
				t.Errorf("status %d after %d requests", resp.StatusCode, n.Load())
			}
		})
	}
}

func TestClientDoesNotRetryWhatStaysSo(t *testing.T) {
	for _, status := range []int{202, 304, 400, 403, 404, 416, 501} {
		s, n := answering(t, busy(status, nil))
		resp, err := client(t, quick(), "").Get(s.URL)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != status || n.Load() != 1 {
			t.Errorf("%d: status %d after %d requests", status, resp.StatusCode, n.Load())
		}
	}
}

func TestClientObeysRetryAfter(t *testing.T) {
	for name, value := range map[string]func() string{
		"seconds": func() string { return "1" },
		"date":    func() string { return time.Now().Add(2 * time.Second).UTC().Format(http.TimeFormat) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, n := answering(t, busy(429, value), fine)
			start := time.Now()
			resp, err := client(t, quick(), "").Get(s.URL)
			if err != nil {
				t.Fatal(err)
			}
			_ = resp.Body.Close()
			if took := time.Since(start); took < time.Second || took > 5*time.Second || n.Load() != 2 {
				t.Errorf("%d requests in %s", n.Load(), took)
			}
		})
	}
}

func TestRetryAfter(t *testing.T) {
	const date = "Mon, 23 Nov 2026 10:00:00 GMT"
	for _, c := range []struct {
		value, date string
		want        time.Duration
		ok          bool
	}{
		{"0", date, 0, true},
		{"120", date, 2 * time.Minute, true},
		{" 7 ", date, 7 * time.Second, true},
		{"99999999999999999999", date, (1<<31 - 1) * time.Second, true},
		{"Mon, 23 Nov 2026 10:05:00 GMT", date, 5 * time.Minute, true},
		{"Monday, 23-Nov-26 10:05:00 GMT", date, 5 * time.Minute, true},
		{"Mon, 23 Nov 2026 09:00:00 GMT", date, 0, true},
		{"Mon, 23 Nov 2026 10:05:00 GMT", "", 0, false},
		{"-1", date, 0, false},
		{"soon", date, 0, false},
		{"", date, 0, false},
	} {
		resp := &http.Response{Header: http.Header{"Retry-After": {c.value}, "Date": {c.date}}}
		if got, ok := retryAfter(resp); got != c.want || ok != c.ok {
			t.Errorf("Retry-After %q, Date %q: %s, %v; want %s, %v", c.value, c.date, got, ok, c.want, c.ok)
		}
	}
}

func TestClientGivesUp(t *testing.T) {
	closed := httptest.NewServer(http.HandlerFunc(fine))
	closed.Close()
	failing, n := answering(t, busy(500, nil))
	patient, _ := answering(t, busy(503, func() string { return "3600" }))
	for name, c := range map[string]struct {
		address string
		says    []string
	}{
		"500 for ever":       {failing.URL, []string{"500 Internal Server Error", "4 attempts", "run again later"}},
		"asked to wait long": {patient.URL, []string{"503 Service Unavailable", "wait 1h0m0s", "3s allowed", "run again later"}},
		"nobody there":       {closed.URL, []string{"no answer in 4 attempts", "connection refused", "check the network"}},
	} {
		_, err := client(t, quick(), "").Get(c.address)
		var last *UnansweredError
		if !errors.As(err, &last) {
			t.Fatalf("%s: error %v", name, err)
		}
		for _, part := range c.says {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: %q is not in: %v", name, part, err)
			}
		}
	}
	if n.Load() != 4 {
		t.Errorf("%d requests, want 4", n.Load())
	}
}

func TestClientEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	s, n := answering(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "3")
		w.WriteHeader(503)
		time.AfterFunc(20*time.Millisecond, cancel)
	})
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	if _, err := client(t, quick(), "").Do(req); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if time.Since(start) > 2*time.Second || n.Load() != 1 {
		t.Errorf("%d requests in %s", n.Load(), time.Since(start))
	}
}

func TestClientLogsRetriesWithoutAddress(t *testing.T) {
	s, _ := answering(t, hangUp, busy(503, nil), fine)
	var log bytes.Buffer
	ctx := Logged(context.Background(), slog.New(slog.NewTextHandler(&log, nil)))
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"?token=hush", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client(t, quick(), "").Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if text := log.String(); strings.Count(text, "asking again") != 2 || !strings.Contains(text, "status=503") || strings.Contains(text, "hush") {
		t.Errorf("log:\n%s", text)
	}
}

func TestClientAsksOnce(t *testing.T) {
	s, n := answering(t, busy(503, nil))
	req, err := http.NewRequestWithContext(Once(context.Background()), http.MethodHead, s.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client(t, quick(), "").Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != 503 || n.Load() != 1 {
		t.Errorf("status %d after %d requests", resp.StatusCode, n.Load())
	}
}

func TestClientHoldsOneConnectionPerHost(t *testing.T) {
	var open, most atomic.Int64
	s, n := answering(t, func(w http.ResponseWriter, _ *http.Request) {
		now := open.Add(1)
		most.Store(max(most.Load(), now))
		time.Sleep(5 * time.Millisecond)
		open.Add(-1)
	})
	c := client(t, quick(), "")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			resp, err := c.Get(s.URL)
			if err != nil {
				t.Error(err)
				return
			}
			_ = resp.Body.Close()
		})
	}
	all.Wait()
	if most.Load() != 1 || n.Load() != 8 {
		t.Errorf("%d of %d requests at once", most.Load(), n.Load())
	}
}

func TestClientGoesToTheMirror(t *testing.T) {
	var asked []string
	s, _ := answering(t, func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Host+r.URL.RequestURI()+" "+r.UserAgent()+" "+r.Header.Get("Accept-Encoding"))
		if r.URL.Path == "/cache/example.org/old" {
			http.Redirect(w, r, "https://files.example.org/new?x=1", http.StatusFound)
			return
		}
		fine(w, r)
	})
	c := client(t, quick(), s.URL+"/cache/")
	for address, final := range map[string]string{
		"https://example.org/api/:id/?persistentId=doi:10.7910/DVN/X&a=%20": "https://example.org/api/:id/?persistentId=doi:10.7910/DVN/X&a=%20",
		"https://example.org/old": "https://files.example.org/new?x=1",
		s.URL + "/cache/direct":   s.URL + "/cache/direct",
	} {
		asked = nil
		resp, err := c.Get(address)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if got := resp.Request.URL.String(); got != final {
			t.Errorf("%s: answered as %s, want %s", address, got, final)
		}
		host := strings.TrimPrefix(s.URL, "http://")
		want := map[string][]string{
			"https://example.org/old": {host + "/cache/example.org/old", host + "/cache/files.example.org/new?x=1"},
			s.URL + "/cache/direct":   {host + "/cache/direct"},
		}[address]
		if want == nil {
			want = []string{host + "/cache/example.org/api/:id/?persistentId=doi:10.7910/DVN/X&a=%20"}
		}
		for i := range want {
			want[i] += " " + agent + " identity"
		}
		if diff := cmp.Diff(want, asked); diff != "" {
			t.Errorf("%s (-want +got):\n%s", address, diff)
		}
	}
}

func TestClientDoesNotCarryKeysToAnotherHost(t *testing.T) {
	got := make(chan http.Header, 1)
	other, _ := answering(t, func(_ http.ResponseWriter, r *http.Request) { got <- r.Header })
	s, _ := answering(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL, http.StatusFound)
	})
	req, err := http.NewRequest(http.MethodGet, s.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Ocp-Apim-Subscription-Key", "hush")
	req.Header.Set("If-None-Match", `"one"`)
	resp, err := client(t, quick(), "").Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if h := <-got; h.Get("Ocp-Apim-Subscription-Key") != "" || h.Get("If-None-Match") != `"one"` {
		t.Errorf("headers at the other host: %v", h)
	}
}

func TestNewClientRefuses(t *testing.T) {
	for _, c := range [][2]string{
		{"entente/1", ""}, {"", ""}, {agent, "127.0.0.1:8099"}, {agent, "ftp://example.org"},
		{agent, "http://"}, {agent, "http://example.org/?q"}, {agent, "%zz"},
	} {
		if _, err := NewClient(quick(), c[0], c[1]); err == nil {
			t.Errorf("user agent %q, mirror %q: no error", c[0], c[1])
		}
	}
}

func TestBackoffGrowsUpToItsCap(t *testing.T) {
	p := Policy{BackoffBase: time.Second, BackoffCap: 10 * time.Second}
	seen := map[time.Duration]bool{}
	for n, most := range []time.Duration{1: 1, 2: 2, 3: 4, 4: 8, 5: 10, 60: 10} {
		for range 50 {
			if most == 0 {
				break
			}
			got := p.Backoff(n)
			seen[got] = true
			if got > most*time.Second || got < most*time.Second/2 {
				t.Errorf("wait %d is %s, want at most %d s and at least half of it", n, got, most)
			}
		}
	}
	if len(seen) < 100 {
		t.Errorf("only %d different waits: no jitter", len(seen))
	}
}

func TestWatch(t *testing.T) {
	p := Policy{StallWindow: 250 * time.Millisecond, MinBytesPerSecond: 1000}
	stalled := make(chan bool, 1)
	m := Watch(p, func(int64) {}, func() { stalled <- true })
	select {
	case <-stalled:
	case <-time.After(5 * time.Second):
		t.Error("a stall went unnoticed")
	}
	m.End()
	m = Watch(p, func(int64) {}, func() { stalled <- true })
	for range 100 {
		m.Add(1000)
		time.Sleep(5 * time.Millisecond)
	}
	m.End()
	if len(stalled) != 0 {
		t.Error("a lively body was called stalled")
	}
}

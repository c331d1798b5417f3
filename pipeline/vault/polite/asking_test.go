package polite

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"
)

// get asks once with a header, under the terms that a context carries.
func get(t *testing.T, ctx context.Context, address, header string) (*http.Response, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set(header, "hush")
	resp, err := client(t, quick(), "").Do(req)
	if err == nil {
		_ = resp.Body.Close()
	}
	return resp, err
}

func TestSecretHeaderWhateverItsName(t *testing.T) {
	got := make(chan string, 1)
	other, _ := answering(t, func(_ http.ResponseWriter, r *http.Request) { got <- r.Header.Get("X-Caller") })
	s, _ := answering(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.URL, http.StatusFound) })
	for header, ctx := range map[string]context.Context{
		"":     Secret(t.Context(), "X-Caller"),
		"hush": t.Context(),
	} {
		if _, err := get(t, Logged(ctx, slog.New(slog.DiscardHandler)), s.URL, "X-Caller"); err != nil {
			t.Fatal(err)
		}
		if h := <-got; h != header {
			t.Errorf("another host got %q, want %q", h, header)
		}
	}
}

func TestMeteredStopsBeforeAnAttempt(t *testing.T) {
	s, n := answering(t, busy(503, nil))
	enough, calls := errors.New("enough"), 0
	_, err := get(t, Metered(t.Context(), func(context.Context) error {
		if calls++; calls > 2 {
			return enough
		}
		return nil
	}), s.URL, "A")
	var stopped *StoppedError
	if !errors.As(err, &stopped) || stopped.Err != enough || n.Load() != 2 || calls != 3 {
		t.Errorf("%v after %d requests and %d calls", err, n.Load(), calls)
	}
}

func TestSaid(t *testing.T) {
	for body, want := range map[string]string{
		`{"statusCode":429,"message":"Slow down."}`:                    "Slow down.",
		`{"errorObject":{"errorMessage":"One period."},"message":"x"}`: "One period.",
		"\xef\xbb\xbf" + `{"error":"Gone.\n\u0007\tReally."}`:          "Gone. Really.",
		`{"error":{"code":7},"message":""}`:                            "",
		`["message"]`:                                                  "",
		`<html>`:                                                       "",
		``:                                                             "",
		`{"message":"` + strings.Repeat("ä", 400) + `"}`: strings.Repeat("ä", 300) + "…",
	} {
		resp := &http.Response{Body: io.NopCloser(strings.NewReader(body))}
		if got := Said(resp); got != want {
			t.Errorf("%s: %q, want %q", body, got, want)
		}
		if rest, err := io.ReadAll(resp.Body); err != nil || string(rest) != body {
			t.Errorf("%s: %q is left of the body, %v", body, rest, err)
		}
	}
}

func TestWaitSaid(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"Rate limit is exceeded. Try again in 2 seconds.": 2 * time.Second,
		"try again in 1 minute":                           time.Minute,
		"Try again in 3 hours":                            3 * time.Hour,
		"Try again in a while.":                           0,
		"Try again in 12345678901 seconds":                0,
	} {
		if got, ok := waitSaid(text); got != want || ok != (want > 0) {
			t.Errorf("%q: %s, %v; want %s", text, got, ok, want)
		}
	}
}

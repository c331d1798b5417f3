package polite

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

const maxRedirects = 10

// NewClient returns the client that upstreams are asked with: one connection per host, userAgent
// on every request, retries with backoff as policy says, Retry-After obeyed, bodies never
// compressed. A mirror ("http://127.0.0.1:8099") is asked MIRROR/host/path in place of
// https://host/path. It fails if the mirror is no http address, or if userAgent names neither an
// e-mail nor a web address at which an upstream's operator could complain.
func NewClient(policy Policy, userAgent, mirror string) (*http.Client, error) {
	policy = policy.Filled()
	if !strings.Contains(userAgent, "@") && !strings.Contains(userAgent, "://") {
		return nil, fmt.Errorf("http client: user agent %q has no contact; add a web or e-mail address", userAgent)
	}
	polite := &politeTransport{userAgent: userAgent, next: &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 30 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:   15 * time.Second,
		ForceAttemptHTTP2:     true,
		DisableCompression:    true,
		MaxConnsPerHost:       1,
		MaxIdleConnsPerHost:   1,
		IdleConnTimeout:       policy.IdleTimeout,
		ResponseHeaderTimeout: policy.HeaderTimeout,
	}}
	if mirror != "" {
		u, err := url.Parse(mirror)
		if err != nil || !IsHTTP(u) || u.RawQuery != "" || u.Fragment != "" {
			return nil, fmt.Errorf("http client: mirror %q is not an address like http://127.0.0.1:8099", Redact(mirror))
		}
		polite.mirror = strings.TrimRight(mirror, "/")
	}
	retrying := retryablehttp.NewClient()
	retrying.Logger = nil
	retrying.HTTPClient = &http.Client{Transport: polite, CheckRedirect: polite.checkRedirect}
	retrying.RetryMax = policy.Attempts - 1
	retrying.CheckRetry = policy.checkRetry
	retrying.Backoff = func(_, _ time.Duration, n int, resp *http.Response) time.Duration {
		own := policy.Backoff(n + 1)
		if asked, ok := retryAfter(resp); ok {
			return asked + min(own, policy.BackoffBase)
		}
		return own
	}
	retrying.ErrorHandler = giveUp
	return retrying.StandardClient(), nil
}

func (p Policy) checkRetry(ctx context.Context, resp *http.Response, err error) (bool, error) {
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	var refused *refusedError
	var stopped *StoppedError
	var untrusted *tls.CertificateVerificationError
	if errors.As(err, &refused) || errors.As(err, &stopped) || errors.As(err, &untrusted) {
		return false, err
	}
	if err == nil {
		if !Passing(resp.StatusCode) {
			return false, nil
		}
		said := Said(resp)
		if _, out := OutOfQuota(said); out {
			return false, nil
		}
		if wait, ok := waitSaid(said); ok && resp.Header.Get("Retry-After") == "" {
			resp.Header.Set("Retry-After", strconv.Itoa(int(wait.Seconds())))
		}
		if asked, ok := retryAfter(resp); ok && asked > p.RetryAfterCap {
			return false, &refusedError{fmt.Sprintf("it asks to wait %s, longer than the %s allowed", asked, p.RetryAfterCap)}
		}
	}
	if a := askingOf(ctx); a != nil {
		if a.once {
			return false, nil
		}
		if a.tries++; a.log != nil && a.tries < p.Attempts {
			if err != nil {
				a.log.Warn("no answer; asking again", "attempt", a.tries, "error", Bare(err))
			} else {
				a.log.Warn("upstream is busy; asking again", "attempt", a.tries, "status", resp.StatusCode, "retry_after", resp.Header.Get("Retry-After"))
			}
		}
	}
	return true, nil
}

// Passing reports whether a status may be another one in a while.
func Passing(status int) bool {
	switch status {
	case http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway,
		http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// retryAfter reads a Retry-After header: seconds, or a date as seen from the answer's own Date, so
// that a wrong clock on either side does not matter.
func retryAfter(resp *http.Response) (time.Duration, bool) {
	if resp == nil {
		return 0, false
	}
	text := strings.TrimSpace(resp.Header.Get("Retry-After"))
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil || errors.Is(err, strconv.ErrRange) {
		return time.Duration(seconds) * time.Second, true
	}
	until, err := http.ParseTime(text)
	if err != nil {
		return 0, false
	}
	date, err := http.ParseTime(resp.Header.Get("Date"))
	if err != nil {
		return 0, false
	}
	return max(0, until.Sub(date)), true
}

// refusedError is a reason of our own not to go on.
type refusedError struct{ reason string }

func (e *refusedError) Error() string { return e.reason }

// UnansweredError is what the client fails with when it gives a request up.
type UnansweredError struct {
	Status   int // of the last answer, 0 if there was none
	Attempts int
	Said     string // by the upstream in its last answer, or ""
	Err      error  // without the address asked, or nil
}

func (e *UnansweredError) Error() string {
	if e.Err == nil {
		return e.Problem() + "; " + e.Next()
	}
	return e.Problem() + ": " + e.Err.Error() + "; " + e.Next()
}

// Unwrap returns the cause.
func (e *UnansweredError) Unwrap() error { return e.Err }

// Problem says what went wrong, without the cause.
func (e *UnansweredError) Problem() string {
	text := "gave no answer"
	if e.Status != 0 {
		text = "answered " + StatusText(e.Status)
	}
	if e.Attempts > 1 {
		text += fmt.Sprintf(" in %d attempts", e.Attempts)
	}
	if e.Said != "" {
		text += fmt.Sprintf(": %q", e.Said)
	}
	return text
}

// Next says what to do.
func (e *UnansweredError) Next() string {
	if Passing(e.Status) {
		return "the upstream is busy or out of order, run again later"
	}
	return "check the network and the address, then run again"
}

func giveUp(resp *http.Response, err error, attempts int) (*http.Response, error) {
	e := &UnansweredError{Attempts: attempts, Err: Bare(err)}
	if resp != nil {
		e.Said = Said(resp)
		_ = resp.Body.Close()
		e.Status = resp.StatusCode
	}
	var stopped *StoppedError
	if errors.As(err, &stopped) {
		return nil, stopped
	}
	if errors.Is(err, context.Canceled) {
		return nil, Bare(err)
	}
	return nil, e
}

// checkRedirect follows redirects, but not with a secret to another host, nor out of encryption. The mirror
// stands for every host.
func (t *politeTransport) checkRedirect(req *http.Request, via []*http.Request) error {
	if !IsHTTP(req.URL) {
		return &refusedError{"redirected to something that is not http or https"}
	}
	if len(via) >= maxRedirects {
		return &refusedError{fmt.Sprintf("redirected more than %d times", maxRedirects)}
	}
	first := via[0].URL
	if t.mirrored(req.URL) || req.URL.Host == first.Host && (req.URL.Scheme == first.Scheme || first.Scheme == "http") {
		return nil
	}
	if a := askingOf(req.Context()); a != nil {
		req.Header.Del(a.secret)
	}
	for name := range req.Header {
		if secretName(name) {
			req.Header.Del(name)
		}
	}
	return nil
}

// politeTransport names us, asks for bytes as they are, and goes to the mirror if there is one.
type politeTransport struct {
	next      http.RoundTripper
	userAgent string
	mirror    string // without trailing slash, or ""
}

// mirrored reports whether an address is one of the mirror's own.
func (t *politeTransport) mirrored(u *url.URL) bool {
	return t.mirror != "" && strings.HasPrefix(u.String()+"/", t.mirror+"/")
}

// RoundTrip implements http.RoundTripper.
func (t *politeTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	if !IsHTTP(req.URL) {
		return nil, &refusedError{"address is not http or https"}
	}
	if a := askingOf(req.Context()); a != nil && a.before != nil && req.Response == nil {
		if err := a.before(req.Context()); err != nil {
			return nil, &StoppedError{err}
		}
	}
	out := req.Clone(req.Context())
	if out.Header.Get("User-Agent") == "" {
		out.Header.Set("User-Agent", t.userAgent)
	}
	out.Header.Set("Accept-Encoding", "identity")
	if t.mirror != "" && !t.mirrored(req.URL) {
		u, err := url.Parse(t.mirror + "/" + req.URL.Host + req.URL.EscapedPath())
		if err != nil {
			return nil, &refusedError{"address cannot be put behind the mirror"}
		}
		u.RawQuery = req.URL.RawQuery
		out.URL, out.Host = u, ""
	}
	resp, err := t.next.RoundTrip(out)
	if resp != nil {
		resp.Request = req
	}
	return resp, err
}

// IsHTTP reports whether an address is absolute and of the web.
func IsHTTP(u *url.URL) bool {
	return (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// StatusText is a status with its name.
func StatusText(status int) string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", status, http.StatusText(status)))
}

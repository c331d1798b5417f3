package vault

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"entente/pipeline"
)

const userAgent = "entente/test (+https://example.org/entente)"

// seen is what a request said and how it was answered.
type seen struct {
	Method, Range, IfRange, IfNoneMatch, IfModifiedSince string
	Status                                               int
}

// fault answers in place of the healthy upstream.
type fault func(u *upstream, w http.ResponseWriter, r *http.Request)

// upstream serves one file as a well-kept server does, after the faults it was given are used up.
type upstream struct {
	*httptest.Server
	mu       sync.Mutex
	body     []byte
	etag     string
	modified time.Time
	faults   []fault // of the next GETs; nil for a healthy one
	onHead   fault
	requests []seen
	headers  []http.Header
	paths    []string
}

func newUpstream(t *testing.T, body []byte, faults ...fault) *upstream {
	t.Helper()
	u := &upstream{body: body, etag: `"one"`, modified: time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC), faults: faults}
	u.Server = httptest.NewServer(u)
	u.Server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	t.Cleanup(u.Close)
	return u
}

type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (u *upstream) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	u.mu.Lock()
	var f fault
	if r.Method == http.MethodHead {
		f = u.onHead
	} else if len(u.faults) > 0 {
		f, u.faults = u.faults[0], u.faults[1:]
	}
	n := len(u.requests)
	u.requests = append(u.requests, seen{
		Method: r.Method, Range: r.Header.Get("Range"), IfRange: r.Header.Get("If-Range"),
		IfNoneMatch: r.Header.Get("If-None-Match"), IfModifiedSince: r.Header.Get("If-Modified-Since"),
	})
	u.headers = append(u.headers, r.Header.Clone())
	u.paths = append(u.paths, r.URL.RequestURI())
	u.mu.Unlock()
	out := &statusWriter{ResponseWriter: w, status: http.StatusOK}
	defer func() {
		u.mu.Lock()
		u.requests[n].Status = out.status
		u.mu.Unlock()
	}()
	if f == nil {
		f = healthy
	}
	f(u, out, r)
}

// log returns the requests so far.
func (u *upstream) log() []seen {
	u.mu.Lock()
	defer u.mu.Unlock()
	return append([]seen(nil), u.requests...)
}

func (u *upstream) validators(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/csv")
	if u.etag != "" {
		w.Header().Set("ETag", u.etag)
	}
}

func healthy(u *upstream, w http.ResponseWriter, r *http.Request) {
	u.validators(w)
	http.ServeContent(w, r, "", u.modified, bytes.NewReader(u.body))
}

// status answers with a status and header fields given in pairs.
func status(code int, pairs ...string) fault {
	return func(_ *upstream, w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(pairs); i += 2 {
			w.Header().Set(pairs[i], pairs[i+1])
		}
		w.WriteHeader(code)
	}
}

// page answers 200 with a body of a content type.
func page(contentType, body string) fault {
	return func(_ *upstream, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		_, _ = io.WriteString(w, body)
	}
}

// cutAt delivers only the first n bytes of what a healthy upstream would.
func cutAt(n int) fault {
	return func(u *upstream, w http.ResponseWriter, r *http.Request) {
		healthy(u, &cutWriter{ResponseWriter: w, left: n}, r)
	}
}

type cutWriter struct {
	http.ResponseWriter
	left int
}

func (w *cutWriter) Write(b []byte) (int, error) {
	if len(b) > w.left {
		_, _ = w.ResponseWriter.Write(b[:w.left])
		_ = http.NewResponseController(w.ResponseWriter).Flush()
		panic(http.ErrAbortHandler)
	}
	w.left -= len(b)
	return w.ResponseWriter.Write(b)
}

func (w *cutWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// hangAt delivers the first n bytes and then nothing until the client goes away.
func hangAt(n int) fault {
	return func(u *upstream, w http.ResponseWriter, r *http.Request) {
		u.validators(w)
		w.Header().Set("Last-Modified", u.modified.Format(http.TimeFormat))
		w.Header().Set("Content-Length", strconv.Itoa(len(u.body)))
		_, _ = w.Write(u.body[:n])
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}
}

// short delivers 60 % as if they were all.
func short(u *upstream, w http.ResponseWriter, _ *http.Request) {
	u.validators(w)
	w.Header().Set("Last-Modified", u.modified.Format(http.TimeFormat))
	n := len(u.body) * 3 / 5
	w.Header().Set("Content-Length", strconv.Itoa(n))
	_, _ = w.Write(u.body[:n])
}

// noValidators ignores conditions and ranges and names no edition.
func noValidators(u *upstream, w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/csv")
	w.Header().Set("Content-Length", strconv.Itoa(len(u.body)))
	_, _ = w.Write(u.body)
}

// change gives the file another edition before answering.
func change(body []byte, then fault) fault {
	return func(u *upstream, w http.ResponseWriter, r *http.Request) {
		u.mu.Lock()
		u.body, u.etag = body, `"two"`
		u.mu.Unlock()
		then(u, w, r)
	}
}

func times(n int, f fault) []fault {
	all := make([]fault, n)
	for i := range all {
		all[i] = f
	}
	return all
}

// bench is a vault with a client for a test.
type bench struct {
	t      *testing.T
	dir    string
	policy Policy
	log    bytes.Buffer
	now    time.Time
	client *http.Client
	vault  *Vault
}

func testPolicy() Policy {
	return Policy{
		Attempts: 3, BackoffBase: time.Millisecond, BackoffCap: 4 * time.Millisecond,
		RetryAfterCap: 3 * time.Second, StallWindow: 2 * time.Second, MinBytesPerSecond: 10,
		HeaderTimeout: 10 * time.Second, IdleTimeout: time.Second,
	}
}

func newBench(t *testing.T, policy Policy) *bench {
	t.Helper()
	b := &bench{t: t, dir: t.TempDir(), policy: policy, now: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)}
	client, err := NewClient(policy, userAgent, "")
	if err != nil {
		t.Fatal(err)
	}
	b.client = client
	t.Cleanup(client.CloseIdleConnections)
	b.reopen(Options{})
	return b
}

// reopen opens the vault anew, as the next process would.
func (b *bench) reopen(opts Options) {
	b.t.Helper()
	opts.Policy, opts.Now = b.policy, func() time.Time { return b.now }
	opts.Log = slog.New(slog.NewTextHandler(&b.log, nil))
	v, err := Open(b.dir, opts)
	if err != nil {
		b.t.Fatal(err)
	}
	v.memory, v.checkpoint = 1<<10, 8<<10
	b.vault = v
}

func (b *bench) fetch(r pipeline.Request) (pipeline.File, error) {
	b.t.Helper()
	return b.vault.Fetch(context.Background(), b.client, "unga", r)
}

func (b *bench) mustFetch(r pipeline.Request) pipeline.File {
	b.t.Helper()
	f, err := b.fetch(r)
	if err != nil {
		b.t.Fatal(err)
	}
	return f
}

// holds checks that a record names these bytes and that the vault has them.
func (b *bench) holds(f pipeline.File, want []byte) {
	b.t.Helper()
	if f.SHA256 != sumOf(want) || f.Bytes != int64(len(want)) {
		b.t.Fatalf("record says %d bytes with SHA-256 %s, want %d with %s", f.Bytes, f.SHA256, len(want), sumOf(want))
	}
	if got := b.read(f.SHA256); !bytes.Equal(got, want) {
		b.t.Fatalf("object has other bytes than its record says")
	}
}

func (b *bench) read(sum string) []byte {
	b.t.Helper()
	file, err := b.vault.Open(sum)
	if err != nil {
		b.t.Fatal(err)
	}
	defer file.Close()
	got, err := io.ReadAll(file)
	if err != nil {
		b.t.Fatal(err)
	}
	return got
}

func (b *bench) stats() Stats {
	b.t.Helper()
	s, err := b.vault.Stats()
	if err != nil {
		b.t.Fatal(err)
	}
	return s
}

func sumOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// ballots makes n bytes of CSV that differ from seed to seed.
func ballots(seed uint64, n int) []byte {
	r := rand.New(rand.NewPCG(seed, seed))
	var text strings.Builder
	text.WriteString("undl_id,ms_code,ms_vote\n")
	for text.Len() < n {
		fmt.Fprintf(&text, "%d,%c%c%c,%c\n", r.IntN(1e6), 'A'+r.IntN(26), 'A'+r.IntN(26), 'A'+r.IntN(26), "YNAX"[r.IntN(4)])
	}
	return []byte(text.String()[:n])
}

// contains fails unless every part is in the text.
func contains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in: %s", part, text)
		}
	}
}

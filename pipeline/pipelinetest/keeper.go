package pipelinetest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"entente/pipeline"
)

// Keeper is a pipeline.Keeper in memory. Its Fetch makes one plain request, unless it holds an answer that
// is young enough or the calls of the day are used up.
type Keeper struct {
	Now      func() time.Time   // nil for a fixed day
	Keys     http.Header        // what Keyed requests carry
	Requests []pipeline.Request // that Fetch was asked for, in order

	mu       sync.Mutex
	files    fstest.MapFS // by SHA-256
	imported map[string]pipeline.File
	fetched  map[[2]string]pipeline.File // newest, by name and address
	calls    map[string]int              // by source and day, of requests with DailyCalls
}

// NewKeeper returns an empty keeper.
func NewKeeper() *Keeper {
	return &Keeper{
		files: fstest.MapFS{}, imported: map[string]pipeline.File{},
		fetched: map[[2]string]pipeline.File{}, calls: map[string]int{},
	}
}

// Fetch implements pipeline.Keeper: every status but 200 is an UpstreamError.
func (k *Keeper) Fetch(ctx context.Context, c *http.Client, source string, r pipeline.Request) (pipeline.File, error) {
	k.mu.Lock()
	k.Requests = append(k.Requests, r)
	k.mu.Unlock()
	if f, err := k.recall(source, r); err != nil || f.Name != "" {
		return f, err
	}
	refuse := func(problem string, err error) error {
		return &pipeline.UpstreamError{Source: source, Where: r.URL, Problem: problem, Err: err}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.URL, nil)
	if err != nil {
		return pipeline.File{}, refuse("this is no address", err)
	}
	if r.Accept != "" {
		req.Header.Set("Accept", r.Accept)
	}
	if r.Keyed {
		maps.Copy(req.Header, k.Keys)
	}
	resp, err := c.Do(req)
	if err != nil {
		return pipeline.File{}, refuse("gave no answer", err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return pipeline.File{}, refuse("the body was cut", err)
	}
	if resp.StatusCode != http.StatusOK {
		return pipeline.File{}, refuse("answered "+resp.Status, nil)
	}
	f := k.keep(r.Name, pipeline.OutcomeDownloaded, body)
	f.URL, f.Version, f.Listing, f.Status = r.URL, r.Version, r.Listing, resp.StatusCode
	k.mu.Lock()
	defer k.mu.Unlock()
	k.fetched[[2]string{r.Name, r.URL}] = f
	return f, nil
}

// recall returns the answer that stands in for a request, a file without name if one is to be made, or a
// QuotaError if none may be. It counts the call that is made.
func (k *Keeper) recall(source string, r pipeline.Request) (pipeline.File, error) {
	now := k.now()
	k.mu.Lock()
	defer k.mu.Unlock()
	known, found := k.fetched[[2]string{r.Name, r.URL}]
	if found && now.Sub(known.CheckedAt) < r.MaxAge {
		known.Outcome, known.Status = pipeline.OutcomeRecent, 0
		return known, nil
	}
	day := source + now.UTC().Format(time.DateOnly)
	if r.DailyCalls == 0 {
		return pipeline.File{}, nil
	}
	if k.calls[day] < r.DailyCalls {
		k.calls[day]++
		return pipeline.File{}, nil
	}
	if found {
		known.Outcome, known.Status, known.Notes = pipeline.OutcomeHeld, 0, []string{"the calls of the day are used up"}
		return known, nil
	}
	tomorrow := now.UTC().Truncate(24*time.Hour).AddDate(0, 0, 1)
	return pipeline.File{}, &pipeline.QuotaError{Source: source, Calls: r.DailyCalls, Until: tomorrow}
}

func (k *Keeper) now() time.Time {
	if k.Now != nil {
		return k.Now()
	}
	return time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC)
}

// Put implements pipeline.Keeper.
func (k *Keeper) Put(source, name, outcome string, r io.Reader) (pipeline.File, error) {
	body, err := io.ReadAll(r)
	if err != nil {
		return pipeline.File{}, fmt.Errorf("keeper: %s/%s: %w", source, name, err)
	}
	f := k.keep(name, outcome, body)
	if outcome == pipeline.OutcomeImported {
		k.mu.Lock()
		defer k.mu.Unlock()
		k.imported[path.Join(source, name)] = f
	}
	return f, nil
}

// Imported implements pipeline.Keeper.
func (k *Keeper) Imported(source, name string) (pipeline.File, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	f, ok := k.imported[path.Join(source, name)]
	if !ok {
		return f, fmt.Errorf("keeper: no %s/%s was imported: %w", source, name, fs.ErrNotExist)
	}
	return f, nil
}

// Open implements pipeline.Keeper.
func (k *Keeper) Open(sum string) (fs.File, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.files.Open(sum)
}

func (k *Keeper) keep(name, outcome string, body []byte) pipeline.File {
	digest := sha256.Sum256(body)
	sum := hex.EncodeToString(digest[:])
	now := k.now()
	k.mu.Lock()
	defer k.mu.Unlock()
	k.files[sum] = &fstest.MapFile{Data: bytes.Clone(body)}
	return pipeline.File{Name: name, SHA256: sum, Bytes: int64(len(body)), Outcome: outcome, FetchedAt: now, CheckedAt: now}
}

// Mirror serves answers on the loopback interface and returns a client that asks them in place of every
// host. answers is keyed by host, path and query, such as "example.org/list?page=2"; anything else is 404.
func Mirror(t *testing.T, answers map[string]string) *http.Client {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := r.Host + r.URL.Path
		if r.URL.RawQuery != "" {
			key += "?" + r.URL.RawQuery
		}
		body, ok := answers[key]
		if !ok {
			http.NotFound(w, r)
			return
		}
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	to, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Transport: redirect{to.Host, server.Client().Transport}}
}

// redirect sends every request to one address and leaves the Host header as it was.
type redirect struct {
	to   string
	next http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (r redirect) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.Host = req.URL.Host
	req.URL.Scheme, req.URL.Host = "http", r.to
	return r.next.RoundTrip(req)
}

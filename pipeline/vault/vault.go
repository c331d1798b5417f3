// Package vault keeps what upstreams published: every byte under its SHA-256, never changed, with a
// record of when and how it came. It asks upstreams politely, conditionally and resumably.
//
//	<vault>/sha256/ab/cdef…       bytes as fetched, read-only
//	<vault>/index/<source>.jsonl  one pipeline.File a line, appended, newest last
//	<vault>/partial/<key>.part    a download that was cut, with <key>.json beside it
package vault

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"entente/pipeline"
	"entente/pipeline/vault/index"
	"entente/pipeline/vault/polite"
)

const (
	checkpointBytes = 8 << 20 // a killed process loses at most this much of a download
	memoryBytes     = 1 << 20 // smaller answers touch the disk only if they are new
)

// Policy says how patient the vault is with an upstream.
type Policy = polite.Policy

// NewClient returns the client that upstreams are asked with; see polite.NewClient.
func NewClient(policy Policy, userAgent, mirror string) (*http.Client, error) {
	return polite.NewClient(policy, userAgent, mirror)
}

// Options says how a vault behaves. The zero value is usable but for Now.
type Options struct {
	Offline  bool   // ask nobody; answer from the index
	Policy   Policy // zero fields stand for those of polite.DefaultPolicy
	Now      func() time.Time
	Log      *slog.Logger                                 // nil for none
	Progress func(source, name string, done, total int64) // at most five times a second per download; total is -1 while unknown
	Keys     map[string]Key                               // by source, for requests that are Keyed
	Quota    Quota                                        // counts calls of requests with DailyCalls; nil to count none
}

// Vault implements pipeline.Keeper over a folder. Different files may be fetched at the same time;
// at most one process at a time may fetch or put, while others read.
type Vault struct {
	dir        string
	opts       Options
	log        *slog.Logger
	index      *index.Index
	busy       sync.Map // keys of downloads under way
	checkpoint int64
	memory     int
}

var _ pipeline.Keeper = (*Vault)(nil)

// Open returns the vault in a folder, which is made when the first byte is kept. It fails if the
// path is something other than a folder, or if opts.Now is missing.
func Open(dir string, opts Options) (*Vault, error) {
	if opts.Now == nil {
		return nil, errors.New("vault: options have no clock")
	}
	info, err := os.Stat(dir)
	switch {
	case err == nil && !info.IsDir():
		return nil, fmt.Errorf("vault: %s is a file, not a folder; choose another data folder", dir)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("vault: %w", err)
	}
	opts.Policy = opts.Policy.Filled()
	log := opts.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Vault{
		dir: dir, opts: opts, log: log,
		index:      index.New(filepath.Join(dir, "index"), log),
		checkpoint: checkpointBytes,
		memory:     memoryBytes,
	}, nil
}

// Open opens the bytes with that SHA-256 (64 lower-case hex digits) for reading. The file also
// implements io.ReaderAt and io.Seeker. It fails with fs.ErrNotExist if the vault lacks them.
func (v *Vault) Open(sha256 string) (fs.File, error) {
	if !isSum(sha256) {
		return nil, fmt.Errorf("vault: %q is not a SHA-256", sha256)
	}
	f, err := os.Open(v.object(sha256))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("vault: object %s is missing; see what else is with: entente verify: %w", sha256, fs.ErrNotExist)
	}
	if err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	return f, nil
}

// Put keeps bytes that no request brought, under OutcomeImported or OutcomeEmbedded. If the newest
// record of that name and outcome has the same bytes it is returned and nothing is written. A
// reader that can seek is read twice, and bytes that the vault has already are not written again.
func (v *Vault) Put(source, name, outcome string, r io.Reader) (pipeline.File, error) {
	if err := checkNames(source, name); err != nil {
		return pipeline.File{}, err
	}
	if outcome != pipeline.OutcomeImported && outcome != pipeline.OutcomeEmbedded {
		return pipeline.File{}, fmt.Errorf("vault: %s/%s: outcome %q is not one of a file put by hand", source, name, outcome)
	}
	sum, size, err := v.store(r)
	if err != nil {
		return pipeline.File{}, fmt.Errorf("vault: %s/%s: %w", source, name, err)
	}
	known, found, err := v.index.Given(source, name, outcome)
	if err != nil {
		return pipeline.File{}, err
	}
	if found && known.SHA256 == sum {
		return known, nil
	}
	now := v.now()
	first, err := v.index.FirstSeen(source, sum, now)
	if err != nil {
		return pipeline.File{}, err
	}
	f := pipeline.File{
		Name: name, SHA256: sum, Bytes: size,
		Outcome: outcome, FetchedAt: first, CheckedAt: now,
	}
	return f, v.index.Append(source, f)
}

// Imported returns the newest file of that name given by hand, or fails with fs.ErrNotExist.
func (v *Vault) Imported(source, name string) (pipeline.File, error) {
	if err := checkNames(source, name); err != nil {
		return pipeline.File{}, err
	}
	f, found, err := v.index.Given(source, name, pipeline.OutcomeImported)
	if err != nil {
		return pipeline.File{}, err
	}
	if !found {
		return pipeline.File{}, fmt.Errorf("vault: no %s was imported; give it with: entente import %s FILE: %w", name, source, fs.ErrNotExist)
	}
	if !v.has(f.SHA256, f.Bytes) {
		return pipeline.File{}, fmt.Errorf("vault: the imported %s (object %s) is missing or damaged; give it again with: entente import %s FILE: %w",
			name, f.SHA256, source, fs.ErrNotExist)
	}
	return f, nil
}

// offline answers a request from the index: what was fetched, or what was given by hand after that.
func (v *Vault) offline(source string, r pipeline.Request, known pipeline.File, found bool) (pipeline.File, error) {
	given, imported, err := v.index.Given(source, r.Name, pipeline.OutcomeImported)
	if err != nil {
		return pipeline.File{}, err
	}
	if imported && v.has(given.SHA256, given.Bytes) && (!found || given.CheckedAt.After(known.CheckedAt)) {
		return given, nil
	}
	if !found {
		return pipeline.File{}, &pipeline.UpstreamError{
			Source: source, Where: polite.Redact(r.URL),
			Problem: fmt.Sprintf("the vault has no %s yet, and nobody may be asked offline", r.Name),
			Next:    "run once without --offline, or give the file with: entente import " + source + " FILE",
		}
	}
	return recalled(known, r, pipeline.OutcomeOffline), nil
}

// recalled is the record of an answer that the vault holds, for a request that was not made.
func recalled(known pipeline.File, r pipeline.Request, outcome string) pipeline.File {
	known.Outcome = outcome
	known.Status = 0
	known.Listing = r.Listing
	known.Notes = slices.Clone(known.Notes)
	return known
}

func (v *Vault) now() time.Time { return v.opts.Now().UTC() }

// retained wraps a context's end; what was received is already saved.
func retained(ctx context.Context, name string) error {
	return fmt.Errorf("fetch of %s: stopped; what arrived is kept: %w", name, context.Cause(ctx))
}

func checkNames(source, name string) error {
	if source == "" || strings.Trim(source, "abcdefghijklmnopqrstuvwxyz0123456789_-") != "" {
		return fmt.Errorf("vault: source name %q: only a-z, 0-9, - and _ are allowed", source)
	}
	if name == "" {
		return fmt.Errorf("vault: source %s: a file has no name", source)
	}
	return nil
}

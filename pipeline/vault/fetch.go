package vault

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"entente/pipeline"
	"entente/pipeline/vault/polite"
)

// Fetch asks for a file, conditionally if the vault holds an earlier answer with validators, and
// takes up a download that was cut, in this process or an earlier one, if the upstream can tell
// that the file is still the same. It fails with an UpstreamError when no usable answer came, with
// the context's error when that ended, and with another error when the disk failed; what arrived is
// kept for the next call as far as it can be taken up. An answer younger than r.MaxAge is returned without
// asking; where the calls of the day are used up, so is any answer there is, and otherwise Fetch fails with
// a QuotaError.
func (v *Vault) Fetch(ctx context.Context, c *http.Client, source string, r pipeline.Request) (pipeline.File, error) {
	if err := checkNames(source, r.Name); err != nil {
		return pipeline.File{}, err
	}
	address := polite.Redact(r.URL)
	known, found, err := v.index.Newest(source, r.Name, address)
	if err != nil {
		return pipeline.File{}, err
	}
	found = found && v.has(known.SHA256, known.Bytes)
	if v.opts.Offline {
		return v.offline(source, r, known, found)
	}
	if found && v.now().Sub(known.CheckedAt) < r.MaxAge {
		return recalled(known, r, pipeline.OutcomeRecent), nil
	}
	key := partialKey(source, r)
	if _, taken := v.busy.LoadOrStore(key, true); taken {
		return pipeline.File{}, fmt.Errorf("vault: %s/%s is being fetched already", source, r.Name)
	}
	defer v.busy.Delete(key)
	t := &transfer{
		vault: v, client: c, source: source, request: r, address: address,
		log: v.log.With("source", source, "file", r.Name, "url", address),
	}
	if found {
		t.known = &known
	}
	if u, err := url.Parse(r.URL); err != nil || !polite.IsHTTP(u) {
		return pipeline.File{}, t.refuse("this is no http address", "correct the source's settings", nil)
	}
	t.part = v.openPartial(key, r.MD5 != "")
	defer t.part.close()
	f, err := t.run(ctx)
	var quota *pipeline.QuotaError
	if errors.As(err, &quota) {
		return t.held(quota)
	}
	if err != nil {
		return pipeline.File{}, err
	}
	return f, v.index.Append(source, f)
}

// transfer is one Fetch.
type transfer struct {
	vault   *Vault
	client  *http.Client
	source  string
	request pipeline.Request
	address string         // redacted
	known   *pipeline.File // newest record whose bytes are there, or nil
	part    *partial
	log     *slog.Logger
}

// brokenError is a download that may go better the next time.
type brokenError struct {
	problem string
	err     error
}

func (e *brokenError) Error() string {
	if e.err == nil {
		return e.problem
	}
	return e.problem + ": " + polite.Bare(e.err).Error()
}

func (t *transfer) run(ctx context.Context) (pipeline.File, error) {
	policy := t.vault.opts.Policy
	for attempt := 1; ; attempt++ {
		f, err := t.attempt(ctx)
		var broken *brokenError
		if err == nil || !errors.As(err, &broken) {
			return f, err
		}
		if attempt >= policy.Attempts {
			return f, t.exhausted(broken, attempt)
		}
		t.log.Warn("download broke; taking it up again", "attempt", attempt, "error", broken, "kept_bytes", t.part.size)
		if polite.Sleep(ctx, policy.Backoff(attempt)) != nil {
			return f, retained(ctx, t.request.Name)
		}
	}
}

// attempt makes one request and reads its answer.
func (t *transfer) attempt(ctx context.Context) (pipeline.File, error) {
	var none pipeline.File
	asked, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	req, err := t.ask(t.metered(polite.Logged(asked, t.log)), http.MethodGet)
	if err != nil {
		return none, err
	}
	from := t.part.size
	switch {
	case from > 0:
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-", from))
		req.Header.Set("If-Range", t.part.IfRange)
	case t.known != nil:
		setUnlessEmpty(req.Header, "If-None-Match", t.known.ETag)
		setUnlessEmpty(req.Header, "If-Modified-Since", t.known.LastModified)
	}
	conditional := req.Header.Get("If-None-Match")+req.Header.Get("If-Modified-Since") != ""
	resp, err := t.client.Do(req)
	if err != nil {
		return none, t.unanswered(ctx, err)
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode == http.StatusNotModified && conditional:
		return t.unchanged(), nil
	case resp.StatusCode == http.StatusPartialContent && from > 0:
		if problem := t.continues(resp); problem != "" {
			return none, t.startOver(problem)
		}
	case resp.StatusCode == http.StatusRequestedRangeNotSatisfiable && from > 0:
		return none, t.startOver("the upstream has no such part of it")
	case resp.StatusCode == http.StatusOK:
		if err := t.acceptable(resp); err != nil {
			return none, err
		}
		if from > 0 {
			t.log.Warn("upstream sends the whole file in place of the rest; starting over", "dropped_bytes", from)
		}
		if err := t.part.restart(t.edition(resp)); err != nil {
			return none, onDisk(err)
		}
	default:
		return none, t.refuseStatus(ctx, resp)
	}
	if err := t.receive(ctx, cancel, asked, resp.Body); err != nil {
		return none, err
	}
	return t.finish(ctx, resp)
}

func (t *transfer) ask(ctx context.Context, method string) (*http.Request, error) {
	key := t.key()
	if key.Value != "" {
		ctx = polite.Secret(ctx, key.Header)
	}
	req, err := http.NewRequestWithContext(ctx, method, t.request.URL, nil)
	if err != nil {
		return nil, t.refuse("this is no http address", "correct the source's settings", polite.Bare(err))
	}
	req.Header.Set("Accept-Encoding", "identity")
	setUnlessEmpty(req.Header, "Accept", t.request.Accept)
	setUnlessEmpty(req.Header, key.Header, key.Value)
	return req, nil
}

func setUnlessEmpty(h http.Header, name, value string) {
	if value != "" {
		h.Set(name, value)
	}
}

// receive copies a body to the partial while the meter runs.
func (t *transfer) receive(ctx context.Context, cancel context.CancelCauseFunc, asked context.Context, body io.Reader) error {
	base, total := t.part.size, t.part.Total
	report := func(received int64) {
		if progress := t.vault.opts.Progress; progress != nil {
			progress(t.source, t.request.Name, base+received, total)
		}
	}
	m := polite.Watch(t.vault.opts.Policy, report, func() { cancel(polite.ErrStalled) })
	readErr, writeErr := t.copy(body, m)
	m.End()
	report(t.part.size - base)
	if writeErr != nil {
		_ = t.part.save()
		return onDisk(writeErr)
	}
	if readErr == nil && total >= 0 && t.part.size != total {
		readErr = io.ErrUnexpectedEOF
	}
	if readErr == nil {
		return nil
	}
	broken := &brokenError{problem: "the body was cut", err: readErr}
	if context.Cause(asked) == polite.ErrStalled {
		p := t.vault.opts.Policy
		broken = &brokenError{problem: fmt.Sprintf("fewer than %d bytes a second arrived for %s", p.MinBytesPerSecond, p.StallWindow)}
	}
	if err := t.part.save(); err != nil {
		return onDisk(err)
	}
	if ctx.Err() != nil {
		return retained(ctx, t.request.Name)
	}
	return broken
}

func (t *transfer) copy(body io.Reader, m *polite.Meter) (readErr, writeErr error) {
	block := make([]byte, blockBytes)
	for {
		n, err := body.Read(block)
		m.Add(n)
		if _, err := t.part.Write(block[:n]); err != nil {
			return nil, err
		}
		if err == io.EOF {
			return nil, nil
		}
		if err != nil {
			return err, nil
		}
	}
}

// finish judges a whole body and keeps it.
func (t *transfer) finish(ctx context.Context, resp *http.Response) (pipeline.File, error) {
	var none pipeline.File
	v, p := t.vault, t.part
	_ = resp.Body.Close()
	if p.size == 0 || !t.wantsHTML() && polite.LooksLikePage(p.head) {
		refusal := t.refuseEmpty()
		if p.size > 0 {
			refusal = t.refuseHTML(resp.StatusCode)
		}
		return none, errors.Join(refusal, p.discard())
	}
	notes, confirmed := t.compareDeclared()
	sum, size, e := p.sum(), p.size, p.edition
	have := v.has(sum, size)
	if !have && !confirmed && !t.request.Listing && t.request.DailyCalls == 0 && resp.StatusCode == http.StatusOK {
		note, problem := t.confirmLength(ctx)
		if ctx.Err() != nil {
			return none, errors.Join(retained(ctx, t.request.Name), p.discard())
		}
		if problem != "" {
			return none, t.startOver(problem)
		}
		if note != "" {
			notes = append(notes, note)
		}
	}
	now := v.now()
	f := pipeline.File{
		Name: t.request.Name, Listing: t.request.Listing, SHA256: sum, Bytes: size,
		URL: t.address, Version: t.request.Version, Outcome: pipeline.OutcomeDownloaded,
		Status: resp.StatusCode, ETag: e.ETag, LastModified: e.LastModified,
		FetchedAt: now, CheckedAt: now, Notes: notes,
	}
	if have {
		first, err := v.index.FirstSeen(t.source, sum, now)
		if err != nil {
			return none, err
		}
		f.FetchedAt, f.Outcome = first, pipeline.OutcomeUnchanged
		return f, onDisk(p.discard())
	}
	return f, onDisk(p.finish(v))
}

// unchanged is the record of an answer 304.
func (t *transfer) unchanged() pipeline.File {
	f := *t.known
	f.Listing = t.request.Listing
	f.Outcome, f.Status, f.CheckedAt = pipeline.OutcomeUnchanged, http.StatusNotModified, t.vault.now()
	if t.request.Version != "" {
		f.Version = t.request.Version
	}
	f.Notes = slices.Clone(f.Notes)
	return f
}

// compareDeclared compares what came with what the upstream declares elsewhere, which may lag
// behind: a difference is noted, agreement makes further questions needless.
func (t *transfer) compareDeclared() (notes []string, confirmed bool) {
	if declared := t.request.Bytes; declared > 0 {
		confirmed = declared == t.part.size
		if !confirmed {
			notes = append(notes, fmt.Sprintf("the upstream's metadata declare %d bytes, %d came", declared, t.part.size))
		}
	}
	if declared := strings.ToLower(t.request.MD5); declared != "" {
		if came := hex.EncodeToString(t.part.md5.Sum(nil)); came == declared {
			confirmed = true
		} else {
			notes = append(notes, fmt.Sprintf("the upstream's metadata declare MD5 %s, %s came", declared, came))
		}
	}
	return notes, confirmed
}

func onDisk(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("vault: %w; check the disk's space and rights, then run again", err)
}

package vault

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"entente/pipeline"
	"entente/pipeline/vault/polite"
)

// lastModifiedAge is how much older than the answer a Last-Modified must be to name one edition
// and no other: the file may have changed again within the date's resolution.
const lastModifiedAge = time.Minute

var contentRange = regexp.MustCompile(`^bytes (\d{1,18})-(\d{1,18})/(\d{1,18})$`)

// edition reads from a whole answer what a later request needs to ask for the rest of it.
func (t *transfer) edition(resp *http.Response) edition {
	e := edition{
		URL:          t.address,
		ETag:         resp.Header.Get("ETag"),
		LastModified: resp.Header.Get("Last-Modified"),
		Total:        resp.ContentLength,
	}
	if strings.HasPrefix(e.ETag, `"`) {
		e.IfRange = e.ETag
		return e
	}
	modified, err := http.ParseTime(e.LastModified)
	answered, dateErr := http.ParseTime(resp.Header.Get("Date"))
	if e.ETag == "" && err == nil && dateErr == nil && answered.Sub(modified) >= lastModifiedAge {
		e.IfRange = e.LastModified
	}
	return e
}

// continues returns why an answer 206 is not the rest of the partial, or "" if it is, and takes up
// a total that was not known before.
func (t *transfer) continues(resp *http.Response) string {
	m := contentRange.FindStringSubmatch(resp.Header.Get("Content-Range"))
	if m == nil {
		return fmt.Sprintf("a part came with Content-Range %q", resp.Header.Get("Content-Range"))
	}
	var n [3]int64
	for i := range n {
		n[i], _ = strconv.ParseInt(m[i+1], 10, 64)
	}
	first, last, total := n[0], n[1], n[2]
	tag, encoding := resp.Header.Get("ETag"), resp.Header.Get("Content-Encoding")
	switch {
	case first != t.part.size:
		return fmt.Sprintf("the rest was to begin at byte %d and begins at %d", t.part.size, first)
	case last < first || last >= total || t.part.Total >= 0 && total != t.part.Total:
		return fmt.Sprintf("the whole was declared as %d bytes, now bytes %d-%d of %d come", t.part.Total, first, last, total)
	case tag != "" && t.part.ETag != "" && tag != t.part.ETag:
		return "the rest is of another edition"
	case encoding != "" && encoding != "identity":
		return "the rest came encoded as " + encoding
	}
	t.part.Total = total
	return ""
}

// startOver drops the partial and says why; the next attempt asks for the whole file.
func (t *transfer) startOver(problem string) error {
	if err := t.part.discard(); err != nil {
		return onDisk(err)
	}
	return &brokenError{problem: problem}
}

// acceptable refuses a whole answer by its header.
func (t *transfer) acceptable(resp *http.Response) error {
	encoding := resp.Header.Get("Content-Encoding")
	switch {
	case !t.wantsHTML() && polite.IsPageType(resp.Header.Get("Content-Type")):
		return t.refuseHTML(resp.StatusCode)
	case encoding != "" && encoding != "identity":
		return t.refuse("sent the body encoded as "+encoding+" although that was excluded", "tell the publisher, or "+t.importHint(), nil)
	case resp.ContentLength == 0:
		return t.refuseEmpty()
	}
	return nil
}

// confirmLength asks once by HEAD, and if that tells nothing once for the bytes behind the last,
// whether a whole body may have been silently short. problem is set if the same edition is declared
// with another length; note if the answers tell nothing.
func (t *transfer) confirmLength(ctx context.Context) (note, problem string) {
	const unconfirmed = "the length could not be confirmed: "
	resp, err := t.askOnce(ctx, http.MethodHead, nil)
	if err != nil {
		return unconfirmed + "no answer to HEAD", ""
	}
	tag, modified, encoding := resp.Header.Get("ETag"), resp.Header.Get("Last-Modified"), resp.Header.Get("Content-Encoding")
	declared, known := resp.ContentLength, resp.StatusCode == http.StatusOK
	if !known || declared <= 0 || encoding != "" && encoding != "identity" {
		if declared, known = t.askBehind(ctx); !known {
			return unconfirmed + "HEAD answered " + polite.StatusText(resp.StatusCode) + " and declared none", ""
		}
		tag, modified = t.part.ETag, t.part.LastModified
	}
	switch {
	case declared == t.part.size:
		return "", ""
	case tag != t.part.ETag || modified != t.part.LastModified:
		return fmt.Sprintf(unconfirmed+"HEAD describes another edition, of %d bytes", declared), ""
	case tag == "" && modified == "":
		return fmt.Sprintf("HEAD declares %d bytes, %d came, and no validator says whether both mean the same edition", declared, t.part.size), ""
	}
	return "", fmt.Sprintf("%d bytes came as if they were all, but the upstream declares %d for the same edition", t.part.size, declared)
}

// askBehind asks for what lies behind the last byte of this edition: a refusal names the length.
func (t *transfer) askBehind(ctx context.Context) (total int64, known bool) {
	if t.part.IfRange == "" {
		return 0, false
	}
	resp, err := t.askOnce(ctx, http.MethodGet, map[string]string{
		"Range": fmt.Sprintf("bytes=%d-", t.part.size), "If-Range": t.part.IfRange,
	})
	if err != nil || resp.StatusCode != http.StatusPartialContent && resp.StatusCode != http.StatusRequestedRangeNotSatisfiable {
		return 0, false
	}
	_, text, _ := strings.Cut(resp.Header.Get("Content-Range"), "/")
	total, err = strconv.ParseInt(text, 10, 64)
	return total, err == nil
}

// askOnce makes a request of which only the header is of interest.
func (t *transfer) askOnce(ctx context.Context, method string, header map[string]string) (*http.Response, error) {
	req, err := t.ask(polite.Once(ctx), method)
	if err != nil {
		return nil, err
	}
	for name, value := range header {
		req.Header.Set(name, value)
	}
	resp, err := t.client.Do(req)
	if err != nil {
		t.log.Debug("length not confirmed", "error", polite.Bare(err))
		return nil, err
	}
	return resp, resp.Body.Close()
}

func (t *transfer) wantsHTML() bool { return strings.Contains(t.request.Accept, "html") }

func (t *transfer) importHint() string {
	return "fetch it with a browser and give it to the vault: entente import " + t.source + " FILE"
}

func (t *transfer) refuse(problem, next string, err error) *pipeline.UpstreamError {
	return &pipeline.UpstreamError{Source: t.source, Where: t.address, Problem: problem, Next: next, Err: err}
}

func (t *transfer) refuseStatus(ctx context.Context, resp *http.Response) error {
	status, said := resp.StatusCode, polite.Said(resp)
	if wait, out := polite.OutOfQuota(said); out && t.request.DailyCalls > 0 {
		return t.exhaust(ctx, wait)
	}
	answered := "answered " + polite.StatusText(status)
	if said != "" {
		answered += fmt.Sprintf(": %q", t.withoutKey(said))
	}
	switch {
	case status == http.StatusAccepted:
		return t.refuse(answered+" with no data: a bot challenge", t.importHint(), nil)
	case (status == http.StatusUnauthorized || status == http.StatusForbidden) && t.key().Value != "":
		return t.refuse(answered, "check the key in "+t.key().Variable+" and the publisher's terms", nil)
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return t.refuse(answered, "check the key and the publisher's terms, or "+t.importHint(), nil)
	case polite.Passing(status):
		return t.refuse(answered, "run again later", nil)
	case status < http.StatusBadRequest:
		return t.refuse(answered+", which was not asked for", "run again later, or "+t.importHint(), nil)
	}
	return t.refuse(answered, "look for a new address at the publisher's, or "+t.importHint(), nil)
}

func (t *transfer) refuseHTML(status int) error {
	return t.refuse(fmt.Sprintf("answered %d with a web page where data was asked for", status),
		"it may be a bot check or an outage: run again later, or "+t.importHint(), nil)
}

func (t *transfer) refuseEmpty() error {
	return t.refuse("sent an empty body", "run again later, or "+t.importHint(), nil)
}

// unanswered turns an error of the client into ours.
func (t *transfer) unanswered(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return retained(ctx, t.request.Name)
	}
	var stopped *polite.StoppedError
	if errors.As(err, &stopped) {
		return stopped.Err
	}
	var last *polite.UnansweredError
	if errors.As(err, &last) {
		return t.refuse(t.withoutKey(last.Problem()), last.Next(), last.Err)
	}
	return t.refuse("gave no answer", "check the network and the address, then run again", polite.Bare(err))
}

// exhausted is the end of the last attempt.
func (t *transfer) exhausted(last *brokenError, attempts int) error {
	p := t.part
	problem := fmt.Sprintf("gave up after %d attempts", attempts)
	if p.size == 0 {
		return t.refuse(problem, "the next run starts over", last)
	}
	of := "an unknown number"
	if p.Total >= 0 {
		of = strconv.FormatInt(p.Total, 10)
	}
	return t.refuse(fmt.Sprintf("%s with %d of %s bytes", problem, p.size, of),
		fmt.Sprintf("these are kept, the next run resumes at byte %d", p.size), last)
}

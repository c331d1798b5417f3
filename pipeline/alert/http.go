package alert

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"entente/pipeline/vault/polite"
)

// Client is what webhooks and switches are asked with: each attempt is short, and what may pass is tried
// again, as Retry-After says or after wait, twice wait and so on.
func Client(userAgent string, attempts int, wait time.Duration) *retryablehttp.Client {
	c := retryablehttp.NewClient()
	c.Logger = nil
	c.RetryMax = attempts - 1
	c.RetryWaitMin, c.RetryWaitMax = wait, 16*wait
	c.HTTPClient = &http.Client{
		Timeout: 15 * time.Second,
		Transport: &http.Transport{
			Proxy:               http.ProxyFromEnvironment,
			DialContext:         (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
			TLSHandshakeTimeout: 10 * time.Second, IdleConnTimeout: 30 * time.Second, ForceAttemptHTTP2: true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // a secret stays with its host
	}
	c.ErrorHandler = retryablehttp.PassthroughErrorHandler
	c.RequestLogHook = func(_ retryablehttp.Logger, req *http.Request, _ int) { req.Header.Set("User-Agent", userAgent) }
	return c
}

// Webhook posts events as messages that Slack, Mattermost and others take.
type Webhook struct {
	As     string // name of the target
	URL    string // secret
	Client *retryablehttp.Client
}

// Name implements Target.
func (w Webhook) Name() string { return w.As }

// message is a Slack message with one attachment.
type message struct {
	Text        string       `json:"text"`
	Attachments []attachment `json:"attachments"`
}

type attachment struct {
	Color  string  `json:"color"`
	Text   string  `json:"text,omitempty"`
	Fields []field `json:"fields"`
	Time   int64   `json:"ts"`
}

type field struct {
	Title string `json:"title"`
	Value string `json:"value"`
	Short bool   `json:"short"`
}

var colors = map[string]string{Failed: "danger", Missed: "warning", Recovered: "good", Test: "good"}

// Send implements Target.
func (w Webhook) Send(ctx context.Context, e Event) error {
	if colors[e.Kind] == "" {
		return nil
	}
	a := attachment{Color: colors[e.Kind], Text: escape(e.Text), Time: e.At.Unix()}
	for _, f := range []field{{"event", e.Kind, true}, {"job", e.Job, true}, {"run", e.RunID, true}, {"where", e.Where, true}} {
		if f.Value = escape(f.Value); f.Value != "" {
			a.Fields = append(a.Fields, f)
		}
	}
	body, err := json.Marshal(message{Text: escape(e.Title), Attachments: []attachment{a}})
	if err != nil {
		return fmt.Errorf("webhook: %w", err)
	}
	if err := ask(ctx, w.Client, http.MethodPost, w.URL, body); err != nil {
		return fmt.Errorf("webhook: %w", err)
	}
	return nil
}

// escape writes the three characters that Slack's markup takes for its own.
func escape(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}

// Switch is a dead man's switch: it is asked at an address when a run starts, and at another when it
// succeeds or fails. An address that is "" is not asked.
type Switch struct {
	As                   string // name of the target
	Start, Success, Fail string // secret
	Client               *retryablehttp.Client
}

// Name implements Target.
func (s Switch) Name() string { return s.As }

// Send implements Target.
func (s Switch) Send(ctx context.Context, e Event) error {
	address := map[string]string{Started: s.Start, Succeeded: s.Success, Failed: s.Fail, Test: s.Success}[e.Kind]
	if address == "" {
		return nil
	}
	if err := ask(ctx, s.Client, http.MethodGet, address, nil); err != nil {
		return fmt.Errorf("ping: %w", err)
	}
	return nil
}

// ask sends a request; any answer but a success is an error, which does not tell the address.
func ask(ctx context.Context, c *retryablehttp.Client, method, address string, body []byte) error {
	var content any
	if body != nil {
		content = bytes.NewReader(body)
	}
	req, err := retryablehttp.NewRequestWithContext(ctx, method, address, content)
	if err != nil {
		return fmt.Errorf("the address is none: %s", polite.Redact(address)) // err repeats it
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := c.Do(req)
	if err != nil {
		return polite.Bare(err)
	}
	_, err = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10))
	if closed := resp.Body.Close(); err == nil {
		err = closed
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return fmt.Errorf("answered %s", polite.StatusText(resp.StatusCode))
	}
	return err
}

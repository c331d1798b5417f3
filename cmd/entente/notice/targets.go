// Package notice joins runs and people: which targets of alerts the operator configured, and what they are told.
package notice

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"entente/cmd/entente/misuse"
	"entente/cmd/entente/secret"
	"entente/pipeline"
	"entente/pipeline/alert"
)

// Kinds of target. A schedule names one by its kind, or as kind:name; its settings are in variables that end
// in _NAME.
const (
	kindWebhook = "webhook"
	kindEmail   = "email"
	kindPing    = "ping"
)

var kinds = []string{kindWebhook, kindEmail, kindPing}

// Variables of the environment; each may be given as VARIABLE_FILE.
const (
	varWebhook = "ENTENTE_ALERT_WEBHOOK"
	varTo      = "ENTENTE_ALERT_EMAIL"
	varFrom    = "ENTENTE_ALERT_FROM"
	varServer  = "ENTENTE_SMTP_URL"
	varStart   = "ENTENTE_PING_START"
	varSuccess = "ENTENTE_PING_SUCCESS"
	varFail    = "ENTENTE_PING_FAIL"
)

// How often, and how soon again, a target is tried.
const (
	attempts  = 5
	firstWait = 2 * time.Second
)

// Book is the targets that are configured.
type Book struct {
	Targets  []alert.Target
	defaults []string // told where a schedule does not say whom
}

// Read returns the targets without a name that the environment configures, and those that schedules name. One
// that a schedule names and that is not configured is a misuse, at the schedule's place.
func Read(secrets *secret.Store, schedules []pipeline.Schedule, userAgent string) (*Book, error) {
	r := reader{secrets: secrets, client: alert.Client(userAgent, attempts, firstWait)}
	b := &Book{}
	var wrong []error
	add := func(name string) bool {
		t, err := r.target(name)
		if err != nil {
			wrong = append(wrong, err)
		}
		if t != nil {
			b.Targets = append(b.Targets, t)
		}
		return t != nil || err != nil
	}
	for _, kind := range kinds {
		if add(kind) {
			b.defaults = append(b.defaults, kind)
		}
	}
	for _, s := range schedules {
		for _, name := range s.Alerts {
			known := slices.ContainsFunc(b.Targets, func(t alert.Target) bool { return t.Name() == name })
			if !known && !slices.Contains(b.defaults, name) && !add(name) {
				wrong = append(wrong, fmt.Errorf("%s: alerts: %s is not configured; set %s", s.Place, name, wants(name)))
			}
		}
	}
	if err := errors.Join(wrong...); err != nil {
		return nil, misuse.Of("%w", err)
	}
	return b, nil
}

// For are the names of the targets of a schedule.
func (b *Book) For(s pipeline.Schedule) []string {
	if s.Alerts != nil {
		return s.Alerts
	}
	return b.defaults
}

// wants says which variables a target needs.
func wants(name string) string {
	kind, of, _ := strings.Cut(name, ":")
	switch kind {
	case kindWebhook:
		return variable(varWebhook, of)
	case kindEmail:
		return fmt.Sprintf("%s, %s and %s", variable(varTo, of), varFrom, varServer)
	case kindPing:
		return variable(varSuccess, of)
	}
	return "a target that there is: " + strings.Join(kinds, ", ") + ", or one of them with a name, such as webhook:ops"
}

func variable(base, of string) string {
	if of == "" {
		return base
	}
	return base + "_" + strings.ToUpper(strings.ReplaceAll(of, "-", "_"))
}

// reader makes targets out of the environment.
type reader struct {
	secrets *secret.Store
	client  *retryablehttp.Client
}

// target returns a target by name, or nil if nothing of it is configured.
func (r reader) target(name string) (alert.Target, error) {
	kind, of, _ := strings.Cut(name, ":")
	switch kind {
	case kindWebhook:
		address, err := r.address(variable(varWebhook, of))
		if address == "" || err != nil {
			return nil, err
		}
		return alert.Webhook{As: name, URL: address, Client: r.client}, nil
	case kindEmail:
		return r.mail(name, of)
	case kindPing:
		s := alert.Switch{As: name, Client: r.client}
		for base, into := range map[string]*string{varStart: &s.Start, varSuccess: &s.Success, varFail: &s.Fail} {
			var err error
			if *into, err = r.address(variable(base, of)); err != nil {
				return nil, err
			}
		}
		if s.Start == "" && s.Success == "" && s.Fail == "" {
			return nil, nil
		}
		return s, nil
	}
	return nil, nil
}

func (r reader) mail(name, of string) (alert.Target, error) {
	to, err := r.secrets.Plain(variable(varTo, of))
	if to == "" || err != nil {
		return nil, err
	}
	from, err := r.secrets.Plain(varFrom)
	if err != nil {
		return nil, err
	}
	server, err := r.secrets.Get(varServer)
	if err != nil {
		return nil, err
	}
	if from == "" || server == "" {
		return nil, fmt.Errorf("%s is set, and %s or %s is not: e-mail needs all three", variable(varTo, of), varFrom, varServer)
	}
	m, err := alert.NewMail(name, server, from, to, firstWait)
	if err != nil {
		return nil, fmt.Errorf("%s, %s, %s: %w", variable(varTo, of), varFrom, varServer, err)
	}
	return m, nil
}

// address reads an address of the web.
func (r reader) address(name string) (string, error) {
	value, err := r.secrets.Get(name)
	if value == "" || err != nil {
		return "", err
	}
	u, err := url.Parse(value)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return "", fmt.Errorf("%s is no address that begins with https:// or http://", name)
	}
	return value, nil
}

package polite

import (
	"errors"
	"net/url"
	"strings"
)

const hidden = "REDACTED"

// Redact returns an address fit for a log, an error or the index: without user name, password and
// fragment, and with the values of key-like query members replaced. An address that cannot be
// parsed is not repeated at all.
func Redact(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "(unreadable address)"
	}
	u.User = nil
	u.Fragment, u.RawFragment = "", ""
	if u.RawQuery != "" {
		members := strings.Split(u.RawQuery, "&")
		for i, member := range members {
			name, value, _ := strings.Cut(member, "=")
			if plain, err := url.QueryUnescape(name); value != "" && (err != nil || secretName(plain)) {
				members[i] = name + "=" + hidden
			}
		}
		u.RawQuery = strings.Join(members, "&")
	}
	return u.String()
}

// secretName reports whether a query member or header of that name carries a secret.
func secretName(name string) bool {
	name = strings.NewReplacer("-", "", "_", "", ".", "").Replace(strings.ToLower(name))
	switch name {
	case "sig", "auth", "pwd", "cookie":
		return true
	}
	for _, part := range []string{"token", "secret", "password", "passwd", "signature", "credential", "authorization"} {
		if strings.Contains(name, part) {
			return true
		}
	}
	return strings.HasSuffix(name, "key")
}

// Bare strips the layers of an error that spell out the address asked, secrets included.
func Bare(err error) error {
	for {
		var layer *url.Error
		if !errors.As(err, &layer) || layer.Err == nil {
			return err
		}
		err = layer.Err
	}
}

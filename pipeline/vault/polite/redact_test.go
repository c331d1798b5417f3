package polite

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
)

func TestRedact(t *testing.T) {
	for address, want := range map[string]string{
		"https://example.org/a?b=c&d=%20":                    "https://example.org/a?b=c&d=%20",
		"https://me:hush@example.org/a#part":                 "https://example.org/a",
		"https://example.org/?subscription-key=hush&page=2":  "https://example.org/?subscription-key=REDACTED&page=2",
		"https://example.org/?apikey=hush&API_KEY=hush":      "https://example.org/?apikey=REDACTED&API_KEY=REDACTED",
		"https://example.org/?X-Amz-Signature=hush&token=":   "https://example.org/?X-Amz-Signature=REDACTED&token=",
		"https://example.org/?%6Bey=hush&keyword=trade":      "https://example.org/?%6Bey=REDACTED&keyword=trade",
		"https://example.org/?persistentId=doi:10.7910/DVN/": "https://example.org/?persistentId=doi:10.7910/DVN/",
		"https://example.org/%zz?key=hush":                   "(unreadable address)",
	} {
		if got := Redact(address); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
}

func TestBare(t *testing.T) {
	cause := errors.New("connection refused")
	inner := &url.Error{Op: "Get", URL: "https://example.org?key=hush", Err: cause}
	for _, err := range []error{cause, inner, &url.Error{Op: "Get", URL: "https://hush", Err: fmt.Errorf("again: %w", inner)}} {
		if got := Bare(err); got != cause {
			t.Errorf("%v: %v", err, got)
		}
	}
	if Bare(nil) != nil {
		t.Error("no error became one")
	}
}

func FuzzRedact(f *testing.F) {
	f.Add("example.org/", "a=b&key=1")
	f.Add("x", "token=1;key=")
	f.Fuzz(func(t *testing.T, path, query string) {
		const secret = "vErYsEcReT"
		path = strings.NewReplacer("#", "", "?", "").Replace(path)
		for _, address := range []string{
			"https://user:" + secret + "@example.org/" + path + "?" + query,
			"https://example.org/" + path + "?key=" + secret + "&" + query,
		} {
			if got := Redact(address); strings.Contains(got, secret) {
				t.Errorf("%s became %s", address, got)
			}
		}
	})
}

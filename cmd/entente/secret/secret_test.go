package secret_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"entente/cmd/entente/misuse"
	"entente/cmd/entente/secret"
)

func env(pairs map[string]string) func(string) string {
	return func(name string) string { return pairs[name] }
}

func TestGet(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(path, []byte("from-a-file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := secret.New(env(map[string]string{
		"A": " plain-secret ", "B_FILE": path, "C": "x-and-y", "C_FILE": path, "D": "short", "E_FILE": path + ".none",
	}))
	for _, c := range []struct{ name, want, wrong string }{
		{"A", "plain-secret", ""}, {"B", "from-a-file", ""}, {"NONE", "", ""},
		{"C", "", "C and C_FILE"}, {"D", "", "fewer than 6"}, {"E", "", "E_FILE: open"},
	} {
		got, err := s.Get(c.name)
		var misused *misuse.Error
		switch {
		case got != c.want:
			t.Errorf("%s: %q", c.name, got)
		case c.wrong == "" && err != nil, c.wrong != "" && (!errors.As(err, &misused) || !strings.Contains(err.Error(), c.wrong)):
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if got := s.Redact("say plain-secret and from-a-file"); got != "say REDACTED and REDACTED" {
		t.Error(got)
	}
}

// However a secret is written, it does not get through.
func TestRedact(t *testing.T) {
	const key, address = `k"ey+of/the & <house>`, "https://hooks.example.org/services/T0/B1/sEcReTpArT?token=tOkEn-123&x=1"
	s := secret.New(env(map[string]string{"KEY": key, "HOOK": address, "MAIL": "smtp://me:pass-word@mail.example.org:587"}))
	for _, name := range []string{"KEY", "HOOK", "MAIL"} {
		if _, err := s.Get(name); err != nil {
			t.Fatal(err)
		}
	}
	quoted, err := json.Marshal(key)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	fmt.Fprintf(s.Writer(&out), "%s %q %s %s %s GET /services/T0/B1/sEcReTpArT failed, token tOkEn-123; AUTH pass-word; %s\n",
		key, key, quoted, url.QueryEscape(key), url.PathEscape(key), address)
	for _, part := range []string{"ey+of", "the &", "house", "sEcReTpArT", "tOkEn", "pass-word"} {
		if strings.Contains(out.String(), part) {
			t.Errorf("%q got out: %s", part, out.String())
		}
	}
	if !strings.Contains(out.String(), "GET REDACTED failed") {
		t.Error(out.String())
	}
}

// Package secret reads what must not be told: keys, passwords and addresses that hold one. They come from the
// environment or from a file, and are taken out of whatever the program says or records.
package secret

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"

	"entente/cmd/entente/misuse"
)

const (
	hidden = "REDACTED"
	// shortest is the length below which taking a secret out of a text would tear other words apart.
	shortest = 6
	maxFile  = 64 << 10
)

// Store hands out secrets, and remembers them in order to hide them. It is safe for concurrent use.
type Store struct {
	env func(name string) string

	mu     sync.Mutex
	values []string // longest first, in every form in which they could be written
}

// New returns a store over an environment.
func New(env func(name string) string) *Store { return &Store{env: env} }

// Get returns the secret in variable name, or in the file that variable name_FILE names, without white space
// around it; "" if there is neither. A secret that is given twice, or too short to be hidden, is a misuse.
func (s *Store) Get(name string) (string, error) {
	value, err := s.Plain(name)
	if value == "" || err != nil {
		return "", err
	}
	if len(value) < shortest {
		return "", misuse.Of("%s: a secret of fewer than %d characters cannot be kept out of the logs", name, shortest)
	}
	s.hide(value)
	return value, nil
}

// Plain returns what Get does, of a variable that holds no secret.
func (s *Store) Plain(name string) (string, error) {
	value, path := s.env(name), s.env(name+"_FILE")
	if path != "" {
		if value != "" {
			return "", misuse.Of("%s and %s_FILE: one of them is enough", name, name)
		}
		text, err := read(path)
		if err != nil {
			return "", misuse.Of("%s_FILE: %w", name, err)
		}
		value = text
	}
	return strings.TrimSpace(value), nil
}

func read(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(text) > maxFile {
		err = fmt.Errorf("%s: a secret has at most %d bytes", path, maxFile)
	}
	return string(text), err
}

// hide remembers a secret, and of an address the parts that could be told alone.
func (s *Store) hide(value string) {
	parts := []string{value}
	if u, err := url.Parse(value); err == nil && u.Host != "" {
		parts = append(parts, u.RequestURI(), u.EscapedPath(), u.Path)
		if password, ok := u.User.Password(); ok {
			parts = append(parts, password)
		}
		for _, values := range u.Query() {
			parts = append(parts, values...)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, part := range parts {
		quoted, _ := json.Marshal(part) // of a string, which cannot fail
		for _, form := range []string{part, strings.Trim(string(quoted), `"`), strings.Trim(fmt.Sprintf("%q", part), `"`), url.QueryEscape(part), url.PathEscape(part)} {
			if len(form) >= shortest && !slices.Contains(s.values, form) {
				s.values = append(s.values, form)
			}
		}
	}
	slices.SortFunc(s.values, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
}

// Redact returns a text without the secrets that were handed out.
func (s *Store) Redact(text string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, value := range s.values {
		text = strings.ReplaceAll(text, value, hidden)
	}
	return text
}

// Writer returns a writer for whole lines, which go to w without secrets.
func (s *Store) Writer(w io.Writer) io.Writer { return writer{s, w} }

type writer struct {
	store *Store
	to    io.Writer
}

// Write implements io.Writer.
func (w writer) Write(line []byte) (int, error) {
	if _, err := io.WriteString(w.to, w.store.Redact(string(line))); err != nil {
		return 0, err
	}
	return len(line), nil
}

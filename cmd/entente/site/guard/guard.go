// Package guard stands before every page: it lets nobody in without the token where one is asked for, refuses
// what no reader's browser sends, and tells browsers what a page may do.
package guard

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
)

const (
	shortest   = 16       // characters of a token
	MostURL    = 16 << 10 // bytes of an address: a long query in SQL fits
	mostHeader = 100      // lines
)

// Policy is what a page may load and do: its own styles and scripts from this host, and nothing else.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// Guard checks requests.
type Guard struct {
	token [sha256.Size]byte // of the token; meaningless unless asks
	asks  bool
	hosts []string // that a request may name; nil for all
}

// New returns the guard of an address to listen at, "host:port". On an address that other machines reach, it
// fails without a token. On the loopback interface a request must name this machine, so that no page on the
// web can reach it by a name that it points here.
func New(listen, token string) (*Guard, error) {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return nil, fmt.Errorf("listen %q: it is host:port, such as 127.0.0.1:8080", listen)
	}
	g := &Guard{asks: token != "", token: sha256.Sum256([]byte(token))}
	ip := net.ParseIP(host)
	local := host == "localhost" || ip != nil && ip.IsLoopback()
	switch {
	case token == "" && !local:
		return nil, fmt.Errorf("listen %s: others can reach this address, so a token is needed; put one of at least %d characters into ENTENTE_TOKEN, or its file's name into ENTENTE_TOKEN_FILE", listen, shortest)
	case token != "" && len(token) < shortest:
		return nil, fmt.Errorf("token: it has %d characters; take at least %d, for example of: openssl rand -hex 32", len(token), shortest)
	case local && !g.asks:
		g.hosts = []string{"localhost", "127.0.0.1", "::1", host}
	}
	return g, nil
}

// Wrap puts the guard before a handler.
func (g *Guard) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		if status, reason := g.refuse(r); status != 0 {
			if status == http.StatusUnauthorized {
				h.Set("WWW-Authenticate", `Basic realm="entente: any name, the token as password", charset="UTF-8"`)
			}
			if status == http.StatusMethodNotAllowed {
				h.Set("Allow", "GET, HEAD")
			}
			h.Set("Connection", "close")
			http.Error(w, reason, status)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// refuse says why a request gets no page; 0 if it gets one.
func (g *Guard) refuse(r *http.Request) (status int, reason string) {
	switch {
	case g.hosts != nil && !slices.Contains(g.hosts, hostname(r.Host)):
		return http.StatusMisdirectedRequest, "this service answers to the name of this machine only"
	case g.asks && !g.knows(r):
		return http.StatusUnauthorized, "a token is needed: as the password of any user name, or as Authorization: Bearer"
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		return http.StatusMethodNotAllowed, "only GET and HEAD: nothing can be changed here"
	case r.ContentLength != 0:
		return http.StatusRequestEntityTooLarge, "no request here has a body"
	case len(r.RequestURI) > MostURL:
		return http.StatusRequestURITooLong, fmt.Sprintf("the address is longer than %d bytes", MostURL)
	case lines(r.Header) > mostHeader:
		return http.StatusRequestHeaderFieldsTooLarge, "too many header lines"
	case r.URL.IsAbs() || !strings.HasPrefix(r.URL.Path, "/") || strings.ContainsAny(r.URL.Path, "\\\x00") || strings.Contains(r.URL.Path, ".."):
		return http.StatusBadRequest, "this is no path of a page"
	case r.Header.Get("Sec-Fetch-Site") == "cross-site" && r.Header.Get("Sec-Fetch-Mode") != "navigate":
		return http.StatusForbidden, "pages of other sites may link here, and no more"
	}
	return 0, ""
}

// knows reports whether a request carries the token. The time it takes does not tell how much is right.
func (g *Guard) knows(r *http.Request) bool {
	_, given, ok := r.BasicAuth()
	if bearer, found := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); found {
		given, ok = bearer, true
	}
	sum := sha256.Sum256([]byte(given))
	return subtle.ConstantTimeCompare(sum[:], g.token[:]) == 1 && ok
}

// Foreign reports whether a page of another site led here: such a visit must cost nothing and start nothing.
func Foreign(r *http.Request) bool {
	site := r.Header.Get("Sec-Fetch-Site")
	return site == "cross-site" || site == "same-site"
}

func hostname(host string) string {
	if h, _, err := net.SplitHostPort(host); err == nil {
		return h
	}
	return strings.Trim(host, "[]")
}

func lines(h http.Header) (n int) {
	for _, values := range h {
		n += len(values)
	}
	return n
}

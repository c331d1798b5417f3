package guard

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

const token = "correct-horse-battery"

func page(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "the page") }

// serve starts a guarded page behind the timeouts and limits that serve has.
func serve(t *testing.T, listen, token string) string {
	t.Helper()
	g, err := New(listen, token)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewUnstartedServer(g.Wrap(http.HandlerFunc(page)))
	s.Config.ReadHeaderTimeout, s.Config.ReadTimeout, s.Config.MaxHeaderBytes = 300*time.Millisecond, 500*time.Millisecond, 32<<10
	s.Start()
	t.Cleanup(s.Close)
	return s.Listener.Addr().String()
}

// speak sends bytes as they are and returns the status line and the rest.
func speak(t *testing.T, address, text string) (status string, rest string) {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(5 * time.Second))
	go func() { _, _ = io.WriteString(c, text) }()
	in := bufio.NewReader(c)
	status, err = in.ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "closed", ""
	}
	all, _ := io.ReadAll(in)
	return strings.TrimSpace(strings.TrimPrefix(status, "HTTP/1.1 ")), string(all)
}

func TestHostileRequestsAreRefused(t *testing.T) {
	local := serve(t, "127.0.0.1:8080", "")
	get := func(path, more string) string {
		return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + more + "\r\n"
	}
	var many strings.Builder
	for i := range 200 {
		fmt.Fprintf(&many, "X-%d: y\r\n", i)
	}
	for name, c := range map[string]struct{ request, want string }{
		"a page":                  {get("/", ""), "200 OK"},
		"a page by address":       {"GET / HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nConnection: close\r\n\r\n", "200 OK"},
		"a page by IPv6":          {"GET / HTTP/1.1\r\nHost: [::1]:8080\r\nConnection: close\r\n\r\n", "200 OK"},
		"a link of another site":  {get("/", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n"), "200 OK"},
		"an image of another":     {get("/", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n"), "403 Forbidden"},
		"a name pointed here":     {"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", "421 Misdirected Request"},
		"no name":                 {"GET / HTTP/1.1\r\n\r\n", "400 Bad Request"},
		"a name in a URL":         {"GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "421 Misdirected Request"},
		"up and out":              {get("/../../etc/passwd", ""), "400 Bad Request"},
		"up and out, encoded":     {get("/%2e%2e/%2e%2e/etc/passwd", ""), "400 Bad Request"},
		"up and out, by Windows":  {get(`/..%5c..%5cetc`, ""), "400 Bad Request"},
		"a zero byte":             {get("/static/style.css%00.html", ""), "400 Bad Request"},
		"no path":                 {get("*", ""), "400 Bad Request"},
		"a wrong escape":          {get("/%zz", ""), "400 Bad Request"},
		"POST":                    {"POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi", "405 Method Not Allowed"},
		"DELETE":                  {"DELETE / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "405 Method Not Allowed"},
		"TRACE":                   {"TRACE / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "405 Method Not Allowed"},
		"an invented method":      {"PWN / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "405 Method Not Allowed"},
		"a body":                  {get("/", "Content-Length: 10\r\n") + "0123456789", "413 Request Entity Too Large"},
		"a huge body":             {get("/", "Content-Length: 99999999999\r\n"), "413 Request Entity Too Large"},
		"a body without a length": {get("/", "Transfer-Encoding: chunked\r\n") + "5\r\nhello\r\n0\r\n\r\n", "413 Request Entity Too Large"},
		"two lengths":             {get("/", "Content-Length: 1\r\nContent-Length: 2\r\n"), "400 Bad Request"},
		"a long address":          {get("/?q="+strings.Repeat("x", 20<<10), ""), "414 Request URI Too Long"},
		"a huge header":           {get("/", "X: "+strings.Repeat("x", 100<<10)+"\r\n"), "431 Request Header Fields Too Large"},
		"many header lines":       {get("/", many.String()), "431 Request Header Fields Too Large"},
		"a folded header":         {get("/", "X: y\r\n\tz\r\nX : z\r\n"), "400 Bad Request"},
		"no HTTP":                 {"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", "400 Bad Request"},
		"HTTP/9":                  {"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", "505 HTTP Version Not Supported"},
	} {
		t.Run(name, func(t *testing.T) {
			status, rest := speak(t, local, c.request)
			if !strings.HasPrefix(status, c.want) {
				t.Errorf("answer %q, want %q", status, c.want)
			}
			if strings.Contains(rest, "the page") != (c.want == "200 OK") {
				t.Errorf("answer %q with %q", status, rest)
			}
		})
	}
}

func TestSlowRequestsAreCut(t *testing.T) {
	address := serve(t, "127.0.0.1:8080", "")
	for name, start := range map[string]string{
		"nothing": "", "half a line": "GET / HT", "headers without end": "GET / HTTP/1.1\r\nHost: localhost\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			c, err := net.Dial("tcp", address)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			_, _ = io.WriteString(c, start)
			stop := time.Now().Add(4 * time.Second)
			for time.Now().Before(stop) {
				if start != "" {
					_, _ = io.WriteString(c, "X")
				}
				_ = c.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
				_, err := c.Read(make([]byte, 1000))
				var waits net.Error
				if err != nil && !(errors.As(err, &waits) && waits.Timeout()) {
					return // the server hung up
				}
			}
			t.Error("a client that sends a byte now and then is still served after 4 s")
		})
	}
}

func TestToken(t *testing.T) {
	address := serve(t, "0.0.0.0:8080", token)
	for _, c := range []struct {
		name string
		auth func(*http.Request)
		want int
	}{
		{"none", func(*http.Request) {}, 401},
		{"bearer", func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }, 200},
		{"password", func(r *http.Request) { r.SetBasicAuth("me", token) }, 200},
		{"wrong", func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token+"x") }, 401},
		{"a beginning", func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token[:5]) }, 401},
		{"empty bearer", func(r *http.Request) { r.Header.Set("Authorization", "Bearer ") }, 401},
		{"empty password", func(r *http.Request) { r.SetBasicAuth("", "") }, 401},
		{"as user name", func(r *http.Request) { r.SetBasicAuth(token, "") }, 401},
		{"no scheme", func(r *http.Request) { r.Header.Set("Authorization", token) }, 401},
		{"in the address", func(r *http.Request) { r.URL.RawQuery = "token=" + token }, 401},
		{"as a cookie", func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "token", Value: token}) }, 401},
		{"huge", func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+strings.Repeat("x", 20000)) }, 401},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+address+"/", nil)
			if err != nil {
				t.Fatal(err)
			}
			c.auth(r)
			answer, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer answer.Body.Close()
			text, _ := io.ReadAll(answer.Body)
			if answer.StatusCode != c.want {
				t.Errorf("status %d, want %d", answer.StatusCode, c.want)
			}
			if strings.Contains(string(text), token) {
				t.Error("the answer repeats the token")
			}
			if (answer.Header.Get("WWW-Authenticate") != "") != (c.want == 401) {
				t.Errorf("WWW-Authenticate %q", answer.Header.Get("WWW-Authenticate"))
			}
		})
	}
}

func TestWhereATokenIsNeeded(t *testing.T) {
	for _, c := range []struct{ listen, token, want string }{
		{"127.0.0.1:8080", "", ""},
		{"localhost:0", "", ""},
		{"[::1]:8080", "", ""},
		{"127.0.0.1:8080", token, ""},
		{"0.0.0.0:8080", "", "a token is needed"},
		{":8080", "", "a token is needed"},
		{"192.0.2.7:8080", "", "a token is needed"},
		{"example.org:80", "", "a token is needed"},
		{"0.0.0.0:8080", "short", "it has 5 characters"},
		{"0.0.0.0:8080", token, ""},
		{"8080", "", "it is host:port"},
	} {
		_, err := New(c.listen, c.token)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("listen %q, token %q: error %v, want %q", c.listen, c.token, err, c.want)
		}
	}
}

func TestEveryAnswerCarriesThePolicy(t *testing.T) {
	address := serve(t, "127.0.0.1:8080", "")
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		r, _ := http.NewRequestWithContext(t.Context(), method, "http://"+address+"/", nil)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		csp := answer.Header.Get("Content-Security-Policy")
		if !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: policy %q", method, csp)
		}
		for _, name := range []string{"X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Cross-Origin-Resource-Policy"} {
			if answer.Header.Get(name) == "" {
				t.Errorf("%s: no %s", method, name)
			}
		}
	}
}

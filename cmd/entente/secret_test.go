package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"entente/cmd/entente/work"
)

// heard is what a process says, and others hear, while it runs.
type heard struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (h *heard) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.all.Write(p)
}

func (h *heard) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.all.String()
}

// Upstream, webhook, switch and mail server all refuse, and repeat what they were told: no secret gets into
// anything that the program says, writes, serves or sends.
func TestNoSecretGetsOut(t *testing.T) {
	const key, hook, ping, password = "c0mtrade-key", "h00k-path", "p1ng-path", "p4ss-word"
	dir := t.TempDir()
	file := filepath.Join(dir, "key")
	if err := os.WriteFile(file, []byte(key+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var told heard // by us to others, but for what they must know
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprintf(w, `{"message": "access denied for %v at %s"}`, r.Header, r.URL)
	}))
	defer upstream.Close()
	others := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(&told, r.Body)
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprintf(w, "not at %s", r.URL)
	}))
	defer others.Close()
	t.Setenv("ENTENTE_COMTRADE_KEY_FILE", file)
	t.Setenv("ENTENTE_ALERT_WEBHOOK", others.URL+"/"+hook)
	t.Setenv("ENTENTE_PING_START", others.URL+"/start?token="+ping)
	t.Setenv("ENTENTE_PING_FAIL", others.URL+"/fail?token="+ping)
	t.Setenv("ENTENTE_ALERT_EMAIL", "ops@example.org")
	t.Setenv("ENTENTE_ALERT_FROM", "entente@example.org")
	t.Setenv("ENTENTE_SMTP_URL", "smtp://me:"+password+"@"+refusingMail(t))

	schedules := filepath.Join(dir, "schedules")
	if err := os.Mkdir(schedules, 0o700); err != nil {
		t.Fatal(err)
	}
	jobs, err := work.Jobs("")
	if err != nil {
		t.Fatal(err)
	}
	for _, j := range jobs {
		text := "source: " + j.Name + "\n"
		if j.Name == "comtrade" {
			text += "schedule:\n  cron: \"0 0 * * *\"\n  retries: 0\n"
		}
		if err := os.WriteFile(filepath.Join(schedules, j.Name+".yaml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}

	data := filepath.Join(dir, "data")
	var said heard
	ctx, stop := context.WithCancel(t.Context())
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, []string{"--data", data, "serve", "--listen", "127.0.0.1:0", "--schedules", schedules, "--mirror", upstream.URL, "--attempts", "1"}, nil, &said, &said)
	}()
	wait := func(what string) {
		t.Helper()
		for end := time.Now().Add(time.Minute); !strings.Contains(said.String(), what); time.Sleep(10 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("not within a minute: %s\n%s", what, said.String())
			}
		}
	}
	for _, what := range []string{`"msg":"run failed"`, `"target":"webhook"`, `"target":"ping"`, `"target":"email"`} {
		wait(what)
	}
	base := regexp.MustCompile(`http://127\.0\.0\.1:[0-9]+`).FindString(said.String()[strings.Index(said.String(), `"serving"`):])
	for _, path := range []string{"/metrics", "/readyz", "/healthz", "/"} {
		resp, err := http.Get(base + path)
		if err != nil {
			t.Fatal(err)
		}
		_, err = io.Copy(&said, resp.Body)
		resp.Body.Close()
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Errorf("%s: %d, %v", path, resp.StatusCode, err)
		}
	}
	stop()
	if got := <-code; got != 0 {
		t.Errorf("serve ended with %d", got)
	}
	for _, args := range [][]string{
		{"alert", "test"}, {"alert", "test", "--json"}, {"status"}, {"status", "--json"}, {"doctor"},
		{"run", "comtrade", "--mirror", upstream.URL, "--attempts", "1"},
	} {
		run(t.Context(), append([]string{"--data", data}, args...), nil, &said, &said)
	}
	if err := filepath.WalkDir(data, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		fmt.Fprintf(&said, "%s\n%s", path, text)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"access denied", "webhook: answered 403", "ping: answered 403", "mail: 535", "comtrade-20", `"failed"`} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("nothing was said of %q", want)
		}
	}
	if !strings.Contains(told.String(), "comtrade failed in 1 attempt") {
		t.Errorf("the webhook was told %s", told.String())
	}
	for _, secret := range []string{key, hook, ping, password} {
		for who, text := range map[string]string{"we": said.String(), "the webhook": told.String()} {
			if at := strings.Index(text, secret); at >= 0 {
				t.Errorf("%s got out to %s: …%s", secret, who, text[max(0, at-200):at+len(secret)])
			}
		}
	}
}

// refusingMail is a mail server that refuses every password, and repeats it.
func refusingMail(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var done sync.WaitGroup
	done.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			done.Go(func() {
				defer c.Close()
				talk := textproto.NewConn(c)
				for reply := "220 mail"; ; {
					if talk.PrintfLine("%s", reply) != nil {
						return
					}
					line, err := talk.ReadLine()
					if err != nil {
						return
					}
					reply = "535 p4ss-word is wrong"
					if strings.HasPrefix(line, "EHLO") {
						reply = "250-mail\r\n250 AUTH PLAIN"
					}
				}
			})
		}
	})
	t.Cleanup(func() { l.Close(); done.Wait() })
	return l.Addr().String()
}

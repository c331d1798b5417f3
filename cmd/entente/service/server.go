package service

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"entente/cmd/entente/misuse"
)

const (
	headerWait  = 5 * time.Second
	readWait    = 15 * time.Second
	idleWait    = time.Minute
	closeWait   = 5 * time.Second // for answers under way when the service stops
	headerBytes = 32 << 10
	asleep      = 4 * lookAround // a loop that did not go round for so long is stuck
)

// server is the listener with what answers on it.
type server struct {
	at   net.Listener
	http *http.Server
}

// listen takes the address. One that others can reach needs a guard.
func (s *Service) listen(ctx context.Context) (*server, error) {
	host, _, err := net.SplitHostPort(s.Listen)
	if err != nil {
		return nil, misuse.Of("--listen %q: it is host:port, such as 127.0.0.1:8080", s.Listen)
	}
	if s.pages == nil && !Loopback(host) {
		return nil, misuse.Of("--listen %s: without a guard the service listens on this machine only, such as 127.0.0.1:8080", s.Listen)
	}
	var listen net.ListenConfig
	at, err := listen.Listen(ctx, "tcp", s.Listen)
	if err != nil {
		return nil, fmt.Errorf("http: %w", err)
	}
	return &server{at, &http.Server{
		Handler: s.handler(), ReadHeaderTimeout: headerWait, ReadTimeout: readWait, IdleTimeout: idleWait, MaxHeaderBytes: headerBytes,
	}}, nil
}

// Loopback reports whether a host is this machine alone.
func Loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Address is where the service answers.
func (s *server) Address() string { return "http://" + s.at.Addr().String() }

// Serve answers until Stop is called.
func (s *server) Serve() error {
	if err := s.http.Serve(s.at); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// Stop lets answers under way end, for a while.
func (s *server) Stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeWait)
	defer cancel()
	if err := s.http.Shutdown(ctx); err != nil {
		return s.http.Close()
	}
	return nil
}

// handler is what answers: the probes to anybody, the rest behind the guard.
func (s *Service) handler() http.Handler {
	inner := http.NewServeMux()
	inner.Handle("GET /metrics", s.metrics.handler())
	var guarded http.Handler = inner
	if s.pages != nil {
		inner.Handle("/", s.pages)
		guarded = s.pages.Guard(inner)
	} else {
		inner.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
			plain(w, http.StatusOK, "entente runs its schedules. See /healthz, /readyz and /metrics.")
		})
	}
	outer := http.NewServeMux()
	outer.HandleFunc("GET /healthz", s.healthz)
	outer.HandleFunc("GET /readyz", s.readyz)
	outer.Handle("/", guarded)
	return outer
}

// healthz says whether the process is alive: whether its loop goes round.
func (s *Service) healthz(w http.ResponseWriter, _ *http.Request) {
	if since := s.Folder.Now().Sub(time.Unix(0, s.beat.Load())); since > asleep {
		plain(w, http.StatusServiceUnavailable, "the loop is stuck since "+since.Round(time.Second).String())
		return
	}
	plain(w, http.StatusOK, "ok")
}

// readyz says whether the service does its work: not before it started nor while it stops, and not without
// its ledger.
func (s *Service) readyz(w http.ResponseWriter, r *http.Request) {
	if !s.ready.Load() {
		plain(w, http.StatusServiceUnavailable, "starting or stopping")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), headerWait)
	defer cancel()
	if _, err := s.ledger.Runs(ctx, 1); err != nil {
		s.log.Error("the ledger cannot be read", "error", err)
		plain(w, http.StatusServiceUnavailable, "the ledger cannot be read")
		return
	}
	plain(w, http.StatusOK, "ready")
}

func plain(w http.ResponseWriter, status int, text string) {
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text+"\n")
}

// Package service is entente serve: it runs the schedules of one data folder, and answers over HTTP. It owns
// the process: the loop, the listener, and the order in which they stop.
package service

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"entente/cmd/entente/folder"
	"entente/pipeline"
	"entente/pipeline/ledger"
	"entente/pipeline/release"
	"entente/pipeline/runner"
	"entente/pipeline/scheduler"
)

const (
	lookAround = 30 * time.Second // the longest sleep: clocks are set, and machines are suspended
	lastWait   = 10 * time.Second // for a run that was cancelled
)

// Worker does one run. It fails with a *pipeline.LockedError, and has done nothing, while another process has
// the folder. Its context ends at the run's timeout, or when the service gives the run up.
type Worker interface {
	Work(ctx context.Context, r scheduler.Run, log *slog.Logger) (runner.Report, error)
}

// Teller tells people how runs go. Its methods return at once.
type Teller interface {
	Started(s pipeline.Schedule, r scheduler.Run)
	Ended(s pipeline.Schedule, r scheduler.Run, e Ending)
	Missed(s pipeline.Schedule, all []scheduler.Decision)
}

// Ending is how a run ended.
type Ending struct {
	Report runner.Report
	Err    error
	Took   time.Duration
	Next   *scheduler.Run // the next attempt after a failure, if there is one

	Recovered bool // the job's run before it had failed for good
}

// View is what pages may know of the service.
type View interface {
	Schedules() []pipeline.Schedule
	Running() (scheduler.Run, bool)
	Coming(n int) []scheduler.Run // what waits, and the next n runs of every job
}

// Pages are what is shown at every path but the service's own.
type Pages interface {
	http.Handler
	Guard(next http.Handler) http.Handler // stands before all paths but the two probes
	Close() error
}

// Options say what a service does.
type Options struct {
	Folder    *folder.Folder
	Schedules []pipeline.Schedule
	Worker    Worker
	Teller    Teller              // nil for nobody
	Redact    func(string) string // takes secrets out of a text; nil for none
	Command   string              // as typed, for locks and the ledger
	Listen    string              // host:port
	Grace     time.Duration
	Pages     func(View) (Pages, error) // nil for none
}

// Service runs schedules. Make it with New, end it by ending Run's context.
type Service struct {
	Options
	log     *slog.Logger
	ledger  *ledger.Ledger
	held    *release.Held
	metrics *metrics
	pages   Pages
	ended   chan ended
	beat    atomic.Int64 // when the loop last went round, Unix nanoseconds
	ready   atomic.Bool

	failing map[string]bool // jobs whose last run failed; of the loop alone

	mu    sync.Mutex
	table *scheduler.Timetable
}

// ended is a run that is over.
type ended struct {
	run scheduler.Run
	Ending
}

// New takes over the schedules of a folder. It marks what was cut off, and fails with a *pipeline.LockedError
// while another process runs them. The caller calls Run, or Close.
func New(ctx context.Context, o Options) (s *Service, err error) {
	s = &Service{Options: o, log: o.Folder.Log, ended: make(chan ended, 1), failing: map[string]bool{}}
	if s.ledger, s.held, err = o.Folder.Serve(o.Command); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	if err := s.recover(ctx); err != nil {
		return nil, err
	}
	newest, err := s.ledger.Newest(ctx)
	if err != nil {
		return nil, err
	}
	last, err := s.ledger.Newest(ctx, pipeline.RunPublished, pipeline.RunUnchanged, pipeline.RunFailed)
	if err != nil {
		return nil, err
	}
	for job, r := range last {
		s.failing[job] = r.Outcome == pipeline.RunFailed
	}
	host, err := os.Hostname()
	if err != nil {
		host = "unknown host"
	}
	s.table = scheduler.New(o.Schedules, newest, o.Folder.Now(), host+" "+o.Folder.Dir)
	s.beat.Store(o.Folder.Now().UnixNano())
	s.metrics = newMetrics(s)
	if o.Pages != nil {
		s.pages, err = o.Pages(s)
	}
	return s, err
}

// recover cleans up after a process that was killed.
func (s *Service) recover(ctx context.Context) error {
	session, err := s.Folder.Begin(ctx, s.Command)
	var locked *pipeline.LockedError
	if errors.As(err, &locked) {
		s.log.Warn("another process is at work; its run goes first", "holder", locked.Command, "pid", locked.PID, "host", locked.Host)
		return nil
	}
	if err != nil {
		return err
	}
	n, err := session.Ledger.Interrupt(ctx)
	if n > 0 {
		s.log.Warn("a run was cut off by the end of its process", "runs", n)
	}
	return errors.Join(err, session.End())
}

// Close gives the schedules back. Run does so, too.
func (s *Service) Close() error {
	var err error
	if s.pages != nil {
		err = s.pages.Close()
	}
	return errors.Join(err, s.ledger.Close(), s.held.Close())
}

// Run serves until ctx ends. Then no run begins; the one under way has the grace to end, and is cancelled
// after it. It returns nil if all ended in good order.
func (s *Service) Run(ctx context.Context) (err error) {
	defer func() { err = errors.Join(err, s.Close()) }()
	server, err := s.listen(ctx)
	if err != nil {
		return err
	}
	failed, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	go func() {
		if err := server.Serve(); err != nil {
			stop(fmt.Errorf("http: %w", err))
		}
	}()
	s.ready.Store(true)
	s.log.Info("serving", "address", server.Address(), "schedules", s.scheduled())
	err = s.loop(failed)
	s.ready.Store(false)
	if ctx.Err() == nil {
		err = errors.Join(err, context.Cause(failed))
	}
	return errors.Join(err, server.Stop())
}

func (s *Service) scheduled() (n int) {
	for _, j := range s.Options.Schedules {
		if j.When != nil {
			n++
		}
	}
	return n
}

// Schedules implements View.
func (s *Service) Schedules() []pipeline.Schedule { return s.Options.Schedules }

// Running implements View.
func (s *Service) Running() (scheduler.Run, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.table.Running()
}

// Coming implements View.
func (s *Service) Coming(n int) []scheduler.Run {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.table.Coming(n)
}

func (s *Service) schedule(job string) pipeline.Schedule {
	for _, j := range s.Options.Schedules {
		if j.Job == job {
			return j
		}
	}
	return pipeline.Schedule{Job: job}
}

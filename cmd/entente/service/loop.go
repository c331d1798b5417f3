package service

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"entente/pipeline"
	"entente/pipeline/scheduler"
)

// loop decides, starts and ends runs until ctx does.
func (s *Service) loop(ctx context.Context) error {
	cancel := context.CancelFunc(func() {}) // of the run under way
	defer func() { cancel() }()
	for {
		now := s.Folder.Now()
		s.beat.Store(now.UnixNano())
		s.mu.Lock()
		left := s.table.Advance(now)
		run, begins := s.table.Start(now)
		wake := s.table.Wake()
		s.mu.Unlock()
		if err := s.note(ctx, left, now); err != nil {
			s.log.Error("the ledger cannot be written", "error", err)
		}
		if begins {
			cancel = s.begin(ctx, run)
		}
		sleep := lookAround
		if !wake.IsZero() {
			sleep = max(0, min(sleep, wake.Sub(now)))
		}
		timer := time.NewTimer(sleep)
		select {
		case <-ctx.Done():
			timer.Stop()
			return s.wind(ctx, cancel)
		case e := <-s.ended:
			cancel()
			s.end(ctx, e)
		case <-timer.C:
		}
		timer.Stop()
	}
}

// note records runs that do not take place.
func (s *Service) note(ctx context.Context, left []scheduler.Decision, now time.Time) error {
	if len(left) == 0 {
		return nil
	}
	var records []pipeline.RunRecord
	missed := map[string][]scheduler.Decision{}
	for _, d := range left {
		s.log.Warn("run does not take place", "run_id", d.Run.ID(), "job", d.Run.Job, "outcome", d.Outcome, "reason", d.Reason)
		s.metrics.outcome(d.Run.Job, d.Outcome)
		records = append(records, s.record(d.Run, d.Outcome, d.Reason, now))
		if d.Outcome == pipeline.RunMissed {
			missed[d.Run.Job] = append(missed[d.Run.Job], d)
		}
	}
	if s.Teller != nil {
		for job, all := range missed {
			s.Teller.Missed(s.schedule(job), all)
		}
	}
	return s.ledger.Note(context.WithoutCancel(ctx), records)
}

// record is a run that left no record of its own.
func (s *Service) record(r scheduler.Run, outcome, reason string, now time.Time) pipeline.RunRecord {
	return pipeline.RunRecord{
		ID: r.ID(), Command: s.Command, Jobs: r.Sources, StartedAt: now, Outcome: outcome, Error: s.redact(reason), Occasion: Occasion(r),
	}
}

func (s *Service) redact(text string) string {
	if s.Redact == nil {
		return text
	}
	return s.Redact(text)
}

// Occasion is what the ledger keeps of what a run was started for.
func Occasion(r scheduler.Run) pipeline.Occasion {
	return pipeline.Occasion{Schedule: r.Job, ScheduledAt: r.ScheduledAt, Attempt: r.Attempt, Trigger: r.Trigger}
}

// begin starts a run beside the loop, which the end of ctx alone does not cancel.
func (s *Service) begin(ctx context.Context, r scheduler.Run) context.CancelFunc {
	schedule := s.schedule(r.Job)
	log := s.log.With("run_id", r.ID(), "job", r.Job)
	log.Info("run begins", "sources", r.Sources, "scheduled_at", r.ScheduledAt, "cause", r.Trigger, "attempt", r.Attempt)
	inner, cancel := context.WithTimeout(context.WithoutCancel(ctx), schedule.Timeout)
	started := s.Folder.Now()
	if s.Teller != nil {
		s.Teller.Started(schedule, r)
	}
	go func() {
		e := ended{run: r}
		defer func() {
			if p := recover(); p != nil {
				e.Err = fmt.Errorf("run %s: %v", r.ID(), p)
				log.Error("panic", "error", e.Err, "stack", string(debug.Stack()))
			}
			if errors.Is(e.Err, context.DeadlineExceeded) {
				e.Err = fmt.Errorf("it took longer than its timeout of %s: %w", schedule.Timeout, e.Err)
			}
			e.Took = s.Folder.Now().Sub(started)
			s.ended <- e
		}()
		e.Report, e.Err = s.Worker.Work(inner, r, log)
	}()
	return cancel
}

// end takes note of how a run ended.
func (s *Service) end(ctx context.Context, e ended) {
	now := s.Folder.Now()
	log := s.log.With("run_id", e.run.ID(), "job", e.run.Job)
	var locked *pipeline.LockedError
	if errors.As(e.Err, &locked) {
		s.mu.Lock()
		patient := s.table.Postpone(now)
		s.mu.Unlock()
		if patient {
			log.Info("run waits for another process", "holder", locked.Command, "pid", locked.PID, "host", locked.Host, "since", locked.Since)
			return
		}
	}
	outcome := e.Report.Run.Outcome
	if e.Report.Run.ID == "" || outcome == pipeline.RunRunning { // it came to nothing before the ledger knew
		outcome = pipeline.RunFailed
		if errors.Is(e.Err, context.Canceled) {
			outcome = pipeline.RunInterrupted
		}
		e.Report.Run = s.record(e.run, outcome, fmt.Sprint(e.Err), now)
		if err := s.ledger.Note(context.WithoutCancel(ctx), []pipeline.RunRecord{e.Report.Run}); err != nil {
			log.Error("the ledger cannot be written", "error", err)
		}
	}
	s.mu.Lock()
	next, again := s.table.End(outcome, now)
	s.mu.Unlock()
	switch outcome {
	case pipeline.RunPublished, pipeline.RunUnchanged:
		e.Recovered = s.failing[e.run.Job]
		s.failing[e.run.Job] = false
	case pipeline.RunFailed:
		s.failing[e.run.Job] = s.failing[e.run.Job] || !again
	}
	if again {
		e.Next = &next
	}
	s.metrics.run(e)
	if s.Teller != nil {
		s.Teller.Ended(s.schedule(e.run.Job), e.run, e.Ending)
	}
	switch {
	case e.Err == nil:
		log.Info("run ended", "outcome", outcome, "release", e.Report.Run.Release, "took", e.Took.Round(time.Millisecond).String())
	case again:
		log.Warn("run failed; it is tried again", "error", e.Err, "at", next.At, "attempt", next.Attempt)
	default:
		log.Error("run failed", "outcome", outcome, "error", e.Err)
	}
}

// wind ends the run under way, after ctx ended.
func (s *Service) wind(ctx context.Context, cancel context.CancelFunc) error {
	run, busy := s.Running()
	if !busy {
		return nil
	}
	s.log.Info("stopping; the run under way may end", "run_id", run.ID(), "grace", s.Grace.String())
	timer := time.NewTimer(s.Grace)
	defer timer.Stop()
	select {
	case e := <-s.ended:
		s.end(ctx, e)
		return nil
	case <-timer.C:
		cancel()
	}
	timer.Reset(lastWait)
	select {
	case e := <-s.ended:
		s.end(ctx, e)
		return nil
	case <-timer.C:
		return fmt.Errorf("run %s did not end within %s of being cancelled; it is marked at the next start, and what was published stays as it was", run.ID(), lastWait)
	}
}

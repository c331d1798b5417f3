package service

import (
	"context"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"entente/cmd/entente/folder"
	"entente/pipeline"
	"entente/pipeline/scheduler"
)

const collectWait = 5 * time.Second

// metrics count what happens, and read the rest from the folder when they are asked for.
type metrics struct {
	registry  *prometheus.Registry
	runs      *prometheus.CounterVec
	durations *prometheus.HistogramVec
	fetched   *prometheus.CounterVec
	spared    *prometheus.CounterVec
}

func newMetrics(s *Service) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		runs: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "entente_runs_total", Help: "Scheduled runs by outcome, those that did not take place included.",
		}, []string{"job", "outcome"}),
		durations: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "entente_run_duration_seconds", Help: "How long runs took.",
			Buckets: []float64{1, 3, 10, 30, 60, 180, 600, 1800, 3600, 3 * 3600, 6 * 3600},
		}, []string{"job", "outcome"}),
		fetched: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "entente_fetched_bytes_total", Help: "Bytes of files that upstreams sent.",
		}, []string{"source"}),
		spared: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "entente_not_fetched_bytes_total", Help: "Bytes of files that did not have to be sent, because they had not changed.",
		}, []string{"source"}),
	}
	m.registry.MustRegister(m.runs, m.durations, m.fetched, m.spared, &state{s},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for _, j := range s.Options.Schedules {
		if j.When != nil { // so that a first failure is an increase
			for _, outcome := range []string{pipeline.RunPublished, pipeline.RunUnchanged, pipeline.RunFailed, pipeline.RunMissed} {
				m.runs.WithLabelValues(j.Job, outcome)
			}
		}
	}
	return m
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Timeout: 2 * collectWait, MaxRequestsInFlight: 4})
}

func (m *metrics) outcome(job, outcome string) { m.runs.WithLabelValues(job, outcome).Inc() }

func (m *metrics) run(e ended) {
	outcome := e.Report.Run.Outcome
	m.outcome(e.run.Job, outcome)
	m.durations.WithLabelValues(e.run.Job, outcome).Observe(e.Took.Seconds())
	for _, source := range e.Report.Sources {
		for _, f := range source.Files {
			switch f.Outcome {
			case pipeline.OutcomeDownloaded:
				m.fetched.WithLabelValues(source.Name).Add(float64(f.Bytes))
			case pipeline.OutcomeUnchanged:
				m.spared.WithLabelValues(source.Name).Add(float64(f.Bytes))
			}
		}
	}
}

// state collects what the folder and the timetable know.
type state struct{ s *Service }

var (
	releaseAge  = prometheus.NewDesc("entente_release_age_seconds", "Age of the current release.", nil, nil)
	releaseInfo = prometheus.NewDesc("entente_release_info", "The current release and the program that made it.", []string{"release", "program"}, nil)
	rows        = prometheus.NewDesc("entente_rows", "Rows of the current release by what became of them.", []string{"table", "account"}, nil)
	sourceAge   = prometheus.NewDesc("entente_source_age_seconds", "Age of the newest data of a source in the current release.", []string{"source"}, nil)
	quotaLeft   = prometheus.NewDesc("entente_quota_left_calls", "Calls of the day that a source has left.", []string{"source"}, nil)
	lastSuccess = prometheus.NewDesc("entente_job_last_success_timestamp_seconds", "When a scheduled run of the job last published or found nothing new.", []string{"job"}, nil)
	nextRun     = prometheus.NewDesc("entente_job_next_run_timestamp_seconds", "When the job runs next.", []string{"job"}, nil)
	overdue     = prometheus.NewDesc("entente_job_overdue", "1 if the job should have succeeded again since.", []string{"job"}, nil)
	running     = prometheus.NewDesc("entente_run_in_progress", "1 while a run of the job is under way.", []string{"job"}, nil)
	version     = prometheus.NewDesc("entente_build_info", "The program that runs.", []string{"version"}, nil)
)

// Describe implements prometheus.Collector.
func (c *state) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{releaseAge, releaseInfo, rows, sourceAge, quotaLeft, lastSuccess, nextRun, overdue, running, version} {
		out <- d
	}
}

// Collect implements prometheus.Collector. What cannot be read is left out, and logged.
func (c *state) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), collectWait)
	defer cancel()
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	gauge(version, 1, folder.Version())
	now := c.s.Folder.Now()
	c.release(now, gauge)
	if quotas, err := c.s.ledger.Quotas(ctx, now); err != nil {
		c.s.log.Error("metrics", "error", err)
	} else {
		for _, q := range quotas {
			gauge(quotaLeft, float64(q.Left), q.Source)
		}
	}
	last, err := c.s.ledger.Newest(ctx, pipeline.RunPublished, pipeline.RunUnchanged)
	if err != nil {
		c.s.log.Error("metrics", "error", err)
	}
	next := map[string]scheduler.Run{}
	for _, r := range c.s.Coming(1) {
		if _, found := next[r.Job]; !found {
			next[r.Job] = r
		}
	}
	under, _ := c.s.Running()
	for _, j := range c.s.Options.Schedules {
		if j.When == nil {
			continue
		}
		gauge(running, number(under.Job == j.Job), j.Job)
		if r, found := next[j.Job]; found {
			gauge(nextRun, float64(r.At.Unix()), j.Job)
		}
		if r, found := last[j.Job]; found {
			gauge(lastSuccess, float64(r.FinishedAt.Unix()), j.Job)
			gauge(overdue, number(scheduler.Overdue(j, r.ScheduledAt, now)), j.Job)
		}
	}
}

// release tells about the current release, if there is one.
func (c *state) release(now time.Time, gauge func(d *prometheus.Desc, v float64, labels ...string)) {
	store, err := c.s.Folder.Releases()
	if err != nil {
		return
	}
	m, err := store.Current()
	if err != nil {
		return
	}
	gauge(releaseAge, now.Sub(m.FinishedAt).Seconds())
	gauge(releaseInfo, 1, m.ID, m.Program)
	for _, t := range m.Tables {
		a := t.Account
		for _, part := range []struct {
			name string
			rows int64
		}{{"read", a.Read}, {"loaded", a.Loaded}, {"quarantined", a.Quarantined}, {"duplicate", a.Duplicate}, {"filtered", a.Filtered}} {
			gauge(rows, float64(part.rows), t.FullName(), part.name)
		}
	}
	for _, source := range m.Sources {
		newest := time.Time{}
		for _, f := range source.Files {
			if f.Outcome != pipeline.OutcomeEmbedded && f.FetchedAt.After(newest) {
				newest = f.FetchedAt
			}
		}
		if !newest.IsZero() {
			gauge(sourceAge, now.Sub(newest).Seconds(), source.Name)
		}
	}
}

func number(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

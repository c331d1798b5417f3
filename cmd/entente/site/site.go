// Package site is what a browser sees of a data folder: how fresh the data are, what the last runs did, an
// explorer that shows alignment, trade and treaties as charts with the numbers and the SQL behind them, and
// a page for SQL of the reader's own. Pages are made on the server and need no script.
package site

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"runtime"
	"sync"
	"time"

	"entente/cmd/entente/chart"
	"entente/cmd/entente/confine"
	"entente/cmd/entente/current"
	"entente/cmd/entente/folder"
	"entente/cmd/entente/report"
	"entente/cmd/entente/site/guard"
	"entente/pipeline"
	"entente/pipeline/warehouse"
)

//go:embed templates/*.html
var templates embed.FS

//go:embed static/*
var static embed.FS

// Options say what a site shows.
type Options struct {
	Folder    *folder.Folder
	Jobs      []pipeline.Job
	Timetable Timetable // nil where nobody runs schedules
	Guard     *guard.Guard
	Queries   *confine.Runner // of readers' SQL; nil for no such page
	Memory    string          // that DuckDB may use for the pages; "" for 1GB
}

// Timetable is what a site may know of the schedules.
type Timetable interface {
	// Jobs lists the jobs in the order in which they run next.
	Jobs() []Job
	// Due is when a source should have been asked next after a time; zero where no schedule asks it.
	Due(source string, after time.Time) time.Time
}

// Job is a job as its schedule has it.
type Job struct {
	Name    string
	Sources []string
	Cron    string
	Zone    string
	Next    time.Time // zero for none
	Running bool
}

// Site answers requests. Make it with New, and close it.
type Site struct {
	options  Options
	log      *slog.Logger
	mux      *http.ServeMux
	pages    map[string]*template.Template
	assets   map[string]asset
	follower *current.Follower[*shelf]

	mu     sync.Mutex
	status report.Status
	seen   time.Time // when status was collected
}

// New makes a site. It fails when a template or a query of its own is broken.
func New(o Options) (*Site, error) {
	store, err := o.Folder.Releases()
	if err != nil {
		return nil, err
	}
	if o.Memory == "" {
		o.Memory = "1GB"
	}
	s := &Site{options: o, log: o.Folder.Log, mux: http.NewServeMux()}
	if s.assets, err = assets(); err != nil {
		return nil, err
	}
	if s.pages, err = s.parse(); err != nil {
		return nil, err
	}
	s.follower = current.Follow(current.Options[*shelf]{
		Releases: store, Now: o.Folder.Now, Log: s.log, Prepare: prepare,
		Warehouse: warehouse.Options{Threads: min(4, runtime.NumCPU()), MemoryLimit: o.Memory},
	})
	s.routes()
	go s.warm()
	return s, nil
}

// warm opens the current release before the first reader comes. What fails here fails again for that reader,
// who is told.
func (s *Site) warm() {
	if held, err := s.follower.Hold(context.Background()); err == nil {
		s.follower.Drop(held)
	}
}

func (s *Site) routes() {
	s.mux.HandleFunc("GET /{$}", s.statusPage)
	s.mux.HandleFunc("GET /releases/{id}", s.releasePage)
	s.mux.HandleFunc("GET /explore", s.explorePage)
	s.mux.HandleFunc("GET /explore.csv", s.exploreCSV)
	s.mux.HandleFunc("GET /dictionary", s.dictionaryPage)
	s.mux.HandleFunc("GET /static/{name}", s.asset)
	if s.options.Queries != nil {
		s.mux.HandleFunc("GET /sql", s.sqlPage)
		s.mux.HandleFunc("GET /sql.csv", s.sqlCSV)
	}
	s.mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		s.fail(w, http.StatusNotFound, "There is no such page.")
	})
}

// ServeHTTP implements http.Handler. It belongs behind Guard.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// Guard puts the site's guard before a handler.
func (s *Site) Guard(next http.Handler) http.Handler { return s.options.Guard.Wrap(next) }

// Close gives the current release up.
func (s *Site) Close() error { return s.follower.Close() }

// hold takes the current release for one request, or answers that there is none.
func (s *Site) hold(w http.ResponseWriter, r *http.Request) (*current.Release[*shelf], func()) {
	held, err := s.follower.Hold(r.Context())
	if errors.Is(err, pipeline.ErrNoRelease) {
		s.fail(w, http.StatusNotFound, "Nothing is published yet: the first run that succeeds publishes a release.")
		return nil, nil
	}
	if err != nil {
		s.broken(w, r, err)
		return nil, nil
	}
	w.Header().Set("Entente-Release", held.Manifest.ID)
	return held, func() { s.follower.Drop(held) }
}

// broken answers that something failed, and leaves the reason in the log.
func (s *Site) broken(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil {
		return // nobody reads the answer
	}
	if errors.Is(err, context.DeadlineExceeded) {
		s.fail(w, http.StatusServiceUnavailable, "The machine is busy. Try again in a moment.")
		return
	}
	s.log.Error("page", "path", r.URL.Path, "error", err)
	s.fail(w, http.StatusInternalServerError, "Something failed; the service's log says what.")
}

// asset is a file that pages load.
type asset struct {
	content []byte
	kind    string
	version string // of the content, for addresses that may be kept for ever
}

func assets() (map[string]asset, error) {
	kinds := map[string]string{"style.css": "text/css; charset=utf-8", "chart.js": "text/javascript; charset=utf-8", "icon.svg": "image/svg+xml"}
	all := map[string]asset{}
	for name, kind := range kinds {
		content, err := fs.ReadFile(static, "static/"+name)
		if err != nil {
			return nil, fmt.Errorf("site: %w", err)
		}
		if name == "style.css" {
			content = append(content, chart.Styles()...)
		}
		all[name] = asset{content: content, kind: kind, version: digest(content)}
	}
	return all, nil
}

func (s *Site) asset(w http.ResponseWriter, r *http.Request) {
	a, ok := s.assets[r.PathValue("name")]
	if !ok {
		s.fail(w, http.StatusNotFound, "There is no such file.")
		return
	}
	w.Header().Set("Content-Type", a.kind)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	_, _ = w.Write(a.content)
}

// manifest returns a release's manifest for the pages that need no open release.
func (s *Site) manifest(id string) (pipeline.Manifest, error) {
	store, err := s.options.Folder.Releases()
	if err != nil {
		return pipeline.Manifest{}, err
	}
	return store.Manifest(id)
}

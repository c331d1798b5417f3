package current

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	_ "github.com/duckdb/duckdb-go/v2"

	"entente/pipeline"
	"entente/pipeline/release"
)

// publish makes a release whose warehouse holds its own name; a broken one holds no database.
func publish(t *testing.T, s *release.Store, id string, broken bool) {
	t.Helper()
	stage, err := s.Begin(id)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(stage.Dir(), release.WarehouseFile)
	if broken {
		err = os.WriteFile(file, []byte("no database"), 0o644)
	} else {
		var db *sql.DB
		if db, err = sql.Open("duckdb", file); err == nil {
			_, err = db.Exec("create table name as select '" + id + "' as id")
			err = errors.Join(err, db.Close())
		}
	}
	if err == nil {
		err = stage.Publish(t.Context(), pipeline.Manifest{
			ID: id, FinishedAt: time.Now(),
			Sources: []pipeline.SourceEntry{{Name: "rolls", Upstream: pipeline.Upstream{Title: "Roll calls", Licence: "CC0-1.0"}}},
			Tables: []pipeline.TableEntry{{
				Schema: "raw", Name: "name", Description: "A name.", Source: "rolls", Key: []string{"id"}, Rows: 1,
				Columns: []pipeline.ColumnEntry{{Name: "id", Type: "VARCHAR", Description: "the release's name"}},
			}},
		})
	}
	if err != nil {
		t.Fatal(err)
	}
}

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Sleep(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func follow(t *testing.T) (*release.Store, *Follower[string], *clock) {
	t.Helper()
	s, err := release.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	c := &clock{now: time.Unix(1, 0)}
	f := Follow(Options[string]{
		Releases: s, Now: c.Now, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Prepare: func(ctx context.Context, opened, before *Release[string]) (id string, err error) {
			return id, opened.DB.QueryRowContext(ctx, "select id from name").Scan(&id)
		},
	})
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, f, c
}

// holds waits until readers get a release.
func holds(t *testing.T, f *Follower[string], id string) {
	t.Helper()
	for stop := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		r, err := f.Hold(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		got := r.Extra
		f.Drop(r)
		if got == id {
			return
		}
		if time.Now().After(stop) {
			t.Fatalf("readers get %s, want %s", got, id)
		}
	}
}

func TestReaderKeepsItsRelease(t *testing.T) {
	s, f, _ := follow(t)
	if _, err := f.Hold(t.Context()); !errors.Is(err, pipeline.ErrNoRelease) {
		t.Errorf("error %v, want ErrNoRelease", err)
	}
	publish(t, s, "r1", false)
	old, err := f.Hold(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	publish(t, s, "r2", false)
	holds(t, f, "r2")
	publish(t, s, "r3", false)
	holds(t, f, "r3")
	if _, err := s.Prune(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	var id string
	if err := old.DB.QueryRow("select id from name").Scan(&id); err != nil || id != "r1" {
		t.Errorf("a reader of r1 reads %q, %v, after r1 was pruned", id, err)
	}
	f.Drop(old)
	if err := old.DB.Ping(); err == nil {
		t.Error("r1 is open after its last reader")
	}
	if _, err := s.Rollback(t.Context(), "r2"); err == nil {
		holds(t, f, "r2")
	}
}

func TestBrokenReleaseLeavesTheOneBefore(t *testing.T) {
	s, f, c := follow(t)
	publish(t, s, "r1", false)
	holds(t, f, "r1")
	publish(t, s, "r2", true)
	for range 50 {
		holds(t, f, "r1")
		time.Sleep(time.Millisecond)
	}
	publish(t, s, "r3", false)
	c.Sleep(2 * retry)
	holds(t, f, "r3")
}

func TestFirstReleaseIsBroken(t *testing.T) {
	s, f, c := follow(t)
	publish(t, s, "r1", true)
	if _, err := f.Hold(t.Context()); err == nil {
		t.Error("a broken release is opened")
	}
	publish(t, s, "r2", false)
	c.Sleep(2 * retry)
	holds(t, f, "r2")
}

func TestManyReadersManyReleases(t *testing.T) {
	s, f, _ := follow(t)
	publish(t, s, "r0", false)
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for range 16 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				r, err := f.Hold(t.Context())
				if err != nil {
					t.Error(err)
					return
				}
				var id string
				if err := r.DB.QueryRow("select id from name").Scan(&id); err != nil || id != r.Manifest.ID || id != r.Extra {
					t.Errorf("release %s holds %q, %v", r.Manifest.ID, id, err)
				}
				f.Drop(r)
			}
		})
	}
	for i := range 8 {
		id := fmt.Sprintf("r%d", i+1)
		publish(t, s, id, false)
		holds(t, f, id)
	}
	close(stop)
	readers.Wait()
}

func TestCloseWhileHeld(t *testing.T) {
	s, f, _ := follow(t)
	publish(t, s, "r1", false)
	r, err := f.Hold(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Hold(t.Context()); err == nil {
		t.Error("a release is handed out after Close")
	}
	if err := r.DB.Ping(); err != nil {
		t.Errorf("a reader lost its release: %v", err)
	}
	f.Drop(r)
	if err := r.DB.Ping(); err == nil {
		t.Error("the release is open after its last reader")
	}
}

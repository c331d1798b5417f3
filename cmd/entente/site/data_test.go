package site

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"entente/cmd/entente/confine"
	"entente/cmd/entente/folder"
	"entente/cmd/entente/site/guard"
	"entente/cmd/entente/work"
	"entente/pipeline"
	"entente/pipeline/release"
	"entente/pipeline/runner"
	"entente/pipeline/vault"
)

// sampleDir is a folder with the sample's release, made once for all tests.
var sampleDir string

// TestMain makes the sample's release, and makes the test binary the confined process when it is called so.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == confine.Command {
		os.Exit(confine.Main(os.Stdin, os.Stdout))
	}
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "entente-site-")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(dir)
		sampleDir = filepath.Join(dir, "data")
		if err := runSample(context.Background(), data(sampleDir)); err != nil {
			panic(err)
		}
		return m.Run()
	}())
}

func data(dir string) *folder.Folder {
	return &folder.Folder{
		Dir: dir, Now: time.Now, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Progress: func(string, string, int64, int64) {},
	}
}

// runSample does what entente run --sample does.
func runSample(ctx context.Context, f *folder.Folder) (err error) {
	jobs, err := work.Jobs("")
	if err != nil {
		return err
	}
	order := runner.Order{Command: "entente run --sample", Jobs: jobs, Mirror: true, Only: map[string]bool{}}
	for _, name := range work.SampleJobs() {
		order.Only[name] = true
	}
	if err := os.MkdirAll(f.Dir, 0o755); err != nil {
		return err
	}
	if err := f.MarkSample(); err != nil {
		return err
	}
	if err := work.Admit(ctx, f, &order, false, false); err != nil {
		return err
	}
	mirror, stop, err := work.ServeSample(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	client, err := work.Client(vault.Policy{}, "", mirror, false)
	if err != nil {
		return err
	}
	s, err := f.Begin(ctx, order.Command)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.End()) }()
	v, err := f.Vault(vault.Options{Quota: s.Ledger})
	if err != nil {
		return err
	}
	runner, err := work.Runner(f, s, v, client, work.DuckMemory)
	if err != nil {
		return err
	}
	_, err = runner.Run(ctx, order)
	return err
}

// copyOf is a folder of its own with what another holds.
func copyOf(t *testing.T, dir string) *folder.Folder {
	t.Helper()
	to := filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	id, err := os.Readlink(filepath.Join(dir, "current"))
	if err != nil {
		t.Fatal(err)
	}
	_ = os.Remove(filepath.Join(to, "current"))
	if err := os.Symlink(id, filepath.Join(to, "current")); err != nil {
		t.Fatal(err)
	}
	return data(to)
}

// changed is a copy of a folder's current warehouse, changed by a statement.
func changed(t *testing.T, f *folder.Folder, statement string) (file string) {
	t.Helper()
	store, err := f.Releases()
	if err != nil {
		t.Fatal(err)
	}
	id, err := store.CurrentID()
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(filepath.Join(store.Dir(id), release.WarehouseFile))
	file = filepath.Join(t.TempDir(), release.WarehouseFile)
	if err == nil {
		err = os.WriteFile(file, content, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("duckdb", file)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{statement, "force checkpoint"} {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return file
}

// publish makes the next release of a folder: the current one with another warehouse.
func publish(t *testing.T, f *folder.Folder, id, warehouse string) {
	t.Helper()
	store, err := f.Releases()
	if err != nil {
		t.Fatal(err)
	}
	m, err := store.Current()
	if err != nil {
		t.Fatal(err)
	}
	stage, err := store.Begin(id)
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range m.Tables {
		for _, file := range append(append([]pipeline.DataFile{}, table.Files...), table.Quarantine...) {
			if err := stage.Link(file.Path); err != nil {
				t.Fatal(err)
			}
		}
	}
	content, err := os.ReadFile(warehouse)
	if err == nil {
		err = os.WriteFile(filepath.Join(stage.Dir(), release.WarehouseFile), content, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(content)
	m.Previous, m.ID, m.FinishedAt = m.ID, id, m.FinishedAt.Add(time.Minute)
	m.Warehouse = pipeline.FileEntry{Path: release.WarehouseFile, Bytes: int64(len(content)), SHA256: hex.EncodeToString(sum[:])}
	if err := stage.Publish(t.Context(), m); err != nil {
		t.Fatal(err)
	}
}

// timetable is a schedule for tests.
type timetable struct{ next time.Time }

func (t timetable) Jobs() []Job {
	return []Job{
		{Name: "votes", Sources: []string{"voeten", "sciencespo"}, Cron: "15 4 * * 1", Zone: "Europe/Berlin", Next: t.next},
		{Name: "byhand", Sources: []string{"unga"}},
	}
}

// Due says that voeten should have been asked two hours after it was, and sciencespo in two years.
func (t timetable) Due(source string, after time.Time) time.Time {
	switch source {
	case "voeten":
		return after.Add(2 * time.Hour)
	case "sciencespo":
		return after.AddDate(2, 0, 0)
	}
	return time.Time{}
}

// serve starts a site on a folder, as serve does.
func serve(t *testing.T, f *folder.Folder, change func(*Options)) (*Site, *httptest.Server) {
	t.Helper()
	jobs, err := work.Jobs("")
	if err != nil {
		t.Fatal(err)
	}
	g, err := guard.New("127.0.0.1:0", "")
	if err != nil {
		t.Fatal(err)
	}
	q, err := confine.New(confine.Limits{Time: 10 * time.Second, Memory: 512, Rows: 1000, Bytes: 1 << 20}, 2)
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Folder: f, Jobs: jobs, Guard: g, Queries: q}
	if change != nil {
		change(&o)
	}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s.Guard(s))
	t.Cleanup(func() {
		server.Close()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, server
}

// get asks for a page.
func get(t *testing.T, server *httptest.Server, path string) (status int, header map[string][]string, text string) {
	t.Helper()
	answer, err := server.Client().Get(server.URL + path)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(fmt.Errorf("%s: %w", path, err))
	}
	return answer.StatusCode, answer.Header, string(body)
}

func newRequest(address string) (*http.Request, error) {
	return http.NewRequest(http.MethodGet, address, nil)
}

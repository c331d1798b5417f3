package service_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"entente/cmd/entente/folder"
	"entente/cmd/entente/service"
	"entente/cmd/entente/work"
	"entente/pipeline"
	"entente/pipeline/pipelinetest"
	"entente/pipeline/runner"
	"entente/pipeline/scheduler"
	"entente/pipeline/vault"
	"entente/sources/sample"
)

// moody is an upstream whose vetoes change now and then, and that fails in a way of its own at random.
type moody struct {
	honest http.Handler

	mu      sync.Mutex
	dice    *rand.Rand
	edition int
	faults  map[string]int
	calm    bool
}

var (
	anyFault    = []string{"busy", "cut", "page", "empty", "drop"}
	vetoesFault = append([]string{"drift", "broken rows"}, anyFault...)
)

func (m *moody) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	vetoes := strings.Contains(r.URL.Path, "SCVETOES")
	edition, fault := m.roll(vetoes)
	switch fault {
	case "busy":
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	case "page":
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<!doctype html><title>Just a moment</title>")
		return
	case "empty":
		w.Header().Set("Content-Type", "text/csv")
		return
	case "drop":
		panic(http.ErrAbortHandler)
	}
	inner := r.Clone(context.Background())
	inner.Method, inner.Header = http.MethodGet, http.Header{}
	answer := httptest.NewRecorder()
	m.honest.ServeHTTP(answer, inner)
	body := answer.Body.Bytes()
	if vetoes { // the newest was updated on another day in each edition
		lines := bytes.SplitAfter(body, []byte("\n"))
		at := bytes.LastIndexByte(lines[1], ',')
		day := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, edition).Format(time.DateOnly)
		lines[1] = append(append(bytes.Clone(lines[1][:at+1]), day...), '\n')
		body = bytes.Join(lines, nil)
	}
	switch fault {
	case "drift":
		body = bytes.Replace(body, []byte("draft_res#"), []byte("draft"), 1)
	case "broken rows":
		body = bytes.ReplaceAll(body, []byte("-"), []byte("/"))
	}
	w.Header().Set("Content-Type", answer.Header().Get("Content-Type"))
	w.Header().Set("ETag", fmt.Sprintf(`"%x"`, sha256.Sum256(body)))
	if fault == "cut" {
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body[:len(body)/2])
		panic(http.ErrAbortHandler)
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

func (m *moody) roll(vetoes bool) (edition int, fault string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if vetoes && m.dice.IntN(100) < 3 {
		m.edition++
	}
	if !m.calm && m.dice.IntN(100) < 60 {
		of := anyFault
		if vetoes {
			of = vetoesFault
		}
		fault = of[m.dice.IntN(len(of))]
		m.faults[fault]++
	}
	return m.edition, fault
}

// paced counts runs, and looks at each.
type paced struct {
	crew  *service.Crew
	done  atomic.Int64
	check func(report runner.Report)
}

func (p *paced) Work(ctx context.Context, r scheduler.Run, log *slog.Logger) (runner.Report, error) {
	report, err := p.crew.Work(ctx, r, log)
	p.check(report)
	p.done.Add(1)
	return report, err
}

// Two hundred runs against an upstream that changes and fails at random, with the service stopped in the
// middle of runs: every release that is ever current is whole, and nothing is left behind. The race detector watches a
// quarter of them.
func TestSoak(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute or two")
	}
	honest, err := sample.Handler()
	if err != nil {
		t.Fatal(err)
	}
	runs := int64(200)
	if pipelinetest.RaceDetector {
		runs = 50
	}
	soak(t, honest, runs, "scvetoes")
}

// The same in front of the stand-in for the upstreams with its real data: 25 runs, or ENTENTE_RUNS.
func TestSoakOnTheStandIn(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute or two")
	}
	runs := int64(25)
	if text := os.Getenv("ENTENTE_RUNS"); text != "" {
		var err error
		if runs, err = strconv.ParseInt(text, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	soak(t, standIn(t), runs, "scvetoes", "sciencespo")
}

func soak(t *testing.T, honest http.Handler, wanted int64, sources ...string) {
	dice := rand.New(rand.NewPCG(5, 26))
	upstream := &moody{honest: honest, dice: dice, faults: map[string]int{}}
	server := httptest.NewUnstartedServer(upstream)
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // connections dropped on purpose
	server.Start()
	defer server.Close()

	dir := filepath.Join(t.TempDir(), "data")
	f := &folder.Folder{Dir: dir, Now: time.Now, Log: slog.New(slog.DiscardHandler)}
	jobs, err := work.Jobs("")
	if err != nil {
		t.Fatal(err)
	}
	policy := vault.Policy{Attempts: 2, BackoffBase: time.Millisecond, IdleTimeout: time.Second}
	client, err := work.Client(policy, "test@example.org", server.URL, false)
	if err != nil {
		t.Fatal(err)
	}
	store, err := f.Releases()
	if err != nil {
		t.Fatal(err)
	}
	outcomes := map[string]int{}
	p := &paced{
		crew: &service.Crew{Folder: f, Jobs: jobs, Client: client, Policy: policy, Mirror: true, Memory: work.DuckMemory, Command: "soak"},
		check: func(report runner.Report) {
			outcomes[report.Run.Outcome]++
			if report.Run.Outcome != pipeline.RunPublished {
				return
			}
			problems, err := store.Verify(context.Background(), report.Run.Release, nil)
			if err != nil || len(problems) > 0 {
				t.Errorf("release %s: %v, %v", report.Run.Release, problems, err)
			}
		},
	}
	schedule := job("soak", 50*time.Millisecond, pipeline.SchedulePolicy{Retries: 1, RetryAfter: time.Millisecond})
	schedule.Sources = sources
	o := service.Options{Folder: f, Worker: p, Command: "soak", Listen: "127.0.0.1:0", Schedules: []pipeline.Schedule{schedule}}
	stopReader := readAlong(t, f)
	session := func(until int64) {
		stop := start(t, o)
		for p.done.Load() < until {
			time.Sleep(time.Duration(rand.IntN(5)+1) * time.Millisecond)
		}
		if err := stop(); err != nil {
			t.Error(err)
		}
	}
	session(wanted / 4)
	before := take(t)
	for _, until := range []int64{wanted * 2 / 4, wanted*2/4 + 1, wanted * 3 / 4, wanted} {
		session(until)
	}
	upstream.calm = true
	session(p.done.Load() + 2) // completes what was cut
	stopReader()
	after := take(t)

	t.Logf("%d runs: outcomes %v, faults %v, editions %d", p.done.Load(), outcomes, upstream.faults, upstream.edition)
	t.Logf("after a quarter %+v, at the end %+v", before, after)
	if after.files > before.files+2 || after.goroutines > before.goroutines+5 {
		t.Error("files or goroutines are left open")
	}
	if after.heap > before.heap+8<<20 || after.resident > before.resident+96<<20 {
		t.Error("memory grows")
	}
	wholeAndClean(t, f, dir, outcomes)
	for _, want := range []string{pipeline.RunPublished, pipeline.RunUnchanged, pipeline.RunFailed} {
		if int64(outcomes[want]) < max(1, wanted/50) {
			t.Errorf("%d runs %s: the soak shows nothing", outcomes[want], want)
		}
	}
}

// standIn passes requests on to the stand-in for the upstreams, where that is at hand.
func standIn(t *testing.T) http.Handler {
	t.Helper()
	dir, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	script := func() string { return filepath.Join(dir, "shared", "upstream", "serve.py") }
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(script()); err == nil {
			break
		}
	}
	python, err := exec.LookPath("python3")
	if _, missing := os.Stat(script()); missing != nil || err != nil {
		t.Skip("../shared with the upstreams' stand-in, or python3, is not at hand")
	}
	serve := exec.Command(python, script(), "--port", "0")
	out, err := serve.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = serve.Process.Kill()
		_ = serve.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the stand-in did not start: %v", err)
	}
	at, err := url.Parse(strings.TrimSpace(strings.TrimPrefix(line, "listening ")))
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{IdleConnTimeout: time.Second}
	return &httputil.ReverseProxy{Transport: transport, Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(at) }}
}

// readAlong opens the current release again and again, as readers do, until stop is called.
func readAlong(t *testing.T, f *folder.Folder) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	var reader sync.WaitGroup
	reader.Go(func() {
		for ; ctx.Err() == nil; time.Sleep(300 * time.Millisecond) {
			db, m, err := f.Open("")
			if errors.Is(err, pipeline.ErrNoRelease) {
				continue
			}
			if err != nil {
				t.Errorf("a reader: %v", err)
				continue
			}
			var id string
			var listed, there int64
			err = db.QueryRowContext(context.Background(), `
select
    (select id from meta.release),
    (select loaded_count from meta.row_accounts where table_name = 'raw.sc_vetoes'),
    (select count(*) from raw.sc_vetoes)`).Scan(&id, &listed, &there)
			if err != nil || id != m.ID || listed != there || there == 0 {
				t.Errorf("a reader of %s sees %s with %d of %d rows: %v", m.ID, id, there, listed, err)
			}
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		}
	})
	return func() { cancel(); reader.Wait() }
}

// wholeAndClean looks at what the runs leave.
func wholeAndClean(t *testing.T, f *folder.Folder, dir string, outcomes map[string]int) {
	t.Helper()
	store, err := f.Releases()
	if err != nil {
		t.Fatal(err)
	}
	infos, err := store.List()
	if err != nil {
		t.Fatal(err)
	}
	if len(infos) != outcomes[pipeline.RunPublished] {
		t.Errorf("%d releases of %d runs that published", len(infos), outcomes[pipeline.RunPublished])
	}
	for _, info := range infos {
		if info.Problem != "" {
			t.Errorf("release %s: %s", info.ID, info.Problem)
		}
	}
	entries, err := os.ReadDir(filepath.Join(dir, "releases"))
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != len(infos) {
		t.Errorf("%d folders for %d releases", len(entries), len(infos))
	}
	for _, name := range []string{"tmp", filepath.Join("vault", "partial")} {
		left, err := os.ReadDir(filepath.Join(dir, name))
		if err == nil && len(left) > 0 {
			t.Errorf("%s holds %v", name, left)
		}
	}
	for _, r := range runs(t, dir) {
		if r.Outcome == pipeline.RunRunning {
			t.Errorf("run %s never ended", r.ID)
		}
	}
}

// usage is what the process holds.
type usage struct {
	files, goroutines int
	heap, resident    int64
}

func take(t *testing.T) usage {
	t.Helper()
	time.Sleep(1500 * time.Millisecond) // connections that are idle are closed
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	u := usage{goroutines: runtime.NumGoroutine(), heap: int64(m.HeapAlloc)}
	if runtime.GOOS != "linux" {
		return u
	}
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	u.files = len(open)
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Fatal(err)
	}
	pages, err := strconv.ParseInt(strings.Fields(string(text))[1], 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	u.resident = pages * int64(os.Getpagesize())
	return u
}
